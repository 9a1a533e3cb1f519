import type { Json } from "../arm-expression";
import type { Deployment, Resource } from "../deployment";

/** Looks at one evaluated scenario and says, in words for whoever wrote the Bicep, what is wrong. */
export interface Rule {
  readonly name: string;
  check(deployment: Deployment): string[];
}

export const ofType = (deployment: Deployment, type: string): Resource[] =>
  deployment.resources.filter((resource) => resource.type === type);

/** The value at a path such as `properties.api.scopes`; undefined when any part is missing. */
export function at(value: Json | undefined, path: string): Json | undefined {
  let current: Json | undefined = value;
  for (const part of path.split(".")) {
    if (current === null || typeof current !== "object" || Array.isArray(current)) return undefined;
    current = current[part];
  }
  return current;
}

export const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
export const texts = (value: Json | undefined): string[] => list(value).map(String);

/** Complains unless the property has the value. */
export function demand(resource: Resource, path: string, expected: Json, why: string): string[] {
  const actual = at(resource.body, path);
  return JSON.stringify(actual) === JSON.stringify(expected)
    ? []
    : [
        `${resource.type} ${resource.name}: ${path} is ${JSON.stringify(actual)}, must be ${JSON.stringify(expected)} (${why}).`,
      ];
}

/** The one resource of a type; complains when there is none or more. */
export function only(deployment: Deployment, type: string): [Resource | undefined, string[]] {
  const found = ofType(deployment, type);
  return [
    found[0],
    found.length === 1 ? [] : [`There are ${found.length} resources ${type}, must be one.`],
  ];
}

/** Where the package is; the other container holds what was approved. */
export const packageContainer = (deployment: Deployment): Resource | undefined =>
  ofType(deployment, "Microsoft.Storage/storageAccounts/blobServices/containers").find(
    ({ name }) => !name.endsWith("/consent"),
  );

/** Complains when two lists do not hold the same, in whatever order. */
export function sameSet(
  actual: readonly string[],
  expected: readonly string[],
  what: string,
): string[] {
  const missing = expected.filter((each) => !actual.includes(each));
  const surplus = actual.filter((each) => !expected.includes(each));
  const twice = actual.filter((each, index) => actual.indexOf(each) !== index);
  return [
    ...missing.map((each) => `${what}: ${each} is missing.`),
    ...surplus.map((each) => `${what}: ${each} does not belong there.`),
    ...twice.map((each) => `${what}: ${each} stands there twice.`),
  ];
}

/** Every text within a value, with the path to it. */
export function* textsWithin(value: Json, path = ""): Generator<[path: string, text: string]> {
  if (typeof value === "string") yield [path, value];
  else if (Array.isArray(value))
    for (const [index, each] of value.entries()) yield* textsWithin(each, `${path}[${index}]`);
  else if (value !== null && typeof value === "object")
    for (const [name, each] of Object.entries(value))
      yield* textsWithin(each, path === "" ? name : `${path}.${name}`);
}

export const appSettings = (deployment: Deployment): Readonly<Record<string, string>> =>
  (ofType(deployment, "Microsoft.Web/sites/config").find(({ name }) =>
    name.endsWith("/appsettings"),
  )?.body.properties ?? {}) as Record<string, string>;

export const authSettings = (deployment: Deployment): Resource | undefined =>
  ofType(deployment, "Microsoft.Web/sites/config").find(({ name }) =>
    name.endsWith("/authsettingsV2"),
  );

/** The registration of the API, by the end of its unique name. */
export const apiRegistration = (deployment: Deployment): Resource | undefined =>
  ofType(deployment, "Microsoft.Graph/applications").find(({ body }) =>
    String(at(body, "properties.uniqueName")).endsWith("-api"),
  );

/** The app's own identity, and those beside it that act at Dataverse. */
export function identitiesOf(
  deployment: Deployment,
): [own: Resource | undefined, others: readonly Resource[]] {
  const all = ofType(deployment, "Microsoft.ManagedIdentity/userAssignedIdentities");
  const [own] = [...all].sort((one, other) => one.name.length - other.name.length);
  const others = all
    .filter((each) => each !== own)
    .sort((one, other) => one.name.localeCompare(other.name));
  return [own, others];
}
