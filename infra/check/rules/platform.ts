import type { Deployment } from "../deployment";
import { models as knownModels } from "../models";
import { at, demand, identitiesOf, list, ofType, packageContainer, type Rule } from "./rule";

/** Refused, or silently without effect, on Flex Consumption. */
const notOnFlex = [
  "linuxFxVersion",
  "ftpsState",
  "use32BitWorkerProcess",
  "functionAppScaleLimit",
  "vnetRouteAllEnabled",
  "alwaysOn",
  "appSettings",
  "connectionStrings",
];
const config = "properties.functionAppConfig";
const [defaultModel] = knownModels;

/** Types that some rule judges. */
const known: ReadonlySet<string> = new Set([
  "Microsoft.Authorization/roleAssignments",
  "Microsoft.CognitiveServices/accounts",
  "Microsoft.CognitiveServices/accounts/deployments",
  "Microsoft.Consumption/budgets",
  "Microsoft.Graph/appRoleAssignedTo",
  "Microsoft.Graph/applications",
  "Microsoft.Graph/applications/federatedIdentityCredentials",
  "Microsoft.Graph/oauth2PermissionGrants",
  "Microsoft.Graph/servicePrincipals",
  "Microsoft.Insights/actionGroups",
  "Microsoft.Insights/components",
  "Microsoft.Insights/scheduledQueryRules",
  "Microsoft.Insights/workbooks",
  "Microsoft.ManagedIdentity/userAssignedIdentities",
  "Microsoft.Network/privateDnsZones",
  "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
  "Microsoft.Network/privateEndpoints",
  "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
  "Microsoft.Network/virtualNetworks",
  "Microsoft.OperationalInsights/workspaces",
  "Microsoft.Resources/deployments",
  "Microsoft.Resources/resourceGroups",
  "Microsoft.Storage/storageAccounts",
  "Microsoft.Storage/storageAccounts/blobServices",
  "Microsoft.Storage/storageAccounts/blobServices/containers",
  "Microsoft.Storage/storageAccounts/managementPolicies",
  "Microsoft.Web/serverfarms",
  "Microsoft.Web/sites",
  "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
  "Microsoft.Web/sites/config",
]);

/** The function app as Flex Consumption wants it, with nothing left to its defaults that we depend on. */
export const platform: Rule = {
  name: "Flex Consumption",
  check(deployment) {
    const [site] = ofType(deployment, "Microsoft.Web/sites");
    const [plan] = ofType(deployment, "Microsoft.Web/serverfarms");
    const [identity, others] = identitiesOf(deployment);
    const [storage] = ofType(deployment, "Microsoft.Storage/storageAccounts");
    const container = packageContainer(deployment);
    if (!site || !plan || !identity || !storage || !container)
      return ["Site, plan, identity, storage or container is missing."];
    const package_ = `‹${storage.name}.primaryEndpoints.blob›${container.name.split("/").at(-1)}`;
    const asked = deployment.parameters;
    const warm = Number(asked.alwaysReadyInstances ?? 0);
    const scale = `${config}.scaleAndConcurrency`;
    return [
      ...(others.length === Number(asked.moreIdentities ?? 0)
        ? []
        : ["There must be one identity, and as many beside it as asked, for this app alone."]),
      ...demand(plan, "sku.name", "FC1", "the plan of the design"),
      ...demand(plan, "properties.reserved", true, "Linux"),
      ...demand(plan, "properties.zoneRedundant", asked.zoneRedundant === true, "as asked"),
      ...(asked.zoneRedundant === true && warm < 2
        ? ["A plan in several zones needs at least two instances kept warm."]
        : []),
      ...demand(
        site,
        `${config}.siteUpdateStrategy.type`,
        asked.rollingUpdates === true ? "RollingUpdate" : "Recreate",
        "as asked",
      ),
      ...demand(
        site,
        "properties.functionsRuntimeAdminIsolationEnabled",
        true,
        "/admin of the host answers nobody",
      ),
      ...demand(site, "kind", "functionapp,linux", "Linux"),
      ...demand(site, "properties.serverFarmId", plan.id, "one app, one plan"),
      ...demand(site, "identity.type", "UserAssigned", "one identity with known ids"),
      ...demand(
        site,
        "identity.userAssignedIdentities",
        Object.fromEntries([identity, ...others].map(({ id }) => [id, {}])),
        "its identities",
      ),
      ...demand(site, "properties.keyVaultReferenceIdentity", identity.id, "its identity"),
      ...demand(
        site,
        `${config}.runtime`,
        { name: "node", version: String(asked.functionNodeVersion ?? "22") },
        "as asked",
      ),
      ...demand(site, `${config}.deployment.storage.type`, "blobContainer", "Flex"),
      ...demand(site, `${config}.deployment.storage.value`, package_, "the package container"),
      ...demand(
        site,
        `${config}.deployment.storage.authentication`,
        { type: "UserAssignedIdentity", userAssignedIdentityResourceId: identity.id },
        "no key",
      ),
      ...demand(
        site,
        `${scale}.instanceMemoryMB`,
        Number(asked.instanceMemoryMB ?? 2048),
        "as asked",
      ),
      ...demand(
        site,
        `${scale}.maximumInstanceCount`,
        Number(asked.maximumInstanceCount ?? 40),
        "as asked",
      ),
      ...demand(
        site,
        `${scale}.triggers.http.perInstanceConcurrency`,
        Number(asked.httpConcurrency ?? 16),
        "as asked",
      ),
      ...demand(
        site,
        `${scale}.alwaysReady`,
        warm > 0 ? [{ instanceCount: warm, name: "http" }] : [],
        "as asked",
      ),
      ...demand(
        site,
        "properties.siteConfig.cors.supportCredentials",
        false,
        "a bearer token is no cookie",
      ),
      ...demand(
        site,
        "properties.siteConfig.cors.allowedOrigins",
        String(asked.allowedOrigins ?? "")
          .split(",")
          .map((origin) => origin.trim())
          .filter((origin) => origin !== ""),
        "as asked",
      ),
      ...list(at(site.body, "properties.siteConfig.cors.allowedOrigins"))
        .filter((origin) => !/^https:\/\/[^/*]+$/.test(String(origin)))
        .map((origin) => `CORS lets ${origin} in; an origin is https and one host.`),
      ...demand(site, "properties.siteConfig.http20Enabled", true, "many calls, one connection"),
      ...demand(
        site,
        "properties.publicNetworkAccess",
        "Enabled",
        "Copilot Studio calls from outside",
      ),
      ...demand(plan, "sku.tier", "FlexConsumption", "the plan of the design"),
      ...demand(plan, "kind", "functionapp", "the plan of the design"),
      ...checkModel(deployment),
      ...deployment.resources
        .filter(({ type }) => !known.has(type))
        .map(
          ({ type, name }) =>
            `${type} ${name}: nothing here judges resources of this type; add a rule, then rules/platform.ts.`,
        ),
      ...notOnFlex
        .filter((name) => at(site.body, `properties.siteConfig.${name}`) !== undefined)
        .map(
          (name) =>
            `siteConfig.${name} has no place on Flex Consumption, or beside the settings resource.`,
        ),
      ...checkGroup(deployment),
    ];
  },
};

/** Azure OpenAI as asked, one deployment. */
function checkModel(deployment: Deployment): string[] {
  const asked = deployment.parameters;
  const accounts = ofType(deployment, "Microsoft.CognitiveServices/accounts");
  const models = ofType(deployment, "Microsoft.CognitiveServices/accounts/deployments");
  const wanted = asked.openAiEnabled === true ? 1 : 0;
  return [
    ...(accounts.length === wanted && models.length === wanted
      ? []
      : [`There are ${accounts.length} Azure OpenAI accounts with ${models.length} deployments.`]),
    ...accounts.flatMap((account) => [
      ...demand(account, "kind", "OpenAI", "the service of the design"),
      ...demand(account, "sku.name", "S0", "paid by the token"),
    ]),
    ...models.flatMap((model) => [
      ...demand(
        model,
        "properties.model",
        {
          format: "OpenAI",
          name: String(asked.openAiModel ?? defaultModel?.name),
          version: String(asked.openAiModelVersion ?? defaultModel?.version),
        },
        "as asked",
      ),
      ...demand(
        model,
        "properties.versionUpgradeOption",
        "OnceCurrentVersionExpired",
        "a version that ends is followed by the next, not by silence",
      ),
      ...demand(model, "sku.capacity", Number(asked.openAiCapacity ?? 20), "as asked"),
    ]),
  ];
}

/** Everything must stand in the one resource group, so that `azd down` removes it. */
function checkGroup(deployment: Deployment): string[] {
  const [group, ...more] = ofType(deployment, "Microsoft.Resources/resourceGroups");
  if (group === undefined || more.length > 0) return ["There must be one resource group."];
  return deployment.resources
    .filter(
      ({ id, type }) =>
        id !== "" &&
        id !== group.id &&
        !type.startsWith("Microsoft.Graph/") &&
        !id.startsWith(`${group.id}/`),
    )
    .map(({ type, name }) => `${type} ${name} stands outside ${group.name}.`);
}
