import type { Batches } from "./execution";

/** Asks for the first batch now; the batches are had of what it returns. */
export function begin(batches: Batches): () => Batches {
  const first = batches.next();
  // Who reads on hears of a failure; where the other side fails first there is no use for it.
  first.catch(() => undefined);
  return async function* () {
    const { done, value } = await first;
    if (done) return;
    yield value;
    yield* batches;
  };
}

/** Inputs that are asked for their first rows at once. */
const atOnce = 4;

/** The batches of several inputs, one input after another; those behind are asked while the first are read. */
export async function* oneAfterAnother(inputs: readonly Batches[]): Batches {
  const begun: (() => Batches)[] = [];
  try {
    for (let at = 0; at < inputs.length; at += 1) {
      while (begun.length < Math.min(inputs.length, at + atOnce))
        begun.push(begin(inputs[begun.length] as Batches));
      yield* (begun[at] as () => Batches)();
    }
  } finally {
    for (const input of inputs) await input.return();
  }
}
