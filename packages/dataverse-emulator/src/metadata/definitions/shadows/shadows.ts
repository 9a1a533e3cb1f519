import type { AttributeDefinition } from "../../../model";
import { attributeIdOf, metadataIdOf } from "../../ids";
import { isOfSolution } from "../introduced";
import { LABEL_NAMES, SHADOW_STEMS, SHADOWLESS, schemaNameOf, TYPE_COLUMNS } from "./names";

/** Parts of the owner, whose name stands beside the owner alone. */
const NAMELESS: ReadonlySet<string> = new Set(["owninguser", "owningteam"]);

/** Tables whose rows have names by which they are sorted where words are written otherwise than they sound. */
const PHONETIC: ReadonlySet<string> = new Set([
  "account",
  "contact",
  "externalparty",
  "lead",
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
  "entitlement.owningbusinessunit": 100,
  "incident.owningbusinessunit": 100,
  owningbusinessunit: 160,
  regardingobjectid: 400,
};

/** Where a solution's lookup leads to one of these, its name has the length of theirs. */
const LENGTHS_OF_TARGETS: Readonly<Record<string, number>> = { account: 160, contact: 160 };

/** Names that are demanded as the names of what they lead to are. By target, and by `table.column`. */
const DEMANDED_TARGETS: ReadonlySet<string> = new Set([
  "equipment",
  "pricelevel",
  "service",
  "territory",
]);
const DEMANDED_NAMES: ReadonlySet<string> = new Set([
  "entitlement.owningbusinessunit",
  "incident.owningbusinessunit",
]);

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

/** What stands for an owner is demanded as he is; what tells a demanded customer's table is so on forms. */
function levelOfShadow({ type, required }: AttributeDefinition): AttributeDefinition["required"] {
  if (type === "Owner") return "SystemRequired";
  return type === "Customer" && required === "SystemRequired" ? "ApplicationRequired" : "None";
}

/** Forms demand a customer's name wherever there is one, whether he is demanded or not. */
function levelOfName(table: string, attribute: AttributeDefinition) {
  const { logicalName, targets = [], type } = attribute;
  if (type === "Customer") return "ApplicationRequired";
  const isDemanded =
    DEMANDED_NAMES.has(`${table}.${logicalName}`) ||
    (!isOfSolution(logicalName) && DEMANDED_TARGETS.has(targets.join(" ")));
  return isDemanded ? "SystemRequired" : levelOfShadow(attribute);
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
  const own = isOfSolution(logicalName) ? LENGTHS_OF_TARGETS[targets[0] ?? ""] : undefined;
  const length =
    NAME_LENGTHS[qualified] ?? NAME_LENGTHS[logicalName] ?? own ?? (isCustomer ? 160 : 100);
  const nameLevel = levelOfName(table, attribute);
  const result: AttributeDefinition[] = [];
  if (!NAMELESS.has(logicalName)) {
    result.push(shadow(table, attribute, `${stem}name`, { ...text(length), required: nameLevel }));
    const isPhonetic = type === "Owner" || targets.some((target) => PHONETIC.has(target));
    if (isPhonetic && !UNPHONETIC.has(qualified)) {
      const isDemanded = TOUCHED.has(logicalName) && cameBySolution(table);
      result.push(
        shadow(table, attribute, `${stem}yominame`, {
          ...text(isCustomer ? 450 : length),
          required: isDemanded ? "SystemRequired" : nameLevel,
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
  const qualified = `${table}.${logicalName}`;
  if (attribute.attributeOf !== undefined || SHADOWLESS.has(qualified)) return [];
  if (type === "File")
    return [
      shadow(table, attribute, `${logicalName}_name`, {
        ...text(200),
        schemaName: `${attribute.schemaName}_Name`,
      }),
    ];
  if (LABELLED.has(type)) {
    const stem = SHADOW_STEMS[logicalName] ?? logicalName;
    const { logicalName: name = `${stem}name`, ...named } = LABEL_NAMES[qualified] ?? {};
    return [shadow(table, attribute, name, { type: "Virtual", ...named })];
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
        if (attribute.type === "File") listed.schemaName = computed.schemaName;
        listed.validForCreate = computed.validForCreate;
        listed.validForUpdate = computed.validForUpdate;
      }
    }
  }
  return [...byName.values()].sort((one, other) => (one.logicalName < other.logicalName ? -1 : 1));
}
