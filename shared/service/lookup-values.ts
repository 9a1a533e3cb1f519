import type { Column, Dataverse, LookupNavigation, Table } from "../dataverse";
import { readGuid } from "../dataverse/odata-literal";
import type { ColumnMatch } from "./column-match";
import { findAlike, findByName, rowExists } from "./find-row";
import { either, quote } from "./quote";

/** A row that a lookup is to point at. */
export interface Reference {
  readonly table: Table;
  readonly id: string;
  /** True when the row was found by its name. */
  readonly byName: boolean;
}

export type Found = Reference | { readonly problem: string };

/** What a value says about the row it means. */
interface Wish {
  readonly relatedTable?: string;
  readonly id?: string;
  readonly name?: string;
}

/** By plain name, at most so many tables are searched; beyond it the table has to be said. */
const mostSearched = 6;
/** Primary names of Dataverse hold at most 850 characters when they can be searched for. */
const longestName = 850;
const longestTableName = 200;

/** Finds the row that a lookup value means: `{relatedTable, name?, recordId?}`, GUID, path, `me`, or name. In the caller's rights. */
export async function findReference(
  dataverse: Dataverse,
  match: ColumnMatch,
  value: unknown,
): Promise<Found> {
  const { column } = match;
  const wish = readWish(value, match.isBind);
  if (typeof wish === "string") return { problem: `${column.logicalName}: ${wish}` };
  const tables = await targetTables(dataverse, match, wish.relatedTable);
  if (typeof tables === "string") return { problem: `${column.logicalName}: ${tables}` };
  const found =
    wish.id === undefined
      ? await byName(dataverse, tables, wish.name ?? "")
      : await byId(dataverse, tables, wish.id);
  return typeof found === "string" ? { problem: `${column.logicalName}: ${found}` } : found;
}

const path = /^(?:https?:\/\/[^?#]*\/|\/)?([a-z0-9_]+)\(([^()/]*)\)$/i;

function readWish(value: unknown, isBind: boolean): Wish | string {
  if (typeof value === "string") return readWord(value, isBind);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return `takes {"relatedTable", "recordId" or "name"}, a GUID or a name, not ${quote(value)}.`;
  }
  const said = value as Record<string, unknown>;
  const text = (...keys: string[]) => {
    const found = keys.map((key) => said[key]).find((each) => typeof each === "string" && each);
    return typeof found === "string" ? found.trim() : undefined;
  };
  const relatedTable = text("relatedTable", "relatedtable", "logicalName", "entityType");
  const written = text("recordId", "recordid", "id");
  const name = text("name");
  const id = written === undefined ? undefined : readGuid(written);
  if (written !== undefined && id === undefined) return `recordId ${quote(written)} is not a GUID.`;
  if (id === undefined && name === undefined) {
    return `${quote(value)} names no record; give recordId (a GUID) or name.`;
  }
  return {
    ...(relatedTable === undefined ? {} : { relatedTable }),
    ...(id === undefined ? { name: name ?? "" } : { id }),
  };
}

function readWord(value: string, isBind: boolean): Wish | string {
  const word = value.trim();
  const id = readGuid(word);
  if (id !== undefined) return { id };
  const [, relatedTable, key] = path.exec(word) ?? [];
  const keyId = key === undefined ? undefined : readGuid(key);
  if (relatedTable !== undefined && keyId !== undefined) return { relatedTable, id: keyId };
  if (isBind) return `${quote(value)} is no path; write "/accounts(<GUID>)".`;
  return word === "" ? "the text is empty; null clears the column." : { name: word };
}

async function targetTables(
  dataverse: Dataverse,
  match: ColumnMatch,
  said: string | undefined,
): Promise<readonly Table[] | string> {
  const targets = writableTargets(match.column);
  const wanted =
    said ?? (match.navigation?.target === "owner" ? undefined : match.navigation?.target);
  if (wanted === undefined) {
    const tables = await Promise.all(targets.map((name) => dataverse.metadata.table(name)));
    return tables.filter((table) => table !== undefined);
  }
  const { table } = await dataverse.metadata.find(wanted.slice(0, longestTableName));
  if (table !== undefined && targets.includes(table.logicalName)) return [table];
  return `refers to ${either(targets)}, not to ${quote(wanted)}.`;
}

/** Targets that have a way to be written; some lookups list tables that are not installed. */
function writableTargets(column: Column): readonly string[] {
  const targets = column.targets ?? column.navigation?.map((each) => each.target) ?? [];
  return [...new Set(targets)].filter((target) => wayTo(column, target) !== undefined);
}

/** The navigation property that points to a row of `target`. Owners go through one property, whose target is the base table `owner`. */
export function wayTo(column: Column, target: string): LookupNavigation | undefined {
  const ways = column.navigation ?? [];
  const exact = ways.find((way) => way.target === target);
  return (
    exact ?? (column.type === "Owner" ? ways.find((way) => way.target === "owner") : undefined)
  );
}

async function byId(
  dataverse: Dataverse,
  tables: readonly Table[],
  id: string,
): Promise<Reference | string> {
  const held = await Promise.all(tables.map((table) => rowExists(dataverse, table, id)));
  const table = tables.find((_, index) => held[index]);
  if (table !== undefined) return { table, id, byName: false };
  return `there is no ${either(tables.map((each) => each.logicalName))} with the id ${id} that you may see.`;
}

async function byName(
  dataverse: Dataverse,
  tables: readonly Table[],
  name: string,
): Promise<Reference | string> {
  if (name.length > longestName) return `a name of ${name.length} characters names no record.`;
  const people = tables.find((table) => table.logicalName === "systemuser");
  if (people !== undefined && name.toLowerCase() === "me") {
    return { table: people, id: (await dataverse.whoAmI()).userId, byName: true };
  }
  const named = either(tables.map((table) => table.logicalName));
  if (tables.length > mostSearched) {
    return `may refer to many tables; write {"relatedTable": …, "name": ${quote(name)}} with one of ${named}.`;
  }
  const exact = await search(tables, (table) => findByName(dataverse, table, name));
  const [only] = exact;
  if (only !== undefined && exact.length === 1) return { ...only, byName: true };
  if (exact.length > 1) {
    return `${exact.length > 5 ? "more than 5" : exact.length} records are named ${quote(name)}: ${listed(exact)}. Choose one by recordId.`;
  }
  const alike = await search(tables, (table) => findAlike(dataverse, table, name));
  const near =
    alike.length === 0
      ? "Look for it with read_query."
      : `These have it as part of their name: ${listed(alike)}. Read them with read_query and choose one by recordId.`;
  return `there is no ${named} named ${quote(name)} that you may see. ${near}`;
}

async function search(
  tables: readonly Table[],
  find: (table: Table) => Promise<readonly string[]>,
): Promise<{ table: Table; id: string }[]> {
  const found = await Promise.all(
    tables.map(async (table) => (await find(table)).map((id) => ({ table, id }))),
  );
  return found.flat();
}

const listed = (found: readonly { table: Table; id: string }[]) =>
  found
    .slice(0, 5)
    .map(({ table, id }) => `${table.logicalName} ${id}`)
    .join(", ");
