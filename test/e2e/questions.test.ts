import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

/**
 * What a support manager asks, in T-SQL through `read_query`, and the same in SQLite's own SQL on the same file: an engine that
 * shares nothing with ours but the data.
 */
const questions = readFileSync(resolve("test/cases/sql/questions.sql"), "utf8")
  .split(/^---$/m)
  .map((block) => {
    const [, words = "", asked = "", known = ""] =
      /^\s*-- (.*)\n([\s\S]*?)\n==\n([\s\S]*)$/.exec(block) ?? [];
    return [words, asked.trim(), known.trim()] as const;
  });

type Row = Readonly<Record<string, unknown>>;

/** Numbers to six places behind the point, dates in one form, yes and no as 1 and 0. */
function plain(value: unknown): unknown {
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "number") return Math.round(value * 1e6) / 1e6;
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value))
    return new Date(value).toISOString();
  return value ?? null;
}

let desk: ServiceDesk;
beforeAll(async () => {
  desk = await startServiceDesk({ cases: 150 });
}, 120_000);
afterAll(() => desk.close());

describe("a manager asks", () => {
  test("there are enough questions", () => expect(questions.length).toBeGreaterThanOrEqual(60));

  test.each(questions)("%s", async (_, asked, known) => {
    const rows = desk.emulator.world.db.prepare(known).all() as Row[];
    const names = Object.keys(rows[0] ?? {});
    desk.bugs.length = 0;
    expect(rows.length).toBeGreaterThan(0);
    const { structured, isError, text } = await desk.call(
      "read_query",
      { querytext: asked },
      "administrator",
    );
    expect(desk.bugs).toEqual([]);
    expect({ isError, text: isError ? text : "" }).toEqual({ isError: false, text: "" });
    const take = (row: Row) => names.map((name) => plain(row[name]));
    expect((structured.rows as Row[]).map(take)).toEqual(rows.map(take));
    expect(structured.truncated).toBe(false);
  });
});
