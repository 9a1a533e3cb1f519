import { giveWay } from "../turns";

/** Work in turns: it yields wherever other work may come between, and returns its result. */
export type Turns<T> = Generator<undefined, T, undefined>;

/** Longest turn, in milliseconds: well below what a waiting request notices. */
const longestTurn = 12;

/** All turns one after the other, for programs that do nothing else. */
export function atOnce<T>(work: Turns<T>): T {
  let turn = work.next();
  while (!turn.done) turn = work.next();
  return turn.value;
}

/**
 * The same work with the event loop let in between: seconds of training must not hold up `/health` or another person's call. Of many
 * that are at it one is in each round of the loop.
 *
 * @throws the reason of the call's signal
 */
export async function inTurns<T>(work: Turns<T>): Promise<T> {
  let began = performance.now();
  for (let turn = work.next(); ; turn = work.next()) {
    if (turn.done) return turn.value;
    if (performance.now() - began < longestTurn) continue;
    await giveWay();
    began = performance.now();
  }
}
