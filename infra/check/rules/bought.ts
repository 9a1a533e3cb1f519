import type { Json } from "../arm-expression";
import { at, list, type Rule } from "./rule";

/** What is bought, by type: kinds and price tiers that the template means. Another one deploys as well, and costs or behaves otherwise. */
const bought: Readonly<
  Record<string, { readonly kind?: string; readonly sku?: readonly string[] }>
> = {
  "Microsoft.CognitiveServices/accounts": { kind: "OpenAI", sku: ["S0"] },
  // By the token; provisioned capacity is paid by the hour, used or not.
  "Microsoft.CognitiveServices/accounts/deployments": {
    sku: ["GlobalStandard", "DataZoneStandard", "Standard"],
  },
  "Microsoft.Insights/components": { kind: "web" },
  "Microsoft.Insights/scheduledQueryRules": { kind: "LogAlert" },
  "Microsoft.Insights/workbooks": { kind: "shared" },
  // Says it among its properties.
  "Microsoft.OperationalInsights/workspaces": { sku: ["PerGB2018"] },
  // The Functions host wants general-purpose storage; Premium is paid for its disks, used or not.
  "Microsoft.Storage/storageAccounts": { kind: "StorageV2", sku: ["Standard_LRS", "Standard_ZRS"] },
  "Microsoft.Web/serverfarms": { kind: "functionapp", sku: ["FC1"] },
  "Microsoft.Web/sites": { kind: "functionapp,linux" },
};

/** What a resource may say beside its properties. */
const known: ReadonlySet<string> = new Set([
  "apiVersion",
  "dependsOn",
  "id",
  "identity",
  "kind",
  "location",
  "name",
  "properties",
  "resourceGroup",
  "scope",
  "sku",
  "subscriptionId",
  "tags",
  "type",
]);

const isMeant = (meant: readonly string[] | undefined, tier: Json | undefined): boolean =>
  tier === undefined ? meant === undefined : meant?.includes(String(tier)) === true;

export const boughtRule: Rule = {
  name: "kinds and price tiers",
  check: (deployment) =>
    deployment.resources.flatMap(({ type, name, body }) => {
      const meant = bought[type] ?? {};
      const tier = at(body, "sku.name") ?? at(body, "properties.sku.name");
      return [
        ...(body.kind === meant.kind || (body.kind === undefined && meant.kind === undefined)
          ? []
          : [`${type} ${name}: kind is ${String(body.kind)}, must be ${meant.kind ?? "absent"}.`]),
        ...(isMeant(meant.sku, tier)
          ? []
          : [
              `${type} ${name}: the price tier is ${String(tier)}, must be ${meant.sku?.join(" or ") ?? "absent"}.`,
            ]),
        ...Object.keys(body)
          .filter((key) => !known.has(key))
          .map((key) => `${type} ${name}: no rule judges ${key}.`),
        ...(list(body.zones).length === 0 ? [] : [`${type} ${name}: zones are the plan's.`]),
      ];
    }),
};
