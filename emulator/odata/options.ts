import { type Filter, parseFilter } from "./filter";
import { invalid } from "./literal";

export interface Order {
  readonly path: readonly string[];
  readonly descending: boolean;
}

/** The query options of one level: of the request, or of an expanded property. */
export interface Options {
  readonly select: readonly string[] | undefined;
  readonly filter: Filter | undefined;
  readonly orderby: readonly Order[];
  readonly top: number | undefined;
  readonly count: boolean;
  readonly expand: readonly Expand[];
  readonly apply: string | undefined;
  readonly skipToken: string | undefined;
}

export interface Expand {
  readonly property: string;
  readonly options: Options;
}

const known = new Set([
  "$select",
  "$filter",
  "$orderby",
  "$top",
  "$count",
  "$expand",
  "$apply",
  "$skiptoken",
]);
const deepestExpand = 10;

/**
 * @param query names and decoded values
 * @throws DataverseError 400 0x80060888 for an option that Dataverse does not have
 */
export function readOptions(
  query: ReadonlyMap<string, string>,
  aliases: ReadonlyMap<string, string>,
  depth = 0,
): Options {
  for (const name of query.keys()) {
    if (name === "$skip") throw invalid("Skip Clause is not supported in CRM.");
    if (name.startsWith("$") && !known.has(name))
      throw invalid(`The query parameter '${name}' is not supported.`);
    if (!name.startsWith("$") && !name.startsWith("@") && name !== "tag") {
      throw invalid(`The query parameter '${name}' is not supported.`);
    }
  }
  const filter = query.get("$filter");
  const count = query.get("$count");
  if (count !== undefined && count !== "true" && count !== "false")
    throw invalid(`'${count}' is not a value of $count: true or false.`);
  return {
    select: names(query.get("$select")),
    filter: filter === undefined ? undefined : parseFilter(filter, aliases),
    orderby: readOrder(query.get("$orderby")),
    top: readTop(query.get("$top")),
    count: count === "true",
    expand: readExpand(query.get("$expand"), aliases, depth),
    apply: query.get("$apply"),
    skipToken: query.get("$skiptoken"),
  };
}

function names(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const list = text.split(",").map((name) => name.trim());
  if (list.some((name) => !/^(\*|\w+)$/.test(name)))
    throw invalid(`Term '${text.slice(0, 100)}' is not valid in a $select expression.`);
  return list;
}

function readOrder(text: string | undefined): Order[] {
  if (text === undefined) return [];
  return text.split(",").map((part) => {
    const match = /^\s*([\w/]+)(?:\s+(asc|desc))?\s*$/.exec(part);
    if (match === null) throw invalid(`Syntax error in $orderby: '${part.trim().slice(0, 100)}'.`);
    return { path: (match[1] ?? "").split("/"), descending: match[2] === "desc" };
  });
}

function readTop(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const top = Number(text);
  if (!/^\d+$/.test(text) || top > 2_147_483_647)
    throw invalid(
      `Invalid value '${text.slice(0, 50)}' for $top query option found. The $top query option requires a non-negative integer value.`,
    );
  return top;
}

function readExpand(
  text: string | undefined,
  aliases: ReadonlyMap<string, string>,
  depth: number,
): Expand[] {
  if (text === undefined) return [];
  if (depth >= deepestExpand) throw invalid("$expand is nested too deeply.");
  return splitTop(text, ",").map((part) => {
    const match = /^\s*(\w+)\s*(?:\((.*)\))?\s*$/s.exec(part);
    if (match === null) throw invalid(`Syntax error in $expand: '${part.trim().slice(0, 100)}'.`);
    const inner = new Map(
      splitTop(match[2] ?? "", ";")
        .filter((each) => each.trim() !== "")
        .map((each) => {
          const at = each.indexOf("=");
          if (at < 0) throw invalid(`Syntax error in $expand: '${each.trim().slice(0, 100)}'.`);
          return [each.slice(0, at).trim(), each.slice(at + 1).trim()] as const;
        }),
    );
    return { property: match[1] ?? "", options: readOptions(inner, aliases, depth + 1) };
  });
}

/** Splits at a mark that stands neither in brackets nor in quotes. */
function splitTop(text: string, mark: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "'") isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (char === "(") depth++;
    if (char === ")") depth--;
    if (char === mark && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}
