import { recordLine } from "../../../text/records/record-text";
import type { CatalogColumn } from "../../catalog";
import { conditionFunction } from "../../fetchxml/condition-functions";
import { nearest } from "../../nearest";
import type { Identifier } from "../../parser/ast";
import type { Relation, TableRelation } from "./relation";

export interface ColumnAdvice {
  /** The name as written. */
  readonly parts: readonly Identifier[];
  /** Where it was looked for. */
  readonly within: readonly Relation[];
  /** All relations of the query, and of those around it. */
  readonly all: readonly Relation[];
  /** What the names of the SELECT list stand for. */
  readonly aliases: ReadonlyMap<string, string>;
}

interface Advice {
  readonly hint?: string | undefined;
  readonly suggestions: readonly string[];
  /** Not a guess: what was meant is plain. */
  readonly isCertain?: true;
}

const isTable = (relation: Relation): relation is TableRelation => relation.kind === "table";
const loose = (text: string) => text.toLowerCase().replace(/[\s_-]+/g, "");

/** What was meant by a column that there is not. */
export function adviseColumn(asked: ColumnAdvice, source: string): Advice {
  return (
    throughLookup(asked) ??
    aliasOfSelect(asked, source) ??
    conditionOfService(asked) ??
    navigationProperty(asked) ??
    elsewhere(asked) ??
    nearOnes(asked)
  );
}

/** `i.customerid.name` */
function throughLookup({ parts, all }: ColumnAdvice): Advice | undefined {
  const [last, lookupName, alias] = [...parts].reverse();
  if (!last || !lookupName) return undefined;
  const tables = all
    .filter(isTable)
    .filter((one) => !alias || one.alias.toLowerCase() === alias.name.toLowerCase());
  for (const table of tables) {
    const lookup = table.byName.get(lookupName.name.toLowerCase());
    if (lookup?.type !== "lookup" || lookup.part !== "value") continue;
    const own = `${table.alias}.${lookup.name}name`;
    const [target = "account"] = lookup.targets ?? [];
    const join = `JOIN ${target} t ON ${table.alias}.${lookup.name} = t.${target}id`;
    return {
      hint: `A lookup holds the id of a row: write ${own} for its name, or ${join} for its other columns.`,
      suggestions: [own],
      isCertain: true,
    };
  }
  return undefined;
}

function aliasOfSelect({ parts, aliases }: ColumnAdvice, source: string): Advice | undefined {
  const [only] = parts;
  const text = parts.length === 1 && only ? aliases.get(only.name.toLowerCase()) : undefined;
  if (text === undefined || !only) return undefined;
  const behind = /^\s*(=|<>|!=|<=|>=|<|>)\s*('[^']*'|[\w.]+)/.exec(source.slice(only.end));
  const example = behind ? `${text} ${behind[1]} ${behind[2]}` : text;
  return {
    hint: `'${only.name}' is a name of the SELECT list, which WHERE, GROUP BY and HAVING do not see: write ${example.slice(0, 200)}.`,
    suggestions: [text],
  };
}

/** `ownerid = EQUSERID`: a condition of the service without its parentheses. */
function conditionOfService({ parts }: ColumnAdvice): Advice | undefined {
  const [only, ...more] = parts;
  const known = only && more.length === 0 ? conditionFunction(only.name) : undefined;
  if (!known) return undefined;
  const written = `${known.name}(${known.values.map((kind) => (kind === "number" ? "7" : "'…'")).join(", ")})`;
  return {
    hint: `${known.name} is a condition, written like a function: column = ${written}.`,
    suggestions: [written],
  };
}

function navigationProperty({ parts, within }: ColumnAdvice): Advice | undefined {
  const name = parts[parts.length - 1]?.name ?? "";
  const columns = within.filter(isTable).flatMap((one) => one.table.columns);
  const navigated = columns.find((one) =>
    one.navigation?.some((property) => property.toLowerCase() === name.toLowerCase()),
  );
  return (
    navigated && {
      hint: `'${name}' is a navigation property; in SQL write ${navigated.name}.`,
      suggestions: [navigated.name],
    }
  );
}

function elsewhere({ parts, within, all }: ColumnAdvice): Advice | undefined {
  const name = parts[parts.length - 1]?.name.toLowerCase() ?? "";
  const has = (one: Relation) =>
    one.kind === "table"
      ? one.byName.has(name)
      : one.columns.some((column) => column.name.toLowerCase() === name);
  const found = all.find((one) => !within.includes(one) && has(one));
  if (!found) return undefined;
  const right = `${found.alias}.${name}`;
  const table = found.kind === "table" ? found.table.name : found.alias;
  return { hint: `${table} has it: write ${right}.`, suggestions: [right] };
}

function nearOnes({ parts, within }: ColumnAdvice): Advice {
  const written = parts[parts.length - 1] as Identifier;
  const name = written.name.toLowerCase();
  const near = [
    ...nearColumns(
      name,
      within.filter(isTable).flatMap((one) => one.table.columns),
    ),
    ...nearDerived(name, within),
  ].slice(0, 3);
  const suggestions = near.map((one) => one.name);
  if (written.doubleQuoted) {
    return {
      hint: `A text goes into single quotes: '${written.name.replaceAll("'", "''")}'.`,
      suggestions,
    };
  }
  const described = near
    .map((one) => (one.displayName ? `${one.name} (${recordLine(one.displayName)})` : one.name))
    .join(" or ");
  const first = within.find(isTable)?.table.name;
  const own = within.find((one) => one.kind === "derived");
  const hint = described
    ? `Did you mean ${described}?`
    : first
      ? `Call describe_table with ${first} for its columns.`
      : own?.kind === "derived"
        ? `${own.alias} has ${own.columns.map((one) => one.name).join(", ")}.`
        : undefined;
  return { hint, suggestions };
}

interface Near {
  readonly name: string;
  readonly displayName?: string;
}

function nearDerived(name: string, relations: readonly Relation[]): readonly Near[] {
  const names = relations.flatMap((one) =>
    one.kind === "derived" ? one.columns.map((column) => column.name) : [],
  );
  return nearest(name, names, 3).map((found) => ({ name: found }));
}

function nearColumns(name: string, columns: readonly CatalogColumn[]): readonly Near[] {
  const byName = new Map<string, CatalogColumn>();
  for (const column of columns) byName.set(column.name, column);
  for (const column of columns) {
    const display = loose(column.displayName);
    if (column.part === "value" && display && !byName.has(display)) byName.set(display, column);
  }
  const exact = byName.get(loose(name));
  const near = nearest(name, byName.keys(), 4).map((found) => byName.get(found));
  return [...new Set([exact, ...near])].filter((one) => one !== undefined).slice(0, 3);
}
