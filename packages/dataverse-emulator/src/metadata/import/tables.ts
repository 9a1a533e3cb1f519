// Over 300 lines: one pass over the types of a file, whose steps share what is made and what is skipped.
import type {
  AttributeDefinition,
  AttributeType,
  Catalog,
  EntityDefinition,
  ManyToManyDefinition,
  OneToManyDefinition,
} from "../../model";
import { withShadows } from "../definitions/shadows/shadows";
import { entityOf } from "../entity";
import { attributeIdOf, metadataIdOf } from "../ids";
import type { CsdlFile, CsdlProperty, CsdlType } from "./read-csdl";

/** Tables made from a file, and in words what of it was left out. */
export interface ImportedTables {
  entities: EntityDefinition[];
  /** Columns of tables that are shipped, and that the shipped definitions lack. */
  additions: { table: EntityDefinition; attributes: AttributeDefinition[] }[];
  oneToMany: OneToManyDefinition[];
  manyToMany: ManyToManyDefinition[];
  skipped: string[];
}

const TYPES: Readonly<Record<string, Partial<AttributeDefinition> & { type: AttributeType }>> = {
  "Edm.Binary": { type: "Image" },
  "Edm.Boolean": {
    type: "Boolean",
    options: [
      { value: 1, label: "Yes" },
      { value: 0, label: "No" },
    ],
    defaultValue: 0,
  },
  "Edm.Date": { type: "DateTime", format: "DateOnly", dateTimeBehavior: "DateOnly" },
  "Edm.DateTimeOffset": { type: "DateTime", format: "DateAndTime", dateTimeBehavior: "UserLocal" },
  "Edm.Decimal": {
    type: "Decimal",
    minValue: -100_000_000_000,
    maxValue: 100_000_000_000,
    precision: 10,
  },
  "Edm.Double": {
    type: "Double",
    minValue: -100_000_000_000,
    maxValue: 100_000_000_000,
    precision: 5,
  },
  "Edm.Guid": { type: "Uniqueidentifier" },
  "Edm.Int32": {
    type: "Integer",
    minValue: -2_147_483_648,
    maxValue: 2_147_483_647,
    format: "None",
  },
  "Edm.Int64": { type: "BigInt" },
  "Edm.String": { type: "String", maxLength: 4_000, format: "Text" },
  BooleanManagedProperty: { type: "ManagedProperty" },
};

const LOOKUP = /^_(.+)_value$/;
/** Columns whose types the file cannot tell, but whose names Dataverse gives to nothing else. */
const BY_NAME: Readonly<Record<string, Partial<AttributeDefinition> & { type: AttributeType }>> = {
  statecode: {
    type: "State",
    required: "SystemRequired",
    defaultValue: 0,
    options: [
      { value: 0, label: "Active" },
      { value: 1, label: "Inactive" },
    ],
  },
  statuscode: {
    type: "Status",
    defaultValue: 1,
    options: [
      { value: 1, label: "Active", state: 0 },
      { value: 2, label: "Inactive", state: 1 },
    ],
  },
};

type Shipped = Pick<Catalog, "byName">;

/** The chain of a type and its bases, nearest first; stops at a base that is missing or repeats. */
function chainOf(file: CsdlFile, type: CsdlType): CsdlType[] {
  const chain: CsdlType[] = [];
  let next: CsdlType | undefined = type;
  while (next !== undefined && !chain.includes(next)) {
    chain.push(next);
    next = next.base === undefined ? undefined : file.types.get(next.base);
  }
  return chain;
}

/** Makes definitions of the types that have a set and a GUID key; shipped tables get the columns that they lack. */
class TableMaker {
  readonly result: ImportedTables = {
    entities: [],
    additions: [],
    oneToMany: [],
    manyToMany: [],
    skipped: [],
  };
  readonly #file: CsdlFile;
  readonly #shipped: Shipped;
  readonly #setOf = new Map<string, string>();
  #code = 13_000;

  constructor(file: CsdlFile, shipped: Shipped) {
    this.#file = file;
    this.#shipped = shipped;
    for (const [set, type] of file.sets) this.#setOf.set(type, set);
  }

  make(): ImportedTables {
    const made = new Map<string, { type: CsdlType; key: string }>();
    for (const type of this.#file.types.values()) {
      const key = this.#keyOf(type);
      if (key !== undefined) made.set(type.name, { type, key });
    }
    for (const { type, key } of made.values()) this.#table(type, key, made);
    for (const type of this.#file.types.values()) {
      const shipped = this.#shipped.byName(type.name);
      if (shipped !== undefined) this.#addition(type, shipped, made);
    }
    return this.result;
  }

  #isShipped(table: string): boolean {
    return this.#shipped.byName(table) !== undefined;
  }

  /** A table's columns out of a type and its bases, lookups with what they point to. */
  #columns(
    type: CsdlType,
    tableId: string,
    key: string,
    made: ReadonlyMap<string, { key: string }>,
    isKnown: (column: string) => boolean = () => false,
    chain = chainOf(this.#file, type),
  ): AttributeDefinition[] {
    const { name } = type;
    const properties = unique(chain.flatMap((one) => one.properties)).filter(
      (property) => !isKnown(LOOKUP.exec(property.name)?.[1] ?? property.name),
    );
    const columns = properties.flatMap(
      (property) => this.#column(name, tableId, property, key) ?? [],
    );
    for (const property of unique(chain.flatMap((one) => one.navigation))) {
      const dependent = LOOKUP.exec(property.dependent ?? "")?.[1];
      if (dependent !== undefined && isKnown(dependent)) continue;
      this.#navigation(name, property, columns, made);
    }
    for (const lookup of columns) {
      if (lookup.type !== "Lookup" || lookup.targets?.length !== 0) continue;
      this.#skip(`${name}.${lookup.logicalName}: no navigation property says what it points to`);
      lookup.type = "Uniqueidentifier";
    }
    return columns;
  }

  #addition(
    type: CsdlType,
    shipped: EntityDefinition,
    made: ReadonlyMap<string, { key: string }>,
  ): void {
    const isKnown = (column: string) =>
      shipped.attribute(column) !== undefined ||
      (type.base === "principal" && column === "ownerid");
    const key = shipped.primaryIdAttribute;
    const attributes = this.#columns(type, shipped.metadataId, key, made, isKnown, [type]);
    if (attributes.length > 0) this.result.additions.push({ table: shipped, attributes });
  }

  #skip(what: string): undefined {
    this.result.skipped.push(what);
    return undefined;
  }

  #keyOf(type: CsdlType): string | undefined {
    const { name } = type;
    if (type.isAbstract || this.#isShipped(name)) return undefined;
    // The types of definitions themselves are the same in every environment.
    if (/^[A-Z]\w*(Metadata|MetadataBase)$/.test(name)) return undefined;
    if (this.#setOf.get(name) === undefined) {
      return this.#skip(`${name}: no entity set leads to it`);
    }
    const chain = chainOf(this.#file, type);
    const keys = chain.find((one) => one.key.length > 0)?.key ?? [];
    const [key] = keys;
    const property = chain.flatMap((one) => one.properties).find((one) => one.name === key);
    if (keys.length !== 1 || key === undefined || property?.type !== "Edm.Guid") {
      return this.#skip(`${name}: its key is not one GUID`);
    }
    return key;
  }

  #table(type: CsdlType, key: string, made: ReadonlyMap<string, { key: string }>): void {
    const { name } = type;
    const id = metadataIdOf("entity", name);
    const columns = this.#columns(type, id, key, made);
    const primaryName = primaryNameOf(name, columns);
    for (const column of columns) column.isPrimaryName = column.logicalName === primaryName;
    const isOwned = columns.some((column) => column.type === "Owner");
    this.result.entities.push(
      entityOf(
        {
          logicalName: name,
          schemaName: name,
          displayName: name,
          displayCollectionName: name,
          description: "",
          entitySetName: this.#setOf.get(name) ?? name,
          metadataId: id,
          objectTypeCode: ++this.#code,
          primaryIdAttribute: key,
          primaryNameAttribute: primaryName,
          ownership: isOwned ? "UserOwned" : "OrganizationOwned",
          isActivity: key === "activityid",
          isIntersect: false,
          isCustom: true,
        },
        withShadows(name, columns),
      ),
    );
  }

  #column(
    table: string,
    tableId: string,
    property: CsdlProperty,
    key: string,
  ): AttributeDefinition | undefined {
    const lookup = LOOKUP.exec(property.name)?.[1];
    const facts =
      lookup === undefined ? (BY_NAME[property.name] ?? TYPES[property.type]) : undefined;
    if (lookup === undefined && (facts === undefined || property.isCollection)) {
      const type = property.isCollection ? `Collection(${property.type})` : property.type;
      return this.#skip(`${table}.${property.name}: the type ${type} is not known`);
    }
    const logicalName = lookup ?? property.name;
    const isKey = logicalName === key;
    return {
      logicalName,
      schemaName: logicalName,
      displayName: logicalName,
      metadataId: attributeIdOf(tableId, logicalName),
      isPrimaryId: isKey,
      isPrimaryName: false,
      required: isKey ? "SystemRequired" : "None",
      validForCreate: !property.isComputed,
      validForUpdate: !property.isComputed && !isKey,
      validForRead: true,
      isCustom: logicalName.includes("_"),
      ...(facts ?? { type: "Lookup", targets: [], navigation: [] }),
    };
  }

  #navigation(
    table: string,
    property: CsdlProperty,
    columns: readonly AttributeDefinition[],
    made: ReadonlyMap<string, { key: string }>,
  ): void {
    if (property.isCollection) {
      this.#manyToMany(table, property, made);
      return;
    }
    const name = LOOKUP.exec(property.dependent ?? "")?.[1];
    const column = columns.find((one) => one.logicalName === name);
    if (name === undefined || column?.targets === undefined) {
      this.#skip(`${table}.${property.name}: no column holds what it points to`);
      return;
    }
    if (property.type === "principal") {
      column.type = "Owner";
      column.required = "SystemRequired";
      column.targets = ["systemuser", "team"];
      column.navigation = column.targets.map((target) => ({ target, property: property.name }));
      this.#relationship(table, column, "owner", "ownerid", property);
      return;
    }
    const key = made.get(property.type)?.key;
    if (key === undefined && !this.#isShipped(property.type)) {
      this.#skip(`${table}.${property.name}: the table ${property.type} was not taken`);
      return;
    }
    column.targets = [...column.targets, property.type];
    column.navigation = [
      ...(column.navigation ?? []),
      { target: property.type, property: property.name },
    ];
    this.#relationship(table, column, property.type, key ?? property.referenced ?? "", property);
  }

  #relationship(
    table: string,
    column: AttributeDefinition,
    target: string,
    referencedAttribute: string,
    property: CsdlProperty,
  ): void {
    const schemaName = property.partner ?? `${target}_${table}_${column.logicalName}`;
    this.result.oneToMany.push({
      schemaName,
      metadataId: metadataIdOf("relationship", schemaName, table),
      referencedEntity: target,
      referencedAttribute: referencedAttribute || `${target}id`,
      referencingEntity: table,
      referencingAttribute: column.logicalName,
      referencingNavigation: property.name,
      referencedNavigation: schemaName,
      deleteCascade: target === "owner" ? "NoCascade" : "RemoveLink",
    });
  }

  /** A collection on both ends; from the end whose table comes first, with the intersect table named after it. */
  #manyToMany(
    table: string,
    property: CsdlProperty,
    made: ReadonlyMap<string, { key: string }>,
  ): void {
    const other = this.#file.types.get(property.type);
    const back = other?.navigation.find((one) => one.name === property.partner);
    if (other === undefined || back?.isCollection !== true || back.type !== table) return;
    const isTaken = made.has(other.name) || this.#isShipped(other.name);
    if (!isTaken || table === other.name || (made.has(other.name) && table > other.name)) return;
    const schemaName = property.name;
    const keyOf = (name: string) => made.get(name)?.key ?? `${name}id`;
    this.result.manyToMany.push({
      schemaName,
      metadataId: metadataIdOf("relationship", schemaName),
      entity1: table,
      entity2: other.name,
      intersectEntity: schemaName.toLowerCase(),
      entity1Attribute: keyOf(table),
      entity2Attribute: keyOf(other.name),
      entity1Navigation: property.name,
      entity2Navigation: back.name,
    });
  }
}

function unique(properties: readonly CsdlProperty[]): CsdlProperty[] {
  const byName = new Map<string, CsdlProperty>();
  for (const property of properties) {
    if (!byName.has(property.name)) byName.set(property.name, property);
  }
  return [...byName.values()];
}

/** The file does not say which column names a row: by Dataverse's habits. */
function primaryNameOf(table: string, columns: readonly AttributeDefinition[]): string | undefined {
  const texts = columns.filter((one) => one.type === "String").map((one) => one.logicalName);
  const prefix = /^([a-z][a-z0-9]*_)/.exec(table)?.[1] ?? "";
  const habits = [`${prefix}name`, "name", "subject", "title", "fullname", `${table}name`];
  return habits.find((name) => texts.includes(name)) ?? texts.find((name) => /name$/.test(name));
}

/** Definitions of what a file has and the shipped tables have not. */
export const tablesOf = (file: CsdlFile, shipped: Shipped): ImportedTables =>
  new TableMaker(file, shipped).make();
