import type { Column, Table } from "../../dataverse";
import { recordGrammar, recordLine, recordRows, recordText } from "../../text/record-text";
import type { ColumnPage } from "./column-page";
import { columnMarks, columnTypeText } from "./column-type-text";

const longestDescription = 2_000;
/** Dataverse allows ten for a table. */
const mostKeys = 10;

const beginningOf = (text: string, characters: number) =>
  text.length <= characters ? text : `${text.slice(0, characters).toWellFormed()}…`;

export interface DescribedColumn {
  readonly name: string;
  readonly displayName: string;
  /** `CHOICE (Options: High (1), Normal (2))` */
  readonly type: string;
  readonly required: boolean;
  /** `always`, `create`, `update` or `never`. */
  readonly writable: "always" | "create" | "update" | "never";
}

/** Columns that a person can read or write; shadows such as `customeridname` are said in one sentence instead. */
export const describedColumns = (table: Table): Column[] =>
  [...table.columns]
    .filter((column) => column.attributeOf === undefined)
    .filter((column) => column.type !== "Virtual" && column.type !== "ManagedProperty")
    .filter((column) => column.canRead || column.canCreate || column.canUpdate)
    .sort((a, b) => (a.logicalName < b.logicalName ? -1 : 1));

const writable = (column: Column) =>
  column.canCreate
    ? column.canUpdate
      ? ("always" as const)
      : ("create" as const)
    : column.canUpdate
      ? ("update" as const)
      : ("never" as const);

export const describeColumn = (column: Column, longest?: number): DescribedColumn => ({
  name: column.logicalName,
  displayName: column.displayName,
  type: columnTypeText(column, longest),
  required: column.required === "application" || column.required === "system",
  writable: writable(column),
});

/**
 * `DESCRIBE TABLE <t> (` … `);`, alphabetical, one column a line, and what reads it needs to know beside it.
 *
 * @param page the columns to tell of, and what to say about the others; all of them when left out
 */
export function tableText(table: Table, page?: ColumnPage): string {
  const columns = page?.columns ?? describedColumns(table);
  const lines = columns.map((column) =>
    [column.logicalName, columnTypeText(column, page?.longestList), columnMarks(column)]
      .filter(Boolean)
      .join(" "),
  );
  const grammar = [
    `DESCRIBE TABLE ${table.logicalName} (`,
    lines.map((line) => `    ${line}`).join(",\n"),
    ");",
  ].join("\n");
  return [recordGrammar(grammar), ...restOf(page), ...facts(table, columns)].join("\n");
}

function restOf(page: ColumnPage | undefined): string[] {
  if (page === undefined || page.columns.length === page.total) return [];
  const fitting = page.isFiltered ? " that fit the filter" : "";
  const way =
    page.nextCursor === undefined
      ? "These are the last of them."
      : `The table has more: call describe_table again with cursor "${page.nextCursor}"${page.isFiltered ? " and the same filter" : ", or with filter to find columns by words in their names"}.`;
  return [
    `${page.columns.length} of ${page.total} columns${fitting}, those that a row must have first. ${way}`,
  ];
}

function facts(table: Table, columns: readonly Column[]): string[] {
  const named = columns
    .filter((column) => !saysTheSame(column))
    .map((column) => [column.logicalName, column.displayName]);
  return [
    `Display name: ${recordLine(table.displayName)}; plural: ${recordLine(table.displayCollectionName)}; set name: ${table.setName}; primary key: ${table.primaryId}; primary name: ${table.primaryName ?? "none"}.`,
    ...(table.description === undefined || table.description === ""
      ? []
      : [`Description: ${recordText(beginningOf(table.description, longestDescription))}`]),
    "In read_query a choice or lookup x has its text in xname (statecodename, customeridname).",
    ...table.keys.slice(0, mostKeys).map((key) => `Alternate key: ${key.columns.join(", ")}.`),
    ...(named.length === 0 ? [] : [`Display names: ${recordRows(named)}`]),
  ];
}

const squeeze = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
const saysTheSame = (column: Column) =>
  column.displayName === "" || squeeze(column.displayName) === squeeze(column.logicalName);
