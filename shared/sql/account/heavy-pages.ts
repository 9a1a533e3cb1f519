/**
 * The characters that all queries of this process together may be reading in pages of heavy columns. Read, such a page takes
 * about five times its characters for a moment (bytes, text, parsed values), so that many at once would be more than the
 * heap; who finds no room waits for a turn.
 */
const room = 24 * 1_048_576;

/** A page that is about to be read. */
export interface HeavyPage {
  readonly characters: number;
  /** The query that came earlier reads all its pages first: fifty that read one page each in turn would all be late. */
  readonly order: number;
  /** Longest wait, in milliseconds. */
  readonly patience: number;
  readonly signal: AbortSignal;
  /** Thrown when patience has ended. */
  crowded(): Error;
}

interface Waiter {
  readonly characters: number;
  readonly order: number;
  readonly go: () => void;
}

let used = 0;
const waiting: Waiter[] = [];

/** Does the work in turn. A page that alone is more than the room takes all of it. */
export async function inTurn<Result>(
  page: HeavyPage,
  work: () => Promise<Result>,
): Promise<Result> {
  const share = Math.min(room, Math.ceil(page.characters));
  await enter(share, page);
  try {
    return await work();
  } finally {
    used -= share;
    admit();
  }
}

function enter(characters: number, page: HeavyPage): Promise<void> {
  const { order, patience, signal } = page;
  signal.throwIfAborted();
  return new Promise((done, fail) => {
    const stop = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    };
    const leave = (error: unknown) => {
      stop();
      waiting.splice(waiting.indexOf(waiter), 1);
      fail(error);
      // Who stood behind may fit.
      admit();
    };
    const waiter: Waiter = {
      characters,
      order,
      go: () => {
        stop();
        used += characters;
        done();
      },
    };
    const abort = () => leave(signal.reason);
    const timer = setTimeout(() => {
      try {
        leave(page.crowded());
      } catch (error) {
        leave(error);
      }
    }, patience);
    signal.addEventListener("abort", abort, { once: true });
    const behind = waiting.findIndex((other) => other.order > order);
    waiting.splice(behind < 0 ? waiting.length : behind, 0, waiter);
    admit();
  });
}

/** Whoever stands first goes first: a large page is not passed by small ones for ever. */
function admit(): void {
  for (let next = waiting[0]; next && used + next.characters <= room; next = waiting[0]) {
    waiting.shift();
    next.go();
  }
}
