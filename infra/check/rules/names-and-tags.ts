import { clouds } from "../clouds";
import { ofType, type Rule, textsWithin } from "./rule";

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
const nameRules: Readonly<Record<string, RegExp>> = {
  "Microsoft.Resources/resourceGroups": /^[\w().-]{0,89}[\w()-]$/,
  "Microsoft.Storage/storageAccounts": /^[a-z0-9]{3,24}$/,
  "Microsoft.Storage/storageAccounts/blobServices/containers": /^[a-z0-9](-?[a-z0-9]){2,62}$/,
  "Microsoft.Web/sites": /^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/i,
  "Microsoft.Web/serverfarms": /^[a-z0-9-]{1,60}$/i,
  "Microsoft.ManagedIdentity/userAssignedIdentities": /^[a-z0-9][\w-]{2,127}$/i,
  "Microsoft.OperationalInsights/workspaces": /^[a-z0-9][a-z0-9-]{2,61}[a-z0-9]$/i,
  "Microsoft.Insights/components": /^[\w().-]{0,254}[\w()-]$/,
  "Microsoft.Insights/actionGroups": /^[^:<>+/&%\\?|]{0,259}[^:<>+/&%\\?|. ]$/,
  "Microsoft.Insights/scheduledQueryRules": /^[^*#&+:<>?@%{}\\/]{0,259}[^*#&+:<>?@%{}\\/. ]$/,
  "Microsoft.Insights/workbooks": /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  "Microsoft.Network/virtualNetworks": /^[a-z0-9][\w.-]{0,62}\w$/i,
  "Microsoft.Network/privateEndpoints": /^[a-z0-9][\w.-]{0,78}\w$/i,
  "Microsoft.CognitiveServices/accounts": /^[a-z0-9][a-z0-9-]{0,62}[a-z0-9]$/i,
  "Microsoft.Consumption/budgets": /^[\w-]{1,63}$/,
};

/** Resource types that take tags. */
const tagged = new Set([
  "Microsoft.CognitiveServices/accounts",
  "Microsoft.Insights/actionGroups",
  "Microsoft.Insights/components",
  "Microsoft.Insights/scheduledQueryRules",
  "Microsoft.Insights/workbooks",
  "Microsoft.ManagedIdentity/userAssignedIdentities",
  "Microsoft.Network/privateDnsZones",
  "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
  "Microsoft.Network/privateEndpoints",
  "Microsoft.Network/virtualNetworks",
  "Microsoft.OperationalInsights/workspaces",
  "Microsoft.Resources/resourceGroups",
  "Microsoft.Storage/storageAccounts",
  "Microsoft.Web/serverfarms",
  "Microsoft.Web/sites",
]);

/** The name of the service in azure.yaml, by which azd finds the app. */
export const serviceName = "mcp";

/** Stands for the version of package.json when the deployment is evaluated, so that a release changes no golden file. */
export const checkedVersion = "0.0.0-checked";

export const namesAndTags: Rule = {
  name: "names and tags",
  check(deployment) {
    const environment = String(deployment.parameters.environmentName);
    const services = ofType(deployment, "Microsoft.Web/sites").map(
      ({ tags }) => tags?.["azd-service-name"],
    );
    const others = Object.values(clouds).filter(({ name }) => name !== deployment.cloud.name);
    const foreign = others.flatMap((cloud) => [
      cloud.suffixes.storage,
      cloud.sites,
      cloud.openAi,
      new URL(cloud.authentication.loginEndpoint).host,
      new URL(cloud.issuer).host,
    ]);
    const region = deployment.parameters.location;
    return [
      ...deployment.resources.flatMap(({ type, name, location, tags }) => [
        ...checkName(type, name.split("/").at(-1) ?? name),
        ...(tagged.has(type) && tags?.["azd-env-name"] !== environment
          ? [`${type} ${name} lacks the tag azd-env-name, so azd does not find it again.`]
          : []),
        ...(tagged.has(type) && tags?.version !== checkedVersion
          ? [`${type} ${name} lacks the tag version, or has it from elsewhere than package.json.`]
          : []),
        ...checkTags(`${type} ${name}`, tags ?? {}),
        ...(location === undefined || location === region || location === "global"
          ? []
          : [`${type} ${name} stands in ${location}, not in ${region}.`]),
      ]),
      ...(services.length === 1 && services[0] === serviceName
        ? []
        : [`One site must have the tag azd-service-name: ${serviceName}.`]),
      ...deployment.resources
        .filter(({ type, tags }) => type !== "Microsoft.Web/sites" && tags?.["azd-service-name"])
        .map(({ type, name }) => `${type} ${name} has the tag azd-service-name, the app's alone.`),
      ...deployment.resources.flatMap(({ type, name, body }) =>
        [...textsWithin(body)].flatMap(([path, text]) =>
          foreign
            .filter((host) => text.includes(host))
            .map((host) => `${type} ${name}: ${path} names ${host}, which is of another cloud.`),
        ),
      ),
    ];
  },
};

function checkName(type: string, name: string): string[] {
  const rule = nameRules[type];
  return rule === undefined || rule.test(name)
    ? []
    : [`${type}: the name ${name} (${name.length} characters) is against Azure's rules.`];
}

const checkTags = (where: string, tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).flatMap(([name, value]) => [
    ...(name.length <= 512 && !/[<>%&\\?/]/.test(name) ? [] : [`${where}: bad tag name ${name}.`]),
    ...(String(value).length <= 256 ? [] : [`${where}: the tag ${name} is too long.`]),
  ]);
