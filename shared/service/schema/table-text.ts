import type { Column, Table } from "../../dataverse";
import { recordGrammar, recordLine, recordRows, recordText } from "../../text/records/record-text";
import type { ColumnPage } from "./column-page";
import { columnMarks, columnTypeText } from "./column-type-text";
import { describedColumns } from "./described-column";

const longestDescription = 2_000;
/** Dataverse allows ten for a table. */
const mostKeys = 10;

const beginningOf = (text: string, characters: number) =>
  text.length <= characters ? text : `${text.slice(0, characters).toWellFormed()}…`;

export interface TableText {
  /** `DESCRIBE TABLE <t> (` … `);`, alphabetical, one column a line, to the letter as Microsoft's server answers it. */
  readonly text: string;
  /** What reads it needs to know beside it. */
  readonly details: string;
}

/** @param page the columns to tell of, and what to say about the others; all of them when left out */
export function tableText(table: Table, page?: ColumnPage): TableText {
  const columns = page?.columns ?? describedColumns(table);
  const lines = columns.map((column) =>
    [column.logicalName, columnTypeText(column, page?.longestList), columnMarks(column)]
      .filter(Boolean)
      .join(" "),
  );
  const grammar = [
    `DESCRIBE TABLE ${table.logicalName} (`,
    lines.map((line) => `  ${line}`).join(",\n"),
    ");",
  ].join("\n");
  return {
    // Columns that are left out change what the rest means, so that is said where the grammar is read.
    text: [recordGrammar(grammar), ...restOf(page)].join("\n"),
    details: facts(table, columns).join("\n"),
  };
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
    ...whoWrites(columns),
    "In read_query a choice or lookup x has its text in xname (statecodename, customeridname).",
    ...table.keys.slice(0, mostKeys).map((key) => `Alternate key: ${key.columns.join(", ")}.`),
    ...(named.length === 0 ? [] : [`Display names: ${recordRows(named)}`]),
  ];
}

/** Which columns take no value, or take one at one time only. */
function whoWrites(columns: readonly Column[]): string[] {
  const those = (words: string, fits: (column: Column) => boolean) => {
    const names = columns.filter(fits).map((column) => column.logicalName);
    return names.length === 0 ? [] : [`${words}: ${names.join(", ")}.`];
  };
  return [
    ...those("Demanded by the platform", (c) => c.required === "system" && c.canCreate),
    ...those("Read-only", (c) => !c.canCreate && !c.canUpdate),
    ...those("Written only on create", (c) => c.canCreate && !c.canUpdate && !c.isPrimaryId),
    ...those("Written only on update", (c) => !c.canCreate && c.canUpdate),
  ];
}

const squeeze = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
const saysTheSame = (column: Column) =>
  column.displayName === "" || squeeze(column.displayName) === squeeze(column.logicalName);
