import { fetchXmlHandler } from "../../../src/fetchxml";
import { loadCatalog } from "../../../src/metadata";
import {
  DataverseError,
  type Security,
  type SqlRow,
  type SqlValue,
  type WebRequest,
  type World,
} from "../../../src/model";
import { createTables, fillFoldColumns, openDatabase, quote } from "../../../src/store";

export type Json = Record<string, unknown>;

export const FORMATTED = "@OData.Community.Display.V1.FormattedValue";
export const LOOKUP_TABLE = "@Microsoft.Dynamics.CRM.lookuplogicalname";
export const now = new Date("2026-06-17T12:00:00Z");

/** `id(2, 7)`: the seventh row of the second kind. */
export const id = (kind: number, n: number): string =>
  `${String(kind).padStart(8, "0")}-0000-4000-8000-${String(n).padStart(12, "0")}`;

export const me = id(3, 1);
export const businessUnit = id(9, 1);

/** A database with the real definitions, the handler before it, and a renderer that knows as little as it may. */
export async function openFetch(options: { security?: Partial<Security> } = {}) {
  const db = await openDatabase(":memory:");
  const catalog = loadCatalog(db);
  createTables(db, catalog, { indexes: false });
  const unused = () => {
    throw new Error("FetchXML only reads.");
  };

  function render(table: string, rows: readonly SqlRow[], columns: readonly string[]): Json[] {
    const entity = catalog.byName(table)!;
    return rows.map((row) => {
      const json: Json = { "@odata.etag": `W/"${row.versionnumber}"` };
      for (const name of columns) {
        const attribute = entity.attribute(name)!;
        const stored = row[name] ?? null;
        if (["Lookup", "Customer", "Owner"].includes(attribute.type)) {
          json[`_${name}_value${LOOKUP_TABLE}`] = row[`${name}__type`] ?? attribute.targets?.[0];
          json[`_${name}_value`] = stored;
        } else {
          const label = attribute.options?.find((one) => one.value === stored)?.label;
          if (label !== undefined) json[`${name}${FORMATTED}`] = label;
          json[name] = attribute.type === "Boolean" && stored !== null ? stored === 1 : stored;
        }
      }
      return json;
    });
  }

  const world: World = {
    db,
    catalog,
    records: {
      create: unused,
      update: unused,
      delete: unused,
      read: unused,
      render,
      formatted: (_table, column, row) => `~${row[column]}`,
    },
    security: { demand: () => {}, rowFilter: () => undefined, ...options.security },
    now: () => now,
    dispatch: unused,
  };

  let version = 1000;
  function insert(table: string, rows: readonly Record<string, SqlValue>[]): void {
    db.transaction(() => {
      for (const row of rows) {
        version += 1;
        const all = { ...row, versionnumber: version };
        const names = Object.keys(all).map(quote).join(", ");
        const marks = Object.keys(all).map(() => "?");
        db.prepare(`INSERT INTO ${quote(table)} (${names}) VALUES (${marks.join(", ")})`).run(
          ...Object.values(all),
        );
      }
    });
    fillFoldColumns(db, catalog);
  }

  function send(set: string, fetchXml: string, annotations = "*"): { status: number; body: Json } {
    const request: WebRequest = {
      method: "GET",
      path: set,
      query: new Map([["fetchXml", fetchXml]]),
      headers: {},
      body: undefined,
      rawBody: undefined,
      principal: { systemUserId: me, businessUnitId: businessUnit, onBehalfOf: undefined },
      annotations: { wants: () => annotations === "*" },
      serviceRoot: "http://127.0.0.1:7072/api/data/v9.2/",
    };
    try {
      const response = fetchXmlHandler(request, world)!;
      return { status: response.status, body: response.body as Json };
    } catch (error) {
      if (!(error instanceof DataverseError)) throw error;
      return {
        status: error.status,
        body: { error: { code: error.code, message: error.message } },
      };
    }
  }

  const sets = new Map(catalog.entities().map((one) => [one.logicalName, one.entitySetName]));
  /** Sends a fetch to the set of its entity. */
  function fetch(xml: string, annotations?: string) {
    const table = /<entity\s+name=["']([^"']+)/.exec(xml)?.[1] ?? "incident";
    return send(sets.get(table) ?? "incidents", xml, annotations);
  }
  /** Rows of an answer that must be one. */
  function rows(xml: string, annotations?: string): Json[] {
    const { status, body } = fetch(xml, annotations);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body.value as Json[];
  }
  /** Code and text of a refusal that must be one. */
  function refusal(xml: string): { code: string; message: string } {
    const { status, body } = fetch(xml);
    if (status === 200) throw new Error(`Not refused: ${xml}`);
    return body.error as { code: string; message: string };
  }
  /** One column of the incidents that a filter keeps. */
  const titles = (filter: string, links = "", orders = '<order attribute="incidentid"/>') =>
    rows(
      `<fetch><entity name="incident"><attribute name="title"/>${orders}${filter}${links}</entity></fetch>`,
      "",
    ).map((row) => row.title ?? null);

  return { db, catalog, world, insert, send, fetch, rows, refusal, titles };
}

export type Fetch = Awaited<ReturnType<typeof openFetch>>;

/** Three people, four accounts, a contact and eight cases with empty columns. */
export function fillSmall({ insert }: Pick<Fetch, "insert">): void {
  insert("systemuser", [
    { systemuserid: id(3, 1), fullname: "Ada", parentsystemuserid: null },
    { systemuserid: id(3, 2), fullname: "Bob", parentsystemuserid: id(3, 1) },
    { systemuserid: id(3, 3), fullname: "Zoë", parentsystemuserid: id(3, 2) },
  ]);
  insert("team", [{ teamid: id(4, 1), name: "Service" }]);
  insert("teammembership", [
    { teammembershipid: id(5, 1), teamid: id(4, 1), systemuserid: id(3, 1) },
    { teammembershipid: id(5, 2), teamid: id(4, 1), systemuserid: id(3, 2) },
  ]);
  const owner = (user: number) => ({ ownerid: id(3, user), ownerid__type: "systemuser" });
  insert("account", [
    { accountid: id(2, 1), name: "Contoso", revenue: 100.5, numberofemployees: 10, ...owner(1) },
    { accountid: id(2, 2), name: "Fabrikam", parentaccountid: id(2, 1), revenue: 0.2, ...owner(2) },
    { accountid: id(2, 3), name: "Ålpha", parentaccountid: id(2, 2), numberofemployees: 5 },
    { accountid: id(2, 4), name: null, revenue: 0.1 },
  ]);
  insert("contact", [{ contactid: id(6, 1), fullname: "Eve", firstname: "Eve" }]);
  const customer = (n: number) => ({ customerid: id(2, n), customerid__type: "account" });
  const eve = { customerid: id(6, 1), customerid__type: "contact" };
  insert("incident", [
    {
      incidentid: id(1, 1),
      title: "Broken fan",
      statecode: 0,
      statuscode: 1,
      prioritycode: 1,
      isescalated: 1,
      numberofchildincidents: 1,
      createdon: "2026-06-17T09:00:00Z",
      ...customer(1),
      ...owner(1),
    },
    {
      incidentid: id(1, 2),
      title: "broken FAN ",
      statecode: 1,
      statuscode: 5,
      prioritycode: 2,
      isescalated: 0,
      numberofchildincidents: 4,
      createdon: "2026-06-16T23:59:59Z",
      ...customer(1),
      ...owner(2),
    },
    {
      incidentid: id(1, 3),
      title: "Café 100%",
      statecode: 0,
      statuscode: 2,
      prioritycode: 3,
      createdon: "2026-06-10T00:00:00Z",
      ...customer(2),
      ownerid: id(4, 1),
      ownerid__type: "team",
    },
    {
      incidentid: id(1, 4),
      title: null,
      statecode: 2,
      statuscode: 6,
      createdon: "2026-05-31T12:00:00Z",
      ...eve,
      ...owner(3),
    },
    {
      incidentid: id(1, 5),
      title: "[x] left*",
      statecode: 0,
      statuscode: 1,
      prioritycode: 1,
      numberofchildincidents: 3,
      createdon: "2026-01-01T00:00:00Z",
      ...eve,
      ...owner(1),
    },
    {
      incidentid: id(1, 6),
      title: "No_sound",
      statecode: 0,
      statuscode: 1,
      prioritycode: 2,
      createdon: "2025-12-31T23:59:59Z",
      parentcaseid: id(1, 1),
      ...customer(3),
    },
    {
      incidentid: id(1, 7),
      title: "Nothing?",
      statecode: 1,
      statuscode: 5,
      isescalated: 0,
      createdon: "2026-06-18T00:00:00Z",
      parentcaseid: id(1, 6),
      ...customer(4),
    },
    { incidentid: id(1, 8), title: "zebra", statecode: 0, statuscode: 1, createdon: null },
  ]);
}
