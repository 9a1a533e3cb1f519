import { test } from "@jest/globals";

/**
 * How much a recording is worth: R an answer of the real service as it was captured, D Microsoft's documentation, N what a
 * team noted of a live test.
 */
export type Grade = "R" | "D" | "N";

/** Where facts come from, by a short name; facts are kept in our own form, never in their words. */
export const sources = {
  annotations:
    "captured rows of 2019 to 2025: connectors, a case connector, fixtures, Power Automate runs",
  classes: "generated classes and serialised EntityMetadata of organizations of 2018 to 2025",
  metadata2025:
    "EntityMetadata of an organization of September 2025, serialised in github.com/rnwood/Rnwood.Dataverse.Data.PowerShell",
  constants2024:
    "constants with their definitions, generated in 2024 from an organization with Customer Service and portals",
  errors: "captured error bodies of 2023 to 2026",
  headers: "captured answers of Insomnia, Postman and Microsoft's own traces",
  crm: "github.com/Gharib89/crm, notes of live tests",
  dataverseMcp: "github.com/ryanmichaeljames/dataverse-mcp, notes of live tests",
  rededis: "github.com/rededis/dataverse-mcp-server, CHANGELOG 0.5 to 0.7, verified live",
  spaarke: "github.com/spaarke-dev/spaarke, notes of live refusals, 2026",
  specflow: "github.com/Capgemini/powerapps-specflow-bindings/issues/185 (2024)",
  psDataverse: "github.com/rezanid/PSDataverse/issues/27 (2023)",
  serviceClient: "github.com/microsoft/PowerPlatform-DataverseServiceClient/issues/115 and tests",
  dataverseIfy: "github.com/scottdurow/dataverse-ify/issues/47 (2023)",
  webApiClient: "a captured batch answer in tests of a Web API client",
  batchDoc: "learn.microsoft.com: troubleshooting of batch requests",
  insomniaDoc: "learn.microsoft.com: use Insomnia with the Web API (2024)",
  associateDoc: "learn.microsoft.com: associate and disassociate table rows (2025)",
  joinDoc: "learn.microsoft.com: join tables using OData (2025)",
  selectDoc: "learn.microsoft.com: select columns using OData (2025)",
  fileDoc: "learn.microsoft.com: use file column data",
  keyDoc: "learn.microsoft.com: define alternate keys (2025)",
  pluginDoc: "learn.microsoft.com: handle exceptions in plug-ins",
  reference: "learn.microsoft.com: table reference of account, contact, incident, knowledgearticle",
  codes: "learn.microsoft.com: web service error codes",
  hierarchyDoc: "learn.microsoft.com: case tables, hierarchies of cases",
  queueDoc: "learn.microsoft.com: queue tables and their messages",
  partyDoc: "learn.microsoft.com: ActivityParty, which answers Retrieve alone",
  partyTypesDoc: "learn.microsoft.com: ActivityParty, types of parties of each activity (2025)",
  collationDoc:
    "dba.stackexchange.com/questions/335859, stackoverflow.com/questions/50181535: letters that Latin1_General takes for two",
  reportSimplePage: "github.com/MicrosoftDocs/powerapps-docs/issues/549",
  reportCookieByHand: "github.com/AleksandrRogov/DynamicsWebApi/issues/199",
  reportCookieNulls: "github.com/MicrosoftDocs/dynamics-365-customer-engagement/issues/1917",
  reportPatchSet: "github.com/MicrosoftDocs/powerapps-docs/issues/3792",
  reportNoneMatch: "github.com/davidyack/Xrm.Tools.CRMWebAPI/issues/42",
  reportMatch: "github.com/MarcusRisanger/Dataverse-API/issues/51",
  reportUpsertKey: "github.com/microsoft/PowerPlatform-DataverseClient-Python/pull/127",
  reportParties: "github.com/microsoft/PowerPlatform-DataverseServiceClient/issues/184",
  reportCaller: "github.com/microsoft/PowerPlatform-DataverseServiceClient/issues/45",
  reportSent: "github.com/DynamicsValue/fake-xrm-easy/issues/186",
  reportResolved: "kingswaysoft.com/blog/2017/03/31",
  reportNestedFilter: "github.com/MicrosoftDocs/powerapps-docs/issues/1965",
  fetchDoc: "learn.microsoft.com: page results and aggregate data using FetchXml (2024)",
  createDoc: "learn.microsoft.com: create a table row using the Web API (2024)",
  updateDoc: "learn.microsoft.com: update and delete table rows using the Web API (2024)",
  upsertDoc: "learn.microsoft.com: upsert a table row (2024)",
  concurrencyDoc: "learn.microsoft.com: perform conditional operations (2024)",
  retrieveDoc: "learn.microsoft.com: retrieve a table row using the Web API (2024)",
  changesDoc: "learn.microsoft.com: use change tracking to synchronize data (2024)",
  blockedDoc: "learn.microsoft.com: files and images overview, block certain types of files (2023)",
  totalTimeDoc: "learn.microsoft.com: use Web API functions, bound functions",
  versionsDoc: "learn.microsoft.com: compose HTTP requests, Web API URL and versions",
  oDataLibrary: "messages of Microsoft's OData library, in captured answers of 2016 to 2025",
  reportBindCase: "github.com/microsoft/PowerPlatform-DataverseServiceClient/issues/31 and 42",
  reportBindNull: "github.com/MscrmTools/XrmToolBox/issues/1392 (2025)",
  reportBindSchema: "github.com/microsoft/PowerAppsCodeApps/issues/451 (2026)",
  reportAttachment: "github.com/demianrasko/Dynamics-365-Workflow-Tools/issues/106",
  reportXls: "github.com/MicrosoftDocs/dynamics-365-customer-engagement/issues/1239",
  reportDuplicates: "github.com/MicrosoftDocs/powerapps-docs/issues/1902 and 1951",
  reportState: "github.com/seanmcne/Microsoft.Xrm.Data.PowerShell/issues/115",
  reportSla: "github.com/microsoft/Power-Fx/issues/2507 (2024)",
  reportUpsert: "github.com/microsoft/PowerPlatform-DataverseServiceClient/issues/149",
  reportOwner: "github.com/microsoft/PowerPlatform-DataverseServiceClient/issues/185",
  functionsDoc: "learn.microsoft.com: use Web API functions (2024)",
  filterDoc: "learn.microsoft.com: filter rows using OData (2024)",
  pageDoc: "learn.microsoft.com: page results using OData (2024)",
} as const;

/** A test that the embedded Dataverse agrees with a recording. */
export function recorded(
  grade: Grade,
  source: keyof typeof sources,
  what: string,
  check: () => Promise<void> | void,
): void {
  test(`${what} [${grade}: ${sources[source]}]`, check);
}
