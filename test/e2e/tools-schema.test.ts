import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Person, startTools, type ToolsEndpoint } from "./tools-endpoint";

const words = [
  "string",
  "text area",
  "email",
  "phone",
  "url",
  "ticker symbol",
  "multiline text",
  "rich text",
  "integer",
  "duration",
  "time zone",
  "language",
  "decimal",
  "double",
  "money",
  "boolean",
  "datetime",
  "file",
  "image",
  "customer",
];
const choices = [{ label: "Small", value: 1 }, { label: "Large" }];
const item = [
  ...words.map((type) => ({ name: `My ${type}`, type })),
  { name: "My choice", type: "choice", choices },
  { name: "My multiselect", type: "multiselect", choices },
  { name: "My lookup", type: "lookup", relatedtable: "Accounts" },
];

let endpoint: ToolsEndpoint;
let admin: Person;
let tablename: string;

beforeAll(async () => {
  endpoint = await startTools();
  admin = await endpoint.as("administrator");
}, 60_000);
afterAll(() => endpoint?.close());

describe("a table of one's own", () => {
  const request = { tablename: "Site Visit", displayname: "Site Visit", item };

  test("has all 23 types of columns and can be used at once", async () => {
    expect(item).toHaveLength(23);
    const { text, data, isError } = await admin.call("create_table", request);
    expect([isError, text]).toEqual([false, text]);
    expect(data).toMatchObject({ created: true, usable: true });
    expect(data.columnsAdded).toHaveLength(23);
    tablename = data.tablename;
    const described = await admin.call("describe_table", { tablename });
    expect(described.text).toMatch(/my_lookup LOOKUP \(GUID\) \( Related table : account\)/);
    expect(described.text).toMatch(
      /my_customer LOOKUP \(GUID\) \( Related table : account, contact\)/,
    );
    expect(described.text).toMatch(/my_choice CHOICE \(Options: Small \(1\), Large \(\d+\)\)/);
    const row = await admin.call("create_record", {
      tablename,
      item: { "My string": "First", "My choice": "small", "My multiselect": "Small,Large" },
    });
    expect([row.isError, row.text]).toEqual([false, row.text]);
  });

  test("is asked for several options in one column", async () => {
    const described = await admin.call("describe_table", { tablename });
    const named = (pattern: RegExp) => pattern.exec(described.text)?.[1] ?? "none";
    const column = named(/(\w+_my_?multiselect) /i);
    // Both rows are of one second: `createdon` would leave their order to their random ids.
    const order = named(/(\w+_my_?string) /i);
    await admin.call("create_record", {
      tablename,
      item: { "My string": "Second", "My multiselect": "Large" },
    });
    const found = async (where: string) => {
      const sql = `SELECT ${column} FROM ${tablename} WHERE ${where.replaceAll("#", column)} ORDER BY ${order}`;
      return (await admin.rows(sql)).map((each) => each[`${column}name`]);
    };
    expect(await found("#name LIKE '%large%'")).toEqual(["Small; Large", "Large"]);
    expect(await found("CONTAINVALUES(#, 'Large')")).toEqual(["Small; Large", "Large"]);
    expect(await found("NOT CONTAINVALUES(#, 1)")).toEqual(["Large"]);
    expect(await found("# = 'large'")).toEqual(["Large"]);
    expect(await found("# <> 'Large'")).toEqual(["Small; Large"]);
    expect(await found("#name = 'Large; Small' OR # IS NULL")).toEqual(["Small; Large"]);
  });

  test("is not made twice", async () => {
    const { text, data, isError } = await admin.call("create_table", request);
    expect([isError, text]).toEqual([false, text]);
    expect(data).toMatchObject({ created: false, columnsAdded: [] });
  });

  test("gets columns and a new name, and the same again changes nothing", async () => {
    const change = {
      tablename,
      item: [{ name: "Weather", type: "string" }],
      newDisplayName: "Visit on Site",
    };
    const { text, data, isError } = await admin.call("update_table", change);
    expect([isError, text]).toEqual([false, text]);
    expect(data).toMatchObject({ renamed: true, usable: true });
    expect(data.columnsAdded).toHaveLength(1);
    const again = await admin.call("update_table", change);
    expect(again.data).toMatchObject({ renamed: false, columnsAdded: [] });
  });

  test("a column that is there with other contents is told, and nothing is changed", async () => {
    const shape = (text: string) => {
      const [weather] = text.split("\n").filter((line) => line.includes("weather"));
      return weather;
    };
    const before = shape((await admin.call("describe_table", { tablename })).text);
    const asked: [Record<string, unknown>, RegExp][] = [
      [{ name: "Weather", type: "integer" }, /it is a String, not an integer/],
      [{ name: "Weather", type: "email" }, /its format is Text, not Email/],
      [
        { name: "My choice", type: "choice", choices: [...choices, { label: "Purple" }] },
        /it has no option "Purple" \(its options: /,
      ],
      [
        { name: "My choice", type: "choice", choices: [{ label: "Small", value: 77 }] },
        /"Small" has the value \d+ there, not 77/,
      ],
      [{ name: "My lookup", type: "lookup", relatedtable: "task" }, /it refers to .*, not to task/],
    ];
    for (const [column, words] of asked) {
      const { text, isError } = await admin.call("update_table", {
        tablename,
        item: [column, { name: "New beside it", type: "string" }],
      });
      expect([isError, text]).toEqual([true, expect.stringMatching(words)]);
    }
    const same = await admin.call("update_table", {
      tablename,
      item: [{ name: "My choice", type: "choice", choices }],
    });
    expect(same.data).toMatchObject({ columnsAdded: [] });
    expect(same.data.alreadyThere).toHaveLength(1);
    const after = await admin.call("describe_table", { tablename });
    expect(shape(after.text)).toBe(before);
    expect(after.text).not.toContain("newbesideit");
  });

  test("goes only after approval", async () => {
    const asked = await admin.ask("delete_table", { tablename, hasUserApproved: true });
    expect(asked.data).toMatchObject({ approval: { state: "needed", grade: "person" } });
    expect(asked.text).toMatch(/Deleted with it: .*: 2/);
    const { text } = await admin.call("delete_table", { tablename, hasUserApproved: true });
    expect(text).toMatch(/^Table deleted successfully\./);
    expect((await admin.call("describe_table", { tablename })).isError).toBe(true);
  });
});

describe("a request that is not right", () => {
  test("is told every bad column before anything is written", async () => {
    const { text, isError } = await admin.call("create_table", {
      tablename: "Bad",
      displayname: "Bad",
      item: [
        { name: "A", type: "strng" },
        { name: "B", type: "choice" },
        { name: "C", type: "lookup", relatedtable: "nowhere" },
        { name: "D", type: "lookup" },
        { name: "E", type: "string", choices },
        { name: "F", type: "string" },
        { name: "f", type: "integer" },
        { name: "日本", type: "integer" },
      ],
    });
    expect(isError).toBe(true);
    expect(text).toMatch(/"strng".* Did you mean string/);
    expect(text).toMatch(/choices are missing/);
    expect(text).toMatch(/no table "nowhere"/);
    expect(text).toMatch(/relatedtable is missing/);
    expect(text).toMatch(/has no choices/);
    expect(text).toMatch(/listed twice/);
    expect(text).toMatch(/at least one letter/);
    expect((await admin.call("describe_table", { tablename: "new_bad" })).isError).toBe(true);
  });

  test("does not delete a table of the system", async () => {
    const { text, isError } = await admin.call("delete_table", {
      tablename: "incident",
      hasUserApproved: true,
    });
    expect(isError).toBe(true);
    expect(text).toMatch(/belongs to the system/);
  });
});

test("no call ended in a bug or a 5xx", () => {
  expect(endpoint.bugs).toEqual([]);
  expect(endpoint.statuses.filter((status) => status >= 500)).toEqual([]);
});
