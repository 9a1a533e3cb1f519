import type { Column, Table } from "../dataverse";
import { recordGrammar, recordLine, recordRows, recordText } from "../text/record-text";
import { columnMarks, columnTypeText } from "./column-type-text";

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

export const describeColumn = (column: Column): DescribedColumn => ({
  name: column.logicalName,
  displayName: column.displayName,
  type: columnTypeText(column),
  required: column.required === "application" || column.required === "system",
  writable: writable(column),
});

/** `DESCRIBE TABLE <t> (` … `);`, alphabetical, one column a line, and what reads it needs to know beside it. */
export function tableText(table: Table): string {
  const columns = describedColumns(table);
  const lines = columns.map((column) =>
    [column.logicalName, columnTypeText(column), columnMarks(column)].filter(Boolean).join(" "),
  );
  const grammar = [
    `DESCRIBE TABLE ${table.logicalName} (`,
    lines.map((line) => `    ${line}`).join(",\n"),
    ");",
  ].join("\n");
  return [recordGrammar(grammar), ...facts(table, columns)].join("\n");
}

function facts(table: Table, columns: readonly Column[]): string[] {
  const named = columns
    .filter((column) => !saysTheSame(column))
    .map((column) => [column.logicalName, column.displayName]);
  return [
    `Display name: ${recordLine(table.displayName)}; plural: ${recordLine(table.displayCollectionName)}; set name: ${table.setName}; primary key: ${table.primaryId}; primary name: ${table.primaryName ?? "none"}.`,
    ...(table.description === undefined || table.description === ""
      ? []
      : [`Description: ${recordText(table.description)}`]),
    "In read_query a choice or lookup x has its text in xname (statecodename, customeridname).",
    ...table.keys.map((key) => `Alternate key: ${key.columns.join(", ")}.`),
    ...(named.length === 0 ? [] : [`Display names: ${recordRows(named)}`]),
  ];
}

const squeeze = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
const saysTheSame = (column: Column) =>
  column.displayName === "" || squeeze(column.displayName) === squeeze(column.logicalName);
