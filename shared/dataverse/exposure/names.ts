import { annotationNames, formattedValue, lookupTable } from "../annotations";
import type { DataverseRequest } from "../request";
import type { Shown } from "./view";

type Json = Readonly<Record<string, unknown>>;

const annotations = /odata\.include-annotations="([^"]*)"/;

/** The same request, which asks for the type of each row that it asks the name of. */
export function withTypes(request: DataverseRequest): DataverseRequest {
  const { Prefer = "" } = request.headers ?? {};
  const [, list = ""] = annotations.exec(Prefer) ?? [];
  const asked = list.split(",");
  const { formattedValue: name, lookupTable: type } = annotationNames;
  if (!asked.includes(name) || asked.includes(type)) return request;
  const widened = Prefer.replace(
    annotations,
    () => `odata.include-annotations="${[...asked, type].join(",")}"`,
  );
  return { ...request, headers: { ...request.headers, Prefer: widened } };
}

/**
 * An answer without the names of rows that are hidden, or whose name column is.
 *
 * @param nameless properties whose row may be such a one; without its type it counts as one
 */
export function cleaned(body: unknown, shown: Shown, nameless: ReadonlySet<string>): unknown {
  if (Array.isArray(body)) return body.map((each) => cleaned(each, shown, nameless));
  if (typeof body !== "object" || body === null) return body;
  const row = body as Json;
  const kept = Object.entries(row).flatMap(([key, value]): [string, unknown][] => {
    if (!key.endsWith(formattedValue)) return [[key, cleaned(value, shown, nameless)]];
    const property = key.slice(0, -formattedValue.length);
    const type = row[property + lookupTable];
    const isHidden = typeof type === "string" ? shown.hidesNames(type) : nameless.has(property);
    return isHidden ? [] : [[key, value]];
  });
  return Object.fromEntries(kept);
}
