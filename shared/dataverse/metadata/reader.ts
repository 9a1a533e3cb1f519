import type {
  Column,
  ColumnType,
  LookupNavigation,
  OneToMany,
  Option,
  Table,
  TableName,
} from "./types";

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
const number = (value: unknown): number | undefined =>
  typeof value === "number" ? value : undefined;
/** `{ "Value": x, … }`, as managed properties and names of types come. */
const managedValue = (value: unknown): unknown => (isObject(value) ? value.Value : value);

/** The label in the user's language, else in any. */
function label(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const user = isObject(value.UserLocalizedLabel)
    ? text(value.UserLocalizedLabel.Label)
    : undefined;
  return (
    user ??
    list(value.LocalizedLabels)
      .map((each) => text(each.Label))
      .find((each) => each !== undefined)
  );
}

export function readTableName(json: Json): TableName {
  const logicalName = text(json.LogicalName) ?? "";
  const displayName = label(json.DisplayName) ?? text(json.SchemaName) ?? logicalName;
  return {
    logicalName,
    schemaName: text(json.SchemaName) ?? logicalName,
    setName: text(json.EntitySetName) ?? "",
    displayName,
    displayCollectionName: label(json.DisplayCollectionName) ?? displayName,
    primaryId: text(json.PrimaryIdAttribute) ?? `${logicalName}id`,
    primaryName: text(json.PrimaryNameAttribute),
    ownership: text(json.OwnershipType) ?? "None",
    isActivity: json.IsActivity === true,
    isCustom: json.IsCustomEntity === true,
    isIntersect: json.IsIntersect === true,
    objectTypeCode: number(json.ObjectTypeCode) ?? 0,
  };
}

export function readTable(json: Json): Table {
  const navigation = readNavigation(list(json.ManyToOneRelationships));
  const columns = list(json.Attributes)
    .map((attribute) => readColumn(attribute, navigation))
    .sort((a, b) => (a.logicalName < b.logicalName ? -1 : 1));
  const description = label(json.Description);
  return {
    ...readTableName(json),
    ...(description === undefined ? {} : { description }),
    columns,
    columnByName: new Map(columns.map((column) => [column.logicalName, column])),
    oneToMany: list(json.OneToManyRelationships).map(readOneToMany),
    keys: list(json.Keys).map((key) => ({
      schemaName: text(key.SchemaName) ?? "",
      columns: Array.isArray(key.KeyAttributes)
        ? key.KeyAttributes.filter((name) => typeof name === "string")
        : [],
    })),
  };
}

const readOneToMany = (json: Json): OneToMany => ({
  schemaName: text(json.SchemaName) ?? "",
  referencingTable: text(json.ReferencingEntity) ?? "",
  referencingColumn: text(json.ReferencingAttribute) ?? "",
  collectionProperty: text(json.ReferencedEntityNavigationPropertyName) ?? "",
});

/** Navigation properties by lookup column. They follow no rule, so they are only ever read. */
function readNavigation(relationships: readonly Json[]): ReadonlyMap<string, LookupNavigation[]> {
  const byColumn = new Map<string, LookupNavigation[]>();
  for (const json of relationships) {
    const column = text(json.ReferencingAttribute);
    const property = text(json.ReferencingEntityNavigationPropertyName);
    const target = text(json.ReferencedEntity);
    if (column === undefined || property === undefined || target === undefined) continue;
    const known = byColumn.get(column) ?? [];
    if (!known.some((each) => each.target === target)) known.push({ target, property });
    byColumn.set(column, known);
  }
  return byColumn;
}

const requiredLevels: Readonly<Record<string, Column["required"]>> = {
  SystemRequired: "system",
  ApplicationRequired: "application",
  Recommended: "recommended",
};

const dateTimeBehaviors = ["UserLocal", "DateOnly", "TimeZoneIndependent"] as const;

/** Choices, images and files are `Virtual` by AttributeType; the name of the type tells them apart. */
function readType(json: Json): ColumnType {
  const name = text(managedValue(json.AttributeTypeName)) ?? "";
  if (name === "MultiSelectPicklistType") return "MultiSelectPicklist";
  if (name === "ImageType") return "Image";
  if (name === "FileType") return "File";
  return (text(json.AttributeType) ?? "Virtual") as ColumnType;
}

function readColumn(json: Json, navigation: ReadonlyMap<string, LookupNavigation[]>): Column {
  const logicalName = text(json.LogicalName) ?? "";
  const type = readType(json);
  const optional = {
    description: label(json.Description),
    attributeOf: text(json.AttributeOf),
    maxLength: number(json.MaxLength),
    minValue: number(json.MinValue),
    maxValue: number(json.MaxValue),
    precision: number(json.Precision),
    format: text(managedValue(json.FormatName)) ?? text(json.Format),
    dateTimeBehavior: dateTimeBehaviors.find(
      (behavior) => behavior === managedValue(json.DateTimeBehavior),
    ),
    options: readOptions(json.OptionSet),
    defaultValue: readDefault(json.DefaultFormValue),
    targets: Array.isArray(json.Targets)
      ? json.Targets.filter((target) => typeof target === "string")
      : undefined,
    navigation: navigation.get(logicalName),
  };
  const present = Object.fromEntries(
    Object.entries(optional).filter(([, value]) => value !== undefined),
  );
  return {
    logicalName,
    schemaName: text(json.SchemaName) ?? logicalName,
    displayName: label(json.DisplayName) ?? text(json.SchemaName) ?? logicalName,
    type,
    isPrimaryId: json.IsPrimaryId === true,
    isPrimaryName: json.IsPrimaryName === true,
    required: requiredLevels[text(managedValue(json.RequiredLevel)) ?? ""] ?? "none",
    canCreate: json.IsValidForCreate === true,
    canUpdate: json.IsValidForUpdate === true,
    canRead: json.IsValidForRead !== false,
    ...present,
  };
}

/** -1 says that there is none. */
const readDefault = (value: unknown): number | undefined =>
  typeof value === "number" && value >= 0 ? value : undefined;

function readOptions(json: unknown): readonly Option[] | undefined {
  if (!isObject(json)) return undefined;
  const pair = [json.TrueOption, json.FalseOption].filter(isObject);
  const options = pair.length > 0 ? pair : list(json.Options);
  return options.map((option) => {
    const state = number(option.State);
    const value = number(option.Value) ?? 0;
    const description = label(option.Description);
    return {
      value,
      label: label(option.Label) ?? String(value),
      ...(description === undefined ? {} : { description }),
      ...(state === undefined ? {} : { state }),
    };
  });
}
