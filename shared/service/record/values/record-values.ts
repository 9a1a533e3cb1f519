import type { Column, Dataverse, Row, Table } from "../../../dataverse";
import { readGuid } from "../../../dataverse/odata-literal";
import { quote } from "../../../text/quote";
import { matchColumn } from "../lookups/column-match";
import { ownerProblems } from "../lookups/owner-problems";
import { mailProblems } from "../parties/mailable";
import type { Person } from "../parties/party-values";
import { missingColumns } from "./demanded-columns";
import { withFile } from "./file-content";
import { clear, type Part, type PendingPart, refusal } from "./record-part";
import { addParties, readLookup, readPartyPart, readPartyRows, settle } from "./record-references";
import { makeBodySafe } from "./safe-bodies";
import { readScalar } from "./scalar-values";
import { checkState } from "./state-rules";

/** `item` of create_record and update_record: columns by name, values as people and models write them. */
export type Item = Readonly<Record<string, unknown>>;

export interface RecordValues {
  /** Web API JSON, with `@odata.bind`. */
  readonly body: Row;
  /** State and status reason of a new record that only a change of the record can bring, to be made together with it. */
  readonly after: Row | undefined;
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
  given: Item,
  mode: "create" | "update",
): Promise<RecordValues> {
  const item = withoutWrapping(table, given);
  const keys = Object.keys(item);
  if (keys.length > mostKeys) throw refusal(table, [`item has ${keys.length} keys.`]);
  const parts = await readParts(dataverse, table, item, mode);
  const problems = parts.flatMap((part) => part.problems ?? []);
  const columns = parts.flatMap((part) => part.column ?? []);
  problems.push(...repeated(columns));

  const state = checkState(table, Object.assign({}, ...parts.map((part) => part.body ?? {})), mode);
  const body: Record<string, unknown> = { ...state.body };
  problems.push(...state.problems);
  if (mode === "create") problems.push(...missingColumns(table, parts));
  else if (keys.length === 0) problems.push("item is empty: name at least one column to change.");

  const notes = parts.flatMap((part) => part.notes ?? []);
  const parties = parts.flatMap((part) => part.parties ?? []);
  if (parties.length > 0) await addParties(dataverse, table, parties, body, notes, problems);
  const people = parts.flatMap((part) => part.people ?? []);
  problems.push(...(await peopleProblems(dataverse, table, body, people)));
  const filed = withFile(table, body);
  const safe = await makeBodySafe(table, filed.body);
  problems.push(...filed.problems, ...safe.problems);
  notes.push(...filed.notes, ...safe.notes);
  if (problems.length > 0) throw refusal(table, problems);
  const id = parts.find((part) => part.id !== undefined)?.id;
  return { body: safe.body, after: state.after, columns: [...new Set(columns)].sort(), id, notes };
}

/** Names under which clients wrap the columns of a record once more. */
const wrappings: ReadonlySet<string> = new Set([
  "item",
  "record",
  "fields",
  "attributes",
  "values",
  "data",
]);

function withoutWrapping(table: Table, item: Item): Item {
  const [entry, ...others] = Object.entries(item);
  if (entry === undefined || others.length > 0 || !wrappings.has(entry[0])) return item;
  const [key, inner] = entry;
  const isColumn = "column" in matchColumn(table, key);
  return isColumn || typeof inner !== "object" || inner === null || Array.isArray(inner)
    ? item
    : (inner as Item);
}

/** Who owns a record must be at work, and who gets a mail must have an address and want it: told before anything is written. */
async function peopleProblems(
  dataverse: Dataverse,
  table: Table,
  body: Row,
  people: readonly Person[],
): Promise<readonly string[]> {
  const owners = people.filter(({ column }) => column === "ownerid");
  const isOutgoing = table.logicalName === "email" && body.directioncode !== false;
  const inMail = isOutgoing ? people.filter((person) => !owners.includes(person)) : [];
  const found = await Promise.all([
    ownerProblems(dataverse, owners),
    mailProblems(dataverse, inMail),
  ]);
  return found.flat();
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
    const rows = await readPartyRows(dataverse, table, key, value, mode);
    parts.push(...(rows ?? [await readPart(dataverse, table, key, value, mode)]));
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
  // A state other than the first is brought by a second step.
  const isState = column.type === "State" && column.canUpdate;
  const isAllowed = mode === "create" ? column.canCreate || isState : column.canUpdate;
  if (!isAllowed) return { column: name, problems: [notWritable(column, mode)] };
  if (mode === "create" && isUnset(column, value)) return { column: name };
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
    ? { column: name, problems: [theirLength(table, column, value) + read.problem] }
    : { column: name, body: { [name]: read.value } };
}

/** What Microsoft's server says of a text that is too long; ours follows. */
const theirLength = ({ logicalName }: Table, column: Column, value: unknown): string =>
  textTypes.has(column.type) &&
  typeof value === "string" &&
  value.length > (column.maxLength ?? Number.POSITIVE_INFINITY)
    ? `A validation error occurred. The length of the '${column.logicalName}' attribute of the '${logicalName}' entity exceeded the maximum allowed length of '${column.maxLength}'. `
    : "";

const owning: ReadonlySet<string> = new Set(["owninguser", "owningteam"]);

function notWritable(column: Column, mode: "create" | "update"): string {
  if (owning.has(column.logicalName))
    return `${column.logicalName} follows the owner; write ownerid (a user or a team).`;
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

/** What a client sends for a value that it does not have. */
const isUnset = (column: Column, value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === "string" && value.trim() === "" && !textTypes.has(column.type));

const textTypes: ReadonlySet<string> = new Set(["String", "Memo"]);
