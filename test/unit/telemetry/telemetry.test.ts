import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { createTelemetry, noTelemetry } from "../../../shared/telemetry";
import { type CallRecord, createTrace } from "../../../shared/trace";

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const callOf = (tool: string): CallRecord => ({
  tool,
  era: "modern",
  caller: "person",
  startedAt: 0,
  durationMs: 1,
  queuedMs: 0,
  outcome: "ok",
  trace: createTrace(),
});

/** A telemetry whose library notes what it is given, and fails as asked. */
function build(fails: { start?: boolean; emit?: string; close?: boolean } = {}) {
  const seen = { started: 0, closed: 0, emitted: [] as string[], failures: [] as unknown[] };
  const telemetry = createTelemetry({
    config: { connectionString: "InstrumentationKey=0", identity: undefined },
    dataverseUrl: "https://contoso.crm.dynamics.com",
    credential: () => Promise.reject(new Error("not asked for")),
    onFailed: (error) => void seen.failures.push(error),
    async start() {
      seen.started++;
      if (fails.start) throw new Error("no such component");
      return {
        emit({ tool }) {
          if (tool === fails.emit) throw new Error("bug of the library");
          seen.emitted.push(tool);
        },
        emitAct() {},
        async close() {
          seen.closed++;
          if (fails.close) throw new Error("nobody takes it");
        },
      };
    },
  });
  return { telemetry, seen };
}

test("nothing is loaded before the first call is over, and then once", async () => {
  const { telemetry, seen } = build();
  await jest.advanceTimersByTimeAsync(60_000);
  expect([seen.started, telemetry.state()]).toEqual([0, "not needed yet"]);
  telemetry.record(callOf("one"), undefined);
  expect(seen.started).toBe(0);
  telemetry.record(callOf("two"), undefined);
  await jest.advanceTimersByTimeAsync(1_000);
  telemetry.record(callOf("three"), undefined);
  expect(seen).toMatchObject({ started: 1, emitted: ["one", "two", "three"], failures: [] });
  expect(telemetry.state()).toBe("on");
});

test("what waits when the process ends is sent first", async () => {
  const { telemetry, seen } = build();
  telemetry.record(callOf("only"), undefined);
  await telemetry.close();
  expect(seen).toMatchObject({ started: 1, emitted: ["only"], closed: 1 });
});

test("what cannot be sent when the process ends is told, and ends nothing else", async () => {
  const { telemetry, seen } = build({ close: true });
  telemetry.record(callOf("only"), undefined);
  await expect(telemetry.close()).resolves.toBeUndefined();
  expect(seen.failures).toEqual([new Error("nobody takes it")]);
  expect(telemetry.state()).toBe("failed");
});

test("a process that served no call loads nothing to end", async () => {
  const { telemetry, seen } = build();
  await telemetry.close();
  await noTelemetry.close();
  expect([seen.started, seen.closed, noTelemetry.state()]).toEqual([0, 0, "off"]);
});

test("a library that does not start is said once, and calls go on", async () => {
  const { telemetry, seen } = build({ start: true });
  telemetry.record(callOf("one"), undefined);
  await jest.advanceTimersByTimeAsync(1_000);
  telemetry.record(callOf("two"), undefined);
  await telemetry.close();
  expect(seen).toMatchObject({ started: 1, emitted: [], closed: 0 });
  expect(seen.failures).toHaveLength(1);
  expect(telemetry.state()).toBe("failed");
});

test("a library that throws fails no call", async () => {
  const { telemetry, seen } = build({ emit: "two" });
  for (const tool of ["one", "two", "three"]) telemetry.record(callOf(tool), undefined);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(() => telemetry.record(callOf("four"), undefined)).not.toThrow();
  expect(seen).toMatchObject({ emitted: ["one"] });
  expect(seen.failures).toHaveLength(1);
});

test("of more calls than may wait the newest are kept", async () => {
  const { telemetry, seen } = build();
  for (let call = 0; call < 1_200; call++) telemetry.record(callOf(String(call)), undefined);
  await jest.advanceTimersByTimeAsync(1_000);
  expect([seen.emitted.length, seen.emitted[0], seen.emitted.at(-1)]).toEqual([
    1_000,
    "200",
    "1199",
  ]);
});
