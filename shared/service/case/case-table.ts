import type { Column, Dataverse, Row, Table } from "../../dataverse";
import { formattedValue, lookupTable } from "../../dataverse/annotations";
import { literal, readGuid } from "../../dataverse/odata-literal";
import { AppError } from "../../errors";
import type { EntityRef } from "../../intelligence";
import { quote } from "../../text/quote";
import { recordWord } from "../../text/record-text";
import { findTable } from "../record/find-table";
import { textOf } from "../record/optional-read";
import { findCase } from "./case";

/** A table of cases: `incident`, or any table that is worked on like one. Only its metadata says which columns play which part. */
export interface CaseTable {
  readonly table: Table;
  readonly title: string;
  readonly number: string | undefined;
  readonly description: string | undefined;
  /** Who has the problem: an account or a contact. */
  readonly customer: Column | undefined;
  /** Contacts to write to, the best first. */
  readonly contacts: readonly Column[];
  readonly email: string | undefined;
}

/** A person or company on a case. */
export interface PartyRef {
  readonly table: string;
  readonly id: string;
  /** Text from the record: data. */
  readonly name: string;
}

export interface CaseRecord {
  readonly ref: EntityRef;
  readonly caseTable: CaseTable;
  /** Text from the record: data. */
  readonly title: string;
  /** Text from the record: data. */
  readonly description: string | undefined;
  readonly isOpen: boolean;
  readonly status: string;
  readonly etag: string;
  readonly customer: PartyRef | undefined;
  readonly contacts: readonly PartyRef[];
  readonly email: string | undefined;
  /** As read, with annotations: the case's own columns and those asked for. */
  readonly row: Row;
}

/** How the caller names a case. */
export interface CaseName {
  readonly tablename?: string | undefined;
  readonly incidentId?: string | undefined;
  readonly caseNumber?: string | undefined;
}

const lookups = new Set(["Lookup", "Customer"]);

/** The property of a Web API row that holds a column's value. */
export const propertyOf = (column: Column): string =>
  lookups.has(column.type) || column.type === "Owner"
    ? `_${column.logicalName}_value`
    : column.logicalName;

/** @throws AppError `invalid` when the table cannot be worked on like a case (no name column) */
export function asCaseTable(table: Table): CaseTable {
  if (table.primaryName === undefined || table.isIntersect) {
    throw new AppError("unsupported", `${table.logicalName} cannot be worked on like a case.`, {
      hint: "It needs a primary name column. The usual table is incident.",
    });
  }
  const readable = table.columns.filter(
    (column) => column.canRead && column.attributeOf === undefined,
  );
  const named = (pattern: RegExp, types: readonly string[]) =>
    readable.find((column) => types.includes(column.type) && pattern.test(column.logicalName))
      ?.logicalName;
  const to = (target: string) =>
    readable.filter((column) => lookups.has(column.type) && column.targets?.includes(target));
  const first = (names: readonly string[]) => (a: Column, b: Column) =>
    rankOf(names, a) - rankOf(names, b);
  return {
    table,
    title: table.primaryName,
    number: named(/^ticketnumber$/, ["String"]) ?? named(/number$/, ["String"]),
    description: named(/^description$/, ["Memo"]) ?? named(/description|details/, ["Memo"]),
    customer:
      readable.find((column) => column.type === "Customer") ?? to("account")[0] ?? to("contact")[0],
    contacts: to("contact")
      .filter(
        (column) =>
          column.type === "Lookup" && !/createdby|modifiedby|external/.test(column.logicalName),
      )
      .sort(first(["primarycontactid", "responsiblecontactid", "contactid"])),
    email:
      named(/^emailaddress$/, ["String"]) ??
      readable.find((column) => column.format === "Email")?.logicalName,
  };
}

const rankOf = (names: readonly string[], column: Column) => {
  const at = names.indexOf(column.logicalName);
  return at < 0 ? names.length : at;
};

/**
 * Reads a case in the caller's rights, by id or number.
 *
 * @param extra logical names of further columns to read
 * @throws AppError `invalid`, `not_found`
 */
export async function findCaseRecord(
  dataverse: Dataverse,
  name: CaseName,
  extra: readonly string[] = [],
): Promise<CaseRecord> {
  const caseTable = asCaseTable(await findTable(dataverse.metadata, name.tablename ?? "incident"));
  const id = await findId(dataverse, caseTable, name);
  const record = await readCaseRecord(dataverse, caseTable, id, extra);
  if (record !== undefined) return record;
  throw new AppError(
    "not_found",
    `There is no ${caseTable.table.logicalName} ${id} that you may see.`,
    { hint: "Find it with read_query." },
  );
}

async function findId(
  dataverse: Dataverse,
  { table, number }: CaseTable,
  name: CaseName,
): Promise<string> {
  if (table.logicalName === "incident") {
    return (await findCase(dataverse, name.incidentId, name.caseNumber)).id;
  }
  const id = name.incidentId === undefined ? undefined : readGuid(name.incidentId);
  if (id !== undefined) return id;
  const said = (name.caseNumber ?? name.incidentId ?? "").trim();
  if (said === "" || number === undefined) {
    throw new AppError("invalid", `Name the ${table.logicalName} by incidentId (its GUID).`, {
      hint: `Find it with read_query: SELECT ${table.primaryId}, ${table.primaryName} FROM ${table.logicalName} WHERE …`,
    });
  }
  const { rows } = await dataverse.query(table.logicalName, {
    select: [table.primaryId],
    filter: `${number} eq ${literal(said)}`,
    top: 2,
  });
  const [only] = rows;
  if (only !== undefined && rows.length === 1) return String(only[table.primaryId]);
  throw new AppError(
    rows.length === 0 ? "not_found" : "invalid",
    rows.length === 0
      ? `There is no ${table.logicalName} with the ${number} ${quote(said)} that you may see.`
      : `Several rows of ${table.logicalName} have the ${number} ${quote(said)}.`,
    { hint: "Name it by incidentId (its GUID)." },
  );
}

/** Undefined when there is no such row that the caller may see. */
export async function readCaseRecord(
  dataverse: Dataverse,
  caseTable: CaseTable,
  id: string,
  extra: readonly string[] = [],
): Promise<CaseRecord | undefined> {
  const { table } = caseTable;
  const columns = [
    table.primaryId,
    caseTable.title,
    caseTable.number,
    caseTable.description,
    caseTable.email,
    caseTable.customer?.logicalName,
    ...caseTable.contacts.map((column) => column.logicalName),
    "statecode",
    "statuscode",
    "createdon",
    "modifiedon",
    ...extra,
  ];
  const select = [...new Set(columns)].flatMap((name) => {
    const column = name === undefined ? undefined : table.columnByName.get(name);
    return column === undefined ? [] : [propertyOf(column)];
  });
  const row = await dataverse.retrieve(table.logicalName, id, { select, annotations: true });
  return row === undefined ? undefined : asRecord(caseTable, id, row);
}

function asRecord(caseTable: CaseTable, id: string, row: Row): CaseRecord {
  const cell = (name: string | undefined) => (name === undefined ? undefined : textOf(row[name]));
  const number = cell(caseTable.number);
  return {
    ref: {
      table: caseTable.table.logicalName,
      id,
      ...(number === undefined ? {} : { number }),
    },
    caseTable,
    title: cell(caseTable.title) ?? "",
    description: cell(caseTable.description),
    isOpen: row.statecode === undefined || row.statecode === 0,
    status: String(row[`statuscode${formattedValue}`] ?? row.statuscode ?? ""),
    etag: String(row["@odata.etag"] ?? ""),
    customer: caseTable.customer && partyOf(row, caseTable.customer),
    contacts: caseTable.contacts.flatMap((column) => partyOf(row, column) ?? []),
    email: cell(caseTable.email),
    row,
  };
}

function partyOf(row: Row, column: Column): PartyRef | undefined {
  const property = propertyOf(column);
  const id = textOf(row[property]);
  if (id === undefined) return undefined;
  return {
    table: textOf(row[property + lookupTable]) ?? column.targets?.[0] ?? "contact",
    id,
    name: textOf(row[property + formattedValue]) ?? "",
  };
}

/** `Case CAS-01001-H4K7Q2 (1c00…)`: how answers name a case. */
export const caseWords = ({ ref }: CaseRecord): string =>
  `${ref.table === "incident" ? "Case" : ref.table} ${ref.number === undefined ? ref.id : `${recordWord(ref.number)} (${ref.id})`}`;
