import { actions } from "./actions";
import type { Change } from "./consequence";

/** A request to Dataverse that changes something, as it goes over the wire. */
export interface WireWrite {
  readonly method: string;
  /** Below `/api/data/v9.2/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Sets of definitions: what is written to them changes tables and columns. */
const definitions: ReadonlySet<string> = new Set([
  "entitydefinitions",
  "relationshipdefinitions",
  "globaloptionsetdefinitions",
  "managedpropertydefinitions",
]);

const key = /^([A-Za-z_]\w*)(?:\(([^()]*)\))?/;
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * What a request would do. Nothing is taken for harmless because it is not understood: a path of an unknown form is an action
 * of an unknown name.
 *
 * @param tableOf logical name of the table whose set has this name in the Web API, in lower case
 */
export function readChange(write: WireWrite, tableOf: (set: string) => string | undefined): Change {
  const [, first = "", inside] = key.exec(write.path) ?? [];
  const rest = write.path.slice(first.length + (inside === undefined ? 0 : inside.length + 2));
  const set = first.toLowerCase();
  const body = objectOf(write.body);
  const none = { table: undefined, id: undefined, action: undefined, body };
  if (definitions.has(set))
    return {
      ...none,
      kind: write.method === "DELETE" ? "schema-delete" : "schema",
      table: /^LogicalName='(\w+)'$/.exec(inside ?? "")?.[1],
    };
  const table = tableOf(set);
  if (table === undefined) return { ...none, ...operation(actionOf(first)) };
  const id = inside !== undefined && guid.test(inside) ? inside.toLowerCase() : undefined;
  const row = { ...none, table, id };
  const bound = /^\/(?:Microsoft\.Dynamics\.CRM\.)?([A-Za-z_]\w*)(?:\(\))?$/.exec(rest);
  if (rest !== "" && write.method === "POST" && rest.includes("Microsoft.Dynamics.CRM."))
    return { ...row, kind: "action", action: bound?.[1] ?? rest };
  // A single property, or a reference to another row, is a column of this one; what is put behind it counts as its value.
  if (rest !== "") {
    const [property = ""] = rest.slice(1).split(/[/(?]/);
    return { ...row, kind: "update", body: { [property]: wrappedValue(body) } };
  }
  if (write.method === "DELETE") return { ...row, kind: "delete" };
  const isNew =
    write.method === "POST" ||
    Object.entries(write.headers ?? {}).some(
      ([name, value]) => name.toLowerCase() === "if-none-match" && value === "*",
    );
  return { ...row, kind: isNew ? "create" : "update" };
}

/** What is put into a single property is wrapped; a reference is said as text. */
const wrappedValue = (body: Change["body"]): unknown =>
  "value" in body ? body.value : JSON.stringify(body);

/** Some changes of definitions are operations by name. */
function operation(name: string): Pick<Change, "kind" | "action"> {
  const meaning = Object.hasOwn(actions, name) ? actions[name] : undefined;
  const kind = meaning === "schema" || meaning === "schema-delete" ? meaning : "action";
  return { kind, action: name };
}

const actionOf = (name: string) => name.replace(/^Microsoft\.Dynamics\.CRM\./, "");

const objectOf = (body: unknown): Change["body"] =>
  typeof body === "object" && body !== null && !Array.isArray(body) ? (body as Change["body"]) : {};

/** Logical names of the columns that a body writes: `ownerid@odata.bind` and `_ownerid_value` are `ownerid`. */
export const columnsOf = (body: Change["body"]): readonly string[] =>
  Object.keys(body)
    .filter((name) => !name.startsWith("@"))
    .map((name) =>
      name
        .toLowerCase()
        .split("@", 1)
        .join("")
        .replace(/^_(\w+)_value$/, "$1"),
    );
