import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { pace } from "../../packages/dataverse-emulator/test/support/pace";
import { type HostileCall, type HostileDesk, startHostileDesk } from "../support/hostile-desk";
import { payloads } from "../support/hostile-html";
import { hostileShapes, ordinaryText } from "../support/hostile-texts";

/**
 * Texts of strangers through every tool that reads text, over HTTP, with the app in a process of its own. `npm run hostile-text`
 * tries every shape at every length; without it a share of them is tried.
 */
const isWhole = process.env.HOSTILE_TEXT === "all";
/**
 * Of CPU between two ticks. Half as much again as the bar: the collector of garbage and the compiler work on the same account.
 * Where other tests run beside it, which share the cores and their caches, twice that.
 */
const longestHoldMs = 50 * (isWhole ? 1.5 : 3);
/**
 * `/health` asks Dataverse, which runs in this process here and reads the same long texts, beside whatever else the machine
 * does: where the tests run together, this says only that it answers. What the app itself holds is measured by CPU.
 */
const longestHealthMs = isWhole ? 250 * 10 : 10_000;
const mostCpuMs = 1_000;
const longest = 1_048_576;
const lengths = isWhole ? [58, 20_000, 100_000, longest] : [58, longest];
const shapes = Object.entries(hostileShapes).filter(
  ([name], at) => isWhole || at % 6 === 0 || name === "short sentences",
);

/** The bars are for a machine with nothing else to do: another one's is asked for only where a figure is above them. */
const isOver = ({ cpuMs, hold }: { cpuMs: number; hold: number }): boolean => {
  const times = Math.max(cpuMs / mostCpuMs, hold / longestHoldMs);
  return times > 1 && times > pace();
};

const keyOf = ({ tool, args }: HostileCall) => `${tool} ${Object.keys(args)}`;

describe("texts of strangers", () => {
  let desk: HostileDesk;
  /** CPU of each call on ordinary text. */
  const usual = new Map<string, number>();
  const measured: Record<string, unknown>[] = [];

  /** What is wrong with the calls on one text. */
  async function wrongWith(name: string, text: string, isUsual = false): Promise<string[]> {
    const wrong: string[] = [];
    const measure = async (call: HostileCall) => {
      const { cpuMs, longestHoldMs: hold, healthMs, fault } = await desk.measure(call);
      if (isUsual) usual.set(keyOf(call), cpuMs);
      const base = usual.get(keyOf(call)) ?? 0;
      const figures = `${Math.round(cpuMs)} ms of CPU (${Math.round(base)} usual), held ${Math.round(hold)} ms, /health ${Math.round(healthMs)} ms`;
      measured.push({
        name,
        tool: call.tool,
        cpuMs: Math.round(cpuMs),
        hold: Math.round(hold),
        health: Math.round(healthMs),
      });
      if (fault !== undefined) wrong.push(`${name}: ${fault}`);
      if (isOver({ cpuMs: cpuMs - base, hold }) || healthMs > longestHealthMs)
        wrong.push(`${call.tool}, ${name}: ${figures}`);
    };
    desk.place(text);
    for (const call of desk.calls(text)) await measure(call);
    await desk.placeInDefinitions(text);
    for (const call of desk.definitionCalls) await measure(call);
    return wrong;
  }

  beforeAll(async () => {
    desk = await startHostileDesk();
    // The first calls read definitions and train; what is measured is a process that has begun its work.
    for (const _ of [1, 2]) await wrongWith("warm", ordinaryText(2_000));
    measured.length = 0;
    const wrong = await wrongWith("ordinary", ordinaryText(2_000), true);
    expect(wrong).toEqual([]);
  }, 240_000);
  afterAll(() => desk?.close());

  test(`cost a call little, and hold nobody else, at ${lengths.join(", ")} characters`, async () => {
    const wrong: string[] = [];
    for (const [name, make] of shapes)
      for (const length of lengths)
        wrong.push(...(await wrongWith(`${name}, ${length}`, make(length))));
    if (isWhole) console.table(measured);
    expect(wrong).toEqual([]);
    expect(measured.length).toBeGreaterThan(shapes.length * lengths.length * 12);
  }, 3_600_000);

  test("of any mixture do so as well", async () => {
    const part = fc.oneof(
      fc.constantFrom(...Object.values(hostileShapes)).map((make) => make(300)),
      fc.constantFrom(...payloads),
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.constant(ordinaryText(200)),
    );
    const mail = fc
      .tuple(fc.array(part, { minLength: 1, maxLength: 8 }), fc.constantFrom(1, 40, 400))
      .map(([parts, times]) => parts.join("").repeat(times).toWellFormed().replaceAll("\0", ""));
    await fc.assert(
      fc.asyncProperty(mail, async (text) => {
        desk.place(text.slice(0, longest));
        const wrong: string[] = [];
        for (const call of desk.calls("x").slice(0, 2)) {
          const overOf = async () => {
            const { cpuMs, longestHoldMs: hold, fault } = await desk.measure(call);
            const isFine =
              fault === undefined &&
              !isOver({ cpuMs: cpuMs - (usual.get(keyOf(call)) ?? 0), hold });
            return isFine
              ? undefined
              : `${call.tool}: ${cpuMs} ms of CPU, held ${hold} ms ${fault ?? ""}`;
          };
          // What is slow is slow again: once may be another process that took the processor's time.
          const over = (await overOf()) && (await overOf());
          if (over !== undefined) wrong.push(over);
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: isWhole ? 100 : 8, seed: 58, endOnFailure: true },
    );
  }, 600_000);
});
