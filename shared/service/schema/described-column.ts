import type { Column, Table } from "../../dataverse";
import { columnTypeText } from "./column-type-text";

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
