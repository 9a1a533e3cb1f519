import type { Column, Dataverse, Row } from "../../dataverse";
import { formattedValue, lookupTable } from "../../dataverse/annotations";
import type { EntityRef } from "../../intelligence";
import { recordWord } from "../../text/records/record-text";
import { textOf } from "../record/optional-read";
import { type CaseTable, propertyOf } from "./case-table";
import { type CaseName, findCaseRow } from "./find-case-row";

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

/**
 * Reads a case in the caller's rights, by id or number, with one request.
 *
 * @param extra logical names of further columns to read
 * @throws AppError `invalid`, `not_found`
 */
export const findCaseRecord = async (
  dataverse: Dataverse,
  caseTable: CaseTable,
  name: CaseName,
  extra: readonly string[] = [],
): Promise<CaseRecord> =>
  asRecord(caseTable, await findCaseRow(dataverse, caseTable, name, columnsOf(caseTable, extra)));

/** Reads a case again. Undefined when there is no such row any more that the caller may see. */
export async function readCaseRecord(
  dataverse: Dataverse,
  caseTable: CaseTable,
  id: string,
  extra: readonly string[] = [],
  withinMs?: number,
): Promise<CaseRecord | undefined> {
  const row = await dataverse.retrieve(caseTable.table.logicalName, id, {
    select: columnsOf(caseTable, extra),
    annotations: true,
    withinMs,
  });
  return row === undefined ? undefined : asRecord(caseTable, row);
}

/** Properties that hold what a record says, as far as the table has them. */
function columnsOf(caseTable: CaseTable, extra: readonly string[]): readonly string[] {
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
  return [...new Set(columns)].flatMap((name) => {
    const column = name === undefined ? undefined : table.columnByName.get(name);
    return column === undefined ? [] : [propertyOf(column)];
  });
}

function asRecord(caseTable: CaseTable, row: Row): CaseRecord {
  const cell = (name: string | undefined) => (name === undefined ? undefined : textOf(row[name]));
  const number = cell(caseTable.number);
  return {
    ref: {
      table: caseTable.table.logicalName,
      id: String(row[caseTable.table.primaryId]),
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
