import type { Deployment, Resource } from "./deployment";
import { at, list, ofType } from "./rules/rule";

/** What each resource is in the drawing; what is not named here is a part of another and not drawn. */
const drawn: Readonly<Record<string, readonly [group: string, title: string]>> = {
  "Microsoft.Web/sites": ["run", "Function app<br/>Flex Consumption, Node"],
  "Microsoft.ManagedIdentity/userAssignedIdentities": ["run", "Managed identity"],
  "Microsoft.Storage/storageAccounts": ["run", "Storage<br/>package, host state, approvals"],
  "Microsoft.CognitiveServices/accounts": ["run", "Azure OpenAI<br/>optional"],
  "Microsoft.Insights/components": ["watch", "Application Insights"],
  "Microsoft.OperationalInsights/workspaces": ["watch", "Log Analytics"],
  "Microsoft.Insights/scheduledQueryRules": ["watch", "Alerts"],
  "Microsoft.Insights/workbooks": ["watch", "Workbook"],
  "Microsoft.Consumption/budgets": ["watch", "Budget<br/>optional"],
  "Microsoft.Network/virtualNetworks": ["net", "Virtual network<br/>optional"],
  "Microsoft.Network/privateEndpoints": ["net", "Private endpoints"],
};
const groups: Readonly<Record<string, string>> = {
  run: "Resource group: runs",
  watch: "Resource group: watches",
  net: "Resource group: network",
};
const roleNames: Readonly<Record<string, string>> = {
  "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Blob Data Owner",
  "3913510d-42f4-4e42-8a64-420c390055eb": "Metrics Publisher",
  "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd": "OpenAI User",
};

const nodeOf = (type: string) => type.split("/").at(-1) ?? type;

/** A Mermaid flowchart of the evaluated resources: what stands where, who may do what, what talks to what. */
export function drawResources(deployment: Deployment): string {
  const lines = ["flowchart LR", '  client(["MCP client<br/>Copilot Studio, VS Code"])'];
  for (const [group, title] of Object.entries(groups))
    lines.push(`  subgraph ${group} ["${title}"]`, ...boxesOf(deployment, group), "  end");
  lines.push('  subgraph entra ["Entra tenant"]');
  const registrations = ofType(deployment, "Microsoft.Graph/applications");
  lines.push(...registrations.map(boxOfRegistration));
  lines.push("  end", '  dataverse[("Dataverse")]');
  lines.push("  client -- signs in --> api", "  client -- bearer token --> sites");
  lines.push(
    "  sites -- verifies tokens of --> api",
    "  sites -- runs as --> userAssignedIdentities",
  );
  if (ofType(deployment, "Microsoft.Graph/applications/federatedIdentityCredentials").length > 0)
    lines.push("  api -- trusts, no secret --> userAssignedIdentities");
  if (registrations.some(({ body }) => isApproval(body)))
    lines.push(
      "  approval -- trusts, no secret --> userAssignedIdentities",
      "  sites -- approvals: signs people in by --> approval",
    );
  if (registrations.length > 2) lines.push("  connector -- pre-authorised --> api");
  lines.push("  userAssignedIdentities -- application user, CallerObjectId --> dataverse");
  lines.push(...roleArrows(deployment));
  lines.push("  components --> workspaces");
  for (const type of ["Microsoft.Insights/scheduledQueryRules", "Microsoft.Insights/workbooks"])
    if (ofType(deployment, type).length > 0)
      lines.push(`  ${nodeOf(type)} -- query --> components`);
  if (ofType(deployment, "Microsoft.Network/virtualNetworks").length > 0)
    lines.push(
      "  sites -- outgoing calls --> virtualNetworks",
      "  virtualNetworks --> privateEndpoints",
    );
  for (const endpoint of ofType(deployment, "Microsoft.Network/privateEndpoints"))
    lines.push(...endpointArrow(deployment, endpoint));
  return `${lines.join("\n")}\n`;
}

const boxesOf = (deployment: Deployment, group: string): string[] =>
  Object.entries(drawn).flatMap(([type, [own, text]]) => {
    const count = ofType(deployment, type).length;
    return own === group && count > 0
      ? [`    ${nodeOf(type)}["${text}${count > 1 ? ` (${count})` : ""}"]`]
      : [];
  });

const isApproval = (body: Resource["body"]): boolean =>
  String(at(body, "properties.uniqueName")).endsWith("-approval");

function boxOfRegistration({ body }: Resource): string {
  const values = list(at(body, "properties.appRoles")).map((role) => at(role, "value"));
  if (values.length > 0) return `    api["API registration<br/>${values.join(", ")}"]`;
  return isApproval(body)
    ? '    approval["Registration of<br/>the approval page"]'
    : '    connector["Connector registration<br/>optional"]';
}

function roleArrows(deployment: Deployment): string[] {
  return ofType(deployment, "Microsoft.Authorization/roleAssignments").flatMap(({ id, body }) => {
    const role = roleNames[String(at(body, "properties.roleDefinitionId")).split("/").at(-1) ?? ""];
    const target = deployment.resources.find(
      (resource) =>
        id.startsWith(`${resource.id}/providers/Microsoft.Authorization`) && drawn[resource.type],
    );
    return role && target ? [`  userAssignedIdentities -- ${role} --> ${nodeOf(target.type)}`] : [];
  });
}

function endpointArrow(deployment: Deployment, endpoint: Resource): string[] {
  const [connection] = list(at(endpoint.body, "properties.privateLinkServiceConnections"));
  const id = at(connection, "properties.privateLinkServiceId");
  const target = deployment.resources.find((resource) => resource.id === id);
  return target ? [`  privateEndpoints -.-> ${nodeOf(target.type)}`] : [];
}
