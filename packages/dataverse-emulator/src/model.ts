/**
 * The doors between the parts of the embedded Dataverse. Types only.
 * `packages/dataverse-emulator` imports nothing of the product: the two share the wire and nothing else.
 */

// ---------------------------------------------------------------- definitions (emulator/metadata)

export type AttributeType =
  | "BigInt"
  | "Boolean"
  | "Customer"
  | "DateTime"
  | "Decimal"
  | "Double"
  | "EntityName"
  | "File"
  | "Image"
  | "Integer"
  | "Lookup"
  | "ManagedProperty"
  | "Memo"
  | "Money"
  | "MultiSelectPicklist"
  | "Owner"
  | "PartyList"
  | "Picklist"
  | "State"
  | "Status"
  | "String"
  | "Uniqueidentifier"
  | "Virtual";

export interface OptionDefinition {
  value: number;
  label: string;
  description?: string;
  /** `#0000ff` */
  color?: string;
  externalValue?: string;
  /** On a Status column: the statecode this reason belongs to. */
  state?: number;
}

export interface AttributeDefinition {
  logicalName: string;
  schemaName: string;
  displayName: string;
  description?: string;
  metadataId: string;
  type: AttributeType;
  isPrimaryId: boolean;
  isPrimaryName: boolean;
  required: "None" | "Recommended" | "ApplicationRequired" | "SystemRequired";
  validForCreate: boolean;
  validForUpdate: boolean;
  validForRead: boolean;
  isCustom: boolean;
  /** Computed shadow of another column, not stored: `customeridname` (name) or `customeridtype` (type) of `customerid`, `statecodename` of `statecode`. */
  attributeOf?: string;
  maxLength?: number;
  minValue?: number;
  maxValue?: number;
  precision?: number;
  /** String and Memo: Text, TextArea, Email, Url, Phone, RichText, TickerSymbol. Integer: None, Duration, TimeZone, Language, Locale. DateTime: DateOnly, DateAndTime. */
  format?: string;
  dateTimeBehavior?: "UserLocal" | "DateOnly" | "TimeZoneIndependent";
  autoNumberFormat?: string;
  /** File and Image: largest content; 32,768 and 10,240 unless told. */
  maxSizeInKB?: number;
  /** Guarded by column security: read and written only by those whom a field security profile lets. */
  isSecured?: boolean;
  isAudited?: boolean;
  /** Whether the column can be found by in Advanced Find; it can unless told. */
  isFindable?: boolean;
  options?: OptionDefinition[];
  /** Choice: the shared set that the options come from. */
  globalOptionSet?: string;
  /** Choice: the value a new row gets. Boolean: 1 or 0. */
  defaultValue?: number;
  targets?: string[];
  /** Lookup: navigation property on this table for each target. */
  navigation?: { target: string; property: string }[];
}

/** A choice that several columns share. */
export interface OptionSetDefinition {
  name: string;
  metadataId: string;
  displayName: string;
  description: string;
  isCustom: boolean;
  options: OptionDefinition[];
}

/** An alternate key. */
export interface KeyDefinition {
  schemaName: string;
  metadataId: string;
  attributes: string[];
  displayName?: string;
  isCustom?: boolean;
  /** While its index is being built, and when the rows do not allow one; such a key is not in force. */
  status?: "Pending" | "Failed";
}

export type CascadeType =
  | "Cascade"
  | "NoCascade"
  | "RemoveLink"
  | "Restrict"
  | "Active"
  | "UserOwned";

/** What else than deleting may pass from a row to those that point to it. */
export type CascadeAction = "Assign" | "Merge" | "Reparent" | "Share" | "Unshare";

export interface OneToManyDefinition {
  schemaName: string;
  metadataId: string;
  /** The "one" side. */
  referencedEntity: string;
  referencedAttribute: string;
  referencingEntity: string;
  referencingAttribute: string;
  /** Single-valued navigation on the referencing table. */
  referencingNavigation: string;
  /** Collection-valued navigation on the referenced table. */
  referencedNavigation: string;
  deleteCascade: CascadeType;
  /** Those that pass; the others do not. */
  cascades?: Readonly<Partial<Record<CascadeAction, CascadeType>>>;
  /** Of a table with itself: whether it is the one that makes a tree of its rows. */
  isHierarchical?: boolean;
  /** How the collection is shown beside its row, where somebody said so. */
  menu?: Readonly<{ Behavior?: string; Group?: string; Order?: number; label?: string }>;
}

export interface ManyToManyDefinition {
  schemaName: string;
  metadataId: string;
  entity1: string;
  entity2: string;
  /** The intersect table, and its two id columns. */
  intersectEntity: string;
  entity1Attribute: string;
  entity2Attribute: string;
  entity1Navigation: string;
  entity2Navigation: string;
}

export interface EntityDefinition {
  logicalName: string;
  schemaName: string;
  displayName: string;
  displayCollectionName: string;
  description: string;
  entitySetName: string;
  metadataId: string;
  objectTypeCode: number;
  primaryIdAttribute: string;
  primaryNameAttribute: string | undefined;
  ownership: "UserOwned" | "OrganizationOwned" | "BusinessOwned" | "None";
  /** Standard unless told. */
  tableType?: "Virtual" | "Elastic";
  isActivity: boolean;
  isIntersect: boolean;
  isCustom: boolean;
  /** Whether a custom table's changes can be followed; those of the service's own tables can. */
  changeTracking?: boolean;
  isAudited?: boolean;
  /** Names of the web resources that are the table's pictures. */
  icons?: { vector?: string; large?: string; medium?: string };
  /** Whether search looks into a table that was made here; of the service's own it does into those it is made for. */
  isSearched?: boolean;
  /** Sorted by logical name. */
  attributes: AttributeDefinition[];
  attribute(logicalName: string): AttributeDefinition | undefined;
  keys: KeyDefinition[];
}

export interface Catalog {
  entities(): readonly EntityDefinition[];
  byName(logicalName: string): EntityDefinition | undefined;
  bySet(entitySetName: string): EntityDefinition | undefined;
  byTypeCode(code: number): EntityDefinition | undefined;
  /** Every relationship in which the table is the "many" side / the "one" side / either side. */
  manyToOne(logicalName: string): readonly OneToManyDefinition[];
  oneToMany(logicalName: string): readonly OneToManyDefinition[];
  manyToMany(logicalName: string): readonly ManyToManyDefinition[];
  /** Resolves a navigation property name, case-sensitively. */
  navigation(
    logicalName: string,
    property: string,
  ):
    | {
        kind: "one";
        relationship: OneToManyDefinition;
        attribute: AttributeDefinition;
        target: string;
      }
    | { kind: "many"; relationship: OneToManyDefinition }
    | { kind: "manyToMany"; relationship: ManyToManyDefinition; other: string }
    | undefined;
  /** Moves on each schema change; what `Microsoft.Dynamics.CRM.globalmetadataversion` shows. */
  version(): number;
}

// ---------------------------------------------------------------- database (emulator/store)

export type SqlValue = string | number | bigint | null | Uint8Array;
export type SqlRow = Record<string, SqlValue>;

export interface Statement {
  get(...parameters: SqlValue[]): SqlRow | undefined;
  all(...parameters: SqlValue[]): SqlRow[];
  run(...parameters: SqlValue[]): { changes: number };
}

/**
 * One SQLite file. Physical layout, the same for CRUD, OData, FetchXML and sample data:
 * - one SQL table per Dataverse table, named by logical name (quoted); one column per stored attribute, named by logical name.
 *   Not stored: attributes with `attributeOf`, PartyList and Virtual.
 * - GUIDs: TEXT, lower case with dashes. String, Memo: TEXT. DateTime: TEXT `YYYY-MM-DDTHH:MM:SSZ` (UTC, whole seconds);
 *   behaviour DateOnly: `YYYY-MM-DD`; TimeZoneIndependent: stored like UTC. Boolean: INTEGER 0/1. Integer, BigInt, Picklist,
 *   State, Status: INTEGER. Decimal, Double, Money: REAL. MultiSelectPicklist: TEXT `,1,3,` (leading and trailing comma).
 *   EntityName: TEXT logical name. Image, File: TEXT base64 / TEXT GUID.
 * - a Lookup, Customer or Owner attribute `x` with more than one target has a second column `x__type` (TEXT logical name).
 * - `versionnumber` INTEGER: from one counter over all tables; etag = `W/"<versionnumber>"`. Every table has it.
 * - text comparison is case- and accent-insensitive and ignores trailing blanks: SQL function `fold(text)`; the primary name
 *   column `n` and e-mail columns have a stored shadow `n__fold` = fold(n). `foldedSql()` of store/schema.ts gives the expression.
 * - `activitypointer` is a VIEW over all activity tables (email, task, phonecall, appointment, letter, incidentresolution).
 */
export interface Database {
  exec(sql: string): void;
  /** Prepared statements are cached by text. */
  prepare(sql: string): Statement;
  /** Grows with every write to one of the tables, and with every one that cannot be told: what was read is good while it stands. */
  writes(tables: readonly string[]): number;
  /** Runs in a transaction (a savepoint when nested); rolls back when `work` throws. */
  transaction<T>(work: () => T): T;
  close(): void;
}

// ---------------------------------------------------------------- callers (emulator/security)

export type Right =
  | "Read"
  | "Create"
  | "Write"
  | "Delete"
  | "Append"
  | "AppendTo"
  | "Assign"
  | "Share";

export interface Principal {
  systemUserId: string;
  businessUnitId: string;
  /** The application user that impersonates, when the request carried CallerObjectId or MSCRMCallerID. */
  onBehalfOf: string | undefined;
}

export interface Security {
  /** Throws DataverseError 403 0x80040220 when the privilege is missing altogether. */
  demand(principal: Principal, right: Right, table: string): void;
  /**
   * SQL condition (on a table alias) that keeps the rows the principal may read, or undefined when all may be read.
   * Applied inside every query, never after paging.
   */
  rowFilter(
    principal: Principal,
    right: Right,
    table: string,
    alias: string,
  ): { sql: string; parameters: SqlValue[] } | undefined;
}

// ---------------------------------------------------------------- the wire (emulator/web)

export interface Annotations {
  /** True when `Prefer: odata.include-annotations` asks for the named annotation (`*` = all). */
  wants(annotation: string): boolean;
}

export interface WebRequest {
  method: string;
  /** Path below `/api/data/v9.x/`, still encoded: `incidents(…)/Microsoft.Dynamics.CRM.X`. */
  path: string;
  /** Decoded query options in order; names as sent (`$filter`, `fetchXml`, `@p1`). */
  query: ReadonlyMap<string, string>;
  /** Lower-cased names. */
  headers: Readonly<Record<string, string>>;
  /** Parsed JSON object of the body, or undefined. */
  body: unknown;
  rawBody: Uint8Array | undefined;
  principal: Principal;
  annotations: Annotations;
  /** `http://127.0.0.1:7072/api/data/v9.2/`: base for links, from X-Forwarded-* or Host. */
  serviceRoot: string;
}

export interface WebResponse {
  status: number;
  /** A line break in a value parts several lines of that header. */
  headers?: Record<string, string>;
  /** Sent as JSON; undefined sends no body. */
  body?: unknown;
}

/** Returns undefined when the path is not its business. */
export type Handler = (request: WebRequest, world: World) => WebResponse | undefined;

/** Values of a row by logical name (stored form is SqlValue; see Database). */
export interface RecordInput {
  /** Column values as JSON gave them, checked against definitions by `create`/`update`. */
  values: Record<string, unknown>;
}

/** Record operations with Dataverse's rules, used by CRUD routes, actions and `$batch`. */
export interface Records {
  /** `body` is Web API JSON (binds, deep inserts). Returns the id. `internal` skips "not valid for create/update" and state checks (for actions). */
  create(
    table: string,
    body: Record<string, unknown>,
    principal: Principal,
    options?: { id?: string; internal?: boolean },
  ): string;
  update(
    table: string,
    id: string,
    body: Record<string, unknown>,
    principal: Principal,
    options?: { internal?: boolean },
  ): void;
  delete(table: string, id: string, principal: Principal): void;
  /** Stored row or undefined; no security. */
  read(table: string, id: string): SqlRow | undefined;
  /** Web API JSON of stored rows: `_x_value`, booleans, annotations in Microsoft's order right before their property, `@odata.etag`. */
  render(
    table: string,
    rows: readonly SqlRow[],
    columns: readonly string[],
    request: Pick<WebRequest, "annotations" | "principal">,
  ): Record<string, unknown>[];
  /** Display text of one stored value (option label, lookup name, formatted date or number), or undefined when there is none. */
  formatted(table: string, column: string, row: SqlRow): string | undefined;
}

export interface World {
  db: Database;
  catalog: Catalog;
  records: Records;
  security: Security;
  now(): Date;
  /** Sends through the whole router again (for `$batch` and nextLink-like reuse). */
  dispatch(request: WebRequest): WebResponse;
}

/** A refusal in Dataverse's shape. */
export class DataverseError extends Error {
  readonly status: number;
  /** `0x80040217` */
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = "DataverseError";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}
