import { loadCatalog, type MutableCatalog, metadataHandler } from "../../../src/metadata";
import type { Principal, Security, WebRequest, WebResponse, World } from "../../../src/model";
import { DataverseError } from "../../../src/model";
import { createRecords } from "../../../src/records";
import { createTables, openDatabase, prepareVersions } from "../../../src/store";
import { contentOf } from "../../../src/web/content";

export type Json = Record<string, unknown>;

const ADMINISTRATOR = "0a000000-0000-4000-8000-000000000003";
const REPRESENTATIVE = "0a000000-0000-4000-8000-000000000001";

/** A real database with two users (an administrator and one without roles), and the handler in front of it. */
export async function openMetadata() {
  const db = await openDatabase(":memory:");
  const catalog = loadCatalog(db);
  createTables(db, catalog);
  prepareVersions(db, catalog);
  db.exec(
    `INSERT INTO "role" ("roleid", "name") VALUES ('0a000000-0000-4000-8000-0000000000f1', 'System Administrator')`,
  );
  db.exec(
    `INSERT INTO "systemuserroles" ("systemuserroleid", "systemuserid", "roleid") VALUES ('0a000000-0000-4000-8000-0000000000f2', '${ADMINISTRATOR}', '0a000000-0000-4000-8000-0000000000f1')`,
  );
  db.exec(
    `INSERT INTO "publisher" ("publisherid", "customizationprefix") VALUES ('0a000000-0000-4000-8000-0000000000f3', 'cr123')`,
  );
  const unused = () => {
    throw new Error("Definitions ask for no right to rows, and send nothing on.");
  };
  const security = { demand: unused, rowFilter: unused } satisfies Security;
  const now = () => new Date("2026-01-05T10:00:00Z");
  const world: World = {
    db,
    catalog,
    // A new table's views are rows.
    records: createRecords({ db, catalog, security, now }),
    security,
    now,
    dispatch: unused,
  };
  const principal = (systemUserId: string): Principal => ({
    systemUserId,
    businessUnitId: "0d000000-0000-4000-8000-000000000001",
    onBehalfOf: undefined,
  });

  /** Sends one request; a refusal comes back as `{status, body: {error}}`, as the server words it. */
  function send(
    method: string,
    address: string,
    body?: unknown,
    options: { as?: "administrator" | "representative" } = {},
  ): { status: number; headers: Record<string, string>; body: Json } {
    const [path = "", query = ""] = address.split("?");
    const request: WebRequest = {
      method,
      path,
      query: new Map(new URLSearchParams(query)),
      headers: {},
      body,
      rawBody: undefined,
      principal: principal(options.as === "representative" ? REPRESENTATIVE : ADMINISTRATOR),
      annotations: { wants: () => false },
      serviceRoot: "http://127.0.0.1:7072/api/data/v9.2/",
    };
    let response: WebResponse | undefined;
    try {
      response = metadataHandler(request, world);
    } catch (error) {
      if (!(error instanceof DataverseError)) throw error;
      const { status, code, message } = error;
      return { status, headers: {}, body: { error: { code, message } } };
    }
    if (response === undefined) throw new Error(`Not the handler's business: ${address}`);
    return {
      status: response.status,
      headers: response.headers ?? {},
      body: JSON.parse(contentOf({ ...response, body: response.body ?? {} }).toString()),
    };
  }

  return { db, catalog: catalog as MutableCatalog, send };
}

export const codeOf = (response: { body: Json }) => (response.body.error as Json | undefined)?.code;
export const textOf = (response: { body: Json }) =>
  String((response.body.error as Json | undefined)?.message);
export const valuesOf = (response: { body: Json }) => response.body.value as Json[];

export const label = (text: string) => ({
  "@odata.type": "Microsoft.Dynamics.CRM.Label",
  LocalizedLabels: [
    { "@odata.type": "Microsoft.Dynamics.CRM.LocalizedLabel", Label: text, LanguageCode: 1033 },
  ],
});

export const nameColumn = (schemaName: string) => ({
  "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
  SchemaName: schemaName,
  IsPrimaryName: true,
  MaxLength: 100,
  FormatName: { Value: "Text" },
  RequiredLevel: { Value: "None", CanBeChanged: true, ManagedPropertyLogicalName: "x" },
  DisplayName: label("Name"),
});

export const bankAccount = {
  "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
  SchemaName: "new_BankAccount",
  DisplayName: label("Bank Account"),
  DisplayCollectionName: label("Bank Accounts"),
  Description: label("An account at a bank."),
  OwnershipType: "UserOwned",
  HasActivities: false,
  HasNotes: false,
  IsActivity: false,
  Attributes: [nameColumn("new_AccountName")],
};
