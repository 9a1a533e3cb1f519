import { DataverseError } from "../../model";
import type { Json } from "../json/labels";
import { compileFilter } from "./filter";

/** A definition on its way out: plain properties, and what `$expand` or a path may ask for. */
export interface Resource {
  /** `EntityMetadata`, for refusals. */
  type: string;
  json: Json;
  links: Readonly<Record<string, () => Resource | Resource[] | null>>;
}

export interface Options {
  select?: readonly string[];
  filter?: string;
  expand: readonly { name: string; options: Options }[];
}

function bad(message: string): DataverseError {
  return new DataverseError(400, "0x80060888", message);
}

/** Splits at `separator` outside parentheses and quotes. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === separator && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

function parseExpand(text: string): Options["expand"] {
  return split(text, ",").map((item) => {
    const [, name, inner] = /^(\w+)(?:\((.*)\))?$/s.exec(item) ?? [];
    if (name === undefined) throw bad(`Syntax error in $expand: '${item}'.`);
    const pairs = split(inner ?? "", ";").map((pair): [string, string] => {
      const equals = pair.indexOf("=");
      return [pair.slice(0, equals).trim(), pair.slice(equals + 1)];
    });
    return { name, options: readOptions(new Map(pairs)) };
  });
}

const IGNORED: ReadonlySet<string> = new Set(["LabelLanguages", "$count", "api-version"]);

/** The query options that definitions know. Paging and ordering are refused, as Dataverse does. */
export function readOptions(query: ReadonlyMap<string, string>): Options {
  const options: Options = { expand: [] };
  for (const [name, value] of query) {
    if (name === "$select") options.select = split(value, ",");
    else if (name === "$filter") options.filter = value;
    else if (name === "$expand") options.expand = parseExpand(value);
    else if (name.startsWith("$") && !IGNORED.has(name)) {
      throw bad(`The query parameter ${name} is not supported`);
    }
  }
  return options;
}

function demandKnown(resource: Resource, names: readonly string[]): void {
  for (const name of names) {
    if (name in resource.json || name in resource.links) continue;
    throw bad(
      `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${resource.type}'.`,
    );
  }
}

function selected(resource: Resource, select: readonly string[] | undefined): Json {
  if (select === undefined) return { ...resource.json };
  demandKnown(resource, select);
  const result: Json = {};
  for (const name of ["@odata.type", ...select, "MetadataId"]) {
    if (name in resource.json) result[name] = resource.json[name];
  }
  return result;
}

/** What the context says of a selection: `(LogicalName,Attributes(LogicalName))`. */
export function selectionText({ select = [], expand }: Options): string {
  const names = [
    ...select,
    ...expand.map(({ name, options }) => `${name}${selectionText(options) || "()"}`),
  ];
  return names.length === 0 ? "" : `(${names.join(",")})`;
}

/** One definition with the properties and expansions asked for. `MetadataId` is always there. */
export function shapeOne(resource: Resource, options: Options): Json {
  const result = selected(resource, options.select);
  for (const { name, options: inner } of options.expand) {
    const link = resource.links[name];
    if (link === undefined) {
      throw bad(
        `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${resource.type}'.`,
      );
    }
    const target = link();
    if (target === null) result[name] = null;
    else result[name] = Array.isArray(target) ? shapeMany(target, inner) : shapeOne(target, inner);
  }
  return result;
}

/** The definitions that pass the filter. A name in `$select` that one of them lacks is refused: derived properties need a cast. */
export function shapeMany(resources: readonly Resource[], options: Options): Json[] {
  let rows = resources;
  const first = resources[0];
  if (options.filter !== undefined && first !== undefined) {
    const keep = compileFilter(options.filter, new Set(Object.keys(first.json)), first.type);
    rows = resources.filter((resource) => keep(resource.json));
  }
  return rows.map((resource) => shapeOne(resource, options));
}
