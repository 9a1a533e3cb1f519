import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Person, startTools, type ToolsEndpoint } from "./tools-endpoint";

/** Conditions of FetchXML in a query, judged by the embedded Dataverse. */

let endpoint: ToolsEndpoint;
let me: Person;

beforeAll(async () => {
  endpoint = await startTools();
  me = await endpoint.as("representative");
}, 60_000);
afterAll(() => endpoint?.close());

const count = async (where: string): Promise<number> =>
  (await me.rows(`SELECT COUNT(*) AS n FROM incident WHERE ${where}`))[0].n;

test("the person who asks is known by both names", async () => {
  const mine = await count("ownerid = CURRENT_USER");
  expect(mine).toBeGreaterThan(0);
  expect(await count("ownerid = EQUSERID()")).toBe(mine);
  expect(await count("ownerid = NEUSERID()")).toBe((await count("1 = 1")) - mine);
});

test("days are counted by the service", async () => {
  const all = await count("createdon IS NOT NULL");
  expect(await count("createdon = LASTXYEARS(90)")).toBe(all);
  expect(await count("createdon = OLDERTHANXYEARS(90)")).toBe(0);
  const today = await count("createdon = TODAY()");
  expect((await count("createdon = ONORBEFORE('2020-01-01')")) + today).toBeLessThanOrEqual(all);
});

test("a condition of a joined table, and one beside others in an OR, is judged as well", async () => {
  const sql = `SELECT COUNT(*) AS n FROM incident i JOIN systemuser u ON u.systemuserid = i.ownerid
    WHERE u.systemuserid = EQUSERID() AND (i.title = BEGINSWITH('a') OR i.createdon = LASTXYEARS(90))`;
  expect((await me.rows(sql))[0].n).toBe(await count("ownerid = CURRENT_USER"));
});

test("below NOT and CASE and beside what is computed it says the same", async () => {
  const [all, lately] = [await count("1 = 1"), await count("createdon = LASTXDAYS(30)")];
  expect(lately).toBeGreaterThan(0);
  expect(await count("NOT createdon = LASTXDAYS(30)")).toBe(all - lately);
  expect(await count("createdon = LASTXDAYS(30) OR LEN(title) < 0")).toBe(lately);
  const [row] = await me.rows(
    "SELECT SUM(CASE WHEN createdon = LASTXDAYS(30) THEN 1 ELSE 0 END) AS n, COUNT(*) AS a FROM incident",
  );
  expect([row.n, row.a]).toEqual([lately, all]);
  // What has no date neither meets it nor its opposite.
  const none = "SELECT COUNT(*) AS n FROM incident WHERE escalatedon IS NULL AND";
  expect((await me.rows(`${none} NOT escalatedon = LASTXYEARS(90)`))[0].n).toBe(0);
});
