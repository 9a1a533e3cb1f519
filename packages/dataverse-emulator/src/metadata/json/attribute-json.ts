import type { AttributeDefinition, AttributeType, EntityDefinition } from "../../model";
import { introducedIn, isOfSolution } from "../definitions/introduced";
import { amountOf, formulaOf, ownerOf, spokenOf } from "./beside";
import { settingsJson } from "./column-settings";
import { type Json, labelOf, managed } from "./labels";
import { optionSetJson } from "./option-json";

interface TypeWords {
  /** `StringAttributeMetadata` without the ending. */
  cast: string;
  /** AttributeType (the old code) and AttributeTypeName. */
  code: string;
  name: string;
}

const WORDS: Readonly<Record<AttributeType, TypeWords>> = {
  BigInt: { cast: "BigInt", code: "BigInt", name: "BigIntType" },
  Boolean: { cast: "Boolean", code: "Boolean", name: "BooleanType" },
  Customer: { cast: "Lookup", code: "Customer", name: "CustomerType" },
  DateTime: { cast: "DateTime", code: "DateTime", name: "DateTimeType" },
  Decimal: { cast: "Decimal", code: "Decimal", name: "DecimalType" },
  Double: { cast: "Double", code: "Double", name: "DoubleType" },
  EntityName: { cast: "EntityName", code: "EntityName", name: "EntityNameType" },
  File: { cast: "File", code: "Virtual", name: "FileType" },
  Image: { cast: "Image", code: "Virtual", name: "ImageType" },
  Integer: { cast: "Integer", code: "Integer", name: "IntegerType" },
  Lookup: { cast: "Lookup", code: "Lookup", name: "LookupType" },
  ManagedProperty: {
    cast: "ManagedProperty",
    code: "ManagedProperty",
    name: "ManagedPropertyType",
  },
  Memo: { cast: "Memo", code: "Memo", name: "MemoType" },
  Money: { cast: "Money", code: "Money", name: "MoneyType" },
  MultiSelectPicklist: {
    cast: "MultiSelectPicklist",
    code: "Virtual",
    name: "MultiSelectPicklistType",
  },
  Owner: { cast: "Lookup", code: "Owner", name: "OwnerType" },
  PartyList: { cast: "Lookup", code: "PartyList", name: "PartyListType" },
  Picklist: { cast: "Picklist", code: "Picklist", name: "PicklistType" },
  State: { cast: "State", code: "State", name: "StateType" },
  Status: { cast: "Status", code: "Status", name: "StatusType" },
  String: { cast: "String", code: "String", name: "StringType" },
  Uniqueidentifier: { cast: "", code: "Uniqueidentifier", name: "UniqueidentifierType" },
  Virtual: { cast: "", code: "Virtual", name: "VirtualType" },
};

/** `StringAttributeMetadata`; plain `AttributeMetadata` for GUIDs and computed labels, as in Dataverse. */
export function castOf(attribute: AttributeDefinition): string {
  return `${WORDS[attribute.type].cast}AttributeMetadata`;
}

/** Every type that `/Attributes/Microsoft.Dynamics.CRM.<type>` accepts. */
export const ATTRIBUTE_CASTS: ReadonlySet<string> = new Set(
  Object.values(WORDS).map((words) => `${words.cast}AttributeMetadata`),
);

/** Formats that the older property knows as plain text. */
const TEXTUAL: ReadonlySet<string> = new Set(["Phone", "RichText"]);

function textJson(entity: EntityDefinition, attribute: AttributeDefinition): Json {
  const format = attribute.format ?? "Text";
  return {
    MaxLength: attribute.maxLength ?? 100,
    FormatName: { Value: format },
    Format: TEXTUAL.has(format) ? "Text" : format,
    ImeMode: "Auto",
    IsLocalizable: false,
    ...(attribute.type === "String"
      ? {
          DatabaseLength: (attribute.maxLength ?? 100) * 2,
          YomiOf: spokenOf(entity, attribute),
          FormulaDefinition: formulaOf(attribute, entity.logicalName),
        }
      : {}),
  };
}

const MAX_LONG = 2n ** 63n - 1n;

function numberJson(entity: EntityDefinition, attribute: AttributeDefinition): Json {
  const FormulaDefinition = formulaOf(attribute, entity.logicalName);
  const range = { MinValue: attribute.minValue, MaxValue: attribute.maxValue };
  switch (attribute.type) {
    case "Integer":
      return { ...range, Format: attribute.format ?? "None", FormulaDefinition };
    case "BigInt":
      return { MinValue: -MAX_LONG - 1n, MaxValue: MAX_LONG };
    case "Money":
      return {
        ...range,
        Precision: attribute.precision ?? 2,
        PrecisionSource: 2,
        IsBaseCurrency: attribute.logicalName.endsWith("_base"),
        CalculationOf: amountOf(entity, attribute),
        FormulaDefinition,
        ImeMode: attribute.isCustom ? "Auto" : "Disabled",
      };
    default:
      return {
        ...range,
        ...(attribute.type === "Decimal" ? { FormulaDefinition } : {}),
        Precision: attribute.precision ?? 2,
        ImeMode: attribute.isCustom ? "Auto" : "Disabled",
      };
  }
}

function dateJson(entity: EntityDefinition, attribute: AttributeDefinition): Json {
  // How the times of the platform's own columns are kept is settled; solutions' columns are as customers' own.
  const isOpen =
    attribute.isCustom ||
    attribute.logicalName.startsWith("msdyn_") ||
    attribute.logicalName === "deactivatedon";
  return {
    Format: attribute.format ?? "DateAndTime",
    DateTimeBehavior: { Value: attribute.dateTimeBehavior ?? "UserLocal" },
    FormulaDefinition: formulaOf(attribute, entity.logicalName),
    CanChangeDateTimeBehavior: managed(isOpen, "canmodifybehavior", attribute.isCustom),
    ImeMode: isOpen ? "Auto" : "Inactive",
    MinSupportedValue: "1753-01-01T00:00:00Z",
    MaxSupportedValue: "9999-12-30T23:59:59Z",
  };
}

function choiceJson(entity: EntityDefinition, attribute: AttributeDefinition): Json {
  const status = attribute.type === "State" ? entity.attribute("statuscode") : undefined;
  const OptionSet = optionSetJson(entity.logicalName, attribute, status);
  if (attribute.type === "Boolean") {
    return {
      DefaultValue: attribute.defaultValue === 1,
      FormulaDefinition: formulaOf(attribute, entity.logicalName),
      OptionSet,
      GlobalOptionSet: null,
    };
  }
  return {
    DefaultFormValue: formValueOf(attribute),
    OptionSet,
    GlobalOptionSet: attribute.globalOptionSet === undefined ? null : OptionSet,
    ...(attribute.type === "Picklist" || attribute.type === "MultiSelectPicklist"
      ? {
          FormulaDefinition: formulaOf(attribute, entity.logicalName),
          ParentPicklistLogicalName: null,
          ChildPicklistLogicalNames: [],
        }
      : {}),
  };
}

/** What forms begin with. A status reason follows from the state, and a case's stage is filled in later. */
const formValueOf = ({ defaultValue, isCustom, logicalName, type }: AttributeDefinition): number =>
  type === "Status" || (logicalName === "servicestage" && !isCustom) ? -1 : (defaultValue ?? -1);

/** Properties that only the derived type has. */
function derivedJson(entity: EntityDefinition, attribute: AttributeDefinition): Json {
  switch (attribute.type) {
    case "String":
    case "Memo":
      return textJson(entity, attribute);
    case "Integer":
    case "BigInt":
    case "Decimal":
    case "Double":
    case "Money":
      return numberJson(entity, attribute);
    case "DateTime":
      return dateJson(entity, attribute);
    case "Boolean":
    case "Picklist":
    case "MultiSelectPicklist":
    case "State":
    case "Status":
      return choiceJson(entity, attribute);
    case "Lookup":
    case "Customer":
    case "Owner":
    case "PartyList":
      return { Targets: attribute.targets ?? [], Format: "None" };
    case "Image":
      return {
        IsPrimaryImage: attribute.logicalName === "entityimage",
        CanStoreFullImage: false,
        MaxHeight: 144,
        MaxWidth: 144,
        MaxSizeInKB: attribute.maxSizeInKB ?? 10_240,
      };
    case "ManagedProperty":
      return {
        ManagedPropertyLogicalName: attribute.logicalName,
        ParentAttributeName: null,
        ParentComponentType: 0,
        ValueAttributeTypeCode: "Boolean",
      };
    case "EntityName":
      return { DefaultFormValue: -1 };
    case "File":
      return { MaxSizeInKB: attribute.maxSizeInKB ?? 32_768 };
    default:
      return {};
  }
}

/** Not stored: which of the two kinds of customer a row has. */
const WORKED_OUT: ReadonlySet<string> = new Set([
  "contact.accountid",
  "contact.parentcontactid",
  "incident.accountid",
  "incident.contactid",
]);

/** Addresses of a row are rows of `customeraddress` behind it. */
const isOfAddress = (entity: EntityDefinition, { logicalName }: AttributeDefinition): boolean =>
  /^address\d_/.test(logicalName) && entity.attribute("address1_addressid") !== undefined;

/** What the service computes beside a column has no name to show, but for the two kinds of customer. */
function shownNameOf({ attributeOf, displayName, logicalName }: AttributeDefinition): string {
  if (logicalName === "customeridtype") return "Customer Type";
  if (logicalName === "parentcustomeridtype") return "Parent Customer Type";
  const isPart = attributeOf !== undefined || /^entityimage_/.test(logicalName);
  return isPart || logicalName === "isprivate" ? "" : displayName;
}

/** Whole AttributeMetadata of the derived type, `@odata.type` first (`prefix` is `Complex` in RetrieveMetadataChanges). */
export function attributeJson(
  entity: EntityDefinition,
  attribute: AttributeDefinition,
  prefix = "",
): Json {
  const words = WORDS[attribute.type];
  const owner = `${entity.logicalName}/${attribute.logicalName}`;
  const custom = attribute.isCustom;
  return {
    "@odata.type": `#Microsoft.Dynamics.CRM.${prefix}${words.cast}AttributeMetadata`,
    MetadataId: attribute.metadataId,
    HasChanged: null,
    AttributeOf: ownerOf(entity, attribute),
    AttributeType: words.code,
    AttributeTypeName: { Value: words.name },
    AutoNumberFormat: attribute.autoNumberFormat ?? "",
    ColumnNumber: entity.attributes.indexOf(attribute) + 1,
    DeprecatedVersion: null,
    Description: labelOf(attribute.description ?? "", `${owner}/description`, !custom),
    DisplayName: labelOf(shownNameOf(attribute), owner, !custom),
    EntityLogicalName: entity.logicalName,
    ExternalName: null,
    InheritsFrom: null,
    IntroducedVersion: custom ? "1.0.0.0" : introducedIn(entity.logicalName, attribute),
    IsCustomAttribute: custom || isOfSolution(attribute.logicalName),
    IsDataSourceSecret: false,
    IsFilterable: false,
    IsLogical:
      attribute.attributeOf !== undefined ||
      isOfAddress(entity, attribute) ||
      WORKED_OUT.has(`${entity.logicalName}.${attribute.logicalName}`),
    IsPrimaryId: attribute.isPrimaryId,
    IsPrimaryName: attribute.isPrimaryName,
    IsRequiredForForm: attribute.required === "SystemRequired",
    IsSecured: attribute.isSecured ?? false,
    IsValidForCreate: attribute.validForCreate,
    IsValidForRead: attribute.validForRead,
    IsValidForUpdate: attribute.validForUpdate,
    IsValidODataAttribute: attribute.attributeOf === undefined && attribute.type !== "PartyList",
    LinkedAttributeId: null,
    LogicalName: attribute.logicalName,
    SchemaName: attribute.schemaName,
    SourceTypeMask: 0,
    ...settingsJson(entity, attribute),
    ...derivedJson(entity, attribute),
  };
}
