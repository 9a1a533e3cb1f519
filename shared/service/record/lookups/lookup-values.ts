import type { Column, Dataverse, LookupNavigation, Table } from "../../../dataverse";
import { readGuid } from "../../../dataverse/odata-literal";
import { either, quote } from "../../../text/quote";
import {
  type Found as FoundIds,
  findAlike,
  findByNames,
  findExisting,
  mostOfName,
} from "../find-rows";
import type { ColumnMatch } from "./column-match";
import { findByKey } from "./find-by-key";
import { readWish } from "./lookup-wish";
import type { KeyValues } from "./record-path";
import { type Candidate, tellApart } from "./tell-apart";

/** A row that a lookup is to point at. */
export interface Reference {
  readonly table: Table;
  readonly id: string;
  /** True when the row was found by its name. */
  readonly byName: boolean;
}

export type Found = Reference | { readonly problem: string };

/** One value of a lookup. */
export interface Asked {
  readonly match: ColumnMatch;
  readonly value: unknown;
}

/** By plain name, at most so many tables are searched; beyond it the table has to be said. */
const mostSearched = 6;
/** Primary names of Dataverse hold at most 850 characters when they can be searched for. */
const longestName = 850;
const longestTableName = 200;
/** Of rows that may be meant. */
const mostListed = 5;
/** So many unknown names get rows with similar names beside them; a model mends no more at once. */
const mostWithNear = 10;

/**
 * Finds the rows that lookup values mean: `{relatedTable, name?, recordId?}`, GUID, path, `me`, or name. In the caller's
 * rights, with a request for each table and not for each value.
 */
export async function findReferences(
  dataverse: Dataverse,
  asked: readonly Asked[],
): Promise<readonly Found[]> {
  const searches = await Promise.all(asked.map((each) => planSearch(dataverse, each)));
  const rows = await readRows(dataverse, searches);
  return asked.map(({ match }, index) => {
    const found = rows.resultOf(searches[index] ?? "");
    return typeof found === "string" ? { problem: `${match.column.logicalName}: ${found}` } : found;
  });
}

/** Where a row is looked for; or the row, or what is wrong, when nothing has to be read. */
type Search =
  | { readonly tables: readonly Table[]; readonly id: string }
  | { readonly tables: readonly Table[]; readonly name: string };
/** The row, what is wrong, or what has to be read. */
type Planned = Search | Reference | string;

async function planSearch(dataverse: Dataverse, { match, value }: Asked): Promise<Planned> {
  const wish = readWish(value, match.isBind);
  if (typeof wish === "string") return wish;
  const tables = await targetTables(dataverse, match, wish.relatedTable);
  if (typeof tables === "string") return tables;
  if (wish.key !== undefined) return byKey(dataverse, tables, wish.key);
  return wish.id === undefined
    ? planByName(dataverse, tables, wish.name ?? "")
    : { tables, id: wish.id };
}

/** Rare, so each is asked for by itself. */
async function byKey(
  dataverse: Dataverse,
  tables: readonly Table[],
  key: KeyValues,
): Promise<Planned> {
  const [table] = tables;
  if (table === undefined) return "no such table can be referred to.";
  const own = key[table.primaryId];
  const id = own === undefined ? undefined : readGuid(own);
  if (id !== undefined) return { tables, id };
  const found = await findByKey(dataverse, table, key);
  if (typeof found === "string") return found;
  return { table, id: found.id, byName: true };
}

async function planByName(
  dataverse: Dataverse,
  tables: readonly Table[],
  name: string,
): Promise<Planned> {
  if (name.length > longestName) return `a name of ${name.length} characters names no record.`;
  const people = tables.find((table) => table.logicalName === "systemuser");
  if (people !== undefined && isMe(name)) {
    return { table: people, id: (await dataverse.whoAmI()).userId, byName: true };
  }
  if (tables.length > mostSearched) {
    // By the number that stands on it a case or an article is known without its table.
    const numbered = /\d/.test(name) ? tables.filter(isNumbered) : [];
    if (numbered.length > 0) return { tables: numbered, name };
    return `may refer to many tables; write {"relatedTable": …, "name": ${quote(name)}} with one of ${namesOf(tables)}.`;
  }
  return { tables, name };
}

const isNumbered = ({ logicalName }: Table): boolean =>
  logicalName === "incident" || logicalName === "knowledgearticle";

const isMe = (name: string): boolean => name.toLowerCase() === "me";

/** True when a row has to be searched for by its name. */
export const isByName = (value: unknown): boolean => {
  const wish = readWish(value, false);
  return typeof wish !== "string" && wish.name !== undefined && !isMe(wish.name);
};

async function targetTables(
  dataverse: Dataverse,
  match: ColumnMatch,
  said: string | undefined,
): Promise<readonly Table[] | string> {
  const targets = writableTargets(match.column);
  const wanted =
    kindOf(match.column, said) ??
    (match.navigation?.target === "owner" ? undefined : match.navigation?.target);
  if (wanted === undefined) {
    const tables = await Promise.all(targets.map((name) => dataverse.metadata.table(name)));
    return tables.filter((table) => table !== undefined);
  }
  const { table } = await dataverse.metadata.find(wanted.slice(0, longestTableName));
  if (table !== undefined && targets.includes(table.logicalName)) return [table];
  return `refers to ${either(targets)}, not to ${quote(wanted)}.`;
}

/** `/owners(…)` and `/principals(…)` say no more of an owner than that it is one. */
const kindOf = (column: Column, said: string | undefined): string | undefined =>
  column.type === "Owner" && /^(?:owner|principal)s?$/i.test(said ?? "") ? undefined : said;

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

/** All that the searches want of one table. */
interface Wanted {
  readonly table: Table;
  readonly ids: Set<string>;
  readonly names: Set<string>;
}

function gather(searches: readonly Planned[]): readonly Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const search of searches) {
    if (typeof search === "string" || "table" in search) continue;
    for (const table of search.tables) {
      const own = wanted.get(table.logicalName) ?? { table, ids: new Set(), names: new Set() };
      wanted.set(table.logicalName, own);
      if ("id" in search) own.ids.add(search.id);
      else own.names.add(search.name);
    }
  }
  return [...wanted.values()];
}

/** What was read of one table. */
interface Rows {
  readonly held: ReadonlySet<string>;
  readonly named: FoundIds;
}

async function readRows(
  dataverse: Dataverse,
  searches: readonly Planned[],
): Promise<{ resultOf(search: Planned): Reference | string }> {
  const wanted = gather(searches);
  const rows = new Map<string, Rows>();
  await Promise.all(
    wanted.map(async ({ table, ids, names }) => {
      const [held, named] = await Promise.all([
        findExisting(dataverse, table, [...ids]),
        findByNames(dataverse, table, [...names]),
      ]);
      rows.set(table.logicalName, { held, named });
    }),
  );
  const exact = (table: Table, name: string) => rows.get(table.logicalName)?.named.get(name) ?? [];
  const unknown = searches.flatMap((search) => {
    if (typeof search === "string" || !("name" in search)) return [];
    const isKnown = search.tables.some((table) => exact(table, search.name).length > 0);
    return isKnown ? [] : [search.name];
  });
  const near = await readNear(dataverse, wanted, [...new Set(unknown)].slice(0, mostWithNear));
  const tell = await tellApart(
    dataverse,
    searches.flatMap((search) => {
      if (typeof search === "string" || !("name" in search)) return [];
      const found = referencesIn(search.tables, (table) => exact(table, search.name));
      if (found.length === 1) return [];
      const may =
        found.length > 1 ? found : referencesIn(search.tables, (table) => near(table, search.name));
      return may.slice(0, mostListed);
    }),
  );

  return {
    resultOf(search) {
      if (typeof search === "string" || "table" in search) return search;
      if ("id" in search) {
        const { tables, id } = search;
        const table = tables.find((each) => rows.get(each.logicalName)?.held.has(id));
        return table === undefined
          ? `there is no ${namesOf(tables)} with the id ${id} that you may see.`
          : { table, id, byName: false };
      }
      const found = referencesIn(search.tables, (table) => exact(table, search.name));
      const [only] = found;
      if (only !== undefined && found.length === 1) return { ...only, byName: true };
      if (found.length > 1) return ambiguous(search.name, found, tell);
      const alike = referencesIn(search.tables, (table) => near(table, search.name));
      return nobody(search.tables, search.name, alike, tell);
    },
  };
}

/** Rows with similar names, by table and name: what may have been meant. */
async function readNear(
  dataverse: Dataverse,
  wanted: readonly Wanted[],
  unknown: readonly string[],
): Promise<(table: Table, name: string) => readonly string[]> {
  const near = new Map<string, FoundIds>();
  await Promise.all(
    wanted.map(async ({ table, names }) => {
      const own = unknown.filter((name) => names.has(name));
      if (own.length > 0) near.set(table.logicalName, await findAlike(dataverse, table, own));
    }),
  );
  return (table, name) => near.get(table.logicalName)?.get(name) ?? [];
}

const referencesIn = (
  tables: readonly Table[],
  find: (table: Table) => readonly string[],
): readonly Candidate[] => tables.flatMap((table) => find(table).map((id) => ({ table, id })));

type Tell = (candidate: Candidate) => string;

const ambiguous = (name: string, found: readonly Candidate[], tell: Tell): string =>
  `${found.length >= mostOfName ? "more than 5" : found.length} records are named ${quote(name)}: ${listed(found, tell)}. Ask the user which, and name it by its id.`;

function nobody(
  tables: readonly Table[],
  name: string,
  alike: readonly Candidate[],
  tell: Tell,
): string {
  const near =
    alike.length === 0
      ? "Look for it with read_query."
      : `These have it as part of their name: ${listed(alike, tell)}. Where one is meant, name it by its id.`;
  return `there is no ${namesOf(tables)} named ${quote(name)} that you may see. ${near}`;
}

const namesOf = (tables: readonly Table[]) => either(tables.map((table) => table.logicalName));

const listed = (found: readonly Candidate[], tell: Tell) =>
  found.slice(0, mostListed).map(tell).join(", ");
