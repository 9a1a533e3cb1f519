import { DataverseError } from "../../model";
import { parseFilter, readFilter } from "./filter";
import type { Filter } from "./filter-tree";
import { invalid } from "./literal";
import { TokenReader } from "./token-reader";

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
  /** `$expand=primarycontactid/$ref` */
  readonly isReference: boolean;
  readonly options: Options;
  /** The options as they are written, for links: `$select=subject`. */
  readonly texts: readonly string[];
}

const none: Options = {
  select: undefined,
  filter: undefined,
  orderby: [],
  top: undefined,
  count: false,
  expand: [],
  apply: undefined,
  skipToken: undefined,
};

const known = new Set([
  "$select",
  "$filter",
  "$orderby",
  "$top",
  "$count",
  "$expand",
  "$apply",
  "$skiptoken",
  "$deltatoken",
]);
/** Each makes a join. */
const mostExpands = 15;

type Aliases = ReadonlyMap<string, string>;

/**
 * @param query names and decoded values
 * @throws DataverseError 400 0x80060888 for an option that Dataverse does not have
 */
export function readOptions(query: ReadonlyMap<string, string>): Options {
  for (const name of query.keys()) checkName(name);
  const count = query.get("$count");
  if (count !== undefined && count !== "true" && count !== "false")
    throw invalid(
      `Invalid value '${count.slice(0, 50)}' for $count query option found. Valid values are 'true' and 'false'.`,
    );
  const filter = query.get("$filter");
  const expand = whole(query.get("$expand"), (reader) => readExpands(reader)) ?? [];
  checkExpands(expand);
  return {
    select: whole(query.get("$select"), readSelect),
    filter: filter === undefined ? undefined : parseFilter(filter, query),
    orderby: whole(query.get("$orderby"), (reader) => readOrders(reader, query)) ?? [],
    top: readTop(query.get("$top")),
    count: count === "true",
    expand,
    apply: query.get("$apply"),
    skipToken: query.get("$skiptoken"),
  };
}

function checkName(name: string): void {
  if (name === "$skip") throw invalid("Skip Clause is not supported in CRM.");
  const isOwn =
    name.startsWith("@") ||
    name === "tag" ||
    name.toLowerCase() === "partitionid" ||
    known.has(name);
  if (!isOwn) throw invalid(`The query parameter ${name.slice(0, 100)} is not supported.`);
}

function whole<T>(text: string | undefined, read: (reader: TokenReader) => T): T | undefined {
  if (text === undefined) return undefined;
  const reader = new TokenReader(text);
  const result = read(reader);
  reader.end();
  return result;
}

function readSelect(reader: TokenReader): string[] {
  const names: string[] = [];
  do {
    if (reader.accept("*")) names.push("*");
    else {
      const { kind, value, at } = reader.take();
      if (kind !== "name" || reader.is("/"))
        throw invalid(
          `Term '${reader.text.slice(at, at + 100)}' is not valid in a $select or $expand expression.`,
        );
      names.push(value);
    }
  } while (reader.accept(","));
  return names;
}

function readOrders(reader: TokenReader, aliases: Aliases | undefined): Order[] {
  const orders: Order[] = [];
  do {
    const path = readOrderPath(reader, aliases);
    const descending = reader.accept("desc");
    if (!descending) reader.accept("asc");
    // An alias without a value is null, and null sorts nothing.
    if (path !== undefined) orders.push({ path, descending });
  } while (reader.accept(","));
  return orders;
}

function readOrderPath(reader: TokenReader, aliases: Aliases | undefined): string[] | undefined {
  const { kind, value } = reader.peek();
  if (kind !== "alias" || aliases === undefined) return reader.path();
  reader.take();
  const text = aliases.get(value);
  return text === undefined ? undefined : whole(text, (inner) => inner.path());
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

function readExpands(reader: TokenReader): Expand[] {
  const expands: Expand[] = [];
  do {
    const { value: property } = reader.need("name");
    const isReference = reader.accept("/");
    if (isReference) reader.expect("$ref");
    const hasOptions = !isReference && reader.accept("(");
    const texts: string[] = [];
    const options = hasOptions ? reader.nested(() => readNested(reader, texts)) : none;
    expands.push({ property, isReference, options, texts });
  } while (reader.accept(","));
  return expands;
}

/** Options in brackets, separated by semicolons. */
function readNested(reader: TokenReader, texts: string[]): Options {
  let options = none;
  const seen = new Set<string>();
  while (!reader.accept(")")) {
    if (reader.accept(";")) continue;
    const { value: name, at } = reader.need("name");
    if (seen.has(name))
      throw invalid(
        `Query option '${name}' was specified more than once, but it must be specified at most once.`,
      );
    seen.add(name);
    reader.expect("=");
    options = { ...options, ...readOne(reader, name) };
    if (!reader.is(";") && !reader.is(")")) throw reader.error("')' or ';' expected");
    texts.push(reader.text.slice(at, reader.peek().at).trim());
  }
  return options;
}

function readOne(reader: TokenReader, name: string): Partial<Options> {
  switch (name) {
    case "$select":
      return { select: readSelect(reader) };
    case "$filter":
      return { filter: readFilter(reader, undefined) };
    case "$orderby":
      return { orderby: readOrders(reader, undefined) };
    case "$top": {
      const top = readTop(reader.take().value);
      return top === undefined ? {} : { top };
    }
    case "$expand":
      return { expand: readExpands(reader) };
    default:
      throw invalid(
        name === "$skip"
          ? "Skip Clause is not supported in CRM."
          : `The query option ${name.slice(0, 50)} is not supported inside $expand.`,
      );
  }
}

const countExpands = (expands: readonly Expand[]): number =>
  expands.reduce((sum, { options }) => sum + 1 + countExpands(options.expand), 0);

function checkExpands(expands: readonly Expand[]): void {
  const count = countExpands(expands);
  if (count > mostExpands)
    throw new DataverseError(
      400,
      "0x8004430d",
      `Number of link entities (${count}) in query exceeded maximum limit of ${mostExpands}.`,
    );
}

/** True when an expanded property is itself expanded, which changes paging and what the options may be. */
export const isNested = (expands: readonly Expand[]): boolean =>
  expands.some(({ options }) => options.expand.length > 0);
