import type { Column, Dataverse, Row, Table } from "../dataverse";
import { readGuid } from "../dataverse/odata-literal";
import { AppError } from "../errors";
import { recordLine } from "../text/record-text";
import { type ColumnMatch, matchColumn } from "./column-match";
import { findReference, wayTo } from "./lookup-values";
import { partyCollection, readParties } from "./party-values";
import { quote } from "./quote";
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

/** One key of `item`, read. */
interface Part {
  readonly column?: string;
  readonly body?: Row;
  readonly parties?: readonly Row[];
  readonly id?: string;
  readonly notes?: readonly string[];
  readonly problems?: readonly string[];
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

const refusal = (table: Table, problems: readonly string[]) =>
  new AppError(
    "invalid",
    `Nothing was written to ${table.logicalName}: ${problems.length === 1 ? "one thing is" : `${problems.length} things are`} not right.`,
    {
      problems,
      hint: `describe_table with tablename ${table.logicalName} lists columns, options and lookups. Mend all of this and call again.`,
    },
  );

/** Few at a time: each lookup may cost requests. */
async function readParts(
  dataverse: Dataverse,
  table: Table,
  item: Item,
  mode: "create" | "update",
): Promise<Part[]> {
  const entries = Object.entries(item);
  const parts: Part[] = [];
  for (let start = 0; start < entries.length; start += 8) {
    const some = entries.slice(start, start + 8);
    parts.push(
      ...(await Promise.all(
        some.map(([key, value]) => readPart(dataverse, table, key, value, mode)),
      )),
    );
  }
  return parts;
}

async function readPart(
  dataverse: Dataverse,
  table: Table,
  key: string,
  value: unknown,
  mode: "create" | "update",
): Promise<Part> {
  const match = matchColumn(table, key);
  if ("problem" in match) return { problems: [match.problem] };
  const { column } = match;
  const name = column.logicalName;
  if (column.isPrimaryId) return readOwnId(column, value, mode);
  const isAllowed = mode === "create" ? column.canCreate : column.canUpdate;
  if (!isAllowed) return { column: name, problems: [notWritable(column, mode)] };
  if (column.type === "PartyList") return readPartyPart(dataverse, column, value, mode);
  if (lookupTypes.has(column.type)) {
    return { column: name, ...(await readLookup(dataverse, match, value)) };
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

const clear = (column: Column, body: Row): Part =>
  isDemanded(column) || column.type === "State" || column.type === "Status"
    ? { problems: [`${column.logicalName} is required and cannot be cleared.`] }
    : { body };

async function readLookup(dataverse: Dataverse, match: ColumnMatch, value: unknown): Promise<Part> {
  const { column, navigation } = match;
  if (value === null || value === undefined || value === "") {
    const way = navigation ?? column.navigation?.[0];
    if (column.type === "Owner" || way === undefined) {
      return { problems: [`${column.logicalName} cannot be cleared.`] };
    }
    return clear(column, { [`${way.property}@odata.bind`]: null });
  }
  const found = await findReference(dataverse, match, value);
  if ("problem" in found) return { problems: [found.problem] };
  const target = found.table.logicalName;
  const way = wayTo(column, target);
  if (way === undefined) {
    return { problems: [`${column.logicalName}: a ${target} cannot be set here.`] };
  }
  return {
    body: { [`${way.property}@odata.bind`]: `/${found.table.setName}(${found.id})` },
    notes: found.byName ? [`${column.logicalName}: found ${target} ${found.id} by name.`] : [],
  };
}

async function readPartyPart(
  dataverse: Dataverse,
  column: Column,
  value: unknown,
  mode: "create" | "update",
): Promise<Part> {
  const name = column.logicalName;
  if (mode === "update") {
    return {
      column: name,
      problems: [`${name} can be set only when the activity is created; create a new draft.`],
    };
  }
  if (value === null) return { column: name };
  const { rows, problems } = await readParties(dataverse, column, value);
  return { column: name, parties: rows, problems };
}

/** A mail that names recipients and no sender is sent by whoever writes it. */
async function addParties(
  dataverse: Dataverse,
  table: Table,
  parties: readonly Row[],
  body: Record<string, unknown>,
  notes: string[],
  problems: string[],
): Promise<void> {
  const property = partyCollection(table);
  if (property === undefined) {
    problems.push(`${table.logicalName} has no list of parties.`);
    return;
  }
  const hasSender = parties.some((party) => party.participationtypemask === 1);
  if (table.logicalName !== "email" || hasSender) {
    body[property] = parties;
    return;
  }
  const { userId } = await dataverse.whoAmI();
  body[property] = [
    { "partyid_systemuser@odata.bind": `/systemusers(${userId})`, participationtypemask: 1 },
    ...parties,
  ];
  notes.push("from: you.");
}

function repeated(columns: readonly string[]): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const column of columns) (seen.has(column) ? twice : seen).add(column);
  return [...twice].map((column) => `${column} is given more than once, under several names.`);
}

/** Columns that Dataverse fills itself when nothing is given: choices have defaults, owners are the caller. */
const filledByDataverse = new Set(["Boolean", "Picklist", "State", "Status", "Owner", "Integer"]);

/** What the platform demands it often fills itself (a team's administrator, an activity's type), but never a name or a customer. */
const isDemanded = (column: Column) =>
  column.required === "application" ||
  (column.required === "system" && (column.type === "String" || column.type === "Customer"));

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
