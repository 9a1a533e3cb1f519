import type { Dataverse, Row, Table } from "../../dataverse";
import { AppError } from "../../errors";
import { escapeLike, escapeXml } from "../../text/markup";
import { namingColumns, numberColumns } from "./naming-columns";

/** Ids found for one name; one more than is ever told. */
export const mostOfName = 6;
/** Values in one request. */
const mostInChunk = 100;
/** Longest conditions of one request, encoded, in bytes: with the rest of the query they fit into any URL of Dataverse. */
const longestChunk = 20_000;
const smallestPage = 250;

/** By value asked for: ids of rows, at most `mostOfName`, in the order of the ids. */
export type Found = ReadonlyMap<string, readonly string[]>;

/**
 * Rows whose primary name is one of `names`, or whose number or address is (Dataverse compares without case and accents):
 * one request for as many names as fit.
 */
export async function findByNames(
  dataverse: Dataverse,
  table: Table,
  names: readonly string[],
): Promise<Found> {
  const columns = namingColumns(table);
  return findByColumns(dataverse, table, columns, names);
}

/**
 * Rows that people number so: by number, address or key, and by the primary name only where a table has no other number and the name
 * holds a digit. A title is no number, whatever it says.
 */
export const findByNumber = (dataverse: Dataverse, table: Table, number: string): Promise<Found> =>
  findByColumns(dataverse, table, numberColumns(table, number), [number]);

async function findByColumns(
  dataverse: Dataverse,
  table: Table,
  columns: readonly string[],
  names: readonly string[],
): Promise<Found> {
  const found = new Map<string, string[]>();
  if (columns.length === 0) return found;
  await inChunks(names, columns.length, (chunk) =>
    readNames(dataverse, table, columns, chunk, found),
  );
  return found;
}

async function readNames(
  dataverse: Dataverse,
  table: Table,
  columns: readonly string[],
  names: readonly string[],
  found: Map<string, string[]>,
): Promise<void> {
  const top = names.length === 1 ? mostOfName : Math.max(smallestPage, mostOfName * names.length);
  const values = names.map((name) => `<value>${escapeXml(name)}</value>`).join("");
  const conditions = columns.map(
    (column) => `<condition attribute="${column}" operator="in">${values}</condition>`,
  );
  const rows = await read(dataverse, table, columns, conditions, top);
  const [only] = names;
  if (names.length === 1 && only !== undefined) {
    found.set(only, idsOf(table, rows));
    return;
  }
  const { byName, strangers } = assign(table, columns, names, rows);
  for (const [name, ids] of byName) found.set(name, ids.slice(0, mostOfName));
  for (const part of leftOver(names, byName, isCut(rows, top), strangers))
    await readNames(dataverse, table, columns, part, found);
}

/**
 * What has to be asked again, in parts: one popular name can fill a page, and what Dataverse takes for equal is not always
 * what is equal here.
 */
function leftOver(
  names: readonly string[],
  byName: ReadonlyMap<string, readonly string[]>,
  isPageFull: boolean,
  strangers: boolean,
): readonly (readonly string[])[] {
  if (!isPageFull)
    return strangers ? names.filter((name) => !byName.has(name)).map((name) => [name]) : [];
  const open = names.filter((name) => (byName.get(name)?.length ?? 0) < mostOfName);
  if (open.length === 0) return [];
  if (open.length < names.length) return [open];
  const half = Math.ceil(open.length / 2);
  return [open.slice(0, half), open.slice(half)];
}

/** Which name each row answers; `strangers` when there are rows that answer none. */
function assign(
  table: Table,
  columns: readonly string[],
  names: readonly string[],
  rows: readonly Row[],
): { byName: Map<string, string[]>; strangers: boolean } {
  const exact = group(names, lower);
  const alike = group(names, fold);
  const byName = new Map<string, string[]>();
  let strangers = false;
  for (const row of rows) {
    const cells = columns.flatMap((column) => textIn(row, column));
    const meant = new Set(
      cells.flatMap((cell) => exact.get(lower(cell)) ?? alike.get(fold(cell)) ?? []),
    );
    if (meant.size === 0) strangers = true;
    for (const name of meant) {
      const ids = byName.get(name) ?? [];
      ids.push(String(row[table.primaryId]));
      byName.set(name, ids);
    }
  }
  return { byName, strangers };
}

/** Rows whose primary name holds the words, for a suggestion; one request for all the words that fit. */
export async function findAlike(
  dataverse: Dataverse,
  table: Table,
  words: readonly string[],
): Promise<Found> {
  const { primaryName } = table;
  const found = new Map<string, string[]>();
  if (primaryName === undefined) return found;
  const long = words.filter((word) => word.trim().length >= 3);
  await inChunks(long, 1, async (chunk) => {
    const conditions = chunk.map(
      (word) =>
        `<condition attribute="${primaryName}" operator="like" value="%${escapeXml(escapeLike(word))}%"/>`,
    );
    const top = chunk.length === 1 ? mostOfName : Math.max(smallestPage, mostOfName * chunk.length);
    const all = await read(dataverse, table, [primaryName], conditions, top);
    const rows = all.filter((row) => !isPersonalQueue(table, row));
    for (const word of chunk) {
      const near = chunk.length === 1 ? rows : rows.filter((row) => holds(row, primaryName, word));
      if (near.length > 0) found.set(word, idsOf(table, near));
    }
  });
  return found;
}

/** `<Anna Berg>` is the queue of a person, who is found by name herself. */
const isPersonalQueue = ({ logicalName, primaryName = "" }: Table, row: Row): boolean =>
  logicalName === "queue" && textIn(row, primaryName).some((name) => name.startsWith("<"));

const holds = (row: Row, column: string, word: string): boolean =>
  textIn(row, column).some((name) => fold(name).includes(fold(word)));

/** Those of `ids` (GUIDs in Dataverse's form) whose rows the caller can see. */
export async function findExisting(
  dataverse: Dataverse,
  table: Table,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  return new Set((await findById(dataverse, table, ids, [])).keys());
}

/** The rows with these ids that the caller can see, by id, with those of `columns` that the table has. */
export async function findById(
  dataverse: Dataverse,
  table: Table,
  ids: readonly string[],
  columns: readonly string[],
): Promise<ReadonlyMap<string, Row>> {
  const known = columns.filter((column) => table.columnByName.has(column));
  const found = new Map<string, Row>();
  await inChunks(ids, 1, async (chunk) => {
    const values = chunk.map((id) => `<value>${id}</value>`).join("");
    const condition = `<condition attribute="${table.primaryId}" operator="in">${values}</condition>`;
    const rows = await read(dataverse, table, known, [condition], chunk.length);
    for (const row of rows) found.set(String(row[table.primaryId]).toLowerCase(), row);
  });
  return found;
}

/** Different values, in pieces that one request carries; a value that XML cannot hold is in no row and is not asked for. */
async function inChunks(
  values: readonly string[],
  copies: number,
  work: (chunk: readonly string[]) => Promise<void>,
): Promise<void> {
  const chunks: string[][] = [];
  let chunk: string[] = [];
  let bytes = 0;
  for (const value of new Set(values)) {
    if (notInXml.test(value)) continue;
    const size = copies * encodeURIComponent(`<value>${escapeXml(value)}</value>`).length;
    if (chunk.length === mostInChunk || (chunk.length > 0 && bytes + size > longestChunk)) {
      chunks.push(chunk);
      chunk = [];
      bytes = 0;
    }
    chunk.push(value);
    bytes += size;
  }
  if (chunk.length > 0) chunks.push(chunk);
  await Promise.all(chunks.map(work));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that no XML holds
const notInXml = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;

async function read(
  dataverse: Dataverse,
  table: Table,
  columns: readonly string[],
  conditions: readonly string[],
  top: number,
): Promise<readonly Row[]> {
  const attributes = [...new Set([table.primaryId, ...columns])].map(
    (column) => `<attribute name="${column}"/>`,
  );
  const xml = `<fetch top="${top}"><entity name="${table.logicalName}">${attributes.join("")}<order attribute="${table.primaryId}"/><filter type="or">${conditions.join("")}</filter></entity></fetch>`;
  try {
    const rows: Row[] = [];
    for await (const page of dataverse.fetchXml(table.logicalName, xml)) rows.push(...page.rows);
    return rows;
  } catch (error) {
    // What a person may not read does not exist for that person; every other failure is one.
    if (error instanceof AppError && error.kind === "forbidden") return [];
    throw error;
  }
}

const isCut = (rows: readonly Row[], top: number): boolean => rows.length >= top;

const idsOf = (table: Table, rows: readonly Row[]): string[] =>
  rows.slice(0, mostOfName).map((row) => String(row[table.primaryId]));

function textIn(row: Row, column: string): string[] {
  const cell = row[column];
  return typeof cell === "string" ? [cell] : [];
}

function group(names: readonly string[], key: (name: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) groups.set(key(name), [...(groups.get(key(name)) ?? []), name]);
  return groups;
}

/** Trailing blanks do not count in a comparison of SQL Server's. */
const lower = (text: string): string => text.normalize("NFC").toLowerCase().trimEnd();

/** As a collation without case and accents compares. */
const fold = (text: string): string =>
  text
    .normalize("NFKD")
    .replaceAll(/\p{Mn}/gu, "")
    .toLowerCase()
    .trimEnd();
