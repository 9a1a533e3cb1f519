import { expect, test } from "@jest/globals";
import { inTurns } from "../../shared/intelligence/turns";
import { takeTurns } from "../../shared/text/take-turns";
import { giveWay, type Piece, Turns, workFor, workForAll } from "../../shared/turns";

/** One piece of work in each round of the event loop; what has taken little comes first, and nobody waits for ever. */

const piece = (level: number, order: number, person = "a"): Piece => ({ level, order, person });

/** The order in which pieces that were asked for together have their turns. */
async function orderOf(pieces: readonly (Piece | undefined)[]): Promise<number[]> {
  const turns = new Turns();
  const order: number[] = [];
  await Promise.all(pieces.map((each, index) => turns.take(each).then(() => order.push(index))));
  return order;
}

test("short work goes in the order of asking, one a round", async () => {
  const turns = new Turns();
  let rounds = 0;
  let isOver = false;
  const count = () => {
    rounds += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await Promise.all(Array.from({ length: 6 }, () => turns.take()));
  isOver = true;
  expect(rounds).toBeGreaterThanOrEqual(6);
  expect(await orderOf([undefined, undefined, undefined])).toEqual([0, 1, 2]);
});

test("work that has taken little comes before what has taken much, and earlier before later", async () => {
  expect(await orderOf([piece(2, 7), piece(1, 9), piece(1, 8)])).toEqual([2, 1, 0]);
});

test("what began first has a turn after three others, however many those are", async () => {
  const short = Array.from({ length: 8 }, () => undefined);
  expect((await orderOf([piece(3, 1), ...short])).indexOf(0)).toBe(3);
});

test("persons take turns with their long work", async () => {
  const pieces = [piece(1, 1, "a"), piece(1, 2, "a"), piece(1, 3, "a"), piece(1, 4, "b")];
  expect((await orderOf(pieces)).indexOf(3)).toBeLessThanOrEqual(1);
});

test("who is out of patience or aborted leaves the line", async () => {
  const turns = new Turns();
  const gone = new AbortController();
  gone.abort(new Error("given up"));
  await expect(turns.take(piece(1, 1), 1_000, gone.signal)).rejects.toThrow("given up");
  // Nobody gives way within this task, so time passes without a turn.
  const late = turns.take(piece(9, 2), 0);
  const others = Array.from({ length: 50 }, () => turns.take());
  const until = performance.now() + 5;
  while (performance.now() < until);
  expect(await late).toBe(false);
  await Promise.all(others);
});

test.each<[string, (work: () => void) => Promise<unknown>]>([
  [
    "training",
    (work) =>
      inTurns(
        (function* () {
          for (let step = 0; step < 5; step += 1) {
            work();
            yield;
          }
        })(),
      ),
  ],
  [
    "reading",
    async (work) => {
      const turn = takeTurns();
      for (let step = 0; step < 5; step += 1) {
        await turn();
        work();
      }
    },
  ],
])("of many that are at %s at once each round of the event loop holds one", async (_, begin) => {
  let inRound = 0;
  let isOver = false;
  const rounds: number[] = [];
  const round = () => {
    rounds.push(inRound);
    inRound = 0;
    if (!isOver) setImmediate(round);
  };
  setImmediate(round);
  const work = () => {
    inRound += 1;
    const until = performance.now() + 15;
    while (performance.now() < until);
  };
  await Promise.all(Array.from({ length: 6 }, () => begin(work)));
  isOver = true;
  expect(rounds.filter((pieces) => pieces > 0).length).toBeGreaterThan(20);
  // They begin together, each with its first piece.
  expect(Math.max(...rounds.slice(1))).toBe(1);
});

/** Ends of calls that each take five pieces, in the order in which they came. */
async function endsOf(calls: readonly string[]): Promise<string[]> {
  const ends: string[] = [];
  const { signal } = new AbortController();
  await Promise.all(
    calls.map((call) =>
      workFor(call.slice(0, 1), signal, async () => {
        for (let step = 0; step < 5; step += 1) await giveWay();
        ends.push(call);
      }),
    ),
  );
  return ends;
}

test("calls of one person end in the order in which they began, and another person's does not wait for all", async () => {
  expect(await endsOf(["a1", "a2", "a3"])).toEqual(["a1", "a2", "a3"]);
  expect((await endsOf(["a1", "a2", "a3", "a4", "b1"])).indexOf("b1")).toBeLessThanOrEqual(1);
});

test("work that nobody waits for any more stops at its next turn, but for what others wait for, too", async () => {
  const call = new AbortController();
  let own = 0;
  let shared = 0;
  const works = workFor("a", call.signal, () => [
    (async () => {
      for (; own < 50; own += 1) await giveWay();
    })(),
    workForAll(async () => {
      for (; shared < 50; shared += 1) await giveWay();
    }),
  ]);
  for (let round = 0; round < 5; round += 1) await new Promise(setImmediate);
  call.abort(new Error("too late"));
  expect((await Promise.allSettled(works)).map(({ status }) => status)).toEqual([
    "rejected",
    "fulfilled",
  ]);
  expect([own < 50, shared]).toEqual([true, 50]);
});
