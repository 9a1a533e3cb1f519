import type { AttributeDefinition, AttributeType, EntityDefinition } from "../../model";
import { isOfApp } from "../definitions/introduced";
import { type Json, managed } from "./labels";

/**
 * What may be done with a column, as definitions recorded in 2025 have it: a shipped column that people fill may be changed but
 * its kind of change is settled (CanBeChanged false), what the service keeps for itself may not, and labels and names that it
 * computes are of two kinds of their own.
 */
type Kind = "custom" | "filled" | "kept" | "label" | "name";

/** Kept by the service on every table. */
const KEPT: ReadonlySet<string> = new Set([
  "importsequencenumber",
  "overriddencreatedon",
  "owningteam",
  "owninguser",
  "processid",
  "slainvokedid",
  "stageid",
  "timezoneruleversionnumber",
  "traversedpath",
  "utcconversiontimezonecode",
  "versionnumber",
]);

/** Columns of single tables that no form shows. */
const FORMLESS: Readonly<Record<string, string>> = {
  account:
    "isprivate masterid merged owningbusinessunit participatesinworkflow timespentbymeonemailandmeetings",
  contact:
    "accountid externaluseridentifier isprivate masterid merged owningbusinessunit parentcontactid participatesinworkflow timespentbymeonemailandmeetings",
  incident: "accountid contactid customercontacted existingcase masterid numberofchildincidents",
  knowledgearticle:
    "expirationstateid expirationstatusid isrootarticle languagelocaleidlocaleid publishstatusid scheduledstatusid subjectiddsc",
};

const formless = new Map(
  Object.entries(FORMLESS).map(([table, columns]) => [table, new Set(columns.split(" "))]),
);

const isOnForms = (
  table: string,
  { attributeOf, isCustom, logicalName, type }: AttributeDefinition,
) =>
  attributeOf === undefined &&
  (isCustom ||
    !(
      type === "Uniqueidentifier" ||
      type === "Image" ||
      KEPT.has(logicalName) ||
      logicalName.startsWith("entityimage") ||
      formless.get(table)?.has(logicalName)
    ));

function kindOf(
  table: string,
  onForms: boolean,
  { attributeOf, isCustom, type }: AttributeDefinition,
): Kind {
  if (attributeOf !== undefined)
    // Names on tables of the platform itself are settled as labels are.
    return type === "String" && isOfApp(table) ? "name" : "label";
  if (isCustom) return "custom";
  return onForms ? "filled" : "kept";
}

/** CanBeSecuredFor…, IsCustomizable, IsValidFor… and the like. */
export function settingsJson(entity: EntityDefinition, attribute: AttributeDefinition): Json {
  const onForms = isOnForms(entity.logicalName, attribute);
  const kind = kindOf(entity.logicalName, onForms, attribute);
  const isOpen = kind === "custom" || kind === "filled";
  const isComputed = kind === "label" || kind === "name";
  /** Who made the column may settle it; of a name nothing is settled, which changes nothing. */
  const isChangeable = kind === "custom" || kind === "name";
  return {
    CanBeSecuredForCreate: isOpen && attribute.validForCreate,
    CanBeSecuredForRead: isOpen,
    CanBeSecuredForUpdate: isOpen && attribute.validForUpdate,
    CanModifyAdditionalSettings: managed(isOpen, "canmodifyadditionalsettings", isChangeable),
    IsAuditEnabled: managed(
      attribute.isAudited ?? isAuditable(entity.logicalName, attribute, isOpen),
      "canmodifyauditsettings",
      isAuditable(entity.logicalName, attribute, isOpen),
    ),
    IsCustomizable: managed(
      isOpen || (kind === "kept" && attribute.type !== "BigInt"),
      "iscustomizable",
      isChangeable,
    ),
    IsGlobalFilterEnabled: managed(false, "canmodifyglobalfiltersettings"),
    IsManaged: kind !== "custom" && kind !== "name",
    IsRenameable: managed(isOpen, "isrenameable", isChangeable),
    IsRetrievable: attribute.logicalName === "versionnumber",
    IsSearchable: false,
    IsSortableEnabled: managed(false, "canmodifyissortablesettings"),
    IsValidForAdvancedFind: managed(
      attribute.isFindable ?? (isOpen && attribute.validForRead),
      "canmodifysearchsettings",
      isOpen,
    ),
    IsValidForForm: onForms,
    IsValidForGrid: onForms,
    RequiredLevel: managed(
      attribute.required,
      "canmodifyrequirementlevelsettings",
      isOpen && attribute.required !== "SystemRequired",
    ),
    SourceType: isComputable(attribute.type) ? 0 : null,
    ...(isComputed ? { IsValidODataAttribute: false } : {}),
  };
}

/** Who touched a row, and when, is no change to be noted; which of the two kinds of customer it has is. */
const TOUCHED = /^(?:created|modified)(?:by|on|onbehalfby|byexternalparty)$/;
const NOTED: ReadonlySet<string> = new Set(["contact.accountid"]);
const isAuditable = (
  table: string,
  { isCustom, logicalName }: AttributeDefinition,
  isOpen: boolean,
) => NOTED.has(`${table}.${logicalName}`) || (isOpen && (isCustom || !TOUCHED.test(logicalName)));

/** Types whose values a formula can give. */
const COMPUTABLE: ReadonlySet<AttributeType> = new Set([
  "Boolean",
  "DateTime",
  "Decimal",
  "Integer",
  "Money",
  "MultiSelectPicklist",
  "Picklist",
  "String",
]);
const isComputable = (type: AttributeType): boolean => COMPUTABLE.has(type);
