import { describe, expect, test } from "@jest/globals";
import { type HeavyPage, inTurn } from "../../../shared/sql/account/heavy-pages";

/** Pages of files and bodies come into memory a few at a time, in the order of the queries that read them. */

const million = 1_000_000;
const page = (order: number, characters: number, more: Partial<HeavyPage> = {}): HeavyPage => ({
  characters,
  order,
  patience: 60_000,
  signal: new AbortController().signal,
  crowded: () => new Error("crowded"),
  ...more,
});

/** Work that lasts until it is told to end. */
function held(started: number[], name: number) {
  let end = () => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    end,
    work: () => {
      started.push(name);
      return done;
    },
  };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("heavy pages", () => {
  test("come together as far as there is room; the query that began first goes first", async () => {
    const started: number[] = [];
    const [one, two, three, four, five] = [
      held(started, 1),
      held(started, 2),
      held(started, 3),
      held(started, 4),
      held(started, 5),
    ] as const;
    const all = [
      inTurn(page(1, 10 * million), one.work),
      inTurn(page(2, 10 * million), two.work),
      // Larger than all the room: alone.
      inTurn(page(4, 900 * million), four.work),
      inTurn(page(5, million), five.work),
      // Asked last by a query that came before them.
      inTurn(page(3, 10 * million), three.work),
    ];
    await settle();
    expect(started).toEqual([1, 2]);
    one.end();
    await settle();
    expect(started).toEqual([1, 2, 3]);
    two.end();
    three.end();
    await settle();
    expect(started).toEqual([1, 2, 3, 4]);
    four.end();
    await settle();
    expect(started).toEqual([1, 2, 3, 4, 5]);
    five.end();
    await Promise.all(all);
  });

  test("are given up by who is aborted or out of patience, and the room goes to the next", async () => {
    const started: number[] = [];
    const first = held(started, 1);
    const last = held(started, 4);
    const running = inTurn(page(1, 20 * million), first.work);
    const gone = new AbortController();
    const aborted = inTurn(page(2, 20 * million, { signal: gone.signal }), first.work);
    const impatient = inTurn(page(3, 20 * million, { patience: 1 }), first.work);
    const small = inTurn(page(4, million), last.work);
    gone.abort(new Error("given up"));
    await expect(aborted).rejects.toThrow("given up");
    await expect(impatient).rejects.toThrow("crowded");
    await settle();
    expect(started).toEqual([1, 4]);
    first.end();
    last.end();
    await Promise.all([running, small]);
  });

  test("leave their room when reading fails", async () => {
    const fail = () => Promise.reject(new Error("no connection"));
    await expect(inTurn(page(1, 900 * million), fail)).rejects.toThrow("no connection");
    await expect(inTurn(page(2, 900 * million), async () => 5)).resolves.toBe(5);
  });
});
