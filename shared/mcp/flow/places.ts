import { AppError } from "../../errors";
import { stopping } from "./call";
import { Shares } from "./shares";

export interface PlacesOptions {
  /** Calls that run at the same time. */
  readonly running: number;
  /** Calls that wait for a place. */
  readonly waiting: number;
}

interface Waiter {
  go(): void;
  refuse(error: AppError): void;
}

/** Whoever had a call so lately is at work, though none of theirs runs this very moment. */
const atWorkMs = 1_000;

/** Bounds of what a client is told to wait, in seconds. */
const shortestWait = 1;
const longestWait = 30;

/**
 * Places for calls of tools: so many run, so many wait, and whoever comes beyond that is told at once to come again. Both
 * are shared by person, and of those who wait each person's turn comes after every other's.
 */
export class Places {
  readonly #places: number;
  readonly #running: Shares;
  /** When each person last began or ended a call. */
  readonly #seenAt = new Map<string, number>();
  readonly #waiting: Shares;
  /** Persons in the order of their turns. */
  readonly #queues = new Map<string, Waiter[]>();
  readonly #startedAt = new Set<{ readonly at: number }>();
  #averageSeconds = 1;
  #refused = 0;
  #isClosed = false;

  constructor({ running, waiting }: PlacesOptions) {
    this.#places = running;
    this.#running = new Shares(running);
    this.#waiting = new Shares(waiting);
  }

  /**
   * Waits for a place; the function that is given back leaves it.
   *
   * @throws AppError `throttled` at once when there is no room to wait, or when the process is about to end; the signal's
   *   reason when it aborts during the wait
   */
  async enter(person: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#isClosed) throw stopping("The server takes no new calls");
    this.#seenAt.set(person, performance.now());
    if (this.#queues.has(person) || !this.#mayRun(person)) await this.#wait(person, signal);
    const mark = { at: performance.now() };
    this.#startedAt.add(mark);
    return () => {
      if (!this.#startedAt.delete(mark)) return;
      const seconds = (performance.now() - mark.at) / 1_000;
      this.#averageSeconds += (seconds - this.#averageSeconds) / 16;
      this.#running.give(person, 1);
      this.#seenAt.set(person, performance.now());
      this.#callNext();
    };
  }

  /** From now on nobody is let in, and whoever waits is told so. */
  close(): void {
    this.#isClosed = true;
    for (const queue of [...this.#queues.values()])
      for (const waiter of [...queue]) waiter.refuse(stopping("The server takes no new calls"));
  }

  #wait(person: string, signal: AbortSignal): Promise<void> {
    if (!this.#waiting.take(person, 1)) throw busy(this.retrySeconds());
    return new Promise<void>((resolve, reject) => {
      const queue = this.#queues.get(person) ?? [];
      this.#queues.set(person, queue);
      const leave = () => {
        signal.removeEventListener("abort", expire);
        this.#waiting.give(person, 1);
        queue.splice(queue.indexOf(waiter), 1);
        if (queue.length === 0) this.#queues.delete(person);
      };
      const waiter: Waiter = {
        go() {
          leave();
          resolve();
        },
        refuse(error) {
          leave();
          reject(error);
        },
      };
      const expire = () => waiter.refuse(signal.reason as AppError);
      signal.addEventListener("abort", expire, { once: true });
      queue.push(waiter);
    });
  }

  /**
   * Takes a place to run, if this person may have one more. Nobody has more than an equal share while others are at work,
   * though a place stays free: a call that works on many rows holds the one thread of the process again and again, and the
   * others' next calls would wait for it.
   */
  #mayRun(person: string): boolean {
    const longAgo = performance.now() - atWorkMs;
    for (const [each, at] of this.#seenAt)
      if (at < longAgo && this.#running.of(each) === 0 && !this.#queues.has(each))
        this.#seenAt.delete(each);
    const share = Math.max(1, Math.floor(this.#places / Math.max(1, this.#seenAt.size)));
    if (this.#running.of(person) >= share) return false;
    return this.#running.take(person, 1);
  }

  #callNext(): void {
    // Not the map itself: whoever had a turn goes to its end, and would be met again.
    for (const [person, queue] of [...this.#queues]) {
      const [first] = queue;
      if (first === undefined || !this.#mayRun(person)) continue;
      first.go();
      if (this.#queues.delete(person)) this.#queues.set(person, queue);
    }
  }

  /** As long as those before need by what calls took of late, and by how long the oldest one goes on already. */
  retrySeconds(): number {
    const [oldest] = this.#startedAt;
    const age = oldest === undefined ? 0 : (performance.now() - oldest.at) / 1_000;
    const rounds = (this.#waiting.total + 1) / Math.max(1, this.#running.total);
    const seconds = Math.ceil(rounds * Math.max(age, this.#averageSeconds));
    const bounded = Math.min(longestWait, Math.max(shortestWait, seconds));
    // Who is refused together must not come again together.
    return bounded + (this.#refused++ % (bounded + 1));
  }
}

/** Refuses a call for want of room. */
export const busy = (retryAfterSeconds: number): AppError =>
  new AppError("throttled", "The server is busy with other calls, so this one was not begun.", {
    hint: "Nothing was changed: make the same call again later, and fewer calls at a time.",
    retryAfterSeconds,
  });
