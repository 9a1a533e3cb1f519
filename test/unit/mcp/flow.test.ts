import { once } from "node:events";
import { Readable } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { AppError } from "../../../shared/errors";
import { Abridger } from "../../../shared/mcp/flow/abridge";
import { Bodies } from "../../../shared/mcp/flow/bodies";
import { Call } from "../../../shared/mcp/flow/call";
import { Places } from "../../../shared/mcp/flow/places";
import { RunningCalls } from "../../../shared/mcp/flow/running-calls";
import { Shares } from "../../../shared/mcp/flow/shares";

const never = new AbortController().signal;

describe("what persons share", () => {
  const takeAll = (shares: Shares, person: string) => {
    let count = 0;
    while (shares.take(person, 1)) count++;
    return count;
  };

  test("leaves half to others, then a third, and something to whoever comes next", () => {
    const shares = new Shares(60);
    expect(takeAll(shares, "first")).toBe(30);
    expect(takeAll(shares, "second")).toBe(15);
    expect(takeAll(shares, "third")).toBeGreaterThan(0);
    expect(shares.take("fourth", 1)).toBe(true);
  });

  test("of one thing, one person gets it", () => {
    const shares = new Shares(1);
    expect([shares.take("first", 1), shares.take("second", 1)]).toEqual([true, false]);
    shares.give("first", 1);
    expect(shares.take("second", 1)).toBe(true);
  });

  test("is never more than there is, and all of it once everything was given back", () => {
    const action = fc.record({
      person: fc.constantFrom("a", "b", "c"),
      count: fc.integer({ min: 1, max: 9 }),
      gives: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const shares = new Shares(20);
        const taken: { person: string; count: number }[] = [];
        for (const { person, count, gives } of actions) {
          if (gives) {
            const last = taken.pop();
            if (last) shares.give(last.person, last.count);
          } else if (shares.take(person, count)) taken.push({ person, count });
          expect(shares.total).toBe(taken.reduce((sum, each) => sum + each.count, 0));
          expect(shares.total).toBeLessThanOrEqual(20);
        }
        for (const { person, count } of taken) shares.give(person, count);
        expect([shares.total, shares.take("new", 10)]).toEqual([0, true]);
      }),
    );
  });
});

describe("places for calls", () => {
  test("go round by person, however many calls of one wait", async () => {
    const places = new Places({ running: 2, waiting: 20 });
    const order: string[] = [];
    const leaves: (() => void)[] = [];
    const ask = async (person: string) => {
      const leave = await places.enter(person, never);
      order.push(person);
      leaves.push(leave);
    };
    const all = ["heavy", "heavy", "heavy", "heavy", "light", "other"].map(ask);
    for (let turn = 0; turn < 6; turn++) {
      await new Promise(setImmediate);
      leaves.shift()?.();
    }
    await Promise.all(all);
    expect(order).toEqual(["heavy", "light", "heavy", "other", "heavy", "heavy"]);
  });

  test("are refused at once when there is no room to wait, with seconds that differ", async () => {
    const places = new Places({ running: 1, waiting: 0 });
    await places.enter("a", never);
    const errors = await Promise.all(
      ["a", "b", "c"].map((person) =>
        places.enter(person, never).catch((error: unknown) => error as AppError),
      ),
    );
    for (const error of errors)
      expect(error).toMatchObject({ kind: "throttled", message: expect.stringMatching(/busy/) });
    const seconds = errors.map((error) => (error as AppError).retryAfterSeconds);
    expect(new Set(seconds).size).toBeGreaterThan(1);
  });

  test("one person's waiting calls leave room for another's", async () => {
    const places = new Places({ running: 1, waiting: 8 });
    await places.enter("heavy", never);
    const waiting = Array.from({ length: 20 }, () => places.enter("heavy", never));
    const refused = await Promise.allSettled(waiting.slice(4));
    expect(refused.every(({ status }) => status === "rejected")).toBe(true);
    // Whoever is let in to wait is told of the end; the others were refused before it.
    const light = places.enter("light", never);
    places.close();
    for (const each of [...waiting.slice(0, 4), light])
      await expect(each).rejects.toThrow("takes no new calls");
  });

  test("are shared equally while others are at work, though some stay free", async () => {
    const places = new Places({ running: 12, waiting: 40 });
    const leaves = await Promise.all(["a", "b", "c"].map((person) => places.enter(person, never)));
    let count = 0;
    for (let n = 0; n < 20; n++) void places.enter("heavy", never).then(() => count++);
    await new Promise(setImmediate);
    // Four are at work: three places each, of twelve, and six stay free.
    expect(count).toBe(3);
    for (const leave of leaves) leave();
    await new Promise(setImmediate);
    expect(count).toBe(3);
  });

  test("whoever gives up waiting leaves no trace", async () => {
    const places = new Places({ running: 1, waiting: 1 });
    const leave = await places.enter("a", never);
    const call = new Call(60_000, 0);
    const waiting = places.enter("b", call.signal);
    call.giveUp("hang-up");
    await expect(waiting).rejects.toThrow("closed the connection");
    const next = places.enter("c", never);
    leave();
    leave();
    (await next)();
    await places.enter("a", never);
    await expect(places.enter("d", call.signal)).rejects.toThrow("closed the connection");
    call.end();
  });

  test("closing tells everybody who waits", async () => {
    const places = new Places({ running: 1, waiting: 9 });
    await places.enter("a", never);
    const waiting = ["a", "b", "b"].map((person) => places.enter(person, never));
    places.close();
    for (const each of waiting) await expect(each).rejects.toMatchObject({ retryAfterSeconds: 5 });
  });
});

describe("one call", () => {
  const reasonOf = ({ signal }: Call) => (signal.reason as AppError).message;

  test("given up before it wrote, it ends; afterwards it begins nothing new", () => {
    const reading = new Call(60_000, 0);
    reading.giveUp("cancelled");
    expect(reasonOf(reading)).toBe("The call was cancelled by the client.");
    expect(() => reading.beforeWrite()).toThrow("cancelled by the client");

    const writing = new Call(60_000, 0);
    writing.beforeWrite();
    writing.giveUp("cancelled");
    expect(writing.signal.aborted).toBe(false);
    expect(() => writing.beforeWrite()).toThrow("cancelled by the client");
    for (const call of [reading, writing]) call.end();
  });

  test("stopped while it waits for the answer to a write, it does not know", () => {
    const call = new Call(60_000, 0);
    call.beforeWrite();
    call.stop();
    expect((call.signal.reason as AppError).hint).toMatch(/not known whether it was made/);
    const reading = new Call(60_000, 0);
    reading.stop();
    expect((reading.signal.reason as AppError).hint).toMatch(/^Nothing was changed/);
    for (const each of [call, reading]) each.end();
  });

  test("what has waited for longer than it may take is over at once", async () => {
    const call = new Call(1_000, 5_000);
    await new Promise((done) => call.signal.addEventListener("abort", done));
    expect(reasonOf(call)).toBe("The call took too long and was given up.");
    expect((call.signal.reason as AppError).hint).toMatch(/^Nothing was changed/);
    expect(() => call.beforeWrite()).toThrow(AppError);
  });
});

describe("notifications/cancelled", () => {
  const caller = {
    objectId: "person",
    tenantId: "tenant",
    name: undefined,
    roles: [],
    clientId: "client",
  };
  const sender = { caller, program: "inspector 10.0.0.1" };
  const others: [string, typeof sender][] = [
    ["another person", { ...sender, caller: { ...caller, objectId: "other" } }],
    ["another client", { ...sender, caller: { ...caller, clientId: "other" } }],
    ["another program", { ...sender, program: "inspector 10.0.0.2" }],
  ];

  test.each(others)("does not reach the call of %s", (_, other) => {
    const calls = new RunningCalls();
    const call = new Call(60_000, 0);
    calls.add(call, sender, 7);
    calls.cancel(other, 7);
    calls.cancel(sender, "7");
    expect(call.givenUp).toBeUndefined();
    calls.cancel(sender, 7);
    expect(call.givenUp).toBe("cancelled");
    call.end();
  });

  test("gives up neither of two calls with one id", () => {
    const calls = new RunningCalls();
    const two = [new Call(60_000, 0), new Call(60_000, 0)];
    for (const call of two) calls.add(call, sender, 7);
    calls.cancel(sender, 7);
    expect(two.map((call) => call.givenUp)).toEqual([undefined, undefined]);
    for (const call of two) call.end();
  });
});

describe("a body for which there is no room", () => {
  const abridge = (text: string, chunk = 7) => {
    const bytes = Buffer.from(text);
    const abridger = new Abridger();
    for (let at = 0; at < bytes.length; at += chunk) abridger.add(bytes.subarray(at, at + chunk));
    return abridger.end()?.toString("utf8");
  };

  const isShortened = (short: unknown, long: unknown): boolean => {
    if (typeof long === "string")
      return typeof short === "string" && (short === long || long.startsWith(short));
    if (Array.isArray(long))
      return Array.isArray(short) && long.every((each, at) => isShortened(short[at], each));
    if (typeof long !== "object" || long === null) return short === long;
    const pairs = Object.entries(long);
    return pairs.every(([key, value]) =>
      isShortened((short as Record<string, unknown>)[key], value),
    );
  };

  test("keeps its shape and the beginning of each text, wherever its pieces end", () => {
    const text = fc
      .tuple(fc.string({ unit: "binary" }), fc.constantFrom(1, 40, 700))
      .map(([part, times]) => part.repeat(times).slice(0, 5_000));
    // Of two levels where `arguments` may stand, both are emptied: no refusal needs what is there.
    const more = fc.jsonValue().filter((each) => !JSON.stringify(each).includes('"arguments":'));
    const value = fc.record({
      id: fc.oneof(fc.integer(), fc.string()),
      method: fc.constant("tools/call"),
      params: fc.record({ texts: fc.array(text, { maxLength: 3 }), more }),
    });
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 64 }), fc.boolean(), (body, chunk, escaped) => {
        const json = JSON.stringify(body);
        const sent = escaped
          ? json.replace(
              /[\u0080-\uffff]/g,
              (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
            )
          : json;
        const short = abridge(sent, chunk);
        if (short === undefined) return sent.length > 3_000;
        return isShortened(JSON.parse(short), JSON.parse(json));
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ["of one call", (call: unknown) => call],
    ["of a batch", (call: unknown) => [call, call]],
  ])("keeps the id behind arguments of any shape, without them: %s", (_, wrap) => {
    const item = Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`c"${at}\\`, [at]]));
    const params = { name: "create_record", arguments: { item, list: [[1], {}] }, _meta: { a: 1 } };
    const call = { method: "tools/call", params, jsonrpc: "2.0", id: "7" };
    const kept = { ...call, params: { ...params, arguments: {} } };
    for (const chunk of [1, 7, 4_096])
      expect(JSON.parse(abridge(JSON.stringify(wrap(call), null, 1), chunk) ?? "")).toEqual(
        wrap(kept),
      );
  });

  test("is given up when its shape alone is long", () => {
    expect(abridge(JSON.stringify(Array(5_000).fill(1)))).toBeUndefined();
  });
});

describe("room for bodies", () => {
  const limits = { taken: 1_000_000, dropped: 2_000_000, timeMs: 30_000 };
  const inPieces = (text: string) => {
    const bytes = Buffer.from(text);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 4_096) }, (_, at) =>
      bytes.subarray(at * 4_096, (at + 1) * 4_096),
    );
    return Readable.from(pieces, { objectMode: false });
  };
  const body = (letters: number) => JSON.stringify({ id: 3, text: "x".repeat(letters), z: 1 });
  const read = (bodies: Bodies, person: string, text: string, length?: number) => {
    const room = bodies.room(person);
    return room.read(inPieces(text), length, limits).then((result) => ({ room, result }));
  };

  test.each([
    ["announced", true],
    ["in pieces", false],
  ])("a body %s is read whole while there is room, then its shape alone", async (_, announced) => {
    const bodies = new Bodies(300_000, 30_000);
    const text = body(100_000);
    const length = announced ? text.length : undefined;
    const first = await read(bodies, "a", text, length);
    expect(first.result).toEqual({ isAbridged: false, bytes: Buffer.from(text) });
    const second = await read(bodies, "a", text, length);
    if ("fault" in second.result) throw new Error(second.result.fault);
    expect(second.result.isAbridged).toBe(true);
    expect(JSON.parse(second.result.bytes.toString())).toMatchObject({ id: 3, z: 1 });
    expect((await read(bodies, "b", text, length)).result).toMatchObject({ isAbridged: false });
    first.room.release();
    expect((await read(bodies, "a", text, length)).result).toMatchObject({ isAbridged: false });
  });

  test("a small body is always read, a large one is refused by its size", async () => {
    const bodies = new Bodies(20, 30_000);
    expect((await read(bodies, "a", body(9_000))).result).toMatchObject({ isAbridged: false });
    expect((await read(bodies, "a", body(1_100_000))).result).toEqual({ fault: "too-large" });
  });

  test("a body whose shape alone is long is refused before its end", async () => {
    const { result } = await read(
      new Bodies(20, 30_000),
      "a",
      JSON.stringify(Array(9_000).fill(1)),
    );
    expect(result).toEqual({ fault: "no-room" });
  });

  test("a body that breaks off is told from one that ends", async () => {
    const bodies = new Bodies(300_000, 30_000);
    const broken = new Readable({ read: () => undefined });
    const reading = bodies.room("a").read(broken, 100_000, limits);
    broken.push("{");
    broken.destroy(new Error("reset"));
    expect(await reading).toEqual({ fault: "broken" });
    expect(await bodies.room("a").read(broken, 100_000, limits)).toEqual({ fault: "broken" });
  });

  test("a body that is not in when its time is over is given up, and its share is free", async () => {
    const bodies = new Bodies(300_000, 50);
    const slow = new Readable({ read: () => undefined });
    const reading = bodies.room("a").read(slow, 100_000, { ...limits, timeMs: 50 });
    slow.push("{");
    expect(bodies.held).toBe(100_000);
    expect(await reading).toEqual({ fault: "late" });
    expect(bodies.held).toBe(0);
    // What comes behind the answer is dropped, up to a bound.
    for (let sent = 0; sent <= limits.dropped; sent += 65_536) slow.push(Buffer.alloc(65_536));
    await once(slow, "close");
    expect(slow.destroyed).toBe(true);
  });
});
