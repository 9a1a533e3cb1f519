import type { Column, Metadata, Table } from "../../dataverse";
import { AppError } from "../../errors";
import { findTable } from "../record/find-table";

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
 * The table of cases that the caller means; `incident` when nothing is said.
 *
 * @throws AppError `not_found`, `unsupported`
 */
export const findCaseTable = async (
  metadata: Metadata,
  tablename: string | undefined,
): Promise<CaseTable> => asCaseTable(await findTable(metadata, tablename ?? "incident"));
