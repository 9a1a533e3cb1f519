import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Try } from "../../shared/trace";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

let desk: ServiceDesk;

beforeAll(async () => {
  desk = await startServiceDesk({ cases: 20 });
}, 60_000);
afterAll(() => desk?.close());

const create = async (tablename: string) => {
  const item = [
    { name: "Weather", type: "string" },
    { name: "Mood", type: "string" },
  ];
  const answer = await desk.call(
    "create_table",
    { tablename, displayname: tablename, item },
    "administrator",
  );
  expect([answer.isError, answer.text]).toEqual([false, answer.text]);
};

/** When the first write of a call began and its last one ended, in Unix milliseconds. */
function span(tries: readonly Try[]): readonly [begin: number, end: number] {
  const writes = tries.filter(({ method }) => method === "POST");
  expect(writes.length).toBeGreaterThanOrEqual(2);
  return [
    Math.min(...writes.map(({ startedAt }) => startedAt)),
    Math.max(...writes.map(({ startedAt, durationMs = 0 }) => startedAt + durationMs)),
  ];
}

test("changes of the schema stand in line, whoever sends them: Dataverse takes one at a time", async () => {
  await Promise.all(["Visit A", "Visit B"].map(create));
  // What acts is the page.
  const spans = desk.calls
    .filter(({ era }) => era === "page")
    .map(({ trace }) => span(trace.tries))
    .sort(([left], [right]) => left - right);
  expect(spans).toHaveLength(2);
  for (const [at, [begin]] of spans.entries()) {
    const [, endBefore] = spans[at - 1] ?? [0, 0];
    // Begins are whole milliseconds.
    expect(begin + 1).toBeGreaterThanOrEqual(endBefore);
  }
}, 60_000);

test("the publisher is read once for all calls", async () => {
  desk.calls.length = 0;
  await create("Visit D");
  const paths = desk.calls.flatMap(({ trace }) => trace.tries.map(({ path }) => path));
  expect(paths.length).toBeGreaterThan(3);
  expect(paths.filter((path) => /^(solutions|publishers)/.test(path))).toEqual([]);
}, 60_000);
