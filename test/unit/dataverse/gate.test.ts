import { describe, expect, test } from "@jest/globals";
import { createGate, type Gate, type GateOptions } from "../../../shared/dataverse/transport/gate";
import type { LimitFacts } from "../../../shared/dataverse/transport/pace";
import { createManualClock } from "../../support/manual-clock";

const fine: LimitFacts = {
  status: 200,
  retryAfterSeconds: undefined,
  requestsLeft: undefined,
  secondsLeft: undefined,
};
const refused = (retryAfterSeconds?: number): LimitFacts => ({
  ...fine,
  status: 429,
  retryAfterSeconds,
});

/** A gate whose work ends when the test says so. */
function hall(options: Partial<GateOptions> = {}) {
  const clock = createManualClock();
  const gate = createGate({ places: 2, clock, random: () => 1, ...options });
  const inside: { person: string; end(facts?: LimitFacts): Promise<void> }[] = [];
  const outcomes: unknown[] = [];
  const flush = () => new Promise(setImmediate);
  return {
    clock,
    gate,
    inside,
    outcomes,
    /** Who is at a place, in the order of coming in. */
    names: () => inside.map(({ person }) => person).join(" "),
    async come(person: string, { signal, isBegun = false }: Partial<Turn> = {}) {
      void gate
        .run({ person, signal: signal ?? new AbortController().signal, isBegun }, (heard) => {
          let leave = () => {};
          const place = new Promise<void>((done) => {
            leave = done;
          });
          const each = {
            person,
            async end(facts = fine) {
              inside.splice(inside.indexOf(each), 1);
              heard(facts);
              leave();
              await flush();
            },
          };
          inside.push(each);
          return place;
        })
        .then(
          () => outcomes.push("done"),
          (error: unknown) => outcomes.push(error),
        );
      await flush();
    },
    flush,
  };
}
type Turn = Parameters<Gate["run"]>[0];

describe("places", () => {
  test("are as many as allowed, and one person's requests keep their order", async () => {
    const { come, inside, names } = hall();
    for (const person of ["a", "a", "a", "a"]) await come(person);
    expect(names()).toBe("a a");
    await inside[0]?.end();
    expect(names()).toBe("a a");
    await inside[0]?.end();
    await inside[0]?.end();
    expect(names()).toBe("a");
  });

  test("go to whoever holds the fewest, however long another's line is", async () => {
    const { come, inside, names } = hall({ places: 4 });
    for (let n = 0; n < 60; n++) await come("heavy");
    await come("light");
    await come("other");
    expect(names()).toBe("heavy heavy heavy heavy");
    await inside[0]?.end();
    expect(names()).toBe("heavy heavy heavy light");
    await inside[0]?.end();
    expect(names()).toBe("heavy heavy light other");
  });

  test("go to whoever holds fewer before whoever waits longer", async () => {
    const { come, inside, names } = hall({ places: 9 });
    for (const person of ["a", "a", "b", "c", "c", "c", "d", "d", "d", "a", "b"])
      await come(person);
    expect(names()).toBe("a a b c c c d d d");
    await inside[3]?.end();
    expect(names()).toBe("a a b c c d d d b");
  });

  test("go around in turn among equals, the app's own requests being one of them", async () => {
    const { come, inside } = hall({ places: 1 });
    for (const person of ["a", "a", "b", "app", "a", "b", "app"]) await come(person);
    const order: string[] = [];
    while (inside[0]) {
      order.push(inside[0].person);
      await inside[0].end();
    }
    expect(order.join(" ")).toBe("a b app a b app a");
  });

  test("are shared equally while others are at work: the rest stays free for their next request", async () => {
    const { come, inside, names, clock } = hall({ places: 8 });
    for (const person of ["l1", "l2", "l3"]) await come(person);
    for (let n = 0; n < 9; n++) await come("heavy");
    expect(names()).toBe("l1 l2 l3 heavy heavy");
    for (let n = 0; n < 3; n++) await inside[0]?.end();
    expect(names()).toBe("heavy heavy");
    // The others had their last request a second ago: nobody is kept waiting for them any longer.
    clock.pass(1_001);
    await inside[0]?.end();
    expect(names()).toBe("heavy heavy heavy heavy heavy heavy heavy heavy");
  });

  test("are given back when the work fails", async () => {
    const { gate } = hall({ places: 1 });
    const turn = { person: "a", signal: new AbortController().signal, isBegun: false };
    await expect(gate.run(turn, () => Promise.reject(new Error("broken")))).rejects.toThrow(
      "broken",
    );
    expect(await gate.run(turn, async () => "free")).toBe("free");
  });
});

describe("whoever gives up", () => {
  test("leaves the line at once and gets no place", async () => {
    const { come, inside, outcomes, flush, names } = hall({ places: 1 });
    const quitter = new AbortController();
    await come("a");
    await come("b", { signal: quitter.signal });
    await come("b");
    await come("b");
    quitter.abort(new Error("gone"));
    await flush();
    expect(outcomes).toEqual([new Error("gone")]);
    await inside[0]?.end();
    expect(names()).toBe("b");
    await inside[0]?.end();
    await inside[0]?.end();
    expect([names(), outcomes.slice(1)]).toEqual(["", ["done", "done", "done"]]);
  });

  test("before coming is not let in, though there is a place", async () => {
    const { come, outcomes, names } = hall();
    await come("a", { signal: AbortSignal.abort(new Error("gone")) });
    expect([names(), outcomes]).toEqual(["", [new Error("gone")]]);
  });

  test("makes room in the line", async () => {
    const { come, outcomes } = hall({ places: 1, longestQueue: 2 });
    const quitter = new AbortController();
    await come("a");
    await come("a", { signal: quitter.signal });
    await come("a");
    quitter.abort(new Error("gone"));
    await come("a");
    expect(outcomes).toEqual([new Error("gone")]);
  });
});

describe("a line that is too long", () => {
  test("refuses the latest of whoever has most in it, and says when to come again", async () => {
    const { come, inside, outcomes, names } = hall({ places: 1, longestQueue: 3 });
    for (let n = 0; n < 4; n++) await come("flood");
    expect(outcomes).toEqual([]);
    await come("light");
    expect(outcomes).toEqual([
      expect.objectContaining({
        kind: "throttled",
        retryAfterSeconds: 2,
        hint: expect.stringContaining("Nothing was changed"),
      }),
    ]);
    await inside[0]?.end();
    expect(names()).toBe("light");
  });

  test("never refuses what ends or checks a change that was made", async () => {
    const { come, outcomes } = hall({ places: 1, longestQueue: 1 });
    for (let n = 0; n < 4; n++) await come("a", { isBegun: true });
    expect(outcomes).toEqual([]);
    await come("a");
    expect(outcomes).toEqual([expect.objectContaining({ kind: "throttled" })]);
  });
});

describe("after a refusal of Dataverse", () => {
  test("everybody pauses shortly, then goes on at half the pace, and the pace comes back", async () => {
    const { come, inside, names, clock, flush } = hall({ places: 4 });
    for (let n = 0; n < 4; n++) await come("a");
    for (let n = 0; n < 12; n++) await come("a");
    await inside[0]?.end(refused(20));
    // The others of the old pace were too fast as well: they count once.
    await inside[0]?.end(refused(20));
    await inside[0]?.end();
    await inside[0]?.end();
    expect(names()).toBe("");
    clock.pass(249);
    await flush();
    expect(names()).toBe("");
    clock.pass(1);
    await flush();
    expect(names()).toBe("a a");
    await inside[0]?.end();
    await inside[0]?.end();
    expect(names()).toBe("a a a");
    for (let n = 0; n < 3; n++) await inside[0]?.end();
    expect(names()).toBe("a a a a");
  });

  test("the pause doubles with each in a row, up to what Dataverse asked for", async () => {
    const { come, inside, names, clock, flush } = hall({ places: 1 });
    for (let n = 0; n < 6; n++) await come("a");
    const pauses: number[] = [];
    for (let n = 0; n < 4; n++) {
      await inside[0]?.end(refused(1));
      let waited = 0;
      while (names() === "" && waited < 5_000) {
        clock.pass(10);
        waited += 10;
        await flush();
      }
      pauses.push(waited);
    }
    expect(pauses).toEqual([250, 500, 1_000, 1_000]);
    await inside[0]?.end();
    expect(names()).toBe("a");
  });

  test("nobody's clock goes on ticking when nobody waits", async () => {
    const { come, inside, clock } = hall({ places: 1 });
    await come("a");
    await inside[0]?.end(refused(20));
    expect(clock.pending).toBe(0);
    const quitter = new AbortController();
    await come("a", { signal: quitter.signal });
    expect(clock.pending).toBe(1);
    clock.pass(300);
    expect(clock.pending).toBe(0);
  });
});

describe("when the window's budget runs low", () => {
  test.each<[string, Partial<LimitFacts>, number]>([
    ["a quarter of the requests is left", { requestsLeft: 1_500 }, 8],
    ["an eighth", { requestsLeft: 750 }, 4],
    ["nothing", { requestsLeft: 0 }, 1],
    ["an eighth of the time", { requestsLeft: 7_999, secondsLeft: 150 }, 4],
    ["the environment gives more than is documented", { requestsLeft: 7_999 }, 8],
  ])("%s: everybody goes slower", async (_, facts, places) => {
    const { come, inside } = hall({ places: 8 });
    await come("a");
    await inside[0]?.end({ ...fine, ...facts });
    for (let n = 0; n < 12; n++) await come("a");
    expect(inside).toHaveLength(places);
    await inside[0]?.end({ ...fine, requestsLeft: 6_000, secondsLeft: 1_200 });
    expect(inside).toHaveLength(8);
  });
});
