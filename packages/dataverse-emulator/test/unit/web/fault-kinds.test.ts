import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { switchMeanings } from "../../../src/switches";
import { type FaultKind, faultKinds } from "../../../src/web/faults/faults";
import { type RunningEmulator, runEmulator } from "../../support/running-emulator";

let emulator: RunningEmulator;
beforeAll(async () => {
  emulator = await runEmulator({ cases: 5 });
}, 60_000);
afterAll(() => emulator.close());

type Seen = number | "broken" | "waiting";

/** How a client sees one spoiled answer: its status, a broken connection, or nothing while others are answered. */
async function seen(kind: FaultKind): Promise<Seen> {
  await emulator.door("POST fault", { kind, ms: 1 });
  const answer = emulator.get("WhoAmI").then(
    ({ status }): Seen => status,
    (): Seen => "broken",
  );
  if (shown[kind] !== "waiting") return answer;
  for (let other = 0; other < 3; other++) await emulator.get("WhoAmI");
  return Promise.race([answer, Promise.resolve<Seen>("waiting")]);
}

/** A kind without an entry is one that nobody tried. */
const shown: Readonly<Record<FaultKind, Seen>> = {
  status: 503,
  throttle: 429,
  unavailable: 503,
  unauthorized: 401,
  html: 502,
  latency: 200,
  "reset-before": "broken",
  "reset-after": "broken",
  stall: "waiting",
  "stall-body": "waiting",
  cut: "broken",
};

test.each(faultKinds)("the fault %s spoils one answer, and one only", async (kind) => {
  expect(await seen(kind)).toBe(shown[kind]);
  expect((await emulator.get("WhoAmI")).status).toBe(200);
});

test("no name stands for a fault and a switch at once", () => {
  const switches: readonly string[] = switchMeanings.map(([name]) => name);
  expect(switches.filter((name) => faultKinds.some((kind) => kind === name))).toEqual([]);
  expect(switches.length).toBeGreaterThan(0);
});
