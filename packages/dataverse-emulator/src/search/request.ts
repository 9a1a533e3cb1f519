import { DataverseError, type World } from "../model";
import { isStored } from "../store";
import { type SearchTable, searchTables } from "./tables";

/** A table to be searched, its columns checked. */
export interface Scope extends SearchTable {
  /** Columns of the answer. */
  readonly select: readonly string[];
  /** Columns that are searched, as FTS5 calls them; undefined searches all. */
  readonly searched: ReadonlySet<string> | undefined;
  readonly filter: string | undefined;
}

export interface SearchRequest {
  readonly search: string;
  readonly scopes: readonly Scope[];
  /** Whether the caller named the tables. */
  readonly named: boolean;
  readonly filter: string | undefined;
  readonly orderby: readonly string[];
  readonly facets: readonly string[];
  readonly count: boolean;
  readonly skip: number;
  readonly top: number;
  readonly lucene: boolean;
  readonly matchAll: boolean;
  readonly bestEffort: boolean;
  readonly groupRanking: boolean;
  readonly fuzzy: boolean;
}

type Json = Readonly<Record<string, unknown>>;

export const invalid = (message: string) => new DataverseError(400, "0x80040203", message);

/** Members by their names in lower case: clients write them either way. */
const lowered = (value: Json): Json =>
  Object.fromEntries(Object.entries(value).map(([name, one]) => [name.toLowerCase(), one]));

/** JSON in a string, as the members `entities`, `facets`, `orderby` and `options` are; single quotes pass, too. */
function parsed(name: string, value: unknown): unknown {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") return value;
  for (const text of [value, value.replaceAll("'", '"')]) {
    try {
      return JSON.parse(text);
    } catch {
      // The second reading is tried, then it is refused.
    }
  }
  throw invalid(`The value of '${name}' is not valid JSON: ${value.slice(0, 100)}`);
}

function strings(name: string, value: unknown): string[] {
  const list = parsed(name, value);
  if (list === undefined) return [];
  if (Array.isArray(list) && list.every((each) => typeof each === "string")) return list;
  throw invalid(`'${name}' must be a serialized list of strings.`);
}

function wholeNumber(name: string, value: unknown, otherwise: number, most: number): number {
  if (value === undefined || value === null) return otherwise;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most) {
    return value;
  }
  throw invalid(`'${name}' must be a whole number from 0 to ${most}.`);
}

const isOn = (value: unknown) => value === true || String(value).toLowerCase() === "true";

function scopeOf(table: SearchTable, entry: Json): Scope {
  const { entity, columns } = table;
  const primary = entity.primaryNameAttribute ?? entity.primaryIdAttribute;
  const select = strings("selectcolumns", entry.selectcolumns).map((name) => name.toLowerCase());
  for (const name of select) {
    const attribute = entity.attribute(name);
    if (attribute !== undefined && isStored(attribute)) continue;
    throw new DataverseError(
      400,
      "0x80041103",
      `'${entity.logicalName}' entity doesn't contain attribute with Name = '${name}' and NameMapping = 'Logical'.`,
    );
  }
  const written = strings("searchcolumns", entry.searchcolumns).map((name) => name.toLowerCase());
  const searched = (written.length === 0 ? [primary] : written).map((name) => {
    const at = columns.findIndex((column) => column.logicalName === name);
    if (at >= 0) return `c${at}`;
    throw invalid(
      `The column '${name}' of '${entity.logicalName}' is not indexed. Indexed are: ${columns.map((column) => column.logicalName).join(", ")}.`,
    );
  });
  const { filter } = entry;
  if (filter !== undefined && filter !== null && typeof filter !== "string") {
    throw invalid("'filter' must be a string.");
  }
  return {
    ...table,
    select: select.length === 0 ? [primary] : select,
    searched: new Set(searched),
    filter: filter || undefined,
  };
}

/** Every table that is enabled, all its indexed columns searched, as it is without `entities`. */
const wholeScope = (table: SearchTable): Scope => ({
  ...table,
  select: [table.entity.primaryNameAttribute ?? table.entity.primaryIdAttribute],
  searched: undefined,
  filter: undefined,
});

function scopesOf(world: World, value: unknown, isFirstVersion: boolean): Scope[] | undefined {
  const tables = searchTables(world);
  const list = parsed("entities", value);
  if (list === undefined) return undefined;
  if (!Array.isArray(list)) throw invalid("'entities' must be a serialized list.");
  if (list.length === 0) return undefined;
  return list.map((each: unknown) => {
    const entry = typeof each === "string" && isFirstVersion ? { name: each } : each;
    const isObject = typeof entry === "object" && entry !== null && !Array.isArray(entry);
    const { name, ...rest } = isObject ? lowered(entry as Json) : { name: undefined };
    const table = tables.find(({ entity }) => entity.logicalName === name);
    if (table === undefined) {
      throw new DataverseError(400, "0x80060201", `Invalid Search Entity - ${String(name)}.`);
    }
    return isFirstVersion ? wholeScope(table) : scopeOf(table, rest);
  });
}

/** What both versions mean, from the body of the second, or of the first (`searchmode`, `searchtype`, lists as lists). */
export function readSearch(
  world: World,
  body: Json,
  version: "1.0" | "2.0",
  limits: { readonly top: number; readonly mostTop: number; readonly least: number },
): SearchRequest {
  const given = lowered(body);
  const isFirst = version === "1.0";
  const { search, filter } = given;
  if (typeof search !== "string" || search.trim() === "") {
    throw invalid("Required field 'search' is missing");
  }
  if (search.length > 100) {
    throw new DataverseError(400, "0x800401ff", "Search Text Length Exceeded.");
  }
  if (search.trim().length < limits.least) {
    throw invalid(`'search' must have at least ${limits.least} characters.`);
  }
  const options = parsed("options", given.options) ?? {};
  // Before they were an object, options were a list of words.
  const flags = Array.isArray(options)
    ? { lucene: options.includes("lucene"), all: options.includes("searchmodelall") }
    : { lucene: false, all: false };
  const settings = Array.isArray(options) ? {} : lowered(options as Json);
  const scopes = scopesOf(world, given.entities, isFirst);
  const text = (name: string) => String(settings[name] ?? "").toLowerCase();
  return {
    search,
    scopes: scopes ?? searchTables(world).map(wholeScope),
    named: scopes !== undefined,
    filter: typeof filter === "string" && filter.trim() !== "" ? filter : undefined,
    orderby: strings("orderby", given.orderby),
    facets: strings("facets", given.facets),
    count: isOn(given.count ?? given.returntotalrecordcount),
    skip: wholeNumber("skip", given.skip, 0, 100_000),
    top: wholeNumber("top", given.top, limits.top, limits.mostTop),
    lucene: flags.lucene || text("querytype") === "lucene" || given.searchtype === "full",
    matchAll:
      flags.all ||
      text("searchmode") === "all" ||
      String(given.searchmode ?? "").toLowerCase() === "all",
    bestEffort: isOn(settings.besteffortsearchenabled),
    groupRanking: isOn(settings.grouprankingenabled),
    fuzzy: isOn(given.fuzzy ?? given.usefuzzy),
  };
}
