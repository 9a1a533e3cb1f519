import { describe, expect, test } from "@jest/globals";
import { explainQuery, SqlError } from "../../../shared/sql";
import { conditionFunctions } from "../../../shared/sql/fetchxml/condition-functions";
import { ask } from "./support/ask";
import { catalog, now } from "./support/sample";

const plan = async (sql: string): Promise<string> =>
  (await explainQuery({ sql, catalog, now })).plan;

async function refusal(sql: string): Promise<SqlError> {
  try {
    await ask(sql);
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
  throw new Error("It was not refused");
}

describe("conditions that only the service can judge", () => {
  test.each([
    [
      "createdon = LASTXDAYS(7)",
      '<condition attribute="createdon" operator="last-x-days" value="7"/>',
    ],
    ["createdon = today()", '<condition attribute="createdon" operator="today"/>'],
    [
      "createdon = ONORAFTER('2026-05-01')",
      '<condition attribute="createdon" operator="on-or-after" value="2026-05-01"/>',
    ],
    ["ownerid = EQUSERTEAMS()", '<condition attribute="ownerid" operator="eq-userteams"/>'],
    ["title = BEGINSWITH('a')", '<condition attribute="title" operator="begins-with" value="a"/>'],
    [
      "customerid = UNDER('00000000-0000-0000-0000-0000000000A1')",
      '<condition attribute="customerid" operator="under" value="00000000-0000-0000-0000-0000000000a1"/>',
    ],
    // What is negated lets NULL pass in FetchXML, and not here.
    ["ownerid = NEUSERID()", '<condition attribute="ownerid" operator="not-null"/>'],
    [
      "createdon = OLDERTHANXMONTHS(2) OR title LIKE 'a%'",
      'operator="olderthan-x-months" value="2"',
    ],
  ])("%s goes down to it", async (condition, fetchXml) => {
    const text = await plan(`SELECT title FROM incident WHERE ${condition}`);
    expect(text).toContain(fetchXml);
    expect(text).not.toMatch(/filter\b.*(XDAYS|EQUSER|UNDER|NEUSERID|BEGINSWITH|OLDERTHAN)/);
  });

  test.each([
    ["NOT createdon = LASTXDAYS(7)", 0],
    ["createdon = LASTXDAYS(7) OR LEN(title) = 3", 1],
    ["CASE WHEN createdon = LASTXDAYS(7) THEN 1 ELSE 0 END = 0", 1],
    ["NOT (ownerid = EQUSERTEAMS() AND LEN(title) = 3)", 1],
  ])("%s: the service tells which rows meet it", async (condition, here) => {
    const text = await plan(`SELECT title FROM incident WHERE ${condition}`);
    expect(text.match(/operator="(last-x-days|eq-userteams)"/g)).toHaveLength(1);
    expect(text).toMatch(/link-entity name="incident" from="incidentid" to="incidentid"/);
    expect(text.match(/^ *filter /gm) ?? []).toHaveLength(here);
  });

  test("each has a name that is its operator's, once", () => {
    expect(conditionFunctions.length).toBeGreaterThan(60);
    for (const { name, operator } of conditionFunctions)
      expect(name).toBe(operator.replaceAll("-", "").toUpperCase());
  });

  test.each([
    // Where they would have to be judged here.
    [
      "SELECT t.c FROM (SELECT MAX(createdon) AS c FROM incident GROUP BY title) t WHERE NOT t.c = LASTXDAYS(7)",
      "type",
      /a column with a date/,
    ],
    [
      "SELECT createdon FROM incident GROUP BY createdon HAVING COUNT(*) > 1 OR createdon = LASTXDAYS(7)",
      "unsupported",
      /only Dataverse can judge/,
    ],
    [
      "SELECT title FROM incident GROUP BY title HAVING MAX(createdon) = LASTXDAYS(7)",
      "type",
      /a column with a date/,
    ],
    // Where they mean nothing.
    ["SELECT title FROM incident WHERE createdon > LASTXDAYS(7)", "unsupported", /stands behind =/],
    ["SELECT title FROM incident WHERE title = LASTXDAYS(7)", "type", /a column with a date/],
    ["SELECT title FROM incident WHERE createdon = LASTXDAYS()", "syntax", /takes 1 values/],
    [
      "SELECT title FROM incident WHERE createdon = LASTXDAYS('x')",
      "type",
      /a whole number above zero/,
    ],
    [
      "SELECT title FROM incident WHERE createdon = LASTXDAYS(-1)",
      "type",
      /a whole number above zero/,
    ],
    ["SELECT title FROM incident WHERE ownerid = UNDER('x')", "type", /the id of a row/],
  ])("%s is refused with its place", async (sql, code, words) => {
    const error = await refusal(sql);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
    expect(error.line).toBe(1);
    expect(error.column).toBeGreaterThan(1);
    expect(error.hint).toBeDefined();
  });
});
