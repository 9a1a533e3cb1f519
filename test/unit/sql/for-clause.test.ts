import { describe, expect, test } from "@jest/globals";
import { SqlError } from "../../../shared/sql";
import { ask } from "./support/ask";

const textOf = async (sql: string) => {
  const { rows } = await ask(sql);
  expect(rows.length).toBeLessThanOrEqual(1);
  const [text] = rows.flatMap((row) => Object.values(row));
  return text;
};
const refusalOf = async (sql: string) => {
  try {
    return await ask(sql);
  } catch (error) {
    if (error instanceof SqlError) return `${error.code}: ${error.message} ${error.hint ?? ""}`;
    throw error;
  }
};

/** Known answers of https://learn.microsoft.com/sql/relational-databases/json/format-nested-json-output-with-path-mode-sql-server */
describe("FOR JSON writes", () => {
  const two = "(VALUES (1, N'a\"b', NULL), (2, N'c', 1.50)) AS v(id, name, price)";
  test.each([
    [
      `SELECT id, name, price FROM ${two} FOR JSON PATH`,
      '[{"id":1,"name":"a\\"b"},{"id":2,"name":"c","price":1.50}]',
    ],
    [
      `SELECT id, price FROM ${two} ORDER BY id DESC FOR JSON PATH, INCLUDE_NULL_VALUES`,
      '[{"id":2,"price":1.50},{"id":1,"price":null}]',
    ],
    [
      `SELECT id AS 'row.id', name AS 'row.of.name', price FROM ${two} WHERE id = 2 FOR JSON PATH`,
      '[{"row":{"id":2,"of":{"name":"c"}},"price":1.50}]',
    ],
    [`SELECT id AS 'row.id' FROM ${two} WHERE id = 2 FOR JSON AUTO`, '[{"row.id":2}]'],
    [`SELECT id FROM ${two} FOR JSON PATH, ROOT('cases')`, '{"cases":[{"id":1},{"id":2}]}'],
    [`SELECT id FROM ${two} FOR JSON PATH, ROOT`, '{"root":[{"id":1},{"id":2}]}'],
    [`SELECT id FROM ${two} FOR JSON PATH, WITHOUT_ARRAY_WRAPPER`, '{"id":1},{"id":2}'],
    [`SELECT TOP 1 price AS 'p.x' FROM ${two} ORDER BY id FOR JSON PATH`, "[{}]"],
    [
      `SELECT id, (SELECT x FROM (VALUES (id), (id * 10)) AS w(x) FOR JSON PATH) AS list FROM ${two} FOR JSON PATH`,
      '[{"id":1,"list":[{"x":1},{"x":10}]},{"id":2,"list":[{"x":2},{"x":20}]}]',
    ],
    [`SELECT JSON_QUERY('[1,2]') AS j, '[1,2]' AS t FOR JSON PATH`, '[{"j":[1,2],"t":"[1,2]"}]'],
    [
      `SELECT JSON_OBJECT('a':JSON_ARRAY(1, JSON_OBJECT('b':2))) AS x FOR JSON PATH`,
      '[{"x":{"a":[1,{"b":2}]}}]',
    ],
    [
      `SELECT CAST(1 AS BIT) AS b, CAST('2026-01-31' AS DATE) AS d, CAST(0x4142 AS VARBINARY(2)) AS x FOR JSON PATH`,
      '[{"b":true,"d":"2026-01-31","x":"QUI="}]',
    ],
    [`SELECT id FROM ${two} WHERE id = 1 UNION ALL SELECT 5 FOR JSON PATH`, '[{"id":1},{"id":5}]'],
  ])("%s", async (sql, text) => expect(await textOf(sql)).toBe(text));

  test("no row over no rows, and NULL where one value is wanted", async () => {
    const none = "(VALUES (1)) AS v(id) WHERE id = 2 FOR JSON PATH";
    expect((await ask(`SELECT id FROM ${none}`)).rows).toEqual([]);
    expect((await ask(`SELECT ISNULL((SELECT id FROM ${none}), 'none') AS x`)).rows).toEqual([
      { x: "none" },
    ]);
  });

  test.each([
    ["SELECT 1 FOR JSON PATH", /error 13605/],
    ["SELECT 1 AS a, 2 AS a FOR JSON PATH", /error 13601/],
    ["SELECT 1 AS 'a.b', 2 AS c, 3 AS 'a.d' FOR JSON PATH", /error 13601/],
    ["SELECT 1 AS a FOR JSON AUTO", /error 13600/],
    [
      "SELECT i.title FROM incident i JOIN account a ON i.customerid = a.accountid FOR JSON AUTO",
      /several tables.*PATH/,
    ],
  ])("nothing for %s", async (sql, words) => expect(await refusalOf(sql)).toMatch(words));
});

/** Known answers of https://learn.microsoft.com/sql/relational-databases/xml/use-path-mode-with-for-xml */
describe("FOR XML writes", () => {
  const two = "(VALUES (1, N'a & b', NULL), (2, N'<c>', 1.50)) AS v(id, name, price)";
  test.each([
    [
      `SELECT STUFF((SELECT ', ' + name FROM ${two} ORDER BY id FOR XML PATH('')), 1, 2, '')`,
      "a &amp; b, &lt;c&gt;",
    ],
    [
      `SELECT id, name FROM ${two} WHERE id = 1 FOR XML PATH`,
      "<row><id>1</id><name>a &amp; b</name></row>",
    ],
    [
      `SELECT id AS '@id', price AS [the price] FROM ${two} FOR XML PATH('case'), ROOT('cases')`,
      '<cases><case id="1"/><case id="2"><the_x0020_price>1.50</the_x0020_price></case></cases>',
    ],
    [
      `SELECT id, name, price FROM ${two} FOR XML RAW`,
      '<row id="1" name="a &amp; b"/><row id="2" name="&lt;c&gt;" price="1.50"/>',
    ],
    [`SELECT id AS 'data()' FROM ${two} FOR XML PATH('')`, "12"],
  ])("%s", async (sql, text) => expect(await textOf(sql)).toBe(text));

  test.each([
    ["SELECT 1 AS 'a/b' FOR XML PATH", /a\/b/],
    ["SELECT title FROM incident FOR XML AUTO", /FOR XML AUTO/],
    ["SELECT 1 AS '@a' FOR XML PATH('')", /error 6864/],
  ])("nothing for %s", async (sql, words) => expect(await refusalOf(sql)).toMatch(words));
});
