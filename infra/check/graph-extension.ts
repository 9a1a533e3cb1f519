import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The part of the Microsoft Graph extension that infra/ uses, in the form that `bicep publish-extension` takes: the
 * extension itself comes from a container registry, which an offline check cannot ask. What is not described here the
 * compiler does not know, so a new property must be added from its documentation first.
 *
 * @see https://learn.microsoft.com/graph/templates/bicep/reference/overview
 */
type Shape =
  | "string"
  | "boolean"
  | "integer"
  | "any"
  | Shape[]
  | { readonly [name: string]: Shape };

const required = 1;
const readOnly = 2;
const deployTime = 8;
const identifier = 16;

interface ResourceShape {
  readonly properties: Readonly<Record<string, Shape>>;
  /** Flags of the properties that have any. */
  readonly flags: Readonly<Record<string, number>>;
}

const key = required | deployTime | identifier;

export const graphResources: Readonly<Record<string, ResourceShape>> = {
  "Microsoft.Graph/applications": {
    properties: {
      uniqueName: "string",
      displayName: "string",
      description: "string",
      appId: "string",
      id: "string",
      signInAudience: "string",
      identifierUris: ["string"],
      serviceManagementReference: "string",
      requiredResourceAccess: [
        { resourceAppId: "string", resourceAccess: [{ id: "string", type: "string" }] },
      ],
      api: {
        requestedAccessTokenVersion: "integer",
        oauth2PermissionScopes: [
          {
            id: "string",
            value: "string",
            type: "string",
            isEnabled: "boolean",
            adminConsentDisplayName: "string",
            adminConsentDescription: "string",
            userConsentDisplayName: "string",
            userConsentDescription: "string",
          },
        ],
        preAuthorizedApplications: [{ appId: "string", delegatedPermissionIds: ["string"] }],
      },
      appRoles: [
        {
          id: "string",
          value: "string",
          displayName: "string",
          description: "string",
          allowedMemberTypes: ["string"],
          isEnabled: "boolean",
        },
      ],
      optionalClaims: { idToken: [{ name: "string", essential: "boolean" }] },
      web: {
        redirectUris: ["string"],
        implicitGrantSettings: {
          enableIdTokenIssuance: "boolean",
          enableAccessTokenIssuance: "boolean",
        },
      },
    },
    flags: { uniqueName: key, displayName: required, appId: readOnly, id: readOnly },
  },
  "Microsoft.Graph/applications/federatedIdentityCredentials": {
    properties: {
      name: "string",
      issuer: "string",
      subject: "string",
      audiences: ["string"],
      description: "string",
      id: "string",
    },
    flags: {
      name: required | identifier,
      issuer: required,
      subject: required,
      audiences: required,
      id: readOnly,
    },
  },
  "Microsoft.Graph/servicePrincipals": {
    properties: { appId: "string", appRoleAssignmentRequired: "boolean", id: "string" },
    flags: { appId: required | identifier, id: readOnly },
  },
  "Microsoft.Graph/oauth2PermissionGrants": {
    properties: {
      clientId: "string",
      consentType: "string",
      resourceId: "string",
      scope: "string",
      id: "string",
    },
    flags: {
      clientId: required,
      consentType: required,
      resourceId: required,
      id: readOnly,
    },
  },
  "Microsoft.Graph/appRoleAssignedTo": {
    properties: { appRoleId: "string", principalId: "string", resourceId: "string", id: "string" },
    flags: { appRoleId: required, principalId: required, resourceId: required, id: readOnly },
  },
};

interface Reference {
  readonly $ref: string;
}

/** Collects types in the order of their ids. */
class TypeTable {
  readonly types: object[] = [];
  readonly #known = new Map<string, number>();

  add(type: object): number {
    const text = JSON.stringify(type);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    this.#known.set(text, this.types.length);
    return this.types.push(type) - 1;
  }

  reference = (index: number): Reference => ({ $ref: `#/${index}` });

  shape(shape: Shape, name: string): number {
    if (shape === "string") return this.add({ $type: "StringType" });
    if (shape === "boolean") return this.add({ $type: "BooleanType" });
    if (shape === "integer") return this.add({ $type: "IntegerType" });
    if (shape === "any") return this.add({ $type: "AnyType" });
    if (Array.isArray(shape)) {
      const item = this.shape(shape[0] ?? "any", `${name}Item`);
      return this.add({ $type: "ArrayType", itemType: this.reference(item) });
    }
    return this.add({ $type: "ObjectType", name, properties: this.properties(shape, {}, name) });
  }

  properties(
    shapes: Readonly<Record<string, Shape>>,
    flags: Readonly<Record<string, number>>,
    name: string,
  ): object {
    return Object.fromEntries(
      Object.entries(shapes).map(([property, shape]) => [
        property,
        {
          type: this.reference(this.shape(shape, `${name}_${property}`)),
          flags: flags[property] ?? 0,
        },
      ]),
    );
  }
}

const version = "v1.0";

/** Writes index.json and types.json into `folder` and returns the path of index.json. */
export function writeGraphTypes(folder: string): string {
  const table = new TypeTable();
  const resources: Record<string, Reference> = {};
  for (const [name, { properties, flags }] of Object.entries(graphResources)) {
    const literal = (value: string) =>
      table.reference(table.add({ $type: "StringLiteralType", value }));
    const fixed = { flags: readOnly | deployTime };
    const body = table.add({
      $type: "ObjectType",
      name,
      properties: {
        type: { type: literal(name), ...fixed },
        apiVersion: { type: literal(version), ...fixed },
        ...table.properties(properties, flags, name.replace("Microsoft.Graph/", "")),
      },
    });
    const resource = table.add({
      $type: "ResourceType",
      name: `${name}@${version}`,
      scopeType: 0,
      body: table.reference(body),
      flags: 0,
    });
    resources[`${name}@${version}`] = { $ref: `types.json#/${resource}` };
  }
  const configuration = table.add({ $type: "ObjectType", name: "configuration", properties: {} });
  const index = {
    resources,
    resourceFunctions: {},
    settings: {
      name: "MicrosoftGraph",
      version: "1.0.0",
      isSingleton: false,
      configurationType: { $ref: `types.json#/${configuration}` },
    },
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "types.json"), JSON.stringify(table.types));
  writeFileSync(join(folder, "index.json"), JSON.stringify(index));
  return join(folder, "index.json");
}
