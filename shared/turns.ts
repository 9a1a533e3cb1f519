import { AsyncLocalStorage } from "node:async_hooks";

/** A piece of work that asks for the one thread of the process. */
export interface Piece {
  /** What has taken long already gives way to what has not: 0 for short work, and one more for each fourfold of it. */
  readonly level: number;
  /** Whoever began earlier has the smaller number: within a level the earliest of a person is done first. */
  readonly order: number;
  /** For whom it is done: persons take turns. */
  readonly person: string;
}

interface Waiter extends Piece {
  go(): void;
}

/** After so many turns the work that began first has one, however many others wait. */
const othersInARow = 3;

const shortPiece: Piece = { level: 0, order: 0, person: "" };

/**
 * Gives the thread to one piece of work in each round of the event loop: between two of them sockets are read and timers
 * run. Short work goes in the order of asking. Long work is done one after the other rather than all at once, because
 * many that each get a small share would all miss their deadlines, and hold their memory meanwhile; but what has taken
 * little so far comes before what has taken much, so that one without end does not hold up the others (a multilevel
 * feedback queue).
 */
export class Turns {
  readonly #short = new Set<Waiter>();
  readonly #long = new Set<Waiter>();
  /** Number of the last turn of each person's long work, while any waits. */
  readonly #servedAt = new Map<string, number>();
  #served = 0;
  #row = 0;
  #isScheduled = false;

  /**
   * Ends the caller's piece of work and waits for the next turn.
   *
   * @param milliseconds longest wait; false when it passed. Whoever never waits long may leave it out
   */
  take(
    piece: Piece = shortPiece,
    milliseconds = Number.POSITIVE_INFINITY,
    signal?: AbortSignal,
  ): Promise<boolean> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const line = piece.level > 0 ? this.#long : this.#short;
    return new Promise((resolve, reject) => {
      const leave = (settle: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        line.delete(waiter);
        settle();
      };
      const waiter: Waiter = { ...piece, go: () => leave(() => resolve(true)) };
      const abort = () => leave(() => reject(signal?.reason));
      const timer = Number.isFinite(milliseconds)
        ? setTimeout(() => leave(() => resolve(false)), milliseconds)
        : undefined;
      signal?.addEventListener("abort", abort, { once: true });
      line.add(waiter);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#next()?.go();
      if (this.#short.size + this.#long.size > 0) this.#schedule();
      else this.#servedAt.clear();
    });
  }

  #next(): Waiter | undefined {
    const [short] = this.#short;
    const isLongsTurn = this.#row >= othersInARow;
    const next = isLongsTurn ? (this.#earliest() ?? short) : (short ?? this.#nextLong());
    this.#row = isLongsTurn ? 0 : this.#row + 1;
    if (next !== undefined && next.level > 0) this.#servedAt.set(next.person, ++this.#served);
    return next;
  }

  #nextLong(): Waiter | undefined {
    let best: Waiter | undefined;
    for (const waiter of this.#long)
      if (best === undefined || this.#isBefore(waiter, best)) best = waiter;
    return best;
  }

  #earliest(): Waiter | undefined {
    let best: Waiter | undefined;
    for (const waiter of this.#long)
      if (best === undefined || waiter.order < best.order) best = waiter;
    return best;
  }

  #isBefore(a: Waiter, b: Waiter): boolean {
    if (a.person !== b.person)
      return (this.#servedAt.get(a.person) ?? 0) < (this.#servedAt.get(b.person) ?? 0);
    return a.level === b.level ? a.order < b.order : a.level < b.level;
  }
}

let begun = 0;

/** The number of who begins work now, for `order`. */
export const nextOrder = (): number => ++begun;

/** Of this process, which has one thread. */
export const turns = new Turns();

/** Whose work it is, since when, and how long it is wanted. */
interface Worker {
  readonly person: string;
  readonly order: number;
  readonly signal: AbortSignal | undefined;
}
const nobody: Worker = { person: "", order: 0, signal: undefined };
const worker = new AsyncLocalStorage<Worker>();

/**
 * Does the work of one call: what in it gives way takes turns with other persons' work, ends in the order in which calls of one
 * person began, and stops when the signal aborts, because nobody waits for it any more.
 */
export const workFor = <T>(person: string, signal: AbortSignal, work: () => T): T =>
  worker.run({ person, order: nextOrder(), signal }, work);

/** Does what others than this call wait for, too: it does not end with the call. */
export const workForAll = <T>(work: () => T): T =>
  worker.run({ ...nobody, order: nextOrder() }, work);

/**
 * Ends a piece of work in the middle of a longer one, and waits for the next turn.
 *
 * @throws the reason of the call's signal
 */
export async function giveWay(): Promise<void> {
  const { person, order, signal } = worker.getStore() ?? nobody;
  await turns.take({ level: 1, order, person }, undefined, signal);
}
