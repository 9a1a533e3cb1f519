import type { CatalogColumn, CatalogTable, CatalogTableName } from "../../catalog";
import { columnType } from "../../expression/column-type";
import {
  bit,
  int,
  isNumeric,
  isText,
  isTime,
  isUnicode,
  longest,
  nvarchar,
  type SqlType,
  smallint,
  tinyint,
  type Value,
  varchar,
} from "../../types/sql-type";

/** A view of SQL Server over definitions: its columns, and a row for each table or column. */
export interface SystemView {
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  readonly rows: readonly (readonly Value[])[];
}

const database = "dataverse";
const schema = "dbo";
const sysname = nvarchar(128);

/** @see https://learn.microsoft.com/sql/relational-databases/system-information-schema-views/tables-transact-sql */
export const informationTables = (tables: readonly CatalogTableName[]): SystemView => ({
  columns: [
    { name: "TABLE_CATALOG", type: sysname },
    { name: "TABLE_SCHEMA", type: sysname },
    { name: "TABLE_NAME", type: sysname },
    { name: "TABLE_TYPE", type: varchar(10) },
  ],
  rows: tables.map(({ name }) => [database, schema, name, "BASE TABLE"]),
});

/** @see https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-tables-transact-sql */
export const sysTables = (tables: readonly CatalogTableName[]): SystemView => ({
  columns: [
    { name: "name", type: sysname },
    { name: "object_id", type: int },
    { name: "schema_id", type: int },
    { name: "type", type: varchar(2) },
    { name: "type_desc", type: nvarchar(60) },
  ],
  rows: tables.map(({ name }, at) => [name, at + 1, 1, "U", "USER_TABLE"]),
});

/** @see https://learn.microsoft.com/sql/relational-databases/system-information-schema-views/columns-transact-sql */
export const informationColumns = (tables: readonly CatalogTable[]): SystemView => ({
  columns: [
    { name: "TABLE_CATALOG", type: sysname },
    { name: "TABLE_SCHEMA", type: sysname },
    { name: "TABLE_NAME", type: sysname },
    { name: "COLUMN_NAME", type: sysname },
    { name: "ORDINAL_POSITION", type: int },
    { name: "COLUMN_DEFAULT", type: nvarchar(4000) },
    { name: "IS_NULLABLE", type: varchar(3) },
    { name: "DATA_TYPE", type: sysname },
    { name: "CHARACTER_MAXIMUM_LENGTH", type: int },
    { name: "CHARACTER_OCTET_LENGTH", type: int },
    { name: "NUMERIC_PRECISION", type: tinyint },
    { name: "NUMERIC_SCALE", type: int },
    { name: "DATETIME_PRECISION", type: smallint },
  ],
  rows: tables.flatMap((table) =>
    table.columns.map((column, at) => columnRow(table.name, column, at + 1)),
  ),
});

/**
 * @param all tables by whose places `sys.tables` numbers them
 * @see https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-columns-transact-sql
 */
export function sysColumns(
  tables: readonly CatalogTable[],
  all: readonly CatalogTableName[],
): SystemView {
  const ids = new Map(all.map(({ name }, at) => [name, at + 1]));
  return {
    columns: [
      { name: "object_id", type: int },
      { name: "name", type: sysname },
      { name: "column_id", type: int },
      { name: "max_length", type: smallint },
      { name: "precision", type: tinyint },
      { name: "scale", type: tinyint },
      { name: "is_nullable", type: bit },
    ],
    rows: tables.flatMap((table) =>
      table.columns.map((column, at) => [
        ids.get(table.name) ?? null,
        column.name,
        at + 1,
        ...sysSizes(column),
        !column.isPrimaryId,
      ]),
    ),
  };
}

/** Bytes (-1 for MAX), and digits before and behind the point where there are any, as SQL Server counts them. */
function sysSizes(
  column: CatalogColumn,
): readonly [bytes: number, precision: number, scale: number] {
  const type = columnType(column);
  if (isText(type))
    return [type.length === longest ? -1 : type.length * (isUnicode(type) ? 2 : 1), 0, 0];
  return sizes[type.kind] ?? [storedBytes(type.precision), type.precision, type.scale];
}

const sizes: Readonly<Partial<Record<SqlType["kind"], readonly [number, number, number]>>> = {
  bit: [1, 1, 0],
  int: [4, 10, 0],
  bigint: [8, 19, 0],
  money: [8, 19, 4],
  float: [8, 53, 0],
  date: [3, 10, 0],
  datetime: [8, 23, 3],
  uniqueidentifier: [16, 0, 0],
};

/** @see https://learn.microsoft.com/sql/t-sql/data-types/decimal-and-numeric-transact-sql */
const storedBytes = (precision: number): number =>
  precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;

function columnRow(table: string, column: CatalogColumn, position: number): readonly Value[] {
  const type = columnType(column);
  const isMax = type.length === longest;
  const characters = isText(type) ? (isMax ? -1 : type.length) : null;
  const isCounted = isNumeric(type) && type.kind !== "bit";
  return [
    database,
    schema,
    table,
    column.name,
    position,
    null,
    column.isPrimaryId ? "NO" : "YES",
    type.kind,
    characters,
    characters === null || isMax ? characters : characters * (isUnicode(type) ? 2 : 1),
    isCounted ? type.precision : null,
    isCounted ? type.scale : null,
    isTime(type) ? (type.kind === "date" ? 0 : type.kind === "datetime" ? 3 : type.scale) : null,
  ];
}
