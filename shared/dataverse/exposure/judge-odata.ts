import type { Table } from "../metadata/types";
import { type Definitions, plainName } from "./definitions";
import { notJudged } from "./refusal";

type Query = Readonly<Record<string, string | undefined>>;

/** Options that say nothing of a column. */
const harmless: ReadonlySet<string> = new Set(["$top", "$count"]);

/**
 * @param table whose rows are asked for
 * @throws AppError `forbidden` for what names, follows or sorts by something hidden, and for what this does not understand
 */
export async function judgeOptions(
  definitions: Definitions,
  table: Table,
  query: Query,
): Promise<void> {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  if (!given.some(([name]) => name === "$select") && !definitions.showsAll(table))
    throw notJudged(`a request for all columns of ${table.logicalName}`);
  for (const [name, value] of given) {
    if (name === "$select") judgeSelect(definitions, table, value);
    else if (name === "$filter") await judgeFilter(definitions, table, value);
    else if (name === "$orderby") await judgeOrder(definitions, table, value);
    else if (name === "$expand") await judgeExpand(definitions, table, value);
    else if (!harmless.has(name)) throw notJudged(`a query with ${name}`);
  }
}

function judgeSelect(definitions: Definitions, table: Table, select: string): void {
  for (const name of select.split(",")) {
    const column = name.trim();
    if (!/^\w+$/.test(column)) throw notJudged(`a query with $select=${column.slice(0, 50)}`);
    definitions.mustShowColumn(table, column);
  }
}

/** A filter without its texts; a quotation mark inside of one is doubled. */
const withoutTexts = (filter: string): string => filter.replace(/'[^']*'/g, "''");

/** Names and paths of names; operators and functions look the same and are no column of any table. */
async function judgeFilter(definitions: Definitions, table: Table, filter: string): Promise<void> {
  if (filter.includes("Microsoft.Dynamics.CRM.")) await judgeFunctions(definitions, table, filter);
  for (const [name] of withoutTexts(filter).matchAll(/[A-Za-z_][\w./:]*/g)) {
    if (!name.startsWith("Microsoft.Dynamics.CRM.")) await judgePath(definitions, table, name);
  }
}

/** Functions of Dataverse name a column by a text: `Microsoft.Dynamics.CRM.In(PropertyName='title',…)`. */
async function judgeFunctions(
  definitions: Definitions,
  table: Table,
  filter: string,
): Promise<void> {
  const named = [...filter.matchAll(/PropertyName='([^']*)'/g)];
  const functions = filter.split("Microsoft.Dynamics.CRM.").length - 1;
  if (named.length !== functions) throw notJudged("a filter with such a function");
  for (const [, name = ""] of named) await judgePath(definitions, table, name);
}

async function judgePath(definitions: Definitions, table: Table, path: string): Promise<void> {
  const parts = path.split("/");
  const last = parts.pop() ?? "";
  let at = table;
  for (const property of parts) at = await definitions.follow(at, property);
  const isColumn = at.columnByName.has(plainName(last));
  if (isColumn || at !== table) definitions.mustShowColumn(at, last);
}

async function judgeOrder(definitions: Definitions, table: Table, order: string): Promise<void> {
  for (const each of order.split(",")) {
    const path = each.trim().split(/\s+/)[0] ?? "";
    await judgePath(definitions, table, path);
    if (definitions.nameless(table, path) !== undefined)
      throw notJudged(`an order by ${path}, whose rows have no names here`);
  }
}

/** `nav`, or `nav($select=a,b;$filter=…)`, each followed by a comma or the end. */
async function judgeExpand(definitions: Definitions, table: Table, expand: string): Promise<void> {
  for (const part of splitOutside(expand, ",")) {
    const open = part.indexOf("(");
    const property = (open < 0 ? part : part.slice(0, open)).trim();
    const inside = open < 0 ? "" : part.slice(open + 1).trim();
    if (open >= 0 && !inside.endsWith(")")) throw notJudged("such an $expand");
    const target = await definitions.follow(table, property);
    const options = splitOutside(inside.slice(0, -1), ";").filter((each) => each.trim() !== "");
    const pairs = options.map((each): [string, string] => {
      const equals = each.indexOf("=");
      return [each.slice(0, Math.max(0, equals)).trim(), each.slice(equals + 1)];
    });
    await judgeOptions(definitions, target, Object.fromEntries(pairs));
  }
}

/** Parts between marks that stand outside of brackets and texts. */
export function splitOutside(text: string, mark: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let isText = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "'") isText = !isText;
    else if (isText) continue;
    else if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === mark && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)];
}
