import type { Deployment } from "../../deployment";
import { at, demand, identitiesOf, list, ofType, sameSet, texts } from "../rule";
import { isOfApproval } from "./registration";

/** The approval page's own registration, and how long what was approved is kept. */
export function checkApproval(deployment: Deployment, issuer: string): string[] {
  const [registration, ...more] = ofType(deployment, "Microsoft.Graph/applications").filter(
    isOfApproval,
  );
  if (registration === undefined || more.length > 0)
    return ["There must be one registration for the approval page."];
  const site = ofType(deployment, "Microsoft.Web/sites")[0]?.name;
  const own = `https://${site}.${deployment.cloud.sites}`;
  const publicUrl = String(deployment.parameters.publicUrl ?? "");
  const identity = identitiesOf(deployment)[0]?.name;
  const trusts = ofType(
    deployment,
    "Microsoft.Graph/applications/federatedIdentityCredentials",
  ).filter(isOfApproval);
  const why = "the page's client proves itself by the app's identity";
  return [
    ...demand(registration, "properties.signInAudience", "AzureADMyOrg", "one tenant"),
    ...sameSet(
      texts(at(registration.body, "properties.web.redirectUris")),
      [...new Set([own, ...(publicUrl === "" ? [] : [publicUrl])])].map(
        (origin) => `${origin}/approve/callback`,
      ),
      "Redirects of the approval page",
    ),
    ...demand(
      registration,
      "properties.web.implicitGrantSettings.enableIdTokenIssuance",
      false,
      "the page takes a code",
    ),
    ...sameSet(
      list(at(registration.body, "properties.optionalClaims.idToken")).map((claim) =>
        String(at(claim, "name")),
      ),
      ["auth_time", "acrs"],
      "Claims by which the page judges a sign-in",
    ),
    ...(list(at(registration.body, "properties.api.oauth2PermissionScopes")).length > 0
      ? ["The approval page's registration has a scope, so tokens for it can be had."]
      : []),
    ...(trusts.length === 1 ? [] : ["The approval page's registration needs one credential."]),
    ...trusts.flatMap((trust) => [
      ...demand(trust, "properties.issuer", issuer, why),
      ...demand(trust, "properties.subject", `‹${identity}.principalId›`, why),
      ...demand(trust, "properties.audiences", [deployment.cloud.exchange], why),
    ]),
    ...sameSet(
      ofType(deployment, "Microsoft.Storage/storageAccounts/blobServices/containers").map(
        ({ name }) => name.split("/").at(-1) ?? "",
      ),
      ["app-package", "consent"],
      "Containers",
    ),
    ...checkLifecycle(deployment),
  ];
}

/** Prefixes that are deleted, and after how many days. */
const kept: Readonly<Record<string, number>> = {
  "consent/approvals/": 1,
  "consent/pending/": 1,
  "consent/acts/": 1,
  "consent/counts/": 1,
  "consent/keys/": 21,
};

function checkLifecycle(deployment: Deployment): string[] {
  const rules = ofType(deployment, "Microsoft.Storage/storageAccounts/managementPolicies").flatMap(
    ({ body }) => list(at(body, "properties.policy.rules")),
  );
  const actual = rules
    .filter((rule) => at(rule, "enabled") === true)
    .flatMap((rule) =>
      texts(at(rule, "definition.filters.prefixMatch")).map(
        (prefix) =>
          `${prefix} after ${at(rule, "definition.actions.baseBlob.delete.daysAfterModificationGreaterThan")}`,
      ),
    );
  const expected = Object.entries(kept).map(([prefix, days]) => `${prefix} after ${days}`);
  return sameSet(actual, expected, "What is deleted of the store of approvals");
}
