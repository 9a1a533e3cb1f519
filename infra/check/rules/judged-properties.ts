import type { Json } from "../arm-expression";
import type { Resource } from "../deployment";
import type { Rule } from "./rule";

/**
 * Properties that some rule judges or that do no harm, by type. A property beside these can open what the rules hold
 * shut (EasyAuth reads a file instead, a refusal carries no challenge, telemetry is sampled), so that it is refused until
 * somebody has written a rule for it.
 */
const judged: Readonly<Record<string, string>> = {
  "Microsoft.CognitiveServices/accounts":
    "customSubDomainName disableLocalAuth networkAcls.defaultAction publicNetworkAccess",
  "Microsoft.CognitiveServices/accounts/deployments":
    "model.format model.name model.version versionUpgradeOption",
  "Microsoft.Consumption/budgets":
    "amount category timeGrain timePeriod.startDate notifications.*.contactEmails notifications.*.contactRoles notifications.*.enabled notifications.*.operator notifications.*.threshold notifications.*.thresholdType",
  "Microsoft.Insights/components":
    "Application_Type DisableIpMasking DisableLocalAuth IngestionMode WorkspaceResourceId",
  "Microsoft.Insights/scheduledQueryRules":
    "actions.actionGroups autoMitigate criteria.allOf.failingPeriods.minFailingPeriodsToAlert criteria.allOf.failingPeriods.numberOfEvaluationPeriods criteria.allOf.metricMeasureColumn criteria.allOf.operator criteria.allOf.query criteria.allOf.threshold criteria.allOf.timeAggregation description displayName enabled evaluationFrequency muteActionsDuration scopes severity skipQueryValidation windowSize",
  "Microsoft.Network/virtualNetworks":
    "addressSpace.addressPrefixes subnets.name subnets.properties.addressPrefix subnets.properties.delegations.name subnets.properties.delegations.properties.serviceName subnets.properties.privateEndpointNetworkPolicies",
  "Microsoft.OperationalInsights/workspaces":
    "features.disableLocalAuth features.enableLogAccessUsingOnlyResourcePermissions retentionInDays sku.name workspaceCapping.dailyQuotaGb",
  "Microsoft.Storage/storageAccounts":
    "allowBlobPublicAccess allowCrossTenantReplication allowSharedKeyAccess defaultToOAuthAuthentication isLocalUserEnabled isNfsV3Enabled isSftpEnabled minimumTlsVersion networkAcls.bypass networkAcls.defaultAction publicNetworkAccess supportsHttpsTrafficOnly",
  "Microsoft.Storage/storageAccounts/managementPolicies":
    "policy.rules.actions.baseBlob.delete.daysAfterModificationGreaterThan policy.rules.definition.actions.baseBlob.delete.daysAfterModificationGreaterThan policy.rules.definition.filters.blobTypes policy.rules.definition.filters.prefixMatch policy.rules.enabled policy.rules.name policy.rules.type",
  "Microsoft.Web/serverfarms": "reserved zoneRedundant",
  "Microsoft.Web/sites":
    "functionAppConfig.deployment.storage.authentication.type functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId functionAppConfig.deployment.storage.authentication.storageAccountConnectionStringName functionAppConfig.deployment.storage.type functionAppConfig.deployment.storage.value functionAppConfig.runtime.name functionAppConfig.runtime.version functionAppConfig.scaleAndConcurrency.alwaysReady functionAppConfig.scaleAndConcurrency.alwaysReady.instanceCount functionAppConfig.scaleAndConcurrency.alwaysReady.name functionAppConfig.scaleAndConcurrency.instanceMemoryMB functionAppConfig.scaleAndConcurrency.maximumInstanceCount functionAppConfig.scaleAndConcurrency.triggers.http.perInstanceConcurrency functionAppConfig.siteUpdateStrategy.type functionsRuntimeAdminIsolationEnabled httpsOnly keyVaultReferenceIdentity publicNetworkAccess serverFarmId siteConfig.cors.allowedOrigins siteConfig.cors.supportCredentials siteConfig.http20Enabled siteConfig.minTlsVersion siteConfig.remoteDebuggingEnabled siteConfig.scmMinTlsVersion siteConfig.webSocketsEnabled virtualNetworkSubnetId",
  "Microsoft.Web/sites/config authsettingsV2":
    "globalValidation.excludedPaths globalValidation.redirectToProvider globalValidation.requireAuthentication globalValidation.unauthenticatedClientAction httpSettings.forwardProxy.convention httpSettings.requireHttps httpSettings.routes.apiPrefix identityProviders.azureActiveDirectory.enabled identityProviders.azureActiveDirectory.registration.clientId identityProviders.azureActiveDirectory.registration.clientSecretSettingName identityProviders.azureActiveDirectory.registration.openIdIssuer identityProviders.azureActiveDirectory.validation.allowedAudiences identityProviders.azureActiveDirectory.validation.defaultAuthorizationPolicy.allowedApplications login.allowedExternalRedirectUrls login.tokenStore.enabled platform.enabled platform.runtimeVersion",
};

/** The paths that hold a value; places in a list are not told apart. */
function* paths(value: Json | undefined, path = ""): Generator<string> {
  if (Array.isArray(value) && value.length > 0) for (const each of value) yield* paths(each, path);
  else if (value !== null && typeof value === "object" && Object.keys(value).length > 0)
    for (const [name, each] of Object.entries(value))
      yield* paths(each, path === "" ? name : `${path}.${name}`);
  else if (path !== "") yield path;
}

const keyOf = ({ type, name }: Resource) =>
  type === "Microsoft.Web/sites/config" ? `${type} ${name.split("/").at(-1)}` : type;

export const judgedProperties: Rule = {
  name: "nothing unjudged",
  check: (deployment) =>
    deployment.resources.flatMap((resource) => {
      const known = judged[keyOf(resource)]?.split(" ");
      if (known === undefined) return [];
      return [...new Set(paths(resource.body.properties))]
        .filter(
          (path) =>
            !known.includes(path) &&
            !known.includes(path.replace(/^notifications\.\w+/, "notifications.*")),
        )
        .map(
          (path) =>
            `${resource.type} ${resource.name}: no rule judges properties.${path}; take it out, or add a rule, then rules/judged-properties.ts.`,
        );
    }),
};
