import type { Act } from "../trace";
import type { DataverseRequest } from "./request";

type Json = Readonly<Record<string, unknown>>;

const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const place = /^([A-Za-z_]\w*)(?:\(([^()]*)\))?(?:\/(.*))?$/;
const kinds: Readonly<Record<string, string>> = { PATCH: "update", DELETE: "delete" };

/** What a request changes, by names and ids alone; a change set is several. */
export const actsOf = (request: DataverseRequest): Act[] =>
  (request.changeSet ?? [request]).map(actOf);

function actOf({ method, path, headers, body }: DataverseRequest): Act {
  const [, head = path, key = "", rest = ""] = place.exec(path) ?? [];
  const operation = rest.replace("Microsoft.Dynamics.CRM.", "");
  const isRow = key !== "" && operation === "";
  const isNew = headers?.["If-None-Match"] === "*";
  const isDefinition = /Definitions$/.test(head);
  const [what, set] =
    isDefinition || (key === "" && method === "POST")
      ? [`${method} ${[head, operation].filter(Boolean).join("/")}`, undefined]
      : [isRow ? (isNew ? "create" : (kinds[method] ?? method)) : operation, head];
  const named = isDefinition ? [] : (key.match(guid) ?? []);
  return {
    what: what.replace(/^POST (?!.*Definitions)/, ""),
    set: set ?? (isDefinition ? /'(\w+)'/.exec(key)?.[1] : undefined),
    rows: [...new Set([...named, ...(isRow ? [] : idsIn(body))].map((id) => id.toLowerCase()))],
    columns: columnsIn(body, !isRow),
    outcome: undefined,
  };
}

/** Ids of rows among the parameters of an operation: keys (`incidentid`) and references, never other text. */
function idsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(idsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value as Json).flatMap(([key, each]) => {
    if (typeof each !== "string") return idsIn(each);
    const isReference = /id(@odata\.bind)?$/i.test(key) || key.endsWith("@odata.bind");
    const ids = each.match(guid) ?? [];
    const isAlone = ids.length === 1 && /^(\/?\w+\()?[0-9a-f-]{36}\)?$/i.test(each);
    return isReference && isAlone ? ids : [];
  });
}

/** @param isDeep the parameters of an operation hold rows, whose columns are meant */
function columnsIn(body: unknown, isDeep: boolean): readonly string[] {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return [];
  const names = Object.entries(body as Json).flatMap(([key, value]) => {
    if (key.startsWith("@")) return [];
    const [name = ""] = key.split("@");
    return isDeep ? [name, ...columnsIn(value, true).map((each) => `${name}.${each}`)] : [name];
  });
  return [...new Set(names)];
}
