import { describe, expect, test } from "@jest/globals";
import { SqlError } from "../../../shared/sql";
import { ask } from "./support/ask";
import { tables } from "./support/sample";

const refusalOf = async (sql: string) => {
  try {
    return await ask(sql);
  } catch (error) {
    if (error instanceof SqlError) return `${error.code}: ${error.message} ${error.hint ?? ""}`;
    throw error;
  }
};

describe("definitions are read as SQL Server shows them", () => {
  test("tables", async () => {
    const names = tables.map(({ name }) => name).sort();
    const { rows } = await ask(
      "SELECT TABLE_SCHEMA, table_name FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_TYPE = 'BASE TABLE' ORDER BY 2",
    );
    expect(rows).toEqual(names.map((name) => ({ TABLE_SCHEMA: "dbo", TABLE_NAME: name })));
    const known = await ask("SELECT t.name FROM sys.tables AS t WHERE t.name LIKE 'inc%'");
    expect(known.rows).toEqual([{ name: "incident" }]);
  });

  test("columns, of the tables that WHERE names", async () => {
    const { rows } = await ask(
      `SELECT c.COLUMN_NAME AS name, c.DATA_TYPE AS type, c.CHARACTER_MAXIMUM_LENGTH AS length, c.IS_NULLABLE AS nullable
       FROM INFORMATION_SCHEMA.COLUMNS AS c
       WHERE c.TABLE_NAME = 'Incident ' AND c.COLUMN_NAME IN ('incidentid', 'title', 'statecode', 'statecodename', 'description')
       ORDER BY c.ORDINAL_POSITION`,
    );
    expect(rows).toEqual([
      { name: "description", type: "nvarchar", length: -1, nullable: "YES" },
      { name: "incidentid", type: "uniqueidentifier", length: null, nullable: "NO" },
      { name: "statecode", type: "int", length: null, nullable: "YES" },
      { name: "statecodename", type: "nvarchar", length: 4000, nullable: "YES" },
      { name: "title", type: "nvarchar", length: 4000, nullable: "YES" },
    ]);
  });

  test.each([
    "TABLE_NAME IN ('incident', 'account')",
    "TABLE_NAME = 'account' OR 'incident' = COLUMNS.TABLE_NAME",
    "TABLE_NAME LIKE '%n%' AND TABLE_NAME <> 'contact' AND TABLE_NAME IN ('account', 'incident', 'none')",
  ])("what WHERE narrows loses no row: %s", async (where) => {
    const count = tables
      .filter(({ name }) => name === "incident" || name === "account")
      .reduce((sum, { columns }) => sum + columns.length, 0);
    const { rows } = await ask(
      `SELECT COUNT(*) AS n FROM INFORMATION_SCHEMA.COLUMNS WHERE ${where}`,
    );
    expect(rows).toEqual([{ n: count }]);
  });

  test("columns by the ids of their tables", async () => {
    const { rows } = await ask(
      `SELECT c.name, c.max_length AS bytes, c.precision AS digits, c.scale, c.is_nullable AS nullable
       FROM sys.tables t JOIN sys.columns c ON c.object_id = t.object_id
       WHERE t.name = 'account' AND c.name IN ('accountid', 'employees', 'revenue', 'name') ORDER BY c.column_id`,
    );
    expect(rows).toEqual([
      { name: "accountid", bytes: 16, digits: 0, scale: 0, nullable: false },
      { name: "employees", bytes: 4, digits: 10, scale: 0, nullable: true },
      { name: "name", bytes: 8000, digits: 0, scale: 0, nullable: true },
      { name: "revenue", bytes: 8, digits: 19, scale: 4, nullable: true },
    ]);
    const every = tables.reduce((sum, { columns }) => sum + columns.length, 0);
    for (const [from, count] of [
      ["sys.columns", every],
      [
        "sys.columns c LEFT JOIN sys.tables t ON t.object_id = c.object_id AND t.name = 'account'",
        every,
      ],
      [
        "sys.columns c, sys.tables t WHERE t.object_id = c.object_id AND t.name <> 'account'",
        every - (tables.find(({ name }) => name === "account")?.columns.length ?? 0),
      ],
    ] as const)
      expect((await ask(`SELECT COUNT(*) AS n FROM ${from}`)).rows).toEqual([{ n: count }]);
  });

  test("beside tables, in a subquery, and over all tables", async () => {
    const columns = tables.reduce((sum, one) => sum + one.columns.length, 0);
    const { rows } = await ask(
      `SELECT COUNT(*) AS n, (SELECT COUNT(*) FROM INFORMATION_SCHEMA.COLUMNS) AS everything
       FROM INFORMATION_SCHEMA.TABLES t JOIN INFORMATION_SCHEMA.COLUMNS c ON c.TABLE_NAME = t.TABLE_NAME`,
    );
    expect(rows).toEqual([{ n: columns, everything: columns }]);
  });

  test("other views are refused by name, and so are all columns of many tables", async () => {
    expect(await refusalOf("SELECT * FROM sys.objects")).toMatch(
      /^unsupported: .*sys\.objects.*INFORMATION_SCHEMA\.TABLES/,
    );
    const many = Array.from({ length: 200 }, (_, at) => ({ ...tables[0], name: `t${at}` }));
    const catalog = { tables: async () => many, table: async () => undefined } as never;
    const asked = ask("SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS", { catalog });
    await expect(asked).rejects.toMatchObject({
      code: "unsupported",
      hint: expect.stringContaining("TABLE_NAME ="),
    });
  });
});
