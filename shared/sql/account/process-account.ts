import { getHeapStatistics } from "node:v8";
import { type Piece, turns } from "../../turns";
import { createTableSizes, type TableSizes } from "./table-sizes";

/** What all queries of a process share: memory for rows, and turns on its one thread. */
export interface ProcessAccount {
  /** Bytes that all queries together may hold. */
  readonly capacity: number;
  /** How large tables are, so that few are counted before a query. */
  readonly sizes: TableSizes;
  /** Bytes that are lent out. */
  readonly lent: number;
  /** True when the bytes are lent at once. Who asks first gets first, so nobody overtakes those who wait. */
  lend(bytes: number): boolean;
  /** Waits in line for the bytes; false when `milliseconds` passed without them. Rejects with the signal's reason. */
  wait(bytes: number, milliseconds: number, signal: AbortSignal): Promise<boolean>;
  giveBack(bytes: number): void;
  /** Ends the piece of work of the one who calls; false when `milliseconds` passed without a turn. Rejects with the signal's reason. */
  turn(piece?: Piece, milliseconds?: number, signal?: AbortSignal): Promise<boolean>;
}

/**
 * Rows are one thing among those that live in the heap: pages on their way from the service, answers, definitions, and
 * what the garbage collector has not come to yet, which for a heap that is full of young rows is as much again.
 */
const shareOfHeap = 0.3;

/** Bytes that queries may hold in this process. */
export const heapShare = (): number =>
  Math.floor(getHeapStatistics().heap_size_limit * shareOfHeap);

interface Waiter {
  readonly bytes: number;
  readonly serve: () => void;
}

export function createProcessAccount(capacity: number = heapShare()): ProcessAccount {
  let lent = 0;
  const waiting = new Set<Waiter>();

  const serve = () => {
    for (const waiter of waiting) {
      if (lent + waiter.bytes > capacity) return;
      lent += waiter.bytes;
      waiting.delete(waiter);
      waiter.serve();
    }
  };

  return {
    capacity,
    sizes: createTableSizes(),
    get lent() {
      return lent;
    },
    lend(bytes) {
      if (waiting.size > 0 || lent + bytes > capacity) return false;
      lent += bytes;
      return true;
    },
    wait(bytes, milliseconds, signal) {
      signal.throwIfAborted();
      return new Promise((resolve, reject) => {
        const leave = (settle: () => void) => {
          clearTimeout(timer);
          signal.removeEventListener("abort", abort);
          waiting.delete(waiter);
          settle();
          // Whoever stood behind may fit where this one did not.
          serve();
        };
        const waiter = { bytes, serve: () => leave(() => resolve(true)) };
        const abort = () => leave(() => reject(signal.reason));
        const timer = setTimeout(() => leave(() => resolve(false)), milliseconds);
        signal.addEventListener("abort", abort, { once: true });
        waiting.add(waiter);
        serve();
      });
    },
    giveBack(bytes) {
      lent -= bytes;
      serve();
    },
    turn: (piece, milliseconds, signal) => turns.take(piece, milliseconds, signal),
  };
}

let standard: ProcessAccount | undefined;

/** For callers that pass none: a tool, a test. */
export function standardProcessAccount(): ProcessAccount {
  standard ??= createProcessAccount();
  return standard;
}
