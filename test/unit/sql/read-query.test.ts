import { describe, expect, test } from "@jest/globals";
import { z } from "zod";
import type { Context } from "../../../shared/context";
import type {
  Column,
  ColumnType,
  Dataverse,
  FetchPage,
  Row,
  Table,
} from "../../../shared/dataverse";
import { AppError } from "../../../shared/errors";
import { fenceAnswer } from "../../../shared/text/records/fence-answer";
import { readQuery } from "../../../shared/tools/read_query";

const label = "@OData.Community.Display.V1.FormattedValue";
const target = "@Microsoft.Dynamics.CRM.lookuplogicalname";

const column = (logicalName: string, type: ColumnType, more: Partial<Column> = {}): Column => ({
  logicalName,
  schemaName: logicalName,
  displayName: logicalName,
  type,
  isPrimaryId: false,
  isPrimaryName: false,
  required: "none",
  canCreate: true,
  canUpdate: true,
  canRead: true,
  ...more,
});

function table(logicalName: string, columns: readonly Column[]): Table {
  return {
    logicalName,
    schemaName: logicalName,
    setName: `${logicalName}s`,
    displayName: logicalName === "incident" ? "Case" : logicalName,
    displayCollectionName: logicalName === "incident" ? "Cases" : `${logicalName}s`,
    primaryId: `${logicalName}id`,
    primaryName: undefined,
    ownership: "UserOwned",
    isActivity: false,
    isCustom: false,
    isIntersect: false,
    objectTypeCode: 112,
    columns,
    columnByName: new Map(columns.map((one) => [one.logicalName, one])),
    oneToMany: [],
    keys: [],
  };
}

const tables = [
  table("incident", [
    column("incidentid", "Uniqueidentifier", { isPrimaryId: true }),
    column("title", "String"),
    column("statecode", "State", { options: [{ value: 0, label: "Active" }] }),
    column("statecodename", "Virtual", { attributeOf: "statecode" }),
    column("customerid", "Customer", { targets: ["account", "contact"] }),
    column("customeridname", "String", { attributeOf: "customerid" }),
    column("createdon", "DateTime", { dateTimeBehavior: "UserLocal" }),
    column("followupby", "DateTime", { dateTimeBehavior: "DateOnly" }),
    column("isescalated", "Boolean", {
      options: [
        { value: 1, label: "Yes" },
        { value: 0, label: "No" },
      ],
    }),
    column("secret", "String", { canRead: false }),
    column("entityimage", "Image"),
  ]),
  table("account", [
    column("accountid", "Uniqueidentifier", { isPrimaryId: true }),
    column("name", "String"),
    column("ownerid", "Owner", { targets: ["systemuser"] }),
  ]),
];

/** Rows in the Web API's own spelling, and the FetchXML that asked for them. */
function context(answer: readonly Row[] | AppError): { context: Context; asked: string[] } {
  const asked: string[] = [];
  async function* fetchXml(_table: string, xml: string): AsyncGenerator<FetchPage> {
    asked.push(xml);
    if (answer instanceof AppError) throw answer;
    yield { rows: answer, more: false };
  }
  const dataverse = {
    fetchXml,
    whoAmI: async () => ({
      userId: "0A000000-0000-4000-8000-000000000001",
      businessUnitId: "",
      organizationId: "",
    }),
    metadata: {
      tables: async () => tables,
      table: async (name: string) => tables.find((one) => one.logicalName === name),
      lookAgain: async () => false,
    },
  } as unknown as Dataverse;
  const caller = { objectId: "", tenantId: "", name: undefined, roles: [], clientId: undefined };
  const now = () => new Date("2026-06-15T12:00:00Z");
  const settings = { caseFields: {}, dataverseUrl: "", articleUrl: undefined };
  return {
    context: {
      dataverse,
      caller,
      now,
      settings,
      signal: new AbortController().signal,
      get intelligence(): never {
        throw new Error("A query predicts nothing.");
      },
    },
    asked,
  };
}

const ask = (querytext: string, rows: readonly Row[] | AppError, cursor?: string) => {
  const world = context(rows);
  return readQuery.run({ querytext, cursor }, world.context);
};

describe("read_query", () => {
  test("reads the Web API's spelling of lookups, labels, dates and yes/no", async () => {
    const row: Row = {
      incidentid: "6B29FC40-CA47-1067-B31D-00DD010662DA",
      statecode: 0,
      [`statecode${label}`]: "Active",
      _customerid_value: "0a000000-0000-4000-8000-00000000000a",
      [`_customerid_value${label}`]: "Contoso",
      [`_customerid_value${target}`]: "account",
      createdon: "2026-01-02T03:04:05Z",
      followupby: "2026-01-03",
      isescalated: true,
    };
    const sql =
      "SELECT incidentid, title, statecode, customerid, customeridtype, createdon, followupby, isescalated FROM Cases";
    const { text, structured } = await ask(sql, [row]);
    expect(structured.rows).toEqual([
      {
        incidentid: "6b29fc40-ca47-1067-b31d-00dd010662da",
        title: null,
        statecode: 0,
        statecodename: "Active",
        customerid: "0a000000-0000-4000-8000-00000000000a",
        customeridname: "Contoso",
        customeridtype: "account",
        createdon: "2026-01-02T03:04:05Z",
        followupby: "2026-01-03",
        isescalated: true,
      },
    ]);
    expect(JSON.parse(fenceAnswer(text).text.split("\n")[0] ?? "")).toEqual(structured.rows);
    expect(text).toContain("Note: 'Cases' was read as the table incident.");
    expect(() => z.parse(readQuery.output, structured)).not.toThrow();
  });

  test("reads columns of a linked table by alias and dot", async () => {
    const row: Row = {
      incidentid: "6b29fc40-ca47-1067-b31d-00dd010662da",
      "a.name": "Contoso",
      "a.ownerid": "0a000000-0000-4000-8000-000000000001",
      [`a.ownerid${label}`]: "Robin",
      [`a.ownerid${target}`]: "systemuser",
    };
    const { structured } = await ask(
      "SELECT a.name, a.ownerid FROM incident i JOIN account a ON i.customerid = a.accountid",
      [row],
    );
    expect(structured.rows).toEqual([
      { name: "Contoso", ownerid: "0a000000-0000-4000-8000-000000000001", owneridname: "Robin" },
    ]);
  });

  test("reads groups and counts by their aliases", async () => {
    const row: Row = { g1: 0, [`g1${label}`]: "Active", a2: 7 };
    const { structured } = await ask(
      "SELECT statecode, COUNT(*) AS n FROM incident GROUP BY statecode",
      [row],
    );
    expect(structured.rows).toEqual([{ statecode: 0, statecodename: "Active", n: 7 }]);
  });

  test("asks for my rows by the person's id, without reading it first", async () => {
    const world = context([]);
    const { text } = await readQuery.run(
      { querytext: "SELECT name FROM account WHERE ownerid = CURRENT_USER" },
      world.context,
    );
    expect(world.asked[0]).toContain('operator="eq-userid"');
    expect(fenceAnswer(text).text).toBe("[]");
  });

  test("a truncated answer says in its text what it says in its data", async () => {
    const rows = Array.from({ length: 1500 }, (_, n) => ({
      incidentid: `${n}`,
      title: `Case ${n}`,
    }));
    const { text, structured } = await ask("SELECT title FROM incident", rows);
    expect(structured).toMatchObject({ rowCount: 1000, truncated: true });
    expect(text).toContain(structured.nextCursor);
    expect(text).toContain("1000 rows are not all");
    const rest = await ask("SELECT title FROM incident", rows, structured.nextCursor);
    expect(rest.structured).toMatchObject({ rowCount: 500, truncated: false });
    expect(rest.structured.rows[0]).toEqual({ title: "Case 1000" });
  });

  test("columns that may not be read, or hold no value, do not exist", async () => {
    await expect(ask("SELECT secret FROM incident", [])).rejects.toMatchObject({ kind: "invalid" });
    await expect(ask("SELECT entityimage FROM incident", [])).rejects.toMatchObject({
      kind: "invalid",
    });
    const { structured } = await ask("SELECT TOP 1 * FROM incident", [{ incidentid: "x" }]);
    expect(Object.keys(structured.rows[0]!)).not.toContain("secret");
  });

  test("what SQL cannot do here comes as our error with a hint", async () => {
    const refused = ask("SELECT title FROM incident FOR XML AUTO", []);
    await expect(refused).rejects.toMatchObject({ kind: "unsupported", hint: expect.any(String) });
    await expect(ask("DROP TABLE incident", [])).rejects.toBeInstanceOf(AppError);
  });

  test("a refusal of Dataverse passes through as it is", async () => {
    const error = new AppError("forbidden", "No read privilege.", { code: "0x80040220" });
    await expect(ask("SELECT title FROM incident", error)).rejects.toBe(error);
  });

  test("hostile texts as querytext end in our error", async () => {
    const texts = [
      "",
      " ",
      "\u0000",
      "'",
      "[",
      "/*",
      "((((",
      "SELECT",
      "SELECT * FROM",
      "\uD800",
      "SELECT N'",
      "a".repeat(100_000),
      "SELECT title FROM incident WHERE title = '</fetch>' AND",
      "💥",
    ];
    for (const text of texts) await expect(ask(text, [])).rejects.toBeInstanceOf(AppError);
  });

  test("its place in tools/list is small", () => {
    const schemas = [readQuery.input, readQuery.output].map((schema) => z.toJSONSchema(schema));
    expect(JSON.stringify([readQuery.description, ...schemas]).length).toBeLessThan(2400);
  });
});
