import type { AttributeDefinition } from "../../model";
import { attributeIdOf, metadataIdOf } from "../ids";

/** Lookups whose type column does not follow the pattern `<column>type`. */
const TYPE_COLUMNS: Readonly<Record<string, string>> = {
  objectid: "objecttypecode",
  partyid: "partyobjecttypecode",
  regardingobjectid: "regardingobjecttypecode",
};

/** Columns whose shadows are not named after them, by `table.column` or by column. */
const SHADOW_STEMS: Readonly<Record<string, string>> = {
  "account.masterid": "masteraccountid",
  "contact.masterid": "mastercontactid",
  "lead.masterid": "masterleadid",
  donotsendmm: "donotsendmarketingmaterial",
  slaid: "sla",
};

/** How what does not begin with its column's name is written. */
const STEM_NAMES: Readonly<Record<string, string>> = {
  masteraccountid: "MasterAccountId",
  mastercontactid: "MasterContactId",
  masterleadid: "MasterLeadId",
  donotsendmarketingmaterial: "DoNotSendMarketingMaterial",
  sla: "SLA",
};

/** Parts of the owner, whose name stands beside the owner alone. */
const NAMELESS: ReadonlySet<string> = new Set(["owninguser", "owningteam"]);

/** Tables whose rows have names by which they are sorted where words are written otherwise than they sound. */
const PHONETIC: ReadonlySet<string> = new Set([
  "account",
  "contact",
  "externalparty",
  "systemuser",
]);
const UNPHONETIC: ReadonlySet<string> = new Set([
  "activityparty.partyid",
  "knowledgearticle.primaryauthorid",
]);

/** Most letters of a name, where it is not 100. By `table.column` or by column. */
const NAME_LENGTHS: Readonly<Record<string, number>> = {
  "knowledgearticle.languagelocaleid": 500,
  "knowledgearticle.msdyn_integratedsearchproviderid": 255,
  "knowledgearticle.parentarticlecontentid": 500,
  owningbusinessunit: 160,
  regardingobjectid: 400,
};

const LABELLED: ReadonlySet<string> = new Set([
  "Boolean",
  "MultiSelectPicklist",
  "Picklist",
  "State",
  "Status",
]);

const tableIds = new Map<string, string>();

function tableIdOf(table: string): string {
  let id = tableIds.get(table);
  if (id === undefined) {
    id = metadataIdOf("entity", table);
    tableIds.set(table, id);
  }
  return id;
}

type Shadow = Pick<AttributeDefinition, "type"> & Partial<AttributeDefinition>;

/** `customeridyominame` is written `CustomerIdYomiName`. */
function schemaNameOf(owner: AttributeDefinition, logicalName: string): string {
  const written = (ending: string) =>
    ending === "yominame" ? "YomiName" : `${ending.charAt(0).toUpperCase()}${ending.slice(1)}`;
  if (logicalName.startsWith(owner.logicalName))
    return `${owner.schemaName}${written(logicalName.slice(owner.logicalName.length))}`;
  const stem = Object.keys(STEM_NAMES).find((each) => logicalName.startsWith(each));
  return stem === undefined
    ? logicalName
    : `${STEM_NAMES[stem]}${written(logicalName.slice(stem.length))}`;
}

function shadow(
  table: string,
  owner: AttributeDefinition,
  logicalName: string,
  facts: Shadow,
): AttributeDefinition {
  const schemaName = schemaNameOf(owner, logicalName);
  return {
    logicalName,
    schemaName,
    displayName: owner.displayName,
    metadataId: attributeIdOf(tableIdOf(table), logicalName),
    isPrimaryId: false,
    isPrimaryName: false,
    required: "None",
    validForCreate: false,
    validForUpdate: false,
    validForRead: true,
    isCustom: owner.isCustom,
    attributeOf: owner.logicalName,
    ...facts,
  };
}

const text = (maxLength: number): Shadow => ({ type: "String", maxLength, format: "Text" });

/** What stands for an owner is demanded as he is; what stands for a demanded customer is so on forms. */
function levelOfShadow({ type, required }: AttributeDefinition): AttributeDefinition["required"] {
  if (type === "Owner") return "SystemRequired";
  return type === "Customer" && required === "SystemRequired" ? "ApplicationRequired" : "None";
}

/** Tables that came by a solution, as customers' own do, demand the sound of who touched a row. */
const cameBySolution = (table: string): boolean =>
  table === "knowledgearticle" || table.includes("_");
const TOUCHED: ReadonlySet<string> = new Set([
  "createdby",
  "createdonbehalfby",
  "modifiedby",
  "modifiedonbehalfby",
]);

function shadowsOfLookup(table: string, attribute: AttributeDefinition): AttributeDefinition[] {
  const { logicalName, type, targets = [] } = attribute;
  const qualified = `${table}.${logicalName}`;
  const stem = SHADOW_STEMS[qualified] ?? SHADOW_STEMS[logicalName] ?? logicalName;
  const required = levelOfShadow(attribute);
  const isCustomer = type === "Customer";
  const length = NAME_LENGTHS[qualified] ?? NAME_LENGTHS[logicalName] ?? (isCustomer ? 160 : 100);
  const result: AttributeDefinition[] = [];
  if (!NAMELESS.has(logicalName)) {
    result.push(shadow(table, attribute, `${stem}name`, { ...text(length), required }));
    const isPhonetic = type === "Owner" || targets.some((target) => PHONETIC.has(target));
    if (isPhonetic && !UNPHONETIC.has(qualified)) {
      const isDemanded = TOUCHED.has(logicalName) && cameBySolution(table);
      result.push(
        shadow(table, attribute, `${stem}yominame`, {
          ...text(isCustomer ? 450 : length),
          required: isDemanded ? "SystemRequired" : required,
        }),
      );
    }
  }
  if (targets.length > 1) {
    const typeColumn = TYPE_COLUMNS[logicalName] ?? `${logicalName}type`;
    const { validForCreate, validForUpdate } = attribute;
    const facts: Shadow = { type: "EntityName", required, validForCreate, validForUpdate };
    result.push(shadow(table, attribute, typeColumn, facts));
  }
  return result;
}

/**
 * The computed columns that Dataverse adds to a column: the label of a choice (`statecodename`, Virtual), the name
 * behind a lookup (`customeridname`, String) with its sound (`customeridyominame`), where a lookup has several targets its
 * table (`customeridtype`, EntityName), and the name of a file (`new_file_name`, String).
 */
export function shadowsOf(table: string, attribute: AttributeDefinition): AttributeDefinition[] {
  const { logicalName, type } = attribute;
  if (attribute.attributeOf !== undefined) return [];
  if (type === "File")
    return [
      shadow(table, attribute, `${logicalName}_name`, {
        ...text(200),
        schemaName: `${attribute.schemaName}_Name`,
      }),
    ];
  if (LABELLED.has(type)) {
    const stem = SHADOW_STEMS[logicalName] ?? logicalName;
    return [shadow(table, attribute, `${stem}name`, { type: "Virtual" })];
  }
  return type === "Lookup" || type === "Customer" || type === "Owner"
    ? shadowsOfLookup(table, attribute)
    : [];
}

/** Adds the missing shadows, and marks those that the facts list as columns of their own. */
export function withShadows(
  table: string,
  attributes: readonly AttributeDefinition[],
): AttributeDefinition[] {
  const byName = new Map(attributes.map((attribute) => [attribute.logicalName, attribute]));
  for (const attribute of attributes) {
    for (const computed of shadowsOf(table, attribute)) {
      const listed = byName.get(computed.logicalName);
      if (listed === undefined) byName.set(computed.logicalName, computed);
      else if (listed.type === computed.type) {
        listed.attributeOf = attribute.logicalName;
        listed.validForCreate = computed.validForCreate;
        listed.validForUpdate = computed.validForUpdate;
      }
    }
  }
  return [...byName.values()].sort((one, other) => (one.logicalName < other.logicalName ? -1 : 1));
}
