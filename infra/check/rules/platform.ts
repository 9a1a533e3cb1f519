import type { Deployment } from "../deployment";
import { at, demand, list, ofType, type Rule } from "./rule";

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

/** The function app as Flex Consumption wants it, with nothing left to its defaults that we depend on. */
export const platform: Rule = {
  name: "Flex Consumption",
  check(deployment) {
    const [site] = ofType(deployment, "Microsoft.Web/sites");
    const [plan] = ofType(deployment, "Microsoft.Web/serverfarms");
    const [identity, ...more] = ofType(
      deployment,
      "Microsoft.ManagedIdentity/userAssignedIdentities",
    );
    const [storage] = ofType(deployment, "Microsoft.Storage/storageAccounts");
    const [container] = ofType(
      deployment,
      "Microsoft.Storage/storageAccounts/blobServices/containers",
    );
    if (!site || !plan || !identity || !storage || !container)
      return ["Site, plan, identity, storage or container is missing."];
    const package_ = `‹${storage.name}.primaryEndpoints.blob›${container.name.split("/").at(-1)}`;
    const asked = deployment.parameters;
    const warm = Number(asked.alwaysReadyInstances ?? 0);
    const scale = `${config}.scaleAndConcurrency`;
    return [
      ...(more.length > 0 ? ["There must be one identity, for this app alone."] : []),
      ...demand(plan, "sku.name", "FC1", "the plan of the design"),
      ...demand(plan, "properties.reserved", true, "Linux"),
      ...demand(site, "kind", "functionapp,linux", "Linux"),
      ...demand(site, "properties.serverFarmId", plan.id, "one app, one plan"),
      ...demand(site, "identity.type", "UserAssigned", "one identity with known ids"),
      ...demand(site, "identity.userAssignedIdentities", { [identity.id]: {} }, "its identity"),
      ...demand(site, "properties.keyVaultReferenceIdentity", identity.id, "its identity"),
      ...demand(
        site,
        `${config}.runtime`,
        { name: "node", version: String(asked.nodeVersion ?? "22") },
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
      ...(list(at(site.body, "properties.siteConfig.cors.allowedOrigins")).includes("*")
        ? ["CORS lets every origin in."]
        : []),
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
