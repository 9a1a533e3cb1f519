/** What a value of an answer must be. `optional` stands there, and may be null. */
export type ValueKind = "guid" | "list" | "object" | "optional" | "text";

/**
 * Status and shape of the one answer that Dataverse gives to a request when it carried it out. Stated next to the request, so that
 * nothing else is ever taken for it: an empty 200 from a gateway is not a row that was created.
 */
export type Expected =
  /** 204 that names no row: deleted, linked, done. */
  | "noContent"
  /** 204 with the address of what was made in `OData-EntityId`. */
  | "entityId"
  /** The same, with this id, which the request chose. */
  | { readonly entityId: string }
  /** 204 with the address of the row that was changed, which has this id. */
  | { readonly changeOf: string }
  /** 200 with one row. */
  | "record"
  /** 200 with that row: of this set, and with this id where its key is among its columns. */
  | { readonly recordOf: { readonly set: string; readonly key: string; readonly id: string } }
  /** 200 with rows of this set in `value`. */
  | { readonly pageOf: string }
  /** 200 with rows in `value`. */
  | "page"
  /** 200 with what `RetrieveMetadataChanges` gives: tables by name, and the stamp of the moment. */
  | "definitions"
  /** 200 with one member of `EntityDefinitions`. */
  | "definition"
  /** 200 with the result of an action or a function, which has these values. */
  | { readonly result: Readonly<Record<string, ValueKind>> }
  /** Any of these: what differs between releases of the service. */
  | { readonly oneOf: readonly Expected[] };

/** An answer as it came, its body parsed where it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  readonly body: unknown;
}

type Json = Readonly<Record<string, unknown>>;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Addresses of definitions name a table by its logical name, all others by a GUID. */
const madeAt = /\((?:[^()]*=')?([^()']+)'?\)$/;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const isKind: Readonly<Record<ValueKind, (value: unknown) => boolean>> = {
  guid: (value) => typeof value === "string" && guid.test(value),
  list: (value) => Array.isArray(value),
  object: isObject,
  optional: (value) => value !== undefined,
  text: (value) => typeof value === "string",
};

/**
 * Why an answer below 400 is not the expected one, in a few words for the log; undefined where it is. The headers that it asks
 * for are those that OData demands of every answer: a stranger's page lacks them.
 *
 * @see https://docs.oasis-open.org/odata/odata/v4.0/errata03/os/complete/part1-protocol/odata-v4.0-errata03-os-part1-protocol-complete.html#_Toc453752228
 */
export function objectionTo(answer: Answer, expected: Expected): string | undefined {
  if (typeof expected === "object" && "oneOf" in expected) {
    const objections = expected.oneOf.map((one) => objectionTo(answer, one));
    return objections.includes(undefined) ? undefined : objections.join("; ");
  }
  if (answer.headers.get("odata-version") === undefined) return "no OData-Version";
  return isEmptyAnswer(expected)
    ? objectionToEmpty(answer, expected)
    : objectionToBody(answer, expected);
}

type Empty =
  | "noContent"
  | "entityId"
  | { readonly entityId: string }
  | { readonly changeOf: string };
type Bodied = Exclude<Expected, Empty | { readonly oneOf: readonly Expected[] }>;

const isEmptyAnswer = (expected: Empty | Bodied): expected is Empty =>
  expected === "noContent" ||
  expected === "entityId" ||
  (typeof expected === "object" && ("entityId" in expected || "changeOf" in expected));

function objectionToEmpty({ status, headers }: Answer, expected: Empty): string | undefined {
  if (status !== 204) return `status ${status} in place of 204`;
  const id = madeAt.exec(headers.get("odata-entityid") ?? "")?.[1];
  if (expected === "noContent")
    return id === undefined ? undefined : "an OData-EntityId where no row is named";
  if (id === undefined) return "no OData-EntityId";
  if (expected === "entityId") return undefined;
  const named = "changeOf" in expected ? expected.changeOf : expected.entityId;
  return isSameId(id, named) ? undefined : "an OData-EntityId of something else";
}

function objectionToBody({ status, headers, body }: Answer, expected: Bodied): string | undefined {
  if (status !== 200) return `status ${status} in place of 200`;
  if (!/^application\/json\b/i.test(headers.get("content-type") ?? "")) return "not of type JSON";
  if (!isObject(body)) return "no object";
  const context = body["@odata.context"];
  if (!isText(context)) return "no @odata.context";
  const isEntity = context.endsWith("/$entity");
  switch (expected) {
    case "record":
      return isEntity ? undefined : "not one row";
    case "page":
      return isEntity ? "one row in place of a page" : objectionToRows(body.value);
    case "definition":
      return isText(body.LogicalName) && isKind.guid(body.MetadataId) ? undefined : "no definition";
    case "definitions":
      return objectionToDefinitions(body);
    default:
      return objectionToNamed(body, context, expected);
  }
}

/** What says more than its kind: which row, which set, which values. */
function objectionToNamed(
  body: Json,
  context: string,
  expected: Extract<Bodied, object>,
): string | undefined {
  if ("recordOf" in expected) return objectionToRow(body, context, expected.recordOf);
  if ("pageOf" in expected) {
    const isPage = !context.endsWith("/$entity") && isOfSet(context, expected.pageOf);
    return isPage ? objectionToRows(body.value) : "rows of something else";
  }
  const wrong = Object.entries(expected.result).find(([key, kind]) => !isKind[kind](body[key]));
  return wrong && `no ${wrong[1]} in ${wrong[0]}`;
}

function objectionToRow(
  body: Json,
  context: string,
  { set, key, id }: { readonly set: string; readonly key: string; readonly id: string },
): string | undefined {
  if (!context.endsWith("/$entity")) return "not one row";
  if (!isOfSet(context, set)) return "a row of something else";
  const own = body[key];
  return own === undefined || (typeof own === "string" && isSameId(own, id))
    ? undefined
    : "another row";
}

/** `…/$metadata#incidents(title)/$entity`: the set whose rows an answer holds. */
const isOfSet = (context: string, set: string): boolean =>
  /#(\w+)(?:[(/]|$)/.exec(context)?.[1] === set;

const isSameId = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function objectionToRows(value: unknown): string | undefined {
  if (!Array.isArray(value)) return "no list in value";
  return value.every(isObject) ? undefined : "a row that is no object";
}

function objectionToDefinitions({ EntityMetadata, ServerVersionStamp }: Json): string | undefined {
  if (!isText(ServerVersionStamp)) return "no ServerVersionStamp";
  if (!Array.isArray(EntityMetadata)) return "no list in EntityMetadata";
  return EntityMetadata.every((each) => isObject(each) && isText(each.LogicalName))
    ? undefined
    : "a table without a name";
}
