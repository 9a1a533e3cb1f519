import { nextOrder } from "../../turns";
import { errorOfQuery, type SqlError } from "../errors";
import { mostCharactersOfRow, rowTooLong } from "../expression/environment";
import type { Plan } from "../plan/nodes";
import type { Limits } from "./limits";
import type { ProcessAccount } from "./process-account";
import { stepOf } from "./step";

/** A query may hold so much of what the process has for all, so that one alone never shuts the others out. */
const shareOfProcess = 2 / 3;
/** Memory is borrowed in pieces, so that the process is asked once for many rows. */
const piece = 512 * 1024;
/** Work without giving the event loop back, in milliseconds. */
const longestSlice = 8;
/** A query that has worked so long gives way to shorter ones, in milliseconds. */
const longWork = 500;
/** Who stands in line at this part of the time will not be done in the rest, and is told so while there is time to try again. */
const partInLine = 3 / 4;
/** Nobody is sent away for one wait that is shorter, in milliseconds. */
const leastPatience = 1_000;
/** Operators look up at least so often. */
const mostRowsUnseen = 1024;
/** Characters that may be read or written between two looks. */
const charactersUnseen = 65_536;
/** A page on its way takes at most this part of what is left: the rows that it brings need room beside it. */
const partExpected = 4;

/** Text as people write a size. */
export const inWords = (bytes: number): string =>
  bytes >= 1_000_000 ? `${Math.round(bytes / 1_000_000)} MB` : `${Math.ceil(bytes / 1000)} kB`;
const count = (value: number): string => value.toLocaleString("en-US");

/** What one operator holds at the moment. Every hold is released in a `finally`. */
export interface Hold {
  /** Throws SqlError `budget` when the query would hold too much. */
  add(bytes: number): void;
  /** For texts that rows above go on using: counted until the query ends. */
  keep(bytes: number): void;
  /** Up to so many bytes, and no more than a part of what is left. For what is on its way, whose size is a guess. */
  expect(bytes: number): void;
  release(): void;
}

export interface AccountOptions {
  readonly limits: Limits;
  readonly process: ProcessAccount;
  readonly signal: AbortSignal;
  readonly clock: () => number;
  /** For whom the query runs: persons take turns at the thread. */
  readonly person?: string | undefined;
}

/** 0 up to half a second of work, 1 up to two seconds, 2 up to eight, and so on. */
const levelOf = (workedMs: number): number =>
  workedMs < longWork ? 0 : 1 + Math.floor(Math.log(workedMs / longWork) / Math.log(4));

/**
 * What one query uses, drawn in turn on the account of the process: rows read, rows inside operators, bytes, groups,
 * requests and time. Operators go over rows by `each`, or write `if (account.due()) await account.pause()`: there the clock
 * and the signal are looked at, memory is waited for, and the event loop gets its turn.
 */
export class Account {
  readonly #options: AccountOptions;
  readonly #limits: Limits;
  readonly #mostBytes: number;
  readonly #started: number;
  #fetched = 0;
  #requests = 0;
  #joined = 0;
  #groups = 0;
  #held = 0;
  #peak = 0;
  #borrowed = 0;
  #rowsUnseen = 0;
  #lookAfter = 16;
  #characters = 0;
  #lookedAt: number;
  #sliceBegan: number;
  #lastHolder: Plan | undefined;
  #isClosed = false;
  #workedMs = 0;
  /** Whoever came earlier is done earlier. */
  readonly order = nextOrder();

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#limits = options.limits;
    this.#mostBytes = Math.min(
      options.limits.bytes ?? Number.POSITIVE_INFINITY,
      Math.floor(options.process.capacity * shareOfProcess),
    );
    this.#started = options.clock();
    this.#lookedAt = this.#started;
    this.#sliceBegan = this.#started;
  }

  get fetched(): number {
    return this.#fetched;
  }

  /** How many rows may still be read. */
  get remaining(): number {
    return this.#limits.rowsFetched - this.#fetched;
  }

  /** How many pages may still be asked for. */
  get requestsLeft(): number {
    return this.#limits.requests - this.#requests;
  }

  get millisecondsLeft(): number {
    return this.#limits.milliseconds - (this.#options.clock() - this.#started);
  }

  /** The most bytes that were held at one time. */
  get peakBytes(): number {
    return this.#peak;
  }

  /** Bytes that may still be held. */
  get freeBytes(): number {
    return Math.max(0, this.#mostBytes - this.#held);
  }

  read(rows: number): void {
    this.#fetched += rows;
  }

  /** Called before a page is asked for. Throws SqlError `budget` when none may be read any more. */
  request(table: string): void {
    if (this.remaining <= 0) {
      throw errorOfQuery(
        "budget",
        `The query needs more than ${this.#limits.rowsFetched} rows (last read: ${table}).`,
        { hint: "Narrow WHERE, for example to a range of createdon, and run it in parts." },
      );
    }
    this.#requests += 1;
    if (this.#requests > this.#limits.requests) {
      throw errorOfQuery(
        "budget",
        `The query needs more than ${count(this.#limits.requests)} pages (last read: ${table}).`,
        {
          hint: "Narrow WHERE to conditions on stored columns, or leave long columns out of SELECT.",
        },
      );
    }
    this.#checkTime();
  }

  /** Pairs of rows that a join has put together. */
  join(pairs: number, plan: Plan): void {
    this.#joined += pairs;
    if (this.#joined > this.#limits.rowsJoined) {
      const limit = `more than ${count(this.#limits.rowsJoined)} pairs of rows`;
      throw this.#refuse(plan, `makes ${limit}`);
    }
  }

  /** One more group or different value. */
  group(plan: Plan): void {
    this.#groups += 1;
    if (this.#groups > this.#limits.groups) {
      throw this.#refuse(plan, `finds more than ${count(this.#limits.groups)} groups`);
    }
  }

  /** Characters that a function has read or written. Throws SqlError `budget` when one row takes too many. */
  readonly work = (characters: number): void => {
    this.#characters += characters;
    if (this.#characters > mostCharactersOfRow) throw rowTooLong();
  };

  open(plan: Plan): Hold {
    let held = 0;
    const add = (bytes: number) => {
      this.#hold(bytes, plan);
      held += bytes;
    };
    return {
      add,
      keep: (bytes) => this.#hold(bytes, plan),
      expect: (bytes) => add(Math.min(bytes, Math.floor(this.freeBytes / partExpected))),
      release: () => {
        if (this.#isClosed) return;
        this.#held -= held;
        held = 0;
        const spare = this.#borrowed - this.#held - piece;
        if (spare > 0) this.#giveBack(spare);
      },
    };
  }

  /** Counts a row, or some at once. Is it time to look up? */
  due(rows = 1): boolean {
    this.#rowsUnseen += rows;
    return this.isDue;
  }

  get isDue(): boolean {
    return (
      this.#rowsUnseen >= this.#lookAfter ||
      this.#characters >= charactersUnseen ||
      this.#held > this.#borrowed
    );
  }

  /**
   * Looks at clock and signal, waits for memory that was counted and not lent yet, and lets others run.
   *
   * @throws SqlError `budget` past the deadline, `busy` when other queries hold the memory or the thread; the signal's reason
   */
  async pause(): Promise<void> {
    const now = this.#look();
    const slice = now - this.#sliceBegan;
    if (this.#held > this.#borrowed) await this.#borrow();
    if (slice < longestSlice) return;
    this.#workedMs += slice;
    await this.#turn();
  }

  /** After a wait for the service: what follows is a new piece of work, in its turn. */
  async resume(): Promise<void> {
    this.#look();
    if (this.#held > this.#borrowed) await this.#borrow();
    await this.#turn();
  }

  /** How long it is worth while to stand in a line, in milliseconds: who comes too late from there is better told now. */
  get patience(): number {
    const { milliseconds } = this.#limits;
    const gone = this.#options.clock() - this.#started;
    return Math.min(
      Math.max(milliseconds * partInLine - gone, leastPatience),
      Math.max(0, milliseconds - gone),
    );
  }

  /** What to throw when patience has ended. */
  crowded(): SqlError {
    this.#checkTime();
    return errorOfQuery(
      "busy",
      "Other queries are at work, and this one would not be done in its time.",
      {
        hint: "Send the same query again in a moment, fewer at a time, or narrow WHERE.",
        retryAfterSeconds: 10,
      },
    );
  }

  async #turn(): Promise<void> {
    const { process, person = "", signal } = this.#options;
    const level = levelOf(this.#workedMs);
    const piece = { level, order: this.order, person };
    if (!(await process.turn(piece, level > 0 ? this.patience : undefined, signal)))
      throw this.crowded();
    this.#sliceBegan = this.#options.clock();
    this.#lookedAt = this.#sliceBegan;
    this.#checkTime();
  }

  /** Gives everything back. */
  close(): void {
    this.#isClosed = true;
    this.#giveBack(this.#borrowed);
  }

  #look(): number {
    const now = this.#options.clock();
    // Cheap rows are looked at by the thousand, dear ones singly.
    const used = now - this.#lookedAt;
    if (used < 1) this.#lookAfter = Math.min(mostRowsUnseen, this.#lookAfter * 2);
    else if (used > 3) this.#lookAfter = Math.max(1, this.#lookAfter >> 2);
    this.#lookedAt = now;
    this.#rowsUnseen = 0;
    this.#characters = 0;
    this.#options.signal.throwIfAborted();
    this.#checkTime();
    return now;
  }

  #hold(bytes: number, plan: Plan): void {
    if (this.#held + bytes > this.#mostBytes) {
      throw this.#refuse(plan, `holds more than ${inWords(this.#mostBytes)} of rows`);
    }
    this.#held += bytes;
    this.#lastHolder = plan;
    if (this.#held > this.#peak) this.#peak = this.#held;
  }

  async #borrow(): Promise<void> {
    const { process, signal, clock } = this.#options;
    const missing = Math.ceil((this.#held - this.#borrowed) / piece) * piece;
    // The last piece may be larger than what the process has at all.
    const bytes = Math.min(
      missing,
      Math.max(this.#held - this.#borrowed, process.capacity - this.#borrowed),
    );
    if (!process.lend(bytes)) {
      const left = this.#limits.milliseconds - (clock() - this.#started);
      const wait = Math.max(0, Math.min(this.#limits.waitMilliseconds, left));
      if (!(await process.wait(bytes, wait, signal))) throw this.#busy();
      this.#lookedAt = clock();
      this.#sliceBegan = this.#lookedAt;
    }
    this.#borrowed += bytes;
  }

  #giveBack(bytes: number): void {
    this.#borrowed -= bytes;
    this.#options.process.giveBack(bytes);
  }

  #checkTime(): void {
    if (this.#options.clock() - this.#started <= this.#limits.milliseconds) return;
    const seconds = Math.round(this.#limits.milliseconds / 100) / 10;
    throw errorOfQuery("budget", `The query took longer than ${seconds} seconds.`, {
      hint: "Narrow WHERE, or ask for fewer columns.",
    });
  }

  #refuse(plan: Plan, what: string): SqlError {
    const { words, edits } = stepOf(plan);
    return errorOfQuery("budget", `${words} ${what}, the limit of one query.`, {
      hint: `Either ${edits.join(", or ")}.`,
    });
  }

  #busy(): SqlError {
    const step = this.#lastHolder && stepOf(this.#lastHolder).words;
    return errorOfQuery(
      "busy",
      `Other queries hold the memory that this one needs${step ? ` (${step})` : ""}.`,
      {
        hint: "Send the same query again in a moment, or narrow WHERE.",
        retryAfterSeconds: 5,
      },
    );
  }
}
