/** Dataverse's own words for a column's type (AttributeTypeCode; choices, images and files are `Virtual` there). */
export type ColumnType =
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

export interface Option {
  readonly value: number;
  /** In the user's language. For a Boolean column: 1 = the true label, 0 = the false label. */
  readonly label: string;
  readonly description?: string;
  /** On a Status column: the state this reason belongs to. */
  readonly state?: number;
}

/** One way to write a lookup: bind `property` to a row of `target`. Case-sensitive, never guessed. */
export interface LookupNavigation {
  readonly target: string;
  readonly property: string;
}

export interface Column {
  readonly logicalName: string;
  readonly schemaName: string;
  readonly displayName: string;
  readonly description?: string;
  readonly type: ColumnType;
  readonly isPrimaryId: boolean;
  readonly isPrimaryName: boolean;
  readonly required: "none" | "recommended" | "application" | "system";
  readonly canCreate: boolean;
  readonly canUpdate: boolean;
  readonly canRead: boolean;
  /** The column this one is a shadow of (`customeridname` of `customerid`); such columns are computed. */
  readonly attributeOf?: string;
  readonly maxLength?: number;
  readonly minValue?: number;
  readonly maxValue?: number;
  readonly precision?: number;
  /** FormatName (Text, Email, Url, Phone, TextArea, RichText …) or Format (DateOnly, DateAndTime, Duration …). */
  readonly format?: string;
  readonly dateTimeBehavior?: "UserLocal" | "DateOnly" | "TimeZoneIndependent";
  readonly options?: readonly Option[];
  /** Choice: what a new row gets when nothing is said. */
  readonly defaultValue?: number;
  readonly targets?: readonly string[];
  readonly navigation?: readonly LookupNavigation[];
  /** Lookup: names of the rows are kept back by this deployment, of some or of all. */
  readonly isNameless?: true;
}

export interface TableName {
  readonly logicalName: string;
  readonly schemaName: string;
  /** The name in URLs: `incidents`. Never computed, always from metadata. */
  readonly setName: string;
  readonly displayName: string;
  readonly displayCollectionName: string;
  readonly primaryId: string;
  readonly primaryName: string | undefined;
  readonly ownership: string;
  readonly isActivity: boolean;
  readonly isCustom: boolean;
  readonly isIntersect: boolean;
  readonly objectTypeCode: number;
  /** This deployment may keep columns of it back. */
  readonly isPartial?: true;
}

export interface OneToMany {
  readonly schemaName: string;
  readonly referencingTable: string;
  readonly referencingColumn: string;
  /** Collection-valued navigation property on the referenced ("one") table. */
  readonly collectionProperty: string;
}

export interface Table extends TableName {
  readonly description?: string;
  /** Sorted by logical name. */
  readonly columns: readonly Column[];
  readonly columnByName: ReadonlyMap<string, Column>;
  readonly oneToMany: readonly OneToMany[];
  readonly keys: readonly { readonly schemaName: string; readonly columns: readonly string[] }[];
}

/** Cached definitions, shared by all callers of this instance (definitions are not row data). */
export interface Metadata {
  /** One object an environment, the same for every call: what is kept beside the definitions is kept under it. */
  readonly environment: object;
  /** Names of all tables that are not private, sorted by logical name. */
  tables(): Promise<readonly TableName[]>;
  /** By exact logical name. */
  table(logicalName: string): Promise<Table | undefined>;
  /**
   * Understands logical, schema, set, display and plural names in any case. On a miss `candidates`
   * holds up to five near names, best first.
   */
  find(
    name: string,
  ): Promise<{ readonly table?: Table; readonly candidates: readonly TableName[] }>;
  /**
   * Reads again past Dataverse's caches (`Consistency: Strong`), after our own schema change. A reading that began before does not
   * count.
   */
  refresh(): Promise<void>;
  /**
   * The definition as Dataverse has it now, for whoever looks what became of a change of it: never an older one.
   *
   * @throws AppError when it cannot be read
   */
  fresh(logicalName: string): Promise<Table | undefined>;
  /**
   * For whoever shows definitions: what is given afterwards is of this moment, where that can be had soon. As often as `lookAgain`,
   * and once in a call.
   *
   * @returns false when it is what was known before
   */
  catchUp(): Promise<boolean>;
  /**
   * For whoever is about to refuse a name that is not known: true when definitions are others by now than those that this call
   * was given first, so that it may be known. Reads like `refresh`, so often for one person as a person errs and no oftener.
   */
  lookAgain(): Promise<boolean>;
}
