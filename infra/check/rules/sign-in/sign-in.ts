import { type Deployment, tenantId } from "../../deployment";
import {
  apiRegistration,
  appSettings,
  at,
  authSettings,
  demand,
  list,
  ofType,
  type Rule,
  sameSet,
  texts,
} from "../rule";
import { checkApproval } from "./approval";
import {
  asked,
  checkConnector,
  checkPermissions,
  checkRedirects,
  checkRoles,
  checkTrust,
  defaultClients,
  differs,
} from "./registration";

/** Where it is asked for, the endpoint's own address names the registration as well. */
function serverUrls({ parameters, resources, cloud }: Deployment): string[] {
  if (parameters.serverUrlAsIdentifier !== true) return [];
  const site = resources.find(({ type }) => type === "Microsoft.Web/sites")?.name;
  return [`${parameters.publicUrl || `https://${site}.${cloud.sites}`}/mcp`];
}

const signIn = "properties.identityProviders.azureActiveDirectory";

/** Registration, EasyAuth and the app's own verification must tell one story: audience, issuer, scope, clients. */
export const signInRule: Rule = {
  name: "sign-in agrees with itself",
  check(deployment) {
    const api = apiRegistration(deployment);
    const auth = authSettings(deployment);
    if (api === undefined) return ["There is no registration with an identifier URI."];
    if (auth === undefined) return ["There is no authsettingsV2."];
    const issuer = `${deployment.cloud.issuer}${tenantId}/v2.0`;
    const clientId = "‹api.appId›";
    const [identifierUri = ""] = texts(at(api.body, "properties.identifierUris"));
    const scopes = list(at(api.body, "properties.api.oauth2PermissionScopes"));
    const enabled = scopes.filter((scope) => at(scope, "isEnabled") === true);
    const setting = appSettings(deployment);
    const scope = setting.MCP_REQUIRED_SCOPE ?? "";
    const clients = list(at(api.body, "properties.api.preAuthorizedApplications"));
    const callers = [clientId, ...clients.map((client) => String(at(client, "appId")))];
    const audiences = [clientId, identifierUri];
    return [
      ...demand(auth, "properties.platform.enabled", true, "EasyAuth is the first fence"),
      ...demand(auth, "properties.platform.runtimeVersion", "~1", "the version that is kept up"),
      ...demand(auth, "properties.globalValidation.requireAuthentication", true, "no stranger"),
      ...demand(
        auth,
        "properties.globalValidation.unauthenticatedClientAction",
        "Return401",
        "an MCP client needs a challenge, not a page",
      ),
      ...demand(
        auth,
        "properties.globalValidation.excludedPaths",
        ["/health", "/approve", "/approve/*"],
        "nothing else is public, and the approval page signs people in itself",
      ),
      ...demand(auth, "properties.httpSettings.requireHttps", true, "tokens travel in it"),
      ...demand(
        auth,
        "properties.httpSettings.forwardProxy.convention",
        "NoProxy",
        "a header of the caller's must not name the host",
      ),
      ...demand(
        auth,
        "properties.httpSettings.routes.apiPrefix",
        "/.auth",
        "the registration's redirect address stands below it",
      ),
      ...demand(auth, "properties.login.tokenStore.enabled", false, "no token of anybody is kept"),
      ...(list(at(auth.body, "properties.login.allowedExternalRedirectUrls")).length > 0
        ? ["EasyAuth sends people on to other sites after sign-in."]
        : []),
      ...sameSet(
        Object.keys((at(auth.body, "properties.identityProviders") ?? {}) as object),
        ["azureActiveDirectory"],
        "EasyAuth's identity providers",
      ),
      ...sameSet(
        ofType(deployment, "Microsoft.Web/sites/config").map(
          ({ name }) => name.split("/").at(-1) ?? "",
        ),
        ["appsettings", "authsettingsV2"],
        "Configurations of the site",
      ),
      ...demand(auth, `${signIn}.enabled`, true, "people sign in with Entra"),
      ...demand(auth, `${signIn}.registration.clientId`, clientId, "the API's registration"),
      ...demand(auth, `${signIn}.registration.openIdIssuer`, issuer, "issuer of version 2 tokens"),
      ...demand(
        auth,
        `${signIn}.registration.clientSecretSettingName`,
        "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID",
        "the identity stands in for a secret",
      ),
      ...sameSet(
        texts(at(auth.body, `${signIn}.validation.allowedAudiences`)),
        audiences,
        "EasyAuth's audiences",
      ),
      ...sameSet((setting.MCP_AUDIENCES ?? "").split(","), audiences, "MCP_AUDIENCES"),
      ...sameSet(
        texts(at(auth.body, `${signIn}.validation.defaultAuthorizationPolicy.allowedApplications`)),
        callers,
        "EasyAuth's clients",
      ),
      ...sameSet((setting.MCP_ALLOWED_CLIENTS ?? "").split(","), callers, "MCP_ALLOWED_CLIENTS"),
      ...demand(
        api,
        "properties.api.requestedAccessTokenVersion",
        2,
        "audience and issuer here are those of version 2",
      ),
      ...demand(api, "properties.signInAudience", "AzureADMyOrg", "one tenant"),
      ...demand(
        api,
        "properties.identifierUris",
        [identifierUri, ...serverUrls(deployment)],
        "the names by which clients ask",
      ),
      ...sameSet(
        clients.map((client) => String(at(client, "appId"))),
        asked(deployment, "preAuthorizedClientIds", defaultClients)
          .map((id) => id.toLowerCase())
          .concat(deployment.parameters.connectorEnabled === true ? ["‹connector.appId›"] : []),
        "Pre-authorised clients",
      ),
      ...(scopes.length === 1 ? [] : [`There are ${scopes.length} scopes, must be one.`]),
      ...scopes
        .filter((each) => at(each, "type") !== "User")
        .map(
          (each) => `The scope ${at(each, "value")} is for administrators; people must consent.`,
        ),
      ...(identifierUri.startsWith(`api://${tenantId}/`)
        ? []
        : [`The identifier URI ${identifierUri} is not of the form that every tenant accepts.`]),
      ...(enabled.some((each) => at(each, "value") === scope)
        ? []
        : [`The scope ${scope} that the app demands is not in the registration, or not enabled.`]),
      ...clients.flatMap((client) =>
        sameSet(
          texts(at(client, "delegatedPermissionIds")),
          enabled.map((each) => String(at(each, "id"))),
          `Scopes of the pre-authorised client ${at(client, "appId")}`,
        ),
      ),
      ...differs(
        "WEBSITE_AUTH_PRM_DEFAULT_WITH_SCOPES",
        setting.WEBSITE_AUTH_PRM_DEFAULT_WITH_SCOPES,
        `${identifierUri}/${scope}`,
      ),
      ...differs(
        "WEBSITE_AUTH_AAD_ALLOWED_TENANTS",
        setting.WEBSITE_AUTH_AAD_ALLOWED_TENANTS,
        tenantId,
      ),
      ...differs("MCP_TENANT_ID", setting.MCP_TENANT_ID, tenantId),
      ...differs(
        "Issuer by MCP_AUTHORITY",
        `${setting.MCP_AUTHORITY}${setting.MCP_TENANT_ID}/v2.0`,
        issuer,
      ),
      ...checkTrust(deployment, issuer),
      ...checkRedirects(deployment),
      ...checkRoles(deployment),
      ...checkPermissions(deployment),
      ...checkApproval(deployment, issuer),
      ...checkConnector(deployment),
    ];
  },
};
