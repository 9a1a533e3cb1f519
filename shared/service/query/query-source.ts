import type {
  Column,
  Dataverse,
  FetchAnnotation,
  Metadata,
  Row,
  Table,
  TableName,
} from "../../dataverse";
import { formattedValue, lookupTable } from "../../dataverse/annotations";
import { AppError } from "../../errors";
import type {
  Catalog,
  CatalogColumn,
  CatalogTable,
  CatalogTableName,
  ColumnKind,
  Source,
  SourceCell,
  SourcePage,
  SourceRequest,
  SourceValue,
} from "../../sql";

/** "AggregateQueryRecordLimit exceeded": more than 50,000 rows. */
const aggregateLimit = "0x8004E023";

/** Characters of NVARCHAR that is not MAX. */
const longestPlainText = 4000;

/** Types without a value that a row can show (files, images, party lists) are not here. */
const kinds: Readonly<Partial<Record<Column["type"], ColumnKind>>> = {
  BigInt: "bigint",
  Boolean: "boolean",
  Customer: "lookup",
  DateTime: "datetime",
  Decimal: "decimal",
  Double: "float",
  EntityName: "text",
  Integer: "integer",
  Lookup: "lookup",
  Memo: "memo",
  Money: "money",
  MultiSelectPicklist: "choices",
  Owner: "lookup",
  Picklist: "choice",
  State: "choice",
  Status: "choice",
  String: "text",
  Uniqueidentifier: "guid",
};

const typeOf = (column: Column): ColumnKind | undefined =>
  column.type === "DateTime" && column.dateTimeBehavior === "DateOnly"
    ? "date"
    : kinds[column.type];

const hasLabels = (type: ColumnKind): boolean =>
  type === "choice" || type === "choices" || type === "boolean";

function storedColumn(column: Column): CatalogColumn | undefined {
  const type = typeOf(column);
  if (!type || !column.canRead || column.attributeOf !== undefined) return undefined;
  const navigation = column.navigation?.map((one) => one.property);
  return {
    name: column.logicalName,
    displayName: column.displayName,
    type,
    part: "value",
    base: column.logicalName,
    onServer: true,
    isPrimaryId: column.isPrimaryId,
    ...(type === "text" && (column.maxLength ?? 0) > longestPlainText && { isMax: true }),
    ...(column.maxLength === undefined ? {} : { maxLength: column.maxLength }),
    ...(column.options && hasLabels(type) && { options: column.options }),
    ...(column.targets && { targets: column.targets }),
    ...(column.isNameless && { isNameless: true }),
    ...(navigation && { navigation }),
  };
}

/** `statecodename`, `customeridname`, `customeridtype`: computed from a stored column, not stored. */
function computedColumns(stored: CatalogColumn, table: Table): readonly CatalogColumn[] {
  const make = (suffix: "name" | "type", part: CatalogColumn["part"]): CatalogColumn => {
    const name = stored.name + suffix;
    const shadow = table.columnByName.get(name);
    return {
      name,
      displayName: `${stored.displayName} (${suffix})`,
      type: "text",
      part,
      base: stored.name,
      onServer: shadow?.attributeOf === stored.name,
      isPrimaryId: false,
      ...(part === "label" && { options: stored.options ?? [] }),
      ...(part === "label" && stored.type === "choices" && { ofChoices: true as const }),
      ...(stored.targets && { targets: stored.targets }),
      ...(stored.isNameless && { isNameless: true }),
    };
  };
  if (stored.type === "lookup") return [make("name", "name"), make("type", "type")];
  return hasLabels(stored.type) ? [make("name", "label")] : [];
}

const namesOf = (table: TableName): CatalogTableName => ({
  name: table.logicalName,
  displayName: table.displayName,
  otherNames: [table.setName, table.schemaName, table.displayCollectionName].filter(Boolean),
  typeCode: table.objectTypeCode,
});

function catalogTable(table: Table): CatalogTable {
  const stored = table.columns.map(storedColumn).filter((column) => column !== undefined);
  const names = new Set(stored.map((column) => column.name));
  const computed = stored
    .flatMap((column) => computedColumns(column, table))
    .filter((column) => !names.has(column.name));
  const columns = [...stored, ...computed].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...namesOf(table), primaryId: table.primaryId, columns };
}

/** Built once for each version of a definition, which metadata hands out as one object. */
const built = new WeakMap<Table, CatalogTable>();

/** Dataverse's definitions as the SQL engine wants them. */
export const queryCatalog = (metadata: Metadata): Catalog => ({
  async tables() {
    return (await metadata.tables()).map(namesOf);
  },
  async table(name) {
    const table = await metadata.table(name);
    if (!table) return undefined;
    const known = built.get(table);
    if (known) return known;
    const made = catalogTable(table);
    built.set(table, made);
    return made;
  },
});

/** The property of a Web API row that holds a cell; a lookup of the root has its own spelling. */
function propertyOf(cell: SourceCell): string {
  if (cell.aliased) return cell.name;
  if (cell.link !== undefined) return `${cell.link}.${cell.name}`;
  return cell.type === "lookup" ? `_${cell.name}_value` : cell.name;
}

/** Milliseconds; values without a zone (time-zone independent columns) are taken as they stand. */
function readTime(value: string, type: ColumnKind): number | null {
  const zoned = /[zZ]$|[+-]\d{2}:\d{2}$/.test(value) ? value : `${value}Z`;
  const time = Date.parse(type === "date" ? `${value.slice(0, 10)}T00:00:00Z` : zoned);
  return Number.isNaN(time) ? null : time;
}

/** `3,1` as `1,3`: options have no order of their own, so equal ones are one text. */
const inOrder = (options: string): string =>
  options
    .split(",")
    .sort((a, b) => Number(a) - Number(b))
    .join(",");

function readValue(value: unknown, type: ColumnKind): SourceValue {
  if (value === null || value === undefined) return null;
  switch (type) {
    case "boolean":
      return value === true || value === 1 || value === "1" || value === "true";
    case "datetime":
    case "date":
      return readTime(String(value), type);
    case "guid":
    case "lookup":
      return String(value).toLowerCase();
    case "integer":
    case "bigint":
    case "float":
    case "choice":
      return Number(value);
    case "decimal":
    case "money":
      // At most ten digits are stored; the rest of a sum is noise of binary fractions.
      return Number(Number(value).toFixed(10));
    case "choices":
      return inOrder(String(value));
    default:
      return typeof value === "number" || typeof value === "boolean" ? value : String(value);
  }
}

/** Makes the reader of one cell, so that names are put together once and not for each row. */
function readerOf(cell: SourceCell): (row: Row) => SourceValue {
  const property = propertyOf(cell);
  const text = (value: unknown): SourceValue =>
    value === undefined || value === null ? null : String(value);
  switch (cell.part) {
    case "label":
    case "name":
      return (row) => text(row[property + formattedValue]);
    case "type":
      return (row) =>
        text(
          row[property + lookupTable] ?? (text(row[property]) === null ? null : cell.onlyTarget),
        );
    case "value":
      // A count or a sum of whatever is a number; MIN and MAX keep the column's type.
      return (row) => readValue(row[property], cell.type);
  }
}

/** Rows that are read out of a page between two looks at the clock: a wide row takes some 0.1 ms. */
const rowsAtOnce = 32;

/** Half of a page's characters are annotations, so those that no cell reads are not asked for. */
function annotationsOf(cells: readonly SourceCell[]): readonly FetchAnnotation[] {
  const shown = cells.some(({ part }) => part === "label" || part === "name");
  const typed = cells.some(({ part }) => part === "type");
  return [
    ...(shown ? (["formattedValue"] as const) : []),
    ...(typed ? (["lookupTable"] as const) : []),
  ];
}

/** Rows of Dataverse, as the person that `dataverse` acts for. */
export const querySource = (dataverse: Dataverse): Source => ({
  async *scan(request: SourceRequest): AsyncGenerator<SourcePage, void, undefined> {
    const readers = request.cells.map(readerOf);
    const { pageSize, nextPageSize, signal, look } = request;
    const pages = dataverse.fetchXml(request.table, request.fetchXml, {
      pageSize,
      nextPageSize,
      annotations: annotationsOf(request.cells),
      signal,
    });
    for await (const page of pages) {
      const rows: SourceValue[][] = [];
      for (let at = 0; at < page.rows.length; at += rowsAtOnce) {
        const some = page.rows.slice(at, at + rowsAtOnce);
        for (const row of some) rows.push(readers.map((read) => read(row)));
        await look?.(some.length);
      }
      yield { rows, more: page.more };
    }
  },
  requestsLeft: () => dataverse.requestsLeft,
  currentUserId: async () => (await dataverse.whoAmI()).userId.toLowerCase(),
  isAggregateLimit: (error) =>
    error instanceof AppError && error.code?.toLowerCase() === aggregateLimit.toLowerCase(),
  isRefusal: (error) => error instanceof AppError && error.kind === "invalid",
});
