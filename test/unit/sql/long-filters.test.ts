import { describe, expect, test } from "@jest/globals";
import { ruleNames, type Source, type SourceRequest } from "../../../shared/sql";
import { ask } from "./support/ask";
import { memorySource } from "./support/memory-source";
import { data } from "./support/sample";

/** What a request in a batch may be, by bytes as they are encoded. */
const mostBytes = 65_536;

function listening(): { source: Source; requests: SourceRequest[] } {
  const inner = memorySource();
  const requests: SourceRequest[] = [];
  return {
    requests,
    source: {
      ...inner,
      scan(request) {
        requests.push(request);
        return inner.scan(request);
      },
    },
  };
}

const bytesOf = ({ fetchXml }: SourceRequest) => encodeURIComponent(fetchXml).length;
const listOf = (values: readonly string[]) => values.map((value) => `'${value}'`).join(", ");
const rowsOf = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).sort();

/** The rows with all rules and with none, and what was asked for with all. */
async function tried(where: string, rest = "", rules = new Set(ruleNames)) {
  const sql = `SELECT ticketnumber, title FROM incident WHERE ${where}${rest}`;
  const { source, requests } = listening();
  const folded = await ask(sql, { source, rules });
  const local = await ask(sql, { rules: new Set() });
  return { folded: rowsOf(folded.rows), local: rowsOf(local.rows), rows: folded.rows, requests };
}

const guid = (number: number) => `00000000-0000-0000-0000-${String(number).padStart(12, "0")}`;
const strangers = Array.from({ length: 1000 }, (_, index) => guid(900_000 + index));
const tickets = Array.from({ length: 1400 }, (_, index) => `NONE-${index}`);
const incidents = [...(data.incident ?? [])];
const ids = incidents.map(({ incidentid }) => String(incidentid));
const numbers = incidents.map(({ ticketnumber }) => String(ticketnumber));
const titles = [
  ...new Set(
    incidents
      .map(({ title }) => title)
      .filter((title) => typeof title === "string" && title.trim() !== ""),
  ),
] as string[];
const chinese = Array.from({ length: 60 }, (_, index) => `${"网络故障".repeat(50)}${index}`);

const quoted = (text: string) => text.replaceAll("'", "''");

describe("a list that no request can carry", () => {
  test.each([
    ["of ids", `incidentid IN (${listOf([...strangers, ...ids.slice(0, 9)])})`],
    [
      "of names that differ by case and accents alone",
      `title IN (${listOf([...tickets, ...titles.flatMap((title) => [title.toUpperCase(), title.toLowerCase(), `${title}  `]).map(quoted)])})`,
    ],
    [
      "of letters of three bytes",
      `title IN (${[...chinese, ...titles].map((title) => `N'${quoted(title)}'`).join(", ")})`,
    ],
    ["with NULL in it", `ticketnumber IN (${listOf([...tickets, ...numbers.slice(0, 5)])}, NULL)`],
    [
      "said twice",
      `ticketnumber IN (${listOf([...numbers.slice(0, 5), ...tickets, ...numbers.slice(0, 5)])})`,
    ],
    [
      "beside another",
      `ticketnumber IN (${listOf([...numbers.slice(0, 30), ...tickets])}) AND incidentid IN (${listOf([...ids.slice(10, 60), ...strangers])}) AND statecode < 2`,
    ],
  ])("is read in parts: %s", async (_what, where) => {
    const { folded, local, requests } = await tried(where);
    expect(folded).toEqual(local);
    expect(folded.length).toBeGreaterThan(0);
    expect(requests.length).toBeGreaterThan(1);
    for (const request of requests) {
      expect(bytesOf(request)).toBeLessThan(mostBytes);
      expect(request.fetchXml).toMatch(/operator="in"/);
    }
  });

  test("keeps order, TOP and groups", async () => {
    const list = listOf([...strangers.slice(0, 400), ...ids.slice(0, 40), ...strangers.slice(400)]);
    const { rows } = await tried(`incidentid IN (${list})`, " ORDER BY ticketnumber");
    const sorted = incidents
      .slice(0, 40)
      .map(({ ticketnumber }) => ticketnumber)
      .sort();
    expect(rows.map((row) => Object.values(row)[0])).toEqual(sorted);
    const top = await tried(
      `incidentid IN (${list})`,
      " ORDER BY ticketnumber OFFSET 3 ROWS FETCH NEXT 4 ROWS ONLY",
    );
    expect(top.rows.map((row) => Object.values(row)[0])).toEqual(sorted.slice(3, 7));
    const count = await ask(
      `SELECT COUNT(*) AS n, COUNT(DISTINCT statecode) AS s FROM incident WHERE incidentid IN (${list})`,
    );
    const none = await ask(
      `SELECT COUNT(*) AS n, COUNT(DISTINCT statecode) AS s FROM incident WHERE incidentid IN (${list})`,
      { rules: new Set() },
    );
    expect(count.rows).toEqual(none.rows);
  });

  test("is as good in a join", async () => {
    const sql = `SELECT i.ticketnumber, a.name FROM incident i JOIN account a ON i.customerid = a.accountid WHERE i.incidentid IN (${listOf([...strangers, ...ids])}) AND a.name LIKE 'c%'`;
    const { source, requests } = listening();
    const folded = await ask(sql, { source });
    expect(rowsOf(folded.rows)).toEqual(rowsOf((await ask(sql, { rules: new Set() })).rows));
    for (const request of requests) expect(bytesOf(request)).toBeLessThan(mostBytes);
  });
});

describe("a condition that is too long is asked for in part, and looked at here", () => {
  const words = "the fan is broken, ".repeat(3000);
  test.each([
    [
      "NOT IN",
      `ticketnumber NOT IN (${listOf([...tickets, ...numbers.slice(3, 20)])})`,
      /operator="not-in"/,
    ],
    [
      "NOT IN that begins with what is there",
      `ticketnumber NOT IN (${listOf([...numbers.slice(3, 20), ...tickets])})`,
      /operator="not-in"/,
    ],
    ["LIKE", `title LIKE 'b%, ${words}'`, /operator="like" value="b%,/],
    [
      "LIKE with escaped signs",
      `title LIKE '100!% of, ${words}' ESCAPE '!'`,
      /value="100\[%\] of,/,
    ],
    ["LIKE with three-byte letters", `title LIKE N'%${"网络故障".repeat(2500)}%'`, /value="%网络/],
    ["equality", `title = '100% [of], ${words}'`, /value="100\[%\] \[\[\]of\],/],
    ["NOT LIKE", `title NOT LIKE '${words}' AND statecode = 0`, /attribute="statecode"/],
  ])("%s", async (_what, where, asked) => {
    const { folded, local, requests } = await tried(where);
    expect(folded).toEqual(local);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.fetchXml).toMatch(asked);
    expect(bytesOf(requests[0] as SourceRequest)).toBeLessThan(mostBytes);
  });

  test("a pattern is cut where no row is lost", async () => {
    const text = `${"a".repeat(10_000)} ${"b".repeat(20_000)}, ${"c".repeat(20_000)}`;
    const { requests } = await tried(`title LIKE '${text}%'`);
    const value = /operator="like" value="([^"]*)"/.exec(requests[0]?.fetchXml ?? "")?.[1] ?? "";
    expect(value.endsWith(" %")).toBe(true);
    expect(text.startsWith(value.slice(0, -1))).toBe(true);
    // Without a place to cut, nothing is asked for.
    const whole = await tried(`title LIKE '${"a".repeat(60_000)}%'`);
    expect(whole.requests[0]?.fetchXml).not.toMatch(/like/);
  });
});
