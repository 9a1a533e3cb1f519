/**
 * The characters that all queries of this process together may be reading in pages of heavy columns. Read, such a page takes
 * about five times its characters for a moment (bytes, text, parsed values), so that many at once would be more than the
 * heap; who finds no room waits for a turn.
 */
const room = 24 * 1_048_576;

interface Waiter {
  readonly characters: number;
  readonly go: () => void;
}

let used = 0;
const waiting: Waiter[] = [];

/** Does the work in turn. A page that alone is more than the room takes all of it. */
export async function inTurn<Result>(
  characters: number,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  const share = Math.min(room, Math.ceil(characters));
  await enter(share, signal);
  try {
    return await work();
  } finally {
    used -= share;
    admit();
  }
}

function enter(characters: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((done, fail) => {
    const waiter: Waiter = {
      characters,
      go: () => {
        signal.removeEventListener("abort", leave);
        used += characters;
        done();
      },
    };
    const leave = () => {
      waiting.splice(waiting.indexOf(waiter), 1);
      fail(signal.reason);
      // Who stood behind may fit.
      admit();
    };
    signal.addEventListener("abort", leave, { once: true });
    waiting.push(waiter);
    admit();
  });
}

/** First come, first served: a large page is not passed by small ones for ever. */
function admit(): void {
  for (let next = waiting[0]; next && used + next.characters <= room; next = waiting[0]) {
    waiting.shift();
    next.go();
  }
}
