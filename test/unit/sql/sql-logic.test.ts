import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { differenceOf } from "../../outside/sql-logic/answers";
import { type Judged, judgeFile } from "../../outside/sql-logic/judge";
import { madeTests } from "../../outside/sql-logic/made";
import { type Query, recordsOf } from "../../outside/sql-logic/records";

async function judgeAll(text: string): Promise<Judged[]> {
  const all: Judged[] = [];
  for await (const one of judgeFile(text)) all.push(one);
  return all;
}
const told = ({ query, verdict, why }: Judged) => ({ sql: query.sql, verdict, why });
const queriesOf = (text: string) =>
  recordsOf(text).filter((one): one is Query => one.kind === "query");

describe("SQL logic tests", () => {
  test("of our own have the rows that they state", async () => {
    const judged = await judgeAll(readFileSync("test/cases/sql/logic.slt", "utf8"));
    expect(judged.length).toBeGreaterThan(25);
    expect(judged.filter(({ verdict }) => verdict !== "equal").map(told)).toEqual([]);
  });

  test("made at random have the rows of SQLite; npm run sql-logic tries more", async () => {
    const judged = await judgeAll(madeTests(150, 5));
    expect(judged.length).toBeGreaterThan(120);
    expect(judged.filter(({ verdict }) => verdict !== "equal").map(told)).toEqual([]);
  });
});

describe("the reader of SQL logic tests", () => {
  const one = (text: string) => queriesOf(text)[0] as Query;

  test("reads one value a line and one row a line", () => {
    const values = ["1", "a b", "2", "c d"];
    const byValue = `query IT\nSELECT 1\n----\n${values.join("\n")}\n`;
    expect(one(byValue).values).toEqual(values);
    expect(one("query IT\nSELECT 1\n----\n1\ta b\n2\tc d\n").values).toEqual(values);
    expect(one("query IT\nSELECT 1\n----\n1 a\n2 b\n").values).toEqual(["1", "a", "2", "b"]);
  });

  test("leaves out what is for other engines, and ends at halt", () => {
    const text =
      "onlyif mysql\nquery I\nSELECT 1\n----\n1\n\nskipif mysql # no\nquery I\nSELECT 2\n----\n2\n\n" +
      "skipif mssql\nquery I\nSELECT 3\n----\n3\n\nhalt\n\nquery I\nSELECT 4\n----\n4\n";
    expect(queriesOf(text).map(({ sql }) => sql)).toEqual(["SELECT 2"]);
  });

  test("compares digests, sorted rows and sorted values, and tells a difference", () => {
    const digest = one(
      "query II rowsort\nSELECT 1\n----\n4 values hashing to 97e8ac7b2c5a7c3a7d6bf6b2c2d0ecb4\n",
    );
    expect(digest.digest).toEqual({ count: 4, md5: "97e8ac7b2c5a7c3a7d6bf6b2c2d0ecb4" });
    expect(differenceOf(digest, [[1, 2]])).toBe("2 values, not 4");
    expect(
      differenceOf(digest, [
        [1, 2],
        [3, 4],
      ]),
    ).toMatch(/^values hashing to /);
    const rows = one("query IR rowsort\nSELECT 1\n----\n2 0.500\n1 NULL\n");
    expect(
      differenceOf(rows, [
        [1, null],
        [2, 0.5],
      ]),
    ).toBeUndefined();
    expect(
      differenceOf(rows, [
        [1, null],
        [2, 0.6],
      ]),
    ).toBe("1 NULL 2 0.600 instead of 1 NULL 2 0.500");
    const values = one("query II valuesort\nSELECT 1\n----\n1\n2\n3\n4\n");
    expect(
      differenceOf(values, [
        [4, 2],
        [1, 3],
      ]),
    ).toBeUndefined();
    expect(differenceOf(values, [[4], [2], [1], [3]])).toBe("1 columns, not 2");
    const plain = one("query I\nSELECT 1\n----\n1\n2\n");
    expect(differenceOf(plain, [[2], [1]])).toBe("2 1 instead of 1 2");
  });
});
