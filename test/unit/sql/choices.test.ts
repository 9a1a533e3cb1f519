import { describe, expect, test } from "@jest/globals";
import { ruleNames, SqlError } from "../../../shared/sql";
import { ask } from "./support/ask";
import { memorySource } from "./support/memory-source";
import { data } from "./support/sample";

const topics: readonly (string | null)[] = data.incident!.map((row) => row.topics as string | null);
/** How many rows hold options that answer to the test; NULL answers to none. */
const countWhere = (holds: (options: readonly string[]) => boolean): number =>
  topics.filter((one) => one !== null && holds(one.split(","))).length;
const are = (...wanted: string[]) => countWhere((held) => String(held) === String(wanted));
const known = topics.filter((one) => one !== null).length;

const count = async (where: string, rules: readonly string[] = ruleNames) => {
  const sql = `SELECT COUNT(*) AS n FROM incident WHERE ${where}`;
  const { rows } = await ask(sql, { rules: new Set(rules) });
  return rows[0]!.n;
};

const refusalOf = async (where: string) => {
  try {
    return await count(where);
  } catch (error) {
    if (error instanceof SqlError) return `${error.code}: ${error.message} ${error.hint ?? ""}`;
    throw error;
  }
};

describe("a column that holds several options", () => {
  test.each([
    ["topics = 'Noise'", are("1")],
    ["topics = 1", are("1")],
    ["topics <> 'noise '", known - are("1")],
    ["topics = 'Loud noise; Noise'", are("1", "3")],
    ["topics = 'Noise, Loud noise'", are("1", "3")],
    ["topics = '3,1'", are("1", "3")],
    ["topics = 'Other, unknown'", are("11")],
    ["topics = 'Heat'", are("2") + are("4")],
    ["topics = 'Heat; heat'", are("2", "4")],
    ["topics IN ('Noise', 3)", are("1") + are("3")],
    ["topics NOT IN ('Noise', 3)", known - are("1") - are("3")],
    ["topics = ''", 0],
    ["topicsname = 'Noise'", are("1")],
    ["topicsname = 'Loud noise; Noise'", are("1", "3")],
    ["topicsname <> 'Noise'", known - are("1")],
    ["topicsname IN ('Noise', 'Loud noise')", are("1") + are("3")],
    ["topicsname LIKE '%noise%'", countWhere((held) => held.includes("1") || held.includes("3"))],
    ["topicsname NOT LIKE 'noise%'", countWhere((held) => held[0] !== "1")],
    ["CONTAINVALUES(topics, 1)", countWhere((held) => held.includes("1"))],
    ["CONTAINSVALUES(topics, 'noise')", countWhere((held) => held.includes("1"))],
    ["NOT CONTAINVALUES(topics, 'noise')", countWhere((held) => !held.includes("1"))],
    ["CONTAINS(topics, '1')", countWhere((held) => held.includes("1"))],
    [
      "CONTAINS(incident.topics, '1 OR \"Other, unknown\" | 3')",
      countWhere((held) => held.some((one) => /^(1|3|11)$/.test(one))),
    ],
    ["NOT CONTAINS(topics, 'noise')", countWhere((held) => !held.includes("1"))],
    ["topics = CONTAINVALUES(1, 11)", countWhere((held) => held.some((one) => /^11?$/.test(one)))],
    [
      "topics = NOTCONTAINVALUES(1, '11')",
      countWhere((held) => !held.some((one) => /^11?$/.test(one))),
    ],
    [
      "CONTAINVALUES(topics, 'Noise; heat')",
      countWhere((held) => held.some((one) => "124".includes(one))),
    ],
    ["CONTAINVALUES(topicsname, 'Other, unknown')", countWhere((held) => held.includes("11"))],
    [
      "topics IS NULL OR CONTAINVALUES(topics, 3)",
      topics.length - known + countWhere((held) => held.includes("3")),
    ],
    ["CASE topics WHEN 'Noise' THEN 1 ELSE 0 END = 1", are("1")],
  ])("%s", async (where, expected) => {
    expect([await count(where), await count(where, [])]).toEqual([expected, expected]);
  });

  test("is asked of the service by the conditions that it has for such columns", async () => {
    const source = memorySource();
    const sql = `SELECT i.ticketnumber FROM incident i
      WHERE NOT CONTAINVALUES(i.topics, 1, 'Heat') AND i.topicsname = 'Loud noise'`;
    await ask(sql, { source });
    const [{ fetchXml } = { fetchXml: "" }] = source.requests;
    expect(fetchXml).toContain(
      'operator="not-contain-values"><value>1</value><value>2</value><value>4</value></condition>',
    );
    expect(fetchXml).toContain('operator="contain-values"><value>3</value></condition>');
  });

  test("shows its labels beside it", async () => {
    const { columns, rows } = await ask(
      "SELECT TOP 1 topics FROM incident WHERE topics = '1,3' ORDER BY ticketnumber",
    );
    expect([columns, rows]).toEqual([
      ["topics", "topicsname"],
      [{ topics: "1,3", topicsname: "Noise; Loud noise" }],
    ]);
  });

  test("is compared with labels where it was handed on, and in a subquery", async () => {
    const derived =
      "(SELECT topicsname AS names FROM incident) t WHERE t.names = 'Loud noise; Noise'";
    expect((await ask(`SELECT COUNT(*) AS n FROM ${derived}`)).rows).toEqual([
      { n: are("1", "3") },
    ]);
    const { rows } = await ask(
      `SELECT COUNT(*) AS n FROM incident i WHERE EXISTS
         (SELECT 1 FROM systemuser u WHERE u.systemuserid = i.ownerid AND CONTAINVALUES(i.topics, 11))`,
    );
    expect(rows).toEqual([
      {
        n: data.incident!.filter((row) => /11/.test(`${row.topics}`) && row.ownerid !== null)
          .length,
      },
    ]);
  });

  test("tells who compares with one option how to find it among others", async () => {
    const { notes } = await ask("SELECT ticketnumber FROM incident WHERE topics = 'Noise'");
    expect(notes.join()).toContain("CONTAINVALUES(topics, '…') finds those that have one of them");
  });

  test.each([
    [
      "topics = 'Nose'",
      "unknown_option: topics has no option 'Nose' at line 1, column 51. topics has:",
    ],
    ["topics IN (1, 'Nose; Heat')", "topics has no option 'Nose' at line 1, column 56."],
    ["topicsname <> 'Nose'", "topics has no option 'Nose'"],
    ["CONTAINVALUES(topics, 'Nose')", "topics has no option 'Nose' at line 1, column 64."],
    ["topicsname = 1", "type: topicsname holds labels, not numbers"],
    ["topics LIKE '%1%'", "Write topicsname LIKE '%…%', or CONTAINVALUES(topics, '…')"],
    ["topics > 1", "type: topics holds several options, which have no order"],
    ["topics BETWEEN 1 AND 3", "which have no order"],
    ["topics = 1.5", "topics holds options, which are whole numbers"],
    ["CONTAINVALUES(statecode, 1)", "column IN (1, 2) for a column of one option"],
    ["CONTAINS(topics, 'Nose')", "topics has no option 'Nose'"],
    ["CONTAINS(topics, '1 AND 3')", "joined by OR"],
    ["CONTAINVALUES(topics)", "CONTAINVALUES takes at least one option"],
    ["CONTAINVALUES(topics, reopened)", "takes numbers or labels of options"],
    ["topics <> CONTAINVALUES(1)", "stands behind =, not behind <>"],
  ])("%s is refused", async (where, words) => {
    expect(await refusalOf(where)).toContain(words);
  });
});
