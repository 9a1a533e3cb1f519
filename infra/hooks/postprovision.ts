import { tools } from "../../shared/tools";
import { AzureCliError, createAzureCli } from "./azure-cli";
import { writeConnector } from "./connector";
import { registerRedirects } from "./connector-redirect";
import { auditPrivileges, setUpAuditTable } from "./dataverse/audit-table";
import { type Outcome, setUpApplicationUser, type Wish } from "./dataverse/dataverse-admin";
import { inWords, needsOf } from "./dataverse/privileges";
import { DataverseRefusal, hopeAtDataverse, WebApi } from "./dataverse/web-api";
import { cliOf, type HookInput, hookSettings, need, patienceOf, runHook } from "./hook";
import { patiently } from "./patience";

const afterProvision = "Run azd provision first.";

/** azd hook: makes the identity an application user of Dataverse, fills in the connector, says what a person does next. */
export async function postprovision(input: HookInput): Promise<void> {
  const { environment, print } = input;
  const url = need(input, "DATAVERSE_URL", afterProvision);
  const applicationId = need(input, "MANAGED_IDENTITY_CLIENT_ID", afterProvision);
  const applicationIds = [applicationId, ...listed(environment.MORE_IDENTITY_CLIENT_IDS)];
  const roleName = environment.DATAVERSE_ROLE_NAME?.trim() || hookSettings[0].fallback;
  const auditTable = environment.MCP_AUDIT_TABLE?.trim().toLowerCase() ?? "";
  const isOnBehalfOf = environment.DATAVERSE_PERSON_BY === "on-behalf-of";
  const needs = needsOf(tools, {
    schemaTools: environment.SCHEMA_TOOLS === "true",
    ownTables: listed(environment.DATAVERSE_TABLES),
    ownPrivileges: [
      ...listed(environment.DATAVERSE_PRIVILEGES),
      ...(auditTable === "" ? [] : auditPrivileges(auditTable)),
    ],
    isOnBehalfOf,
  });
  try {
    const token = await createAzureCli(cliOf(input)).token({ resource: url });
    if (auditTable !== "" && (await setUpAuditTable(new WebApi(url, token), auditTable)))
      print(`Dataverse: the table ${auditTable} was made; it keeps a row of every call that acts.`);
    for (const id of applicationIds) {
      const wish = { url, token, applicationId: id, roleName, needs };
      // It changes only what differs, so the whole of it can be tried again.
      const outcome = await patiently(
        () => setUpApplicationUser(wish),
        hopeAtDataverse,
        patienceOf(input),
      );
      for (const line of doneWords(wish, outcome, id === applicationId)) print(line);
    }
  } catch (error) {
    if (!isPolite(error)) throw error;
    print(`Dataverse was not set up: ${error.message}`);
    print("  An administrator does it with: azd hooks run postprovision");
    print(
      `  or by hand (Power Platform admin center, environment, Settings, Application users): add the app ${applicationIds.join(" and the app ")}, and give each a role "${roleName}" with, at organisation level:`,
    );
    for (const line of inWords(needs)) print(`    ${line}`);
  }
  const files = writeConnector(environment);
  print(
    files
      ? `Connector: ${files.folder}`
      : "Connector: not asked for (azd env set CONNECTOR_ENABLED true).",
  );
  if (files) for (const line of await registerRedirects(input, url)) print(line);
  if (isOnBehalfOf)
    print(
      `By hand, once, by an administrator of Entra: az ad app permission admin-consent --id ${environment.MCP_CLIENT_ID ?? "<MCP_CLIENT_ID>"}`,
    );
  for (const line of nextSteps(input)) print(line);
}

/** @param isFirst what the environment lacks is said once, not of each identity */
function doneWords(
  { url, applicationId, roleName }: Wish,
  { changes, role }: Outcome,
  isFirst: boolean,
): string[] {
  const done = `Dataverse: ${applicationId} is an application user of ${url} with the role "${roleName}" (${role.privileges.length} privileges; ${changes.join(", ") || "nothing to change"}).`;
  if (!isFirst) return [done];
  return [
    done,
    ...(role.missingTables.length === 0
      ? []
      : [
          `  This environment has no table ${role.missingTables.join(", ")}; the tools do without.`,
        ]),
    ...(role.missingPrivileges.length === 0
      ? []
      : [
          `  This environment does not know ${role.missingPrivileges.join(", ")}; tools that need them will say so.`,
        ]),
  ];
}

const listed = (text = ""): string[] =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

const isPolite = (error: unknown): error is Error =>
  error instanceof AzureCliError || error instanceof TypeError || error instanceof DataverseRefusal;

function nextSteps({ environment }: HookInput): string[] {
  const show = (title: string, name: string) =>
    environment[name] ? [`  ${title.padEnd(16)}${environment[name]}`] : [];
  return [
    "For a client:",
    ...show("Endpoint", "MCP_ENDPOINT"),
    ...show("Tenant", "AZURE_TENANT_ID"),
    ...show("Client id", "MCP_CLIENT_ID"),
    ...show("Scope", "MCP_SCOPE"),
    ...show("Authorize URL", "OAUTH_AUTHORIZE_URL"),
    ...show("Token URL", "OAUTH_TOKEN_URL"),
    ...(environment.CONNECTOR_CLIENT_ID
      ? [
          "By hand, for Copilot Studio by connector (docs/connect/copilot-studio.md):",
          `  1. Make a client secret for the app ${environment.CONNECTOR_CLIENT_ID}.`,
          "  2. pac connector create --api-definition-file out/connector/apiDefinition.swagger.json --api-properties-file out/connector/apiProperties.json --icon-file out/connector/icon.png",
          "  3. azd hooks run postprovision, which finds the redirect URL of the connector and registers it.",
        ]
      : []),
  ];
}

if (require.main === module) runHook(postprovision);
