import { DataverseRefusal, type WebApi } from "./web-api";

/** Columns of the table beside its name, as the endpoint writes them (`shared/compose/audit.ts`), each behind the table's prefix. */
const texts: Readonly<Record<string, number>> = {
  person: 100,
  client: 100,
  tool: 100,
  outcome: 50,
  answer: 50,
  consent: 100,
};
const memos: readonly string[] = ["rows", "columns"];
const longestMemo = 4_000;

const label = (text: string) => ({
  "@odata.type": "Microsoft.Dynamics.CRM.Label",
  LocalizedLabels: [
    { "@odata.type": "Microsoft.Dynamics.CRM.LocalizedLabel", Label: text, LanguageCode: 1033 },
  ],
});

const kind = (type: "String" | "Memo", name: string, display: string, longest: number) => ({
  "@odata.type": `Microsoft.Dynamics.CRM.${type}AttributeMetadata`,
  AttributeType: type,
  AttributeTypeName: { Value: `${type}Type` },
  SchemaName: name,
  DisplayName: label(display),
  RequiredLevel: { Value: "None" },
  MaxLength: longest,
  ...(type === "String" ? { FormatName: { Value: "Text" } } : { Format: "TextArea" }),
});

/** Privileges of the endpoint's application user on it: it makes a row before a change and closes it afterwards. */
export const auditPrivileges = (table: string): string[] =>
  ["Create", "Read", "Write"].map((right) => `prv${right}${table}`);

/**
 * Makes the table that keeps a row of every acting call. It belongs to the organisation, so no person's own rights reach it
 * unless a role gives them.
 *
 * @param table logical name: `contoso_mcpact`, with the prefix of a publisher
 * @returns true when it was made, false when it was there
 * @throws DataverseRefusal when the person lacks rights, or the prefix is no publisher's
 */
export async function setUpAuditTable(api: WebApi, table: string): Promise<boolean> {
  try {
    await api.call("GET", `EntityDefinitions(LogicalName='${table}')?$select=LogicalName`);
    return false;
  } catch (error) {
    if (!(error instanceof DataverseRefusal) || error.status !== 404) throw error;
  }
  const prefix = table.slice(0, table.indexOf("_") + 1);
  const name = kind("String", `${prefix}name`, "Act", 200);
  await api.call("POST", "EntityDefinitions", {
    "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
    SchemaName: table,
    DisplayName: label("MCP act"),
    DisplayCollectionName: label("MCP acts"),
    Description: label("Who changed what through the MCP endpoint. Names and ids only, no values."),
    OwnershipType: "OrganizationOwned",
    HasActivities: false,
    HasNotes: false,
    IsActivity: false,
    Attributes: [
      { ...name, IsPrimaryName: true },
      ...Object.entries(texts).map(([column, longest]) =>
        kind("String", `${prefix}${column}`, column, longest),
      ),
      ...memos.map((column) => kind("Memo", `${prefix}${column}`, column, longestMemo)),
    ],
  });
  return true;
}
