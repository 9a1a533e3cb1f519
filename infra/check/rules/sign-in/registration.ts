import { type Deployment, tenantId } from "../../deployment";
import {
  apiRegistration,
  appSettings,
  at,
  demand,
  identitiesOf,
  list,
  ofType,
  sameSet,
  texts,
} from "../rule";

const roleValues = ["CSR", "CSR.Manager", "Admin"];

/** Azure API Connections: the connectors of Power Platform. */
const apiConnections = "fe053c5f-3692-4f14-aef2-ee34fc081cae";

/** What `azd` hands over unless told otherwise: VS Code, Azure API Connections, the Azure CLI. */
export const defaultClients =
  "aebc6443-996d-45c2-90f0-388ff96faa56,fe053c5f-3692-4f14-aef2-ee34fc081cae,04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** A list that the scenario gave as text. */
export const asked = (deployment: Deployment, parameter: string, fallback = ""): string[] =>
  String(deployment.parameters[parameter] ?? fallback)
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

export const differs = (what: string, actual: string | undefined, expected: string) =>
  actual === expected ? [] : [`${what} is ${actual}, must be ${expected}.`];

/** True for the registration of the approval page, and what belongs to it. */
export const isOfApproval = ({ name }: { readonly name: string }): boolean =>
  /-approval(\/|$)/.test(name);

export function checkTrust(deployment: Deployment, issuer: string): string[] {
  const { name: owner = "" } = apiRegistration(deployment) ?? {};
  const all = ofType(deployment, "Microsoft.Graph/applications/federatedIdentityCredentials");
  const [trust, ...more] = all.filter((each) => !isOfApproval(each));
  if (trust === undefined || more.length > 0 || all.length !== 2)
    return [
      "There must be two federated credentials, the API's and the approval page's: the app's identity.",
    ];
  const identity = identitiesOf(deployment)[0]?.name;
  const why = "the identity stands in for a secret";
  const name = `${owner}/`;
  return [
    ...demand(trust, "properties.issuer", issuer, why),
    ...demand(trust, "properties.subject", `‹${identity}.principalId›`, why),
    ...demand(trust, "properties.audiences", [deployment.cloud.exchange], why),
    ...(trust.name.startsWith(name)
      ? []
      : [`The federated credential ${trust.name} is not the API's.`]),
  ];
}

export function checkRedirects(deployment: Deployment): string[] {
  const site = ofType(deployment, "Microsoft.Web/sites")[0]?.name;
  const callback = `https://${site}.${deployment.cloud.sites}/.auth/login/aad/callback`;
  const own = texts(at(apiRegistration(deployment)?.body, "properties.web.redirectUris"));
  const all = ofType(deployment, "Microsoft.Graph/applications").flatMap(({ body }) =>
    texts(at(body, "properties.web.redirectUris")),
  );
  return [
    ...sameSet(
      own,
      [callback, ...asked(deployment, "extraRedirectUris")],
      "Redirects of the API's registration",
    ),
    ...ofType(deployment, "Microsoft.Graph/applications").flatMap((each) =>
      demand(
        each,
        "properties.serviceManagementReference",
        String(deployment.parameters.serviceManagementReference ?? "") || null,
        "as asked",
      ),
    ),
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

/** The one permission of the API's registration, and only where it is asked for: Dynamics CRM as the person who is signed in. */
export function checkPermissions(deployment: Deployment): string[] {
  const wanted =
    deployment.parameters.personBy === "on-behalf-of"
      ? [
          {
            resourceAccess: [{ id: "78ce3f0f-a1ce-49c2-8cde-64b5c0896db4", type: "Scope" }],
            resourceAppId: "00000007-0000-0000-c000-000000000000",
          },
        ]
      : [];
  const api = apiRegistration(deployment);
  return api === undefined
    ? []
    : demand(api, "properties.requiredResourceAccess", wanted, "no permission that nobody needs");
}

export function checkRoles(deployment: Deployment): string[] {
  const declared = list(at(apiRegistration(deployment)?.body, "properties.appRoles"));
  const ids = declared.map((role) => String(at(role, "id")));
  const granted = ofType(deployment, "Microsoft.Graph/appRoleAssignedTo");
  const { csrGroupId, managerGroupId, adminGroupId, deployerIsAdmin, principalId } =
    deployment.parameters;
  const asked: readonly (readonly [principal: unknown, role: string | undefined])[] = [
    [csrGroupId, roleValues[0]],
    [managerGroupId, roleValues[1]],
    [adminGroupId, roleValues[2]],
    [deployerIsAdmin === true ? principalId : "", roleValues[2]],
  ];
  const groups = asked.map(([principal, value]) => [
    String(principal ?? ""),
    String(
      at(
        declared.find((role) => at(role, "value") === value),
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
    ...checkPrincipal(deployment),
  ];
}

function checkPrincipal(deployment: Deployment): string[] {
  const principal = ofType(deployment, "Microsoft.Graph/servicePrincipals").find(
    ({ body }) => at(body, "properties.appId") === "‹api.appId›",
  );
  if (principal === undefined)
    return ["The API's registration has no service principal, so nobody can sign in to it."];
  return demand(
    principal,
    "properties.appRoleAssignmentRequired",
    deployment.parameters.assignmentRequired === true,
    "as asked",
  );
}

export function checkConnector(deployment: Deployment): string[] {
  const wanted = deployment.parameters.connectorEnabled === true;
  const grants = ofType(deployment, "Microsoft.Graph/oauth2PermissionGrants");
  const consented = wanted && deployment.parameters.connectorConsent !== false;
  const others = ofType(deployment, "Microsoft.Graph/applications").filter(
    (each) => each !== apiRegistration(deployment) && !isOfApproval(each),
  );
  if (!wanted)
    return [
      ...others.map(({ name }) => `The registration ${name} was not asked for.`),
      ...grants.map(({ name }) => `The consent ${name} was not asked for.`),
    ];
  const [connector, ...more] = others;
  if (connector === undefined || more.length > 0)
    return ["There must be one registration for the connector."];
  const clients = list(
    at(apiRegistration(deployment)?.body, "properties.api.preAuthorizedApplications"),
  ).map((client) => at(client, "appId"));
  const own = list(at(connector.body, "properties.api.oauth2PermissionScopes"));
  const enabled = own.filter((scope) => at(scope, "isEnabled") === true);
  return [
    ...demand(connector, "properties.signInAudience", "AzureADMyOrg", "one tenant"),
    ...(own.length === 1 && enabled.length === 1 && at(own[0], "type") === "User"
      ? []
      : [
          "The connector needs one scope of its own, for people: by it they are signed in silently.",
        ]),
    ...demand(
      connector,
      "properties.api.preAuthorizedApplications",
      [
        {
          appId: apiConnections,
          delegatedPermissionIds: enabled.map((scope) => at(scope, "id") ?? null),
        },
      ],
      "Power Platform signs people in at the connector's own scope without a word",
    ),
    ...demand(
      connector,
      "properties.identifierUris",
      [`api://${tenantId}/${at(connector.body, "properties.uniqueName")}`],
      "a scope needs a name before it",
    ),
    ...(grants.length === (consented ? 1 : 0)
      ? []
      : [
          consented
            ? "Nobody consents for the connector, so on-behalf-of asks or fails."
            : "Consent for the connector was given unasked.",
        ]),
    ...grants.flatMap((grant) => [
      ...demand(grant, "properties.clientId", "‹connectorPrincipal.id›", "the connector's"),
      ...demand(grant, "properties.resourceId", "‹apiPrincipal.id›", "to the API"),
      ...demand(
        grant,
        "properties.consentType",
        "AllPrincipals",
        "for everybody, or on-behalf-of asks",
      ),
      ...demand(
        grant,
        "properties.scope",
        appSettings(deployment).MCP_REQUIRED_SCOPE ?? "",
        "the one scope",
      ),
    ]),
    ...demand(
      connector,
      "properties.web.redirectUris",
      asked(deployment, "connectorRedirectUris"),
      "as asked",
    ),
    ...(ofType(deployment, "Microsoft.Graph/servicePrincipals").some(
      ({ body }) => at(body, "properties.appId") === "‹connector.appId›",
    )
      ? []
      : ["The connector's registration has no service principal, so nobody can sign in by it."]),
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
