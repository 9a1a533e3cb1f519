import type { Column, Row, Table } from "../../../dataverse";
import { AppError } from "../../../errors";
import type { Asked, Found } from "../lookups/lookup-values";
import type { Person } from "../parties/party-values";

/** One key of `item`, read. */
export interface Part {
  readonly column?: string;
  readonly body?: Row;
  readonly parties?: readonly Row[];
  /** Records that take part in a mail, or that are to own the record. */
  readonly people?: readonly Person[];
  readonly id?: string;
  readonly notes?: readonly string[];
  readonly problems?: readonly string[];
}

/** A key whose value names records: it is read as soon as they are found. */
export interface PendingPart {
  readonly column: string;
  readonly asked: readonly Asked[];
  /** Parties given by name. */
  readonly byName: number;
  finish(found: readonly Found[]): Part;
}

export const clear = (column: Column, body: Row): Part =>
  isDemanded(column) || column.type === "State" || column.type === "Status"
    ? { problems: [`${column.logicalName} is required and cannot be cleared.`] }
    : { body };

/** What the platform demands it often fills itself (a team's administrator, an activity's type), but never a name or a customer. */
export const isDemanded = (column: Column) =>
  column.required === "application" ||
  (column.required === "system" && (column.type === "String" || column.type === "Customer"));

export const refusal = (table: Table, problems: readonly string[]) =>
  new AppError(
    "invalid",
    `Nothing was written to ${table.logicalName}: ${problems.length === 1 ? "one thing is" : `${problems.length} things are`} not right.`,
    {
      problems,
      hint: `describe_table with tablename ${table.logicalName} lists columns, options and lookups. Mend all of this and call again.`,
    },
  );
