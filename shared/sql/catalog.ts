/** What Dataverse keeps in a column, as far as its values and the service's rules for it go. */
export type ColumnKind =
  | "text"
  | "memo" // long text, never sorted by the service
  | "integer"
  | "bigint"
  | "decimal"
  | "money"
  | "float"
  | "boolean"
  | "datetime"
  | "date"
  | "guid"
  | "lookup" // a guid that refers to a row
  | "choice" // number of an option
  | "choices"; // comma list of option numbers, as text

/** A value as a source hands it out: times are milliseconds since 1970 in UTC, GUIDs lower case. */
export type SourceValue = null | string | number | boolean;

/** What the engine must know of tables. Implemented outside; names are Dataverse's logical names. */
export interface Catalog {
  tables(): Promise<readonly CatalogTableName[]>;
  /** By exact logical name. */
  table(name: string): Promise<CatalogTable | undefined>;
}

export interface CatalogTableName {
  readonly name: string;
  readonly displayName: string;
  /** Other names that people use: set name, schema name, plural display name. */
  readonly otherNames: readonly string[];
  /** The number that Dataverse has for the table, by which it compares the types of lookups. */
  readonly typeCode?: number;
}

export interface CatalogTable extends CatalogTableName {
  readonly primaryId: string;
  /** Sorted by name; readable ones only, computed ones (`part` other than "value") included. */
  readonly columns: readonly CatalogColumn[];
}

/**
 * `value`: stored. `label`: text of a choice or boolean. `name`: primary name of the row a lookup refers to.
 * `type`: logical name of that row's table.
 */
export type ColumnPart = "value" | "label" | "name" | "type";

export interface CatalogColumn {
  readonly name: string;
  readonly displayName: string;
  readonly type: ColumnKind;
  readonly part: ColumnPart;
  /** The stored column of which this one is a part; its own name for part "value". */
  readonly base: string;
  /** False when only the engine knows the column (the server has no such name). */
  readonly onServer: boolean;
  readonly isPrimaryId: boolean;
  /** A text that may be longer than T-SQL's 8,000 bytes, as every `memo` may: of a MAX type there. */
  readonly isMax?: true;
  /** Most characters of a text, as declared. */
  readonly maxLength?: number;
  readonly options?: readonly CatalogOption[];
  /** A label of `choices`: the labels of several options in one text. */
  readonly ofChoices?: true;
  readonly targets?: readonly string[];
  /** Of a `type`: the numbers of the tables, where the engine has asked for them. */
  readonly targetCodes?: readonly (readonly [table: string, code: number])[];
  /** Of a lookup: names of its rows are kept back, though the service knows them and would sort by them. */
  readonly isNameless?: true;
  /** Navigation properties: not columns, but often written as if they were. */
  readonly navigation?: readonly string[];
}

export interface CatalogOption {
  readonly value: number;
  readonly label: string;
}

/** One value to take from each row of a scan. */
export interface SourceCell {
  /** Alias of the linked table, or undefined for the root. */
  readonly link: string | undefined;
  /** Stored column, or the alias given to it when `aliased`. */
  readonly name: string;
  readonly aliased: boolean;
  readonly part: ColumnPart;
  readonly type: ColumnKind;
  /** The only table a lookup can refer to, when there is only one. */
  readonly onlyTarget: string | undefined;
}

export interface SourceRequest {
  readonly table: string;
  readonly fetchXml: string;
  readonly cells: readonly SourceCell[];
  readonly pageSize: number;
  /** Asked before each page but the first. A source that pages by one size may leave it. */
  readonly nextPageSize?: () => number;
  /** Told of rows that were read out of a page; a promise is waited for before the next ones, so that others have their turn. */
  readonly look?: (rows: number) => Promise<void> | undefined;
  readonly signal: AbortSignal;
}

export interface SourcePage {
  /** One value for each cell, in order. */
  readonly rows: readonly (readonly SourceValue[])[];
  readonly more: boolean;
}

/** Where rows come from: a FetchXML endpoint. */
export interface Source {
  scan(request: SourceRequest): AsyncIterable<SourcePage>;
  /** Row id of the person who asks, for CURRENT_USER. */
  currentUserId(): Promise<string>;
  /** Requests that may be made yet; as many as the query likes when left out. */
  readonly requestsLeft?: () => number;
  /** True for the service's refusal to aggregate more than 50,000 rows. */
  isAggregateLimit(error: unknown): boolean;
  /** True where the service does not take what it is asked, such as a condition that it does not know. Never, when left out. */
  readonly isRefusal?: (error: unknown) => boolean;
}
