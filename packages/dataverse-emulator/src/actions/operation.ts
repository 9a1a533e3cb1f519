import { DataverseError, type WebRequest, type WebResponse, type World } from "../model";
import { invalidArgument } from "./access";
import { isObject, parametersOf } from "./reference";

/**
 * An action (POST) or function (GET) with its signature, as `$metadata` shows it. Types are those of CSDL, without
 * namespace where they are Dataverse's own; a `!` at the end says that null is not taken.
 */
export interface Operation {
  readonly kind: "Action" | "Function";
  /** Table whose row it is called on; undefined when it stands alone. */
  readonly boundTo?: string;
  /** More tables on whose rows it may be called. */
  readonly alsoBoundTo?: readonly string[];
  /** Called on the whole set (`emails/Microsoft.Dynamics.CRM.X`). */
  readonly onCollection?: boolean;
  /** Clients are seen to call it by GET and by POST. */
  readonly anyVerb?: boolean;
  readonly parameters: Readonly<Record<string, string>>;
  /** A type, or the properties of the complex type `<name>Response`; undefined returns nothing. */
  readonly returns?: string | Readonly<Record<string, string>>;
  /** `id` is the row's when it is bound to one, else empty. */
  run(request: WebRequest, world: World, id: string): WebResponse;
}

const badPayload = (what: string) =>
  new DataverseError(
    400,
    "0x80048d19",
    `Error identified in Payload provided by the user for Entity :'', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: ${what}`,
  );

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a JSON value can be read as a primitive type; the platform looks at what it says afterwards. */
const readers: Readonly<Record<string, (value: unknown) => boolean>> = {
  // Whether it is base64 is for the action to say.
  "Edm.Binary": (value) => typeof value === "string",
  "Edm.Boolean": (value) => typeof value === "boolean",
  "Edm.DateTimeOffset": (value) =>
    typeof value === "string" && !Number.isNaN(new Date(value).getTime()),
  "Edm.Guid": (value) => typeof value === "string" && guid.test(value),
  "Edm.Int32": (value) => Number.isInteger(value) && Math.abs(Number(value)) <= 2_147_483_648,
  "Edm.Int64": (value) => Number.isSafeInteger(value),
  "Edm.String": (value) => typeof value === "string",
};

function checkValue(name: string, type: string, value: unknown): void {
  const bare = type.replace(/!$/, "");
  if (value === null) return;
  if (bare.startsWith("Collection(")) {
    if (Array.isArray(value)) return;
    throw badPayload(
      `When trying to read the value of the parameter '${name}' of type '${bare}', a 'StartArray' node was expected.`,
    );
  }
  const reads = readers[bare];
  if (reads === undefined) {
    if (typeof value !== "string" && !Array.isArray(value)) return;
    throw badPayload(
      `When trying to read the value of the parameter '${name}' of type 'Microsoft.Dynamics.CRM.${bare}', a 'StartObject' node was expected.`,
    );
  }
  if (typeof value === "object") {
    const node = Array.isArray(value) ? "StartArray" : "StartObject";
    throw badPayload(
      `An unexpected '${node}' node was found for property named '${name}' when reading from the JSON reader. A 'PrimitiveValue' node was expected.`,
    );
  }
  if (!reads(value)) {
    throw badPayload(
      `Cannot convert the literal '${String(value).slice(0, 100)}' to the expected type '${bare}' (parameter '${name}').`,
    );
  }
}

/** Refuses parameters that an action does not have, of another type, and those missing that it must have. */
export function checkParameters(name: string, operation: Operation, body: unknown): void {
  const given = parametersOf(body);
  for (const [parameter, value] of Object.entries(given)) {
    if (parameter.includes("@")) continue;
    const type = Object.hasOwn(operation.parameters, parameter)
      ? operation.parameters[parameter]
      : undefined;
    if (type === undefined) {
      throw badPayload(
        `The parameter '${parameter}' in the request payload is not a valid parameter for the operation '${name}'.`,
      );
    }
    checkValue(parameter, type, value);
  }
  for (const [parameter, type] of Object.entries(operation.parameters)) {
    if (!type.endsWith("!") || (given[parameter] !== undefined && given[parameter] !== null))
      continue;
    throw invalidArgument(`Required field '${parameter}' is missing`);
  }
}

/** Members of a complex parameter, or nothing. */
export const objectParameter = (body: unknown, name: string): Record<string, unknown> => {
  const value = parametersOf(body)[name];
  return isObject(value) ? value : {};
};
