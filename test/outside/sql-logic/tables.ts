import { DatabaseSync } from "@photostructure/sqlite";
import type {
  Catalog,
  CatalogColumn,
  CatalogTable,
  ColumnKind,
  Source,
  SourcePage,
  SourceRequest,
  SourceValue,
} from "../../../shared/sql";

type Stored = null | number | bigint | string | Uint8Array;

/** A value that a column of T-SQL would not hold: the tests' own engine lets any value stand in any column. */
export class OtherType extends Error {}

const kinds: readonly (readonly [RegExp, ColumnKind])[] = [
  [/BIGINT|INT8|HUGEINT/, "bigint"],
  [/INT/, "integer"],
  [/REAL|FLOA|DOUB/, "float"],
  [/DEC|NUM/, "decimal"],
  [/BOOL|^BIT/, "boolean"],
  [/DATETIME|TIMESTAMP/, "datetime"],
  [/DATE/, "date"],
  [/CHAR|TEXT|CLOB|STRING/, "text"],
];

function kindOf(declared: string, values: readonly Stored[]): ColumnKind {
  const kind = kinds.find(([pattern]) => pattern.test(declared.toUpperCase()))?.[1];
  if (kind === undefined || kind === "integer") {
    const given = values.filter((one) => one !== null);
    if (kind === undefined && given.some((one) => typeof one === "string")) return "text";
    if (kind === undefined && given.some((one) => typeof one === "number")) return "float";
    return given.some((one) => typeof one === "bigint" && BigInt.asIntN(32, one) !== one)
      ? "bigint"
      : "integer";
  }
  return kind;
}

function cellOf(value: Stored, kind: ColumnKind): SourceValue {
  if (value === null) return null;
  if (kind === "text") return String(value);
  if (kind === "datetime" || kind === "date") {
    const time =
      typeof value === "string"
        ? Date.parse(/T|:/.test(value) ? `${value.replace(" ", "T")}Z` : value)
        : Number.NaN;
    if (Number.isNaN(time)) throw new OtherType(`${value} is no date.`);
    return time;
  }
  if (typeof value === "string" || value instanceof Uint8Array)
    throw new OtherType(`'${value}' stands in a column of numbers.`);
  if (kind === "boolean") return Number(value) !== 0;
  if (kind === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return Number(value);
}

interface Table {
  readonly table: CatalogTable;
  readonly rows: readonly Readonly<Record<string, SourceValue>>[];
}

/**
 * The tables of a file of tests. SQLite runs what makes and fills them; a query of ours reads their rows out of plain arrays.
 */
export class Tables {
  readonly #database = new DatabaseSync(":memory:");
  readonly #read = new Map<string, Table>();

  run(sql: string): void {
    this.#read.clear();
    this.#database.exec(sql);
  }

  close(): void {
    this.#database.close();
  }

  #names(): string[] {
    const found = this.#database
      .prepare("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
      .all() as { name: string }[];
    return found.map(({ name }) => name);
  }

  #table(name: string): Table {
    const known = this.#read.get(name);
    if (known) return known;
    const quoted = `"${name.replaceAll('"', '""')}"`;
    const declared = this.#database.prepare(`PRAGMA table_info(${quoted})`).all() as {
      name: string;
      type: string;
    }[];
    const select = this.#database.prepare(`SELECT * FROM ${quoted}`);
    select.setReadBigInts(true);
    const stored = select.all() as Record<string, Stored>[];
    const columns = declared.map(({ name: column, type }): CatalogColumn => {
      const maxLength = Number(/CHAR\w*\s*\((\d+)\)/i.exec(type)?.[1] ?? Number.NaN);
      return {
        name: column.toLowerCase(),
        displayName: column,
        type: kindOf(
          type,
          stored.map((row) => row[column] ?? null),
        ),
        part: "value",
        base: column,
        onServer: true,
        isPrimaryId: false,
        ...(maxLength > 0 && { maxLength }),
      };
    });
    const rows = stored.map((row) =>
      Object.fromEntries(columns.map(({ base, type }) => [base, cellOf(row[base] ?? null, type)])),
    );
    const table = {
      name: name.toLowerCase(),
      displayName: name,
      otherNames: [],
      // No column of the table: a key that the rows need not have.
      primaryId: "row id",
      columns,
    };
    const made = { table, rows };
    this.#read.set(name, made);
    return made;
  }

  #find(name: string): Table | undefined {
    const found = this.#names().find((one) => one.toLowerCase() === name.toLowerCase());
    return found === undefined ? undefined : this.#table(found);
  }

  readonly catalog: Catalog = {
    tables: () =>
      Promise.resolve(
        this.#names().map((name) => ({
          name: name.toLowerCase(),
          displayName: name,
          otherNames: [],
        })),
      ),
    table: (name) => Promise.resolve(this.#find(name)?.table),
  };

  /** Gives whole tables: filters, joins and groups are left to the engine. */
  readonly source: Source = {
    scan: (request) => this.#scan(request),
    currentUserId: () => Promise.resolve("00000000-0000-0000-0000-000000000000"),
    isAggregateLimit: () => false,
  };

  async *#scan({ table, fetchXml, cells, pageSize }: SourceRequest): AsyncGenerator<SourcePage> {
    const found = this.#find(table);
    if (!found) throw new Error(`There is no table ${table}.`);
    if (/<(filter|link-entity)|aggregate=|distinct=|top=/.test(fetchXml))
      throw new Error(`This source gives whole tables: ${fetchXml}`);
    const rows = found.rows.map((row) => cells.map(({ name }) => row[name] ?? null));
    let at = 0;
    do {
      yield { rows: rows.slice(at, at + pageSize), more: at + pageSize < rows.length };
      at += pageSize;
    } while (at < rows.length);
  }
}
