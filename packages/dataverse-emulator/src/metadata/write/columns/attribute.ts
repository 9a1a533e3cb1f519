import { randomUUID } from "node:crypto";
import type { AttributeDefinition, AttributeType } from "../../../model";
import type { MutableCatalog } from "../../catalog";
import { shadowsOf } from "../../definitions/shadows/shadows";
import type { Json } from "../../json/labels";
import {
  innerValue,
  labelText,
  numberOf,
  objectOf,
  optionsOf,
  refuse,
  requiredOf,
  textOf,
} from "../body";

const MAX_INTEGER = 2_147_483_647;
const MAX_DECIMAL = 100_000_000_000;
const MAX_MONEY = 922_337_203_685_477;

const TYPES: Readonly<Record<string, AttributeType>> = {
  BigIntAttributeMetadata: "BigInt",
  BooleanAttributeMetadata: "Boolean",
  DateTimeAttributeMetadata: "DateTime",
  DecimalAttributeMetadata: "Decimal",
  DoubleAttributeMetadata: "Double",
  FileAttributeMetadata: "File",
  ImageAttributeMetadata: "Image",
  IntegerAttributeMetadata: "Integer",
  MemoAttributeMetadata: "Memo",
  MoneyAttributeMetadata: "Money",
  MultiSelectPicklistAttributeMetadata: "MultiSelectPicklist",
  PicklistAttributeMetadata: "Picklist",
  StringAttributeMetadata: "String",
};

const TEXT_FORMATS = [
  "Text",
  "TextArea",
  "Email",
  "Url",
  "Phone",
  "TickerSymbol",
  "RichText",
  "Json",
];
const INTEGER_FORMATS = ["None", "Duration", "TimeZone", "Language", "Locale"];
const DATE_FORMATS = ["DateOnly", "DateAndTime"];
const BEHAVIOURS = ["UserLocal", "DateOnly", "TimeZoneIndependent"] as const;

/** The type that a body's `@odata.type` names. Lookups are made by relationships. */
export function typeOfBody(body: Json): AttributeType {
  const name = String(body["@odata.type"] ?? "").replace(/^#?(Microsoft\.Dynamics\.CRM\.)?/, "");
  if (name === "LookupAttributeMetadata") {
    throw refuse(
      "0x80040203",
      "Attribute of type LookupAttributeMetadata cannot be created through the SDK. Create a relationship: POST RelationshipDefinitions.",
    );
  }
  const type = TYPES[name];
  if (type === undefined) {
    throw refuse(
      "0x80048d19",
      `Error identified in Payload provided by the user: '@odata.type' is '${name}'; a column's type is one of ${Object.keys(TYPES).join(", ")}.`,
    );
  }
  return type;
}

function oneOf<T extends string>(
  value: unknown,
  allowed: readonly T[],
  fallback: T,
  what: string,
): T {
  const given = innerValue(value) ?? fallback;
  const found = allowed.find((word) => word === given);
  if (found === undefined) {
    throw refuse(
      "0x80040203",
      `${what} '${String(given)}' is not valid. Use ${allowed.join(", ")}.`,
    );
  }
  return found;
}

function textFacts(attribute: AttributeDefinition, body: Json): void {
  const most = attribute.type === "String" ? 4000 : 1_048_576;
  attribute.maxLength = numberOf(
    body,
    "MaxLength",
    attribute.maxLength ?? (attribute.type === "String" ? 100 : 2000),
    1,
    most,
  );
  attribute.format = oneOf(
    body.FormatName ?? body.Format,
    TEXT_FORMATS,
    attribute.format ?? "Text",
    "FormatName",
  );
  if (typeof body.AutoNumberFormat === "string" && body.AutoNumberFormat !== "") {
    attribute.autoNumberFormat = body.AutoNumberFormat;
  }
}

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  Decimal: [-MAX_DECIMAL, MAX_DECIMAL],
  Double: [-MAX_DECIMAL, MAX_DECIMAL],
  Integer: [-MAX_INTEGER - 1, MAX_INTEGER],
  Money: [-MAX_MONEY, MAX_MONEY],
};

function numberFacts(attribute: AttributeDefinition, body: Json): void {
  const [low = 0, high = 0] = RANGES[attribute.type] ?? [];
  attribute.minValue = numberOf(body, "MinValue", attribute.minValue ?? low, low, high);
  attribute.maxValue = numberOf(body, "MaxValue", attribute.maxValue ?? high, low, high);
  if (attribute.minValue > attribute.maxValue) {
    throw refuse(
      "0x80040203",
      `MinValue ${attribute.minValue} is greater than MaxValue ${attribute.maxValue}.`,
    );
  }
  if (attribute.type === "Integer") {
    attribute.format = oneOf(body.Format, INTEGER_FORMATS, attribute.format ?? "None", "Format");
  } else {
    const most = attribute.type === "Money" ? 4 : attribute.type === "Double" ? 5 : 10;
    attribute.precision = numberOf(body, "Precision", attribute.precision ?? 2, 0, most);
  }
}

function dateFacts(attribute: AttributeDefinition, body: Json): void {
  attribute.format = oneOf(body.Format, DATE_FORMATS, attribute.format ?? "DateAndTime", "Format");
  attribute.dateTimeBehavior = oneOf(
    body.DateTimeBehavior,
    BEHAVIOURS,
    attribute.dateTimeBehavior ?? "UserLocal",
    "DateTimeBehavior",
  );
}

function booleanFacts(attribute: AttributeDefinition, body: Json): void {
  // A column that is there keeps its labels when they are left out.
  if (attribute.options === undefined && (body.OptionSet === undefined || body.OptionSet === null))
    throw refuse("0x80048403", "Invalid OptionSet");
  if (body.OptionSet !== undefined && body.OptionSet !== null) {
    const set = objectOf(body.OptionSet, "OptionSet");
    const labelled = (name: string, fallback: string) =>
      labelText((set[name] as Json | undefined)?.Label) ?? fallback;
    attribute.options = [
      { value: 1, label: labelled("TrueOption", "Yes") },
      { value: 0, label: labelled("FalseOption", "No") },
    ];
  }
  if (typeof body.DefaultValue === "boolean") attribute.defaultValue = body.DefaultValue ? 1 : 0;
  attribute.defaultValue ??= 0;
}

function choiceFacts(attribute: AttributeDefinition, body: Json): void {
  const options = optionsOf(body.OptionSet);
  // The options of a shared choice are changed in the choice.
  if (options !== undefined && attribute.globalOptionSet === undefined) attribute.options = options;
  if (attribute.options === undefined) {
    throw refuse("0x80040203", `The choice column '${attribute.schemaName}' has no OptionSet.`);
  }
  const initial = body.DefaultFormValue;
  if (initial === -1) delete attribute.defaultValue;
  else if (typeof initial === "number") attribute.defaultValue = initial;
  const { defaultValue } = attribute;
  if (defaultValue !== undefined && !attribute.options.some((row) => row.value === defaultValue)) {
    throw refuse("0x80040203", `DefaultFormValue ${defaultValue} is not one of the options.`);
  }
}

const FACTS: Partial<Record<AttributeType, (attribute: AttributeDefinition, body: Json) => void>> =
  {
    Boolean: booleanFacts,
    DateTime: dateFacts,
    Decimal: numberFacts,
    Double: numberFacts,
    Integer: numberFacts,
    Memo: textFacts,
    Money: numberFacts,
    MultiSelectPicklist: choiceFacts,
    Picklist: choiceFacts,
    Status: choiceFacts,
    String: textFacts,
  };

/** Facts of the type, from the body where it has them, else as they are, else the type's defaults. */
export function applyBody(attribute: AttributeDefinition, body: Json): void {
  attribute.displayName = labelText(body.DisplayName) ?? attribute.displayName;
  const description = labelText(body.Description);
  if (description !== undefined) attribute.description = description;
  const audited = innerValue(body.IsAuditEnabled);
  if (typeof audited === "boolean") attribute.isAudited = audited;
  const findable = innerValue(body.IsValidForAdvancedFind);
  if (typeof findable === "boolean") attribute.isFindable = findable;
  const required = requiredOf(body);
  if (required !== undefined && attribute.required !== "SystemRequired") {
    attribute.required = required;
  }
  if (typeof body.IsSecured === "boolean") attribute.isSecured = body.IsSecured;
  if (typeof body.MaxSizeInKB === "number") attribute.maxSizeInKB = body.MaxSizeInKB;
  FACTS[attribute.type]?.(attribute, body);
}

/** A new custom column without type facts. */
export function blankAttribute(schemaName: string, type: AttributeType): AttributeDefinition {
  return {
    logicalName: schemaName.toLowerCase(),
    schemaName,
    displayName: schemaName,
    metadataId: randomUUID(),
    type,
    isPrimaryId: false,
    isPrimaryName: false,
    required: "None",
    validForCreate: true,
    validForUpdate: true,
    validForRead: true,
    isCustom: true,
  };
}

/** Columns that come along: `<money>_base`, `<image>id`, `<image>_timestamp` and `<image>_url`, and the computed shadows. */
export function companionsOf(table: string, attribute: AttributeDefinition): AttributeDefinition[] {
  const along = (suffix: string, type: AttributeType): AttributeDefinition => ({
    ...blankAttribute(`${attribute.schemaName}${suffix}`, type),
    displayName: attribute.displayName,
    validForCreate: false,
    validForUpdate: false,
  });
  const shadows = shadowsOf(table, attribute);
  if (attribute.type === "Money") {
    const base = along("_Base", "Money");
    base.displayName = `${attribute.displayName} (Base)`;
    base.minValue = -MAX_MONEY;
    base.maxValue = MAX_MONEY;
    base.precision = 4;
    return [base, ...shadows];
  }
  if (attribute.type === "Image") {
    const url = along("_URL", "String");
    url.maxLength = 200;
    url.format = "Url";
    return [along("Id", "Uniqueidentifier"), along("_Timestamp", "BigInt"), url, ...shadows];
  }
  return shadows;
}

/** Puts the shared choice that a body binds to (`GlobalOptionSet@odata.bind`) into a new column. */
function bindChoice(catalog: MutableCatalog, attribute: AttributeDefinition, body: Json): void {
  const link = body["GlobalOptionSet@odata.bind"];
  const own = body.OptionSet as Json | null | undefined;
  if (link === undefined && own?.IsGlobal === true)
    throw refuse(
      "0x80048403",
      "Only Local option set can be created through the attribute create. IsGlobal flag must be set to 'false'.",
    );
  // Options of its own win over a shared choice that is bound beside them.
  if (link === undefined || (own !== undefined && own !== null)) return;
  const key = String(link);
  const name = /\((?:Name='([^']+)'|([0-9a-fA-F-]{36}))\)$/.exec(key);
  const set = name === null ? undefined : catalog.optionSet(name[1] ?? name[2] ?? "");
  if (set === undefined) {
    throw refuse("0x80040217", `The global choice ${key} does not exist.`);
  }
  attribute.globalOptionSet = set.name;
  attribute.options = set.options;
}

/** Reads a column out of a body of `POST …/Attributes`. */
export function attributeOfBody(catalog: MutableCatalog, body: Json): AttributeDefinition {
  const attribute = blankAttribute(textOf(body, "SchemaName"), typeOfBody(body));
  bindChoice(catalog, attribute, body);
  applyBody(attribute, body);
  if (body.IsPrimaryName === true) attribute.isPrimaryName = true;
  return attribute;
}
