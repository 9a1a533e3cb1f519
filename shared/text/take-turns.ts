import { giveWay, workForAll } from "../turns";
import { currentTexts } from "./call-texts";
import { sanitise } from "./sanitise";
import { compileSigns } from "./suspicions";

/** Longest turn in milliseconds: with the longest piece that may follow it still below what a waiting request notices. */
const longestTurnMs = 6;

/**
 * Long work made of short pieces lets the event loop in between: awaited before each piece, what this returns gives way
 * whenever a turn has lasted long enough. The first time it always does, because nobody knows what was done before. It throws the
 * reason of the call's signal.
 */
export function takeTurns(): () => Promise<void> {
  let began = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - began < longestTurnMs) return;
    await giveWay();
    began = performance.now();
  };
}

let compiled: Promise<void> | undefined;

/** Has what reading needs made ready, once for a process; in turns. */
export function readyToRead(): Promise<void> {
  compiled ??= workForAll(() => compileSigns(takeTurns()));
  return compiled;
}

/**
 * Reads texts in turns, so that whoever asks for one of them later in this call finds it read. Outside of a call, where nothing
 * is remembered, it does nothing.
 */
export async function readAhead(sources: Iterable<string | undefined>): Promise<void> {
  if (currentTexts.getStore() === undefined) return;
  await readyToRead();
  const turn = takeTurns();
  for (const source of sources) {
    if (source === undefined || source === "") continue;
    await turn();
    sanitise(source);
  }
}
