import type { Column, Dataverse, Row, Table } from "../../../dataverse";
import { readGuid } from "../../../dataverse/odata-literal";
import { quote } from "../../../text/quote";
import { recordLine } from "../../../text/records/record-text";
import { matchColumn } from "./column-match";
import { clear, isDemanded, type Part, type PendingPart, refusal } from "./record-part";
import { addParties, readLookup, readPartyPart, settle } from "./record-references";
import { makeBodySafe } from "./safe-bodies";
import { readScalar } from "./scalar-values";
import { checkState } from "./state-rules";

/** `item` of create_record and update_record: columns by name, values as people and models write them. */
export type Item = Readonly<Record<string, unknown>>;

export interface RecordValues {
  /** Web API JSON, with `@odata.bind`. */
  readonly body: Row;
  /** Logical names of the columns that are written, sorted. */
  readonly columns: readonly string[];
  /** The id that `item` itself gave for a new record. */
  readonly id: string | undefined;
  /** What was decided on the way: which record a name meant. Our words and names that the model sent. */
  readonly notes: readonly string[];
}

/** Cells of one record; more is no record but an attack or a mistake. */
const mostKeys = 500;
const lookupTypes = new Set(["Lookup", "Customer", "Owner"]);

/**
 * Reads `item` by the table's metadata alone. Reads Dataverse to find rows that lookups mean, writes nothing.
 *
 * @throws AppError `invalid` with every problem found
 */
export async function readRecordValues(
  dataverse: Dataverse,
  table: Table,
  item: Item,
  mode: "create" | "update",
): Promise<RecordValues> {
  const keys = Object.keys(item);
  if (keys.length > mostKeys) throw refusal(table, [`item has ${keys.length} keys.`]);
  const parts = await readParts(dataverse, table, item, mode);
  const problems = parts.flatMap((part) => part.problems ?? []);
  const columns = parts.flatMap((part) => part.column ?? []);
  problems.push(...repeated(columns));

  const body: Record<string, unknown> = Object.assign({}, ...parts.map((part) => part.body ?? {}));
  const state = checkState(table, body, mode);
  problems.push(...state.problems);
  Object.assign(body, state.add);
  if (mode === "create") problems.push(...missingColumns(table, parts));
  else if (keys.length === 0) problems.push("item is empty: name at least one column to change.");

  const notes = parts.flatMap((part) => part.notes ?? []);
  const parties = parts.flatMap((part) => part.parties ?? []);
  if (parties.length > 0) await addParties(dataverse, table, parties, body, notes, problems);
  const safe = await makeBodySafe(table, body);
  problems.push(...safe.problems);
  notes.push(...safe.notes);
  if (problems.length > 0) throw refusal(table, problems);
  const id = parts.find((part) => part.id !== undefined)?.id;
  return { body: safe.body, columns: [...new Set(columns)].sort(), id, notes };
}

/** The records that all keys name are looked up together: a request for each table, not for each name. */
async function readParts(
  dataverse: Dataverse,
  table: Table,
  item: Item,
  mode: "create" | "update",
): Promise<Part[]> {
  const parts: (Part | PendingPart)[] = [];
  for (const [key, value] of Object.entries(item)) {
    parts.push(await readPart(dataverse, table, key, value, mode));
  }
  return settle(dataverse, table, parts);
}

async function readPart(
  dataverse: Dataverse,
  table: Table,
  key: string,
  value: unknown,
  mode: "create" | "update",
): Promise<Part | PendingPart> {
  const match = matchColumn(table, key);
  if ("problem" in match) return { problems: [match.problem] };
  const { column } = match;
  const name = column.logicalName;
  if (column.isPrimaryId) return readOwnId(column, value, mode);
  const isAllowed = mode === "create" ? column.canCreate : column.canUpdate;
  if (!isAllowed) return { column: name, problems: [notWritable(column, mode)] };
  if (column.type === "PartyList") return readPartyPart(dataverse, column, value, mode);
  if (lookupTypes.has(column.type)) {
    return readLookup(match, value);
  }
  if (match.isBind) {
    return { column: name, problems: [`${name} is not a lookup; write it without @odata.bind.`] };
  }
  if (value === null || value === undefined)
    return { column: name, ...clear(column, { [name]: null }) };
  const read = readScalar(column, value);
  return "problem" in read
    ? { column: name, problems: [read.problem] }
    : { column: name, body: { [name]: read.value } };
}

function notWritable(column: Column, mode: "create" | "update"): string {
  const other = mode === "create" ? column.canUpdate : column.canCreate;
  if (!other) return `${column.logicalName} is read-only.`;
  return mode === "create"
    ? `${column.logicalName} can be written only after the record is created (update_record).`
    : `${column.logicalName} can be written only when the record is created.`;
}

function readOwnId(column: Column, value: unknown, mode: "create" | "update"): Part {
  const id = typeof value === "string" ? readGuid(value) : undefined;
  if (mode === "update") {
    return { problems: [`${column.logicalName} cannot change; the record is named by recordId.`] };
  }
  return id === undefined
    ? { problems: [`${column.logicalName}: ${quote(value)} is not a GUID.`] }
    : { column: column.logicalName, id };
}

function repeated(columns: readonly string[]): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const column of columns) (seen.has(column) ? twice : seen).add(column);
  return [...twice].map((column) => `${column} is given more than once, under several names.`);
}

/** Columns that Dataverse fills itself when nothing is given: choices have defaults, owners are the caller. */
const filledByDataverse = new Set(["Boolean", "Picklist", "State", "Status", "Owner", "Integer"]);

function missingColumns(table: Table, parts: readonly Part[]): string[] {
  const given = new Set(
    parts
      .filter((part) => part.body === undefined || !Object.values(part.body).every(isEmpty))
      .map((part) => part.column),
  );
  return table.columns
    .filter((column) => isDemanded(column) && column.canCreate)
    .filter((column) => !filledByDataverse.has(column.type) && column.attributeOf === undefined)
    .filter((column) => !column.isPrimaryId && !given.has(column.logicalName))
    .map((column) => `${column.logicalName} (${recordLine(column.displayName)}) is required.`);
}

const isEmpty = (value: unknown) =>
  value === null || (typeof value === "string" && value.trim() === "");
