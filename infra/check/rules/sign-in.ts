import type { Deployment } from "../deployment";
import { tenantId } from "../deployment";
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
} from "./rule";

const roleValues = ["CSR", "CSR.Manager", "Admin"];
const signIn = "properties.identityProviders.azureActiveDirectory";

/** Registration, EasyAuth and the app's own verification must tell one story: audience, issuer, scope, clients. */
export const signInRule: Rule = {
  name: "sign-in agrees with itself",
  check(deployment) {
    const api = apiRegistration(deployment);
    const auth = authSettings(deployment);
    if (api === undefined) return ["There is no registration with an identifier URI."];
    if (auth === undefined) return ["There is no authsettingsV2."];
    const issuer = `${deployment.cloud.authentication.loginEndpoint}${tenantId}/v2.0`;
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
        ["/health"],
        "nothing else is public",
      ),
      ...demand(auth, "properties.httpSettings.requireHttps", true, "tokens travel in it"),
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
      ...checkConnector(deployment),
    ];
  },
};

const differs = (what: string, actual: string | undefined, expected: string) =>
  actual === expected ? [] : [`${what} is ${actual}, must be ${expected}.`];

function checkTrust(deployment: Deployment, issuer: string): string[] {
  const [trust, ...more] = ofType(
    deployment,
    "Microsoft.Graph/applications/federatedIdentityCredentials",
  );
  if (trust === undefined || more.length > 0)
    return ["There must be one federated credential: the app's identity."];
  const identity = ofType(deployment, "Microsoft.ManagedIdentity/userAssignedIdentities")[0]?.name;
  const why = "the identity stands in for a secret";
  const name = `${apiRegistration(deployment)?.name}/`;
  return [
    ...demand(trust, "properties.issuer", issuer, why),
    ...demand(trust, "properties.subject", `‹${identity}.principalId›`, why),
    ...demand(trust, "properties.audiences", ["api://AzureADTokenExchange"], why),
    ...(trust.name.startsWith(name)
      ? []
      : [`The federated credential ${trust.name} is not the API's.`]),
  ];
}

function checkRedirects(deployment: Deployment): string[] {
  const site = ofType(deployment, "Microsoft.Web/sites")[0]?.name;
  const callback = `https://${site}.${deployment.cloud.sites}/.auth/login/aad/callback`;
  const own = texts(at(apiRegistration(deployment)?.body, "properties.web.redirectUris"));
  const all = ofType(deployment, "Microsoft.Graph/applications").flatMap(({ body }) =>
    texts(at(body, "properties.web.redirectUris")),
  );
  return [
    ...(own.includes(callback) ? [] : [`The API's registration lacks the redirect ${callback}.`]),
    ...all
      .filter((uri) => !/^(https:\/\/[^*]+|http:\/\/(127\.0\.0\.1|localhost)[:/].*)$/.test(uri))
      .map((uri) => `The redirect ${uri} is neither https nor loopback.`),
    ...ofType(deployment, "Microsoft.Graph/applications")
      .filter(
        ({ body }) =>
          at(body, "properties.web.implicitGrantSettings.enableAccessTokenIssuance") === true,
      )
      .map(({ name }) => `${name} gives access tokens to a browser address (implicit grant).`),
  ];
}

function checkRoles(deployment: Deployment): string[] {
  const declared = list(at(apiRegistration(deployment)?.body, "properties.appRoles"));
  const ids = declared.map((role) => String(at(role, "id")));
  const granted = ofType(deployment, "Microsoft.Graph/appRoleAssignedTo");
  const groups = ["csrGroupId", "managerGroupId", "adminGroupId"].map((name, index) => [
    String(deployment.parameters[name] ?? ""),
    String(
      at(
        declared.find((role) => at(role, "value") === roleValues[index]),
        "id",
      ),
    ),
  ]);
  return [
    ...sameSet(
      declared
        .filter((role) => at(role, "isEnabled") === true)
        .map((role) => String(at(role, "value"))),
      roleValues,
      "App roles",
    ),
    ...ids
      .filter((id, index) => ids.indexOf(id) !== index)
      .map((id) => `Two app roles have the id ${id}.`),
    ...declared.flatMap((role) =>
      sameSet(
        texts(at(role, "allowedMemberTypes")),
        ["User"],
        `Members of the role ${at(role, "value")}`,
      ),
    ),
    ...sameSet(
      granted.map(
        ({ body }) =>
          `${at(body, "properties.principalId")} has ${at(body, "properties.appRoleId")} of ${at(body, "properties.resourceId")}`,
      ),
      groups
        .filter(([group]) => group !== "")
        .map(([group, role]) => `${group} has ${role} of ‹apiPrincipal.id›`),
      "App roles given to groups",
    ),
    ...(ofType(deployment, "Microsoft.Graph/servicePrincipals").some(
      ({ body }) => at(body, "properties.appId") === "‹api.appId›",
    )
      ? []
      : ["The API's registration has no service principal, so nobody can sign in to it."]),
  ];
}

function checkConnector(deployment: Deployment): string[] {
  const wanted = deployment.parameters.connectorEnabled === true;
  const others = ofType(deployment, "Microsoft.Graph/applications").filter(
    (each) => each !== apiRegistration(deployment),
  );
  if (!wanted) return others.map(({ name }) => `The registration ${name} was not asked for.`);
  const [connector, ...more] = others;
  if (connector === undefined || more.length > 0)
    return ["There must be one registration for the connector."];
  const clients = list(
    at(apiRegistration(deployment)?.body, "properties.api.preAuthorizedApplications"),
  ).map((client) => at(client, "appId"));
  return [
    ...demand(connector, "properties.signInAudience", "AzureADMyOrg", "one tenant"),
    ...(clients.includes("‹connector.appId›")
      ? []
      : ["The connector's registration is not pre-authorised."]),
    ...differs(
      "CONNECTOR_CLIENT_ID",
      String(deployment.outputs.CONNECTOR_CLIENT_ID),
      "‹connector.appId›",
    ),
  ];
}
