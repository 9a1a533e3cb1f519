import { describe, expect, test } from "@jest/globals";
import type { Source, SourceValue } from "../../../shared/sql";
import { ask } from "./support/ask";

type Made = { incidentid: string; customerid: string | null; createdon: number };

/** A GUID of a number, all of whose digits count. */
const guid = (n: number): string => {
  const digits = [1, 2, 3, 4]
    .map((turn) => (Math.imul(n * 4 + turn, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0"))
    .join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};

/** As SQL Server sorts them: the last group first, the bytes of the first three backwards. */
const asSqlServer = (id: string): string => {
  const [a = "", b = "", c = "", d = "", e = ""] = id.split("-");
  const back = (part: string) => (part.match(/../g) ?? []).reverse().join("");
  return e + d + back(c) + back(b) + back(a);
};

const day = 86_400_000;
const begin = Date.UTC(2024, 0, 1);
const heavy = guid(7);

/** 120,000 cases: 20,000 customers, one of whom has more than the service aggregates at once, and cases of nobody. */
const rows: Made[] = Array.from({ length: 120_000 }, (_, n) => ({
  incidentid: guid(1_000_000 + n),
  customerid: n % 3 === 0 ? heavy : n % 97 === 0 ? null : guid((n * 7919) % 20_000),
  createdon: begin + ((n * 6151) % 120_000) * (day / 400),
}));
const counts = new Map<string | null, number>();
for (const { customerid } of rows) counts.set(customerid, (counts.get(customerid) ?? 0) + 1);

type Key = (id: string) => string;

/** Cases with their ids by their places in the order of a service, in the orders that it is asked for. */
function sorted(key: Key) {
  const ids = new Set(rows.flatMap(({ incidentid, customerid }) => [incidentid, customerid ?? ""]));
  const order = [...ids].map(key).sort();
  /** How many ids lie before this one. */
  const placeOf = (id: string): number => {
    const wanted = key(id);
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((order[middle] ?? "") < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const keyed = rows.map((row) => ({
    row,
    createdon: row.createdon,
    incidentid: placeOf(row.incidentid),
    customerid: row.customerid === null ? null : placeOf(row.customerid),
  }));
  const by = {
    incidentid: [...keyed].sort((a, b) => a.incidentid - b.incidentid),
    createdon: [...keyed].sort((a, b) => a.createdon - b.createdon),
  };
  return { placeOf, by };
}
type Sorted = ReturnType<typeof sorted>;
type Keyed = Sorted["by"]["incidentid"][number];

function conditionsIn(fetchXml: string, placeOf: Sorted["placeOf"], comparesLookups: boolean) {
  const written = /<condition attribute="(\w+)" operator="([\w-]+)"(?: value="([^"]*)")?/g;
  return [...fetchXml.matchAll(written)].map(([, name = "", operator, value = ""]) => {
    const attribute = name as "createdon" | "incidentid" | "customerid";
    if (operator === "null") return (one: Keyed) => one[attribute] === null;
    if (operator === "not-null") return (one: Keyed) => one[attribute] !== null;
    if (attribute === "customerid" && !comparesLookups)
      throw new Error("the operator is not valid");
    const bound = attribute === "createdon" ? Date.parse(value) : placeOf(value);
    return (one: Keyed) => {
      const own = one[attribute];
      return own !== null && (operator === "ge" ? own >= bound : own < bound);
    };
  });
}

const mostRequests = 25;

/** A service with these cases, which aggregates 30,000 rows at once and gives 5,000 groups. */
function service({ placeOf, by }: Sorted, comparesLookups = true) {
  const asked: string[] = [];
  const source: Source = {
    async *scan({ fetchXml, cells }) {
      asked.push(fetchXml);
      const conditions = conditionsIn(fetchXml, placeOf, comparesLookups);
      const order = /<order attribute="(\w+)"( descending)?/.exec(fetchXml);
      const all = order?.[1] === "createdon" ? by.createdon : by.incidentid;
      const found = all.filter((one) => conditions.every((holds) => holds(one)));
      const top = / top="(\d+)"/.exec(fetchXml)?.[1];
      if (top) {
        const some = (order?.[2] ? found.reverse() : found).slice(0, Number(top));
        const cellsOf = (row: Made) => cells.map(({ name }) => row[name as keyof Made]);
        yield { rows: some.map(({ row }) => cellsOf(row)), more: false };
        return;
      }
      if (found.length > 30_000) throw new Error("0x8004E023");
      const groups = new Map<string | null, number>();
      for (const { row } of found)
        groups.set(row.customerid, (groups.get(row.customerid) ?? 0) + 1);
      const group = (id: string | null, n: number) =>
        cells.map(({ name, part }) =>
          name.startsWith("g") ? (part === "name" ? "somebody" : id) : n,
        );
      const rowsGiven: SourceValue[][] = fetchXml.includes("groupby")
        ? [...groups].slice(0, 5000).map(([id, n]) => group(id, n))
        : [[found.length, groups.size - (groups.has(null) ? 1 : 0)]];
      yield { rows: rowsGiven, more: false };
    },
    currentUserId: () => Promise.resolve(""),
    requestsLeft: () => mostRequests - asked.length,
    isAggregateLimit: (error) => (error as Error).message === "0x8004E023",
    isRefusal: (error) => (error as Error).message === "the operator is not valid",
  };
  return { source, asked };
}

const grouped = "SELECT customerid, COUNT(*) AS n FROM incident GROUP BY customerid";

describe("groups by an id with more different values than parts by time can be asked for", () => {
  const asInSqlServer = sorted(asSqlServer);
  const largest = [...counts].sort(([, a], [, b]) => b - a);

  test("are asked for in parts of ids, of which each has all rows, and none is left out or counted twice", async () => {
    const { source, asked } = service(asInSqlServer);
    const sql = `SELECT COUNT(*) AS customers, SUM(n) AS cases, MAX(n) AS most, MIN(n) AS least FROM (${grouped}) AS g`;
    const { rows: answer, notes } = await ask(sql, { source });
    expect(answer).toEqual([
      {
        customers: counts.size,
        cases: rows.length,
        most: largest[0]?.[1],
        least: largest.at(-1)?.[1],
      },
    ]);
    expect(asked.length).toBeLessThanOrEqual(mostRequests);
    expect(largest[0]?.[1]).toBeGreaterThan(30_000);
    expect(notes.join(" ")).toMatch(/parts of them, by customerid and createdon,/);
  });

  test("give the first of them, and how many there are", async () => {
    const top = `SELECT TOP 2 ${grouped.slice(7)} ORDER BY n DESC`;
    const first = await ask(top, { source: service(asInSqlServer).source });
    expect(first.rows.map(({ customerid, n }) => [customerid, n])).toEqual(largest.slice(0, 2));
    const sql = "SELECT COUNT(DISTINCT customerid) AS n FROM incident";
    const { rows: distinct } = await ask(sql, { source: service(asInSqlServer).source });
    expect(distinct).toEqual([{ n: counts.size - 1 }]);
  });

  test.each([
    ["compares no ids of lookups", () => service(asInSqlServer, false)],
    ["sorts ids as texts", () => service(sorted((id) => id))],
  ])("are refused with the cost of parts by time where the service %s", async (_, made) => {
    await expect(ask(grouped, { source: made().source })).rejects.toMatchObject({
      code: "budget",
      message: expect.stringMatching(/different values of customerid in .* that needs about \d+/),
    });
  });
});
