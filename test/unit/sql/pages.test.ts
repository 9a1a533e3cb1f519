import { afterEach, describe, expect, test } from "@jest/globals";
import type { SourceValue } from "../../../shared/sql";
import { ask } from "./support/ask";
import { memorySource } from "./support/memory-source";
import { data } from "./support/sample";

type StoredRow = Record<string, SourceValue>;
const cases = data.incident as StoredRow[];
const before = [...cases];
afterEach(() => void cases.splice(0, cases.length, ...before));

/** Every page, and what the service was asked for each. `meanwhile` runs between two pages. */
async function pagesOf(
  sql: string,
  meanwhile: (page: number) => void = () => {},
  rowsReturned = 7,
) {
  const pages: { numbers: unknown[]; asked: string[]; notes: readonly string[] }[] = [];
  let cursor: string | undefined;
  do {
    const source = memorySource({ pageRows: 5 });
    const part = await ask(sql, { cursor, source, limits: { rowsReturned }, person: "ada" });
    pages.push({
      numbers: part.rows.map((row) => row.ticketnumber),
      asked: source.requests.map(({ fetchXml }) => fetchXml),
      notes: part.notes,
    });
    meanwhile(pages.length);
    cursor = part.nextCursor;
  } while (cursor !== undefined && pages.length < 60);
  return pages;
}

const orders = [
  "",
  "ORDER BY title",
  "ORDER BY title DESC, createdon",
  "ORDER BY reopened DESC, followup",
  "ORDER BY cost, title DESC",
  "ORDER BY createdon DESC",
];

describe("pages in the order of a table's own columns", () => {
  test.each(orders)("give each row once while rows come and go: %s", async (order) => {
    const gone = new Set<unknown>();
    const come = new Set<unknown>();
    const pages = await pagesOf(
      `SELECT ticketnumber, statecode FROM incident WHERE statecode < 2 ${order}`,
      (page) => {
        // One row goes, and one comes at each end of the order.
        const [lost] = cases.splice((page * 11) % cases.length, 1);
        gone.add(lost?.ticketnumber);
        for (const [at, title] of [null, "zzz"].entries()) {
          const ticketnumber = `NEW-${page}-${at}`;
          come.add(ticketnumber);
          cases.push({
            ...(before[page % before.length] as StoredRow),
            incidentid: `00000001-0000-4000-8000-${at === 0 ? "0" : "f"}${String(page).padStart(11, "0")}`,
            ticketnumber,
            title,
            statecode: 0,
          });
        }
      },
    );
    const given = pages.flatMap(({ numbers }) => numbers);
    expect(new Set(given).size).toBe(given.length);
    const stayed = before.filter(
      (row) =>
        Number(row.statecode) < 2 && !gone.has(row.ticketnumber) && !come.has(row.ticketnumber),
    );
    for (const { ticketnumber } of stayed) expect(given).toContain(ticketnumber);
    expect(pages.length).toBeGreaterThan(4);
  });

  test("cost the same at any depth: none reads what was given before", async () => {
    const pages = await pagesOf("SELECT ticketnumber FROM incident ORDER BY title");
    const sizes = pages.slice(0, -1).map(({ asked }) => asked.length);
    expect(new Set(sizes)).toEqual(new Set([1]));
    expect(pages.at(-1)?.asked.join()).toMatch(/operator="gt"/);
    expect(pages.flatMap(({ notes }) => notes)).toEqual([]);
  });

  test("count for TOP and leave out OFFSET once", async () => {
    const whole = (await ask("SELECT ticketnumber FROM incident ORDER BY title")).rows;
    const numbers = whole.map((row) => row.ticketnumber);
    const top = await pagesOf("SELECT TOP 23 ticketnumber FROM incident ORDER BY title");
    expect(top.flatMap((page) => page.numbers)).toEqual(numbers.slice(0, 23));
    const some = await pagesOf(
      "SELECT ticketnumber FROM incident WHERE LEN(ticketnumber) > 2 ORDER BY title OFFSET 10 ROWS FETCH NEXT 30 ROWS ONLY",
    );
    expect(some.flatMap((page) => page.numbers)).toEqual(numbers.slice(10, 40));
  });
});

test("pages of groups are worked out again, and say that they may shift", async () => {
  const pages = await pagesOf(
    "SELECT ticketnumber, COUNT(*) AS n FROM incident GROUP BY ticketnumber",
  );
  expect(pages[0]?.notes.join()).toMatch(/worked? this result out|working this result out again/);
  expect(new Set(pages.flatMap(({ numbers }) => numbers)).size).toBe(60);
});

test("a cursor holds for one person and one query", async () => {
  const sql = "SELECT ticketnumber FROM incident ORDER BY title";
  const { nextCursor: cursor } = await ask(sql, { person: "ada", limits: { rowsReturned: 2 } });
  await expect(ask(sql, { cursor, person: "bob" })).rejects.toMatchObject({ code: "cursor" });
  const bent = (change: (parts: unknown[]) => unknown[]) =>
    Buffer.from(
      JSON.stringify(change(JSON.parse(Buffer.from(cursor ?? "", "base64url").toString()))),
    ).toString("base64url");
  const values: unknown[] = [["x", "y"], ["a"], [1, 2], [["a"], "b"], "no", {}];
  for (const after of values)
    await expect(
      ask(sql, { cursor: bent((parts) => [...parts.slice(0, 4), after]), person: "ada" }),
    ).rejects.toMatchObject({ code: "cursor" });
});
