import { describe, expect, test } from "@jest/globals";
import { cpuMs, pace } from "../../../packages/dataverse-emulator/test/support/pace";
import {
  createProcessAccount,
  type QueryOptions,
  runQuery,
  type Source,
} from "../../../shared/sql";
import { catalog, now } from "./support/sample";

/** Cases and accounts of any number, without a service: what operators do with rows is what is tried. */
function sourceOf(rows: number, cell: (name: string, n: number) => string | number): Source {
  return {
    async *scan({ pageSize, cells, fetchXml }) {
      // It does not count.
      if (fetchXml.includes('alias="n" aggregate="count"')) return;
      const top = Number(/ top="(\d+)"/.exec(fetchXml)?.[1] ?? rows);
      const last = Math.min(rows, top);
      for (let at = 0; at < last || at === 0; at += pageSize) {
        const count = Math.max(0, Math.min(pageSize, last - at));
        yield {
          rows: Array.from({ length: count }, (_, n) =>
            cells.map(({ name }) => cell(name, at + n)),
          ),
          more: at + pageSize < last,
        };
      }
    },
    currentUserId: async () => "",
    isAggregateLimit: () => false,
  };
}

const cellOf = (name: string, n: number): string | number =>
  name === "statecode" || name === "prioritycode"
    ? n % 3
    : name === "description"
      ? `${n} ${"e".repeat(2000)}`
      : `Case ${n}`;

const ask = (sql: string, rows: number, options: Partial<QueryOptions> = {}) =>
  runQuery({
    sql,
    catalog,
    source: sourceOf(rows, cellOf),
    signal: new AbortController().signal,
    now,
    ...options,
  });

const selfJoin = "FROM incident a JOIN incident b ON a.statecode = b.statecode";

describe("a query over a limit is refused by the step that goes over it, with two ways out", () => {
  test.each([
    [
      "pairs of a join",
      `SELECT COUNT(*) AS n ${selfJoin}`,
      { rowsJoined: 10_000 },
      /^The join of incident \(a\) and incident \(b\) on \(a\.statecode = b\.statecode\) makes more than 10,000 pairs of rows/,
      /b\.incidentid, instead of \(a\.statecode = b\.statecode\), or narrow incident \(a\) in WHERE/,
    ],
    [
      "bytes of a sort",
      "SELECT description FROM incident ORDER BY LEN(title)",
      { bytes: 500_000 },
      /^Sorting incident by LEN\(incident\.title\) holds more than 500 kB/,
      /narrow incident in WHERE.*, or leave the long columns out of it \(description\)/,
    ],
    [
      "bytes of what a join keeps",
      "SELECT COUNT(*) AS n FROM account a JOIN incident b ON a.name = b.description",
      { bytes: 500_000 },
      /^The join of account \(a\) and incident \(b\)/,
      /Either .*, or /,
    ],
    [
      "bytes of groups",
      "SELECT description, COUNT(*) AS n FROM incident GROUP BY description",
      { bytes: 500_000 },
      /^Grouping incident by incident\.description holds/,
      /fewer different values than incident\.description, or narrow/,
    ],
    [
      "groups",
      "SELECT UPPER(title) AS t, COUNT(*) AS n FROM incident GROUP BY UPPER(title)",
      { groups: 100 },
      /^Grouping incident by UPPER\(incident\.title\) finds more than 100 groups/,
      /Either .*, or /,
    ],
    [
      "different values of DISTINCT inside an aggregate",
      "SELECT COUNT(DISTINCT UPPER(title)) AS n FROM incident",
      { groups: 100 },
      /^Grouping incident finds more than 100 groups/,
      /Either .*, or /,
    ],
    [
      "pairs of a cross join",
      "SELECT COUNT(*) AS n FROM incident a CROSS JOIN incident b",
      { rowsJoined: 10_000 },
      /^The join of incident \(a\) and incident \(b\) on true makes more than 10,000 pairs of rows/,
      /Either .*, or narrow incident \(a\) in WHERE/,
    ],
    [
      "rows that a correlated subquery goes over",
      "SELECT COUNT(*) AS n FROM incident a WHERE (SELECT COUNT(*) FROM incident b WHERE b.title > a.title) > 5",
      { rowsJoined: 10_000 },
      /^The condition \(b\.title > a\.title\) on incident \(b\) makes more than 10,000 pairs of rows/,
      /Either .*, or write the subquery as a JOIN with GROUP BY/,
    ],
    [
      "bytes of what a correlated subquery keeps",
      "SELECT COUNT(*) AS n FROM incident a WHERE (SELECT MAX(b.description) FROM incident b WHERE b.title > a.title) > 'x'",
      { bytes: 500_000 },
      /^Keeping incident \(b\) holds more than 500 kB/,
      /Either .*, or /,
    ],
    [
      "bytes of a window",
      "SELECT MAX(x) AS n FROM (SELECT ROW_NUMBER() OVER (ORDER BY description) AS x FROM incident) t",
      { bytes: 500_000 },
      /^The window over incident holds more than 500 kB/,
      /Either .*, or /,
    ],
    [
      "rows that frames of a window go over",
      "SELECT SUM(x) AS n FROM (SELECT COUNT(*) OVER (ORDER BY title) AS x, MAX(statecode) OVER (ORDER BY title ROWS BETWEEN 50 PRECEDING AND CURRENT ROW) AS m FROM incident) t WHERE m > 0",
      { rowsJoined: 20_000 },
      /^The window over incident makes more than 20,000 pairs of rows/,
      /Either .*, or /,
    ],
    [
      "different rows of UNION",
      "SELECT COUNT(*) AS n FROM (SELECT title FROM incident UNION SELECT 'x') t",
      { groups: 100 },
      /^DISTINCT over incident finds more than 100 groups/,
      /Either .*, or /,
    ],
    [
      "different rows of INTERSECT",
      "SELECT COUNT(*) AS n FROM (SELECT title FROM incident INTERSECT SELECT title FROM incident) t",
      { groups: 100 },
      /^INTERSECT of incident, incident \(t2_\) finds more than 100 groups/,
      /Either .*, or /,
    ],
    [
      "groups of grouping sets",
      "SELECT title, ticketnumber, COUNT(*) AS n FROM incident GROUP BY CUBE (title, ticketnumber)",
      { groups: 100 },
      /^Grouping incident by incident\.title, incident\.ticketnumber finds more than 100 groups/,
      /Either .*, or /,
    ],
    [
      "rows of a recursion",
      "WITH n AS (SELECT 1 AS n UNION ALL SELECT n.n + 1 FROM n CROSS JOIN (VALUES (1), (2), (3)) v(x) WHERE n.n < 90) SELECT COUNT(*) AS n FROM n",
      { rowsJoined: 10_000 },
      /makes more than 10,000 pairs of rows/,
      /Either .*, or /,
    ],
    [
      "rows of a function",
      "SELECT COUNT(*) AS n FROM GENERATE_SERIES(1, 1000000000) s",
      { rowsJoined: 10_000 },
      /^The rows of GENERATE_SERIES makes more than 10,000 pairs of rows/,
      /Either .*, or /,
    ],
    [
      "pages",
      "SELECT COUNT(*) AS n FROM incident WHERE LEN(title) > 3",
      { requests: 1, rowsFetched: 50_000 },
      /more than 1 pages \(last read: incident\)/,
      /WHERE/,
    ],
  ])("%s", async (_, sql, limits, message, hint) => {
    await expect(ask(sql, 6000, { limits })).rejects.toMatchObject({
      code: "budget",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  test("DISTINCT keeps what it has given", async () => {
    const sql = "SELECT DISTINCT UPPER(title) AS t FROM incident";
    const { rows, truncated, reason } = await ask(sql, 6000, { limits: { groups: 100 } });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThanOrEqual(100);
    expect(truncated).toBe(true);
    expect(reason).toMatch(/^DISTINCT over incident finds more than 100 groups/);
  });
});

describe("memory", () => {
  test("goes back to the process, whether a query ends, is stopped early, refused or given up", async () => {
    const process = createProcessAccount(50_000_000);
    await ask("SELECT title FROM incident ORDER BY LEN(title)", 6000, { process });
    await ask(`SELECT TOP 5 a.title ${selfJoin} ORDER BY a.title`, 300, { process });
    await ask("SELECT TOP 1 UPPER(title) AS t FROM incident WHERE LEN(title) > 2", 6000, {
      process,
    });
    const refused = ask(`SELECT a.title ${selfJoin} ORDER BY LEN(b.title)`, 6000, { process });
    await expect(refused).rejects.toMatchObject({ code: "budget" });
    const signal = AbortSignal.timeout(50);
    const given = ask(`SELECT COUNT(*) AS n ${selfJoin}`, 9000, { process, signal });
    await expect(given).rejects.toMatchObject({ name: "TimeoutError" });
    expect(process.lent).toBe(0);
  });

  test("that others hold is waited for, and then the query says it is busy", async () => {
    const process = createProcessAccount(2_000_000);
    expect(process.lend(1_900_000)).toBe(true);
    const sql = "SELECT title FROM incident ORDER BY LEN(title)";
    await expect(
      ask(sql, 100, { process, limits: { waitMilliseconds: 20 } }),
    ).rejects.toMatchObject({
      code: "busy",
      retryAfterSeconds: 5,
      message: expect.stringMatching(/^Other queries hold/),
    });
    const waiting = ask(sql, 100, { process });
    process.giveBack(1_900_000);
    expect((await waiting).rows).toHaveLength(100);
    expect(process.lent).toBe(0);
  });

  test("is lent in the order in which it was asked for", async () => {
    const process = createProcessAccount(100);
    const { signal } = new AbortController();
    process.lend(100);
    const served: string[] = [];
    const large = process.wait(90, 10_000, signal).then(() => served.push("large"));
    const small = process.wait(10, 10_000, signal).then(() => served.push("small"));
    expect(process.lend(1)).toBe(false);
    process.giveBack(50);
    process.giveBack(50);
    await Promise.all([large, small]);
    expect(served).toEqual(["large", "small"]);
  });

  test("a text that many joined rows share is counted once", async () => {
    const sql = `SELECT a.description AS d, b.description AS e ${selfJoin} ORDER BY LEN(a.title), LEN(b.title)`;
    const { rows } = await ask(sql, 300, { limits: { bytes: 12_000_000 } });
    expect(rows.length).toBeGreaterThan(0);
  });
});

describe("the event loop", () => {
  test.each([
    ["a join", `SELECT COUNT(*) AS n ${selfJoin}`, 2500],
    ["a sort", "SELECT title FROM incident ORDER BY LEN(title), title DESC", 20_000],
    [
      "groups",
      "SELECT UPPER(title) AS t, COUNT(*) AS n FROM incident GROUP BY UPPER(title)",
      20_000,
    ],
    [
      "a correlated subquery",
      "SELECT COUNT(*) AS n FROM incident a WHERE (SELECT COUNT(*) FROM incident b WHERE b.title > a.title) > 5",
      700,
    ],
    [
      "a window",
      "SELECT MAX(x) AS n FROM (SELECT MAX(title) OVER (ORDER BY LEN(title), title ROWS BETWEEN 30 PRECEDING AND CURRENT ROW) AS x FROM incident) t",
      8_000,
    ],
    [
      "grouping sets",
      `SELECT MAX(n) AS n FROM (SELECT COUNT(*) AS n FROM incident GROUP BY CUBE(${Array.from({ length: 10 }, (_, n) => `LEN(title) % ${n + 2}`).join(", ")})) t`,
      200,
    ],
    [
      "a recursion",
      "WITH n AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM n WHERE n < 5000) SELECT COUNT(*) AS c FROM n OPTION (MAXRECURSION 0)",
      10,
    ],
  ])("is given back inside %s", async (_, sql, rows) => {
    const process = createProcessAccount();
    let turns = 0;
    const turn = () => {
      turns += 1;
      return process.turn();
    };
    const before = cpuMs();
    await ask(sql, rows, { process: { ...process, turn } });
    const spent = cpuMs() - before;
    // A turn after each 8 ms of work; half of it may be anything else.
    expect(turns).toBeGreaterThan(2);
    expect(spent / turns).toBeLessThan(60 * pace());
  });

  test("a deadline is kept inside one batch", async () => {
    const sql = `SELECT COUNT(*) AS n ${selfJoin} AND a.title <> b.title AND LEN(a.title) > 2`;
    const before = cpuMs();
    await expect(ask(sql, 9000, { limits: { milliseconds: 300 } })).rejects.toMatchObject({
      code: "budget",
      message: "The query took longer than 0.3 seconds.",
    });
    // Most of it is making the cases. What it would take without a deadline is minutes.
    expect(cpuMs() - before).toBeLessThan(5_000 * pace());
  });
});

test("a sort in pieces gives the order of a sort at one go, and keeps rows of equal keys in theirs", async () => {
  const { rows } = await ask(
    "SELECT TOP 25000 ticketnumber AS t, statecode AS s FROM incident ORDER BY statecode % 2, LEN(title) DESC",
    25_000,
    { limits: { rowsReturned: 25_000, characters: 10_000_000 } },
  );
  const numbers = Array.from({ length: 25_000 }, (_, n) => n);
  const length = (n: number) => `Case ${n}`.length;
  const wanted = numbers.sort((a, b) => ((a % 3) % 2) - ((b % 3) % 2) || length(b) - length(a));
  expect(rows.map((row) => row.t)).toEqual(wanted.map((n) => `Case ${n}`));
});
