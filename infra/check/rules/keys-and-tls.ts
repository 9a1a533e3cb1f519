import { at, demand, ofType, only, type Rule } from "./rule";

const noKeys = "nothing opens with a key, only with an Entra token";
const tls = "TLS 1.2 or newer only";

/** Properties that must have one value wherever their resource type occurs. */
const fixed: readonly (readonly [
  type: string,
  path: string,
  value: string | number | boolean,
  why: string,
])[] = [
  ["Microsoft.Storage/storageAccounts", "properties.allowSharedKeyAccess", false, noKeys],
  ["Microsoft.Storage/storageAccounts", "properties.defaultToOAuthAuthentication", true, noKeys],
  [
    "Microsoft.Storage/storageAccounts",
    "properties.allowBlobPublicAccess",
    false,
    "no public blob",
  ],
  [
    "Microsoft.Storage/storageAccounts",
    "properties.allowCrossTenantReplication",
    false,
    "data stays in the tenant",
  ],
  ["Microsoft.Storage/storageAccounts", "properties.minimumTlsVersion", "TLS1_2", tls],
  ["Microsoft.Storage/storageAccounts", "properties.supportsHttpsTrafficOnly", true, tls],
  [
    "Microsoft.Storage/storageAccounts/blobServices/containers",
    "properties.publicAccess",
    "None",
    "no public blob",
  ],
  [
    "Microsoft.Storage/storageAccounts/blobServices",
    "properties.deleteRetentionPolicy.enabled",
    true,
    "a deleted package can be had back",
  ],
  [
    "Microsoft.Storage/storageAccounts/blobServices",
    "properties.containerDeleteRetentionPolicy.enabled",
    true,
    "a deleted container can be had back",
  ],
  [
    "Microsoft.OperationalInsights/workspaces",
    "properties.features.enableLogAccessUsingOnlyResourcePermissions",
    true,
    "who may see the app may see its logs, nobody else",
  ],
  [
    "Microsoft.OperationalInsights/workspaces",
    "properties.features.disableLocalAuth",
    true,
    noKeys,
  ],
  ["Microsoft.Insights/components", "properties.DisableLocalAuth", true, noKeys],
  ["Microsoft.Insights/components", "properties.IngestionMode", "LogAnalytics", "one store"],
  ["Microsoft.CognitiveServices/accounts", "properties.disableLocalAuth", true, noKeys],
  ["Microsoft.Web/sites", "properties.httpsOnly", true, tls],
  ["Microsoft.Web/sites", "properties.siteConfig.minTlsVersion", "1.2", tls],
  ["Microsoft.Web/sites", "properties.siteConfig.scmMinTlsVersion", "1.2", tls],
  [
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
    "properties.allow",
    false,
    "no publishing password",
  ],
];

/** Doors that are shut unless somebody opens them. */
const doors: readonly (readonly [type: string, path: string, why: string])[] = [
  ["Microsoft.Storage/storageAccounts", "properties.isSftpEnabled", "SFTP signs in by password"],
  ["Microsoft.Storage/storageAccounts", "properties.isLocalUserEnabled", noKeys],
  ["Microsoft.Storage/storageAccounts", "properties.isNfsV3Enabled", "NFS asks nobody who he is"],
  ["Microsoft.Web/sites", "properties.siteConfig.remoteDebuggingEnabled", "a debugger sees tokens"],
  ["Microsoft.Web/sites", "properties.siteConfig.webSocketsEnabled", "nothing here speaks them"],
  ["Microsoft.Insights/components", "properties.DisableIpMasking", "addresses tell who it was"],
];

export const keysAndTls: Rule = {
  name: "keys off, TLS on",
  check: (deployment) => [
    ...fixed.flatMap(([type, path, value, why]) =>
      ofType(deployment, type).flatMap((resource) => demand(resource, path, value, why)),
    ),
    ...doors.flatMap(([type, path, why]) =>
      ofType(deployment, type)
        .filter(({ body }) => (at(body, path) ?? false) !== false)
        .map(({ name }) => `${type} ${name}: ${path} must not be on (${why}).`),
    ),
    ...[
      "Microsoft.Storage/storageAccounts",
      "Microsoft.Storage/storageAccounts/blobServices",
      "Microsoft.Storage/storageAccounts/managementPolicies",
      "Microsoft.OperationalInsights/workspaces",
      "Microsoft.Insights/components",
      "Microsoft.Web/sites",
      "Microsoft.Web/serverfarms",
    ].flatMap((type) => only(deployment, type)[1]),
    ...["scm", "ftp"]
      .filter(
        (kind) =>
          !ofType(deployment, "Microsoft.Web/sites/basicPublishingCredentialsPolicies").some(
            ({ name }) => name.endsWith(`/${kind}`),
          ),
      )
      .map((kind) => `Nothing forbids the publishing password of ${kind}.`),
    ...ofType(deployment, "Microsoft.CognitiveServices/accounts").flatMap((account) =>
      demand(
        account,
        "properties.customSubDomainName",
        account.name,
        "Entra tokens need a host name of one's own",
      ),
    ),
  ],
};
