import { AppError } from "../../errors";
import { type Clock, systemClock } from "./clock";
import { createPace, type LimitFacts, type Pace } from "./pace";

/** For whom a request asks for a place, and how long it waits. */
export interface Turn {
  /** Object id, or `app`. */
  readonly person: string;
  readonly signal: AbortSignal;
  /** The call has changed something: what ends or checks the change is never refused a place. */
  readonly isBegun: boolean;
}

/** Lets so many requests to Dataverse run at a time as the service bears; the others wait, each person in a line of their own. */
export interface Gate {
  /**
   * Runs `work` at a place. `work` tells what the answer said of the service's limits.
   *
   * @throws AppError `throttled` when too many wait already; the signal's reason when it aborts before the turn comes
   */
  run<T>(turn: Turn, work: (heard: (facts: LimitFacts) => void) => Promise<T>): Promise<T>;
}

export interface GateOptions {
  /** Most requests at a time. */
  readonly places: number;
  /** Most requests that wait for a place; 40 for each place unless told. */
  readonly longestQueue?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
}

interface Waiter {
  readonly isBegun: boolean;
  enter(): void;
  refuse(error: unknown): void;
}

interface Person {
  /** Places held now. */
  held: number;
  /** In the order of coming; a set, so that whoever leaves early costs nothing. */
  readonly waiting: Set<Waiter>;
  /** Counts admissions: who had the last turn comes last among equals. */
  servedAt: number;
  /** Moment of the clock at which the last place was given back. */
  seenAt: number;
}

/** Whoever had a request so lately is at work, though nothing of theirs is under way this very moment. */
const atWorkMs = 1_000;
const leastShare = 2;

class FairGate implements Gate {
  readonly #people = new Map<string, Person>();
  readonly #pace: Pace;
  readonly #clock: Clock;
  readonly #longestQueue: number;
  #held = 0;
  #waiting = 0;
  #served = 0;
  #cancelTimer: (() => void) | undefined;

  constructor({ places, longestQueue, clock = systemClock, random = Math.random }: GateOptions) {
    this.#clock = clock;
    this.#pace = createPace({ most: places, now: () => clock.now(), random });
    this.#longestQueue = longestQueue ?? places * 40;
  }

  async run<T>(turn: Turn, work: (heard: (facts: LimitFacts) => void) => Promise<T>): Promise<T> {
    turn.signal.throwIfAborted();
    const person = this.#personOf(turn.person);
    await this.#place(person, turn);
    const start = this.#pace.started();
    try {
      return await work((facts) => this.#pace.answered(start, facts));
    } finally {
      person.held--;
      this.#held--;
      person.seenAt = this.#clock.now();
      this.#admit();
    }
  }

  #personOf(name: string): Person {
    const known = this.#people.get(name);
    if (known !== undefined) return known;
    const person: Person = { held: 0, waiting: new Set(), servedAt: 0, seenAt: this.#clock.now() };
    this.#people.set(name, person);
    return person;
  }

  #place(person: Person, { signal, isBegun }: Turn): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        person.waiting.delete(waiter);
        this.#waiting--;
        signal.removeEventListener("abort", abort);
      };
      const waiter: Waiter = {
        isBegun,
        enter: () => {
          leave();
          resolve();
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      const abort = () => waiter.refuse(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      person.waiting.add(waiter);
      this.#waiting++;
      this.#admit();
      if (this.#waiting > this.#longestQueue) this.#shed();
    });
  }

  /** Starts whoever's turn it is, while there are places. */
  #admit(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    while (this.#waiting > 0 && this.#held < this.#pace.places) {
      const closedFor = this.#pace.opensAt - this.#clock.now();
      if (closedFor > 0) {
        this.#cancelTimer = this.#clock.after(closedFor, () => this.#admit());
        return;
      }
      const person = this.#next();
      const [waiter] = person?.waiting ?? [];
      if (person === undefined || waiter === undefined) return;
      person.held++;
      this.#held++;
      person.servedAt = ++this.#served;
      waiter.enter();
    }
  }

  /**
   * Who holds the fewest places; among equals, who was served longest ago. Nobody holds more than an equal share while others
   * are at work, though a place stays free: a page of 5,000 rows that is under way cannot be called back when the others'
   * next requests come, and they would wait for it inside Dataverse and here.
   */
  #next(): Person | undefined {
    const share = this.#share();
    let next: Person | undefined;
    for (const person of this.#people.values()) {
      if (person.waiting.size === 0 || person.held >= share) continue;
      const isBefore =
        next === undefined ||
        person.held < next.held ||
        (person.held === next.held && person.servedAt < next.servedAt);
      if (isBefore) next = person;
    }
    return next;
  }

  #share(): number {
    const longAgo = this.#clock.now() - atWorkMs;
    for (const [name, person] of this.#people) {
      const isIdle = person.held === 0 && person.waiting.size === 0;
      if (isIdle && person.seenAt < longAgo) this.#people.delete(name);
    }
    const { places } = this.#pace;
    return Math.max(leastShare, Math.ceil(places / Math.max(1, this.#people.size)));
  }

  /** Too many wait: whoever has the most of them loses the latest one that has changed nothing yet. */
  #shed(): void {
    const byLength = [...this.#people.values()].sort((a, b) => b.waiting.size - a.waiting.size);
    for (const person of byLength) {
      const latest = [...person.waiting].findLast((waiter) => !waiter.isBegun);
      if (latest === undefined) continue;
      latest.refuse(this.#busy());
      return;
    }
  }

  #busy(): AppError {
    const closedFor = Math.max(0, this.#pace.opensAt - this.#clock.now()) / 1_000;
    return new AppError("throttled", "Too many requests to Dataverse are waiting here just now.", {
      hint: "Nothing was changed; repeat the call, with fewer calls at a time.",
      retryAfterSeconds: Math.ceil(2 + closedFor),
    });
  }
}

/** Dataverse refuses more than 52 requests of one user at a time, and all calls here are one application user's. */
export const createGate = (options: GateOptions): Gate => new FairGate(options);
