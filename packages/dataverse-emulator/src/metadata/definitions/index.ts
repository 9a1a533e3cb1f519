import { createHash } from "node:crypto";
import type {
  AttributeDefinition,
  EntityDefinition,
  ManyToManyDefinition,
  OneToManyDefinition,
} from "../../model";
import { lazyEntityOf } from "../entity";
import { metadataIdOf } from "../ids";
import { cascadesOf, deleteCascadeOf } from "./cascades";
import { applyDefault } from "./defaults";
import { applyFormat } from "./formats";
import heads from "./generated/heads.json";
import tables from "./generated/tables.json";
import { GUARD_TABLES } from "./guard-tables";
import { MANY_TO_MANY, missingIntersects } from "./intersects";
import { sharedChoiceOf } from "./option-sets";
import {
  type ParsedLookup,
  type ParsedTable,
  type ParsedTarget,
  parseLines,
  parseTable,
} from "./parse";
import { applyRequirements } from "./required";
import { withShadows } from "./shadows/shadows";
import { completed } from "./standard-columns";
import { SUPPORTING } from "./supporting";

export interface Model {
  entities: EntityDefinition[];
  /** Made on the first call: most starts need none of them. */
  oneToMany(): readonly OneToManyDefinition[];
  manyToMany: ManyToManyDefinition[];
}

/** Lookups that the facts list without a target. */
const MISSING_TARGETS: Readonly<Record<string, string>> = {
  owningbusinessunit: "businessunit",
  owningteam: "team",
  owninguser: "systemuser",
};

/** A case's resolution is an activity, so it has parties too; the facts list the common activities only. */
const EXTRA_LINKS: Readonly<Record<string, ParsedTarget[]>> = {
  "activityparty.activityid": [
    {
      target: "incidentresolution",
      property: "activityid_incidentresolution",
      schemaName: "incidentresolution_activity_parties",
      collection: "incidentresolution_activity_parties",
    },
  ],
};

/**
 * An activity is a row of its own table and of the base; the key of both leads from the one to the other. On tables of solutions the
 * way bears the table's name.
 */
function baseLinkOf(table: string): ParsedTarget {
  const name = table === "incidentresolution" ? "incident_resolution" : table;
  const schemaName = `activity_pointer_${name}`;
  return {
    target: "activitypointer",
    property: table.includes("_") ? `activityid_${table}` : "activityid_activitypointer",
    schemaName,
    collection: schemaName,
  };
}

const KEYS: Readonly<Record<string, { schemaName: string; attributes: string[] }[]>> = {
  systemuser: [
    { schemaName: "aadobjectid_key", attributes: ["azureactivedirectoryobjectid"] },
    { schemaName: "applicationid_key", attributes: ["applicationid"] },
  ],
  team: [
    {
      schemaName: "aadobjectid_membershiptype",
      attributes: ["azureactivedirectoryobjectid", "membershiptype"],
    },
  ],
};

function linksOf(table: string, lookup: ParsedLookup): ParsedTarget[] {
  const { logicalName, links } = lookup;
  const missing = MISSING_TARGETS[logicalName];
  if (lookup.type === "Lookup" && links.length === 0 && missing !== undefined) {
    const schemaName = `${missing}_${table}_${logicalName}`;
    return [{ target: missing, property: logicalName, schemaName, collection: schemaName }];
  }
  return [...links, ...(EXTRA_LINKS[`${table}.${logicalName}`] ?? [])];
}

function relationshipsOf(
  table: string,
  lookup: ParsedLookup,
  primaryIds: ReadonlyMap<string, string>,
): OneToManyDefinition[] {
  const links = linksOf(table, lookup);
  // An owner column has one relationship, with the abstract table that users and teams share.
  const ends =
    lookup.type === "Owner" && links[0] !== undefined ? [{ ...links[0], target: "owner" }] : links;
  return ends.map(({ target, property, schemaName, collection }) => ({
    schemaName,
    metadataId: metadataIdOf("relationship", schemaName),
    referencedEntity: target,
    referencedAttribute: primaryIds.get(target) ?? `${target}id`,
    referencingEntity: table,
    referencingAttribute: lookup.logicalName,
    referencingNavigation: property,
    referencedNavigation: collection,
    deleteCascade: deleteCascadeOf(table, lookup.logicalName, target),
    ...passing(cascadesOf(table, lookup.logicalName, target)),
  }));
}

function baseRelationshipOf(table: string): OneToManyDefinition {
  const { property, schemaName, collection } = baseLinkOf(table);
  return {
    schemaName,
    metadataId: metadataIdOf("relationship", schemaName),
    referencedEntity: "activitypointer",
    referencedAttribute: "activityid",
    referencingEntity: table,
    referencingAttribute: "activityid",
    referencingNavigation: property,
    referencedNavigation: collection,
    deleteCascade: "NoCascade",
  };
}

const passing = (cascades: OneToManyDefinition["cascades"]) =>
  cascades === undefined ? {} : { cascades };

function columnsOf({ head, columns }: ParsedTable): AttributeDefinition[] {
  const attributes = columns().map(({ attribute, links }) => {
    applyRequirements(head, attribute);
    applyDefault(head.logicalName, attribute);
    applyFormat(head.logicalName, attribute);
    // The address of an image is text, whatever the facts' source calls it.
    if (attribute.logicalName === "entityimage_url") {
      attribute.type = "String";
      attribute.maxLength = 200;
      attribute.format = "Url";
      attribute.schemaName = "EntityImage_URL";
    }
    const { type, logicalName } = attribute;
    if (head.isActivity && attribute.isPrimaryId && head.logicalName !== "activitypointer") {
      const { target, property } = baseLinkOf(head.logicalName);
      attribute.navigation = [{ target, property }];
    }
    const shared = type === "Picklist" ? sharedChoiceOf(head.logicalName, logicalName) : undefined;
    if (shared !== undefined) attribute.globalOptionSet = shared;
    if (type === "Lookup" || type === "Customer" || type === "Owner") {
      const all = linksOf(head.logicalName, { logicalName, type, links });
      attribute.targets = all.map((link) => link.target);
      attribute.navigation = all.map(({ target, property }) => ({ target, property }));
    }
    return attribute;
  });
  return withShadows(head.logicalName, attributes);
}

function complete(parsed: ParsedTable): EntityDefinition {
  const { head } = parsed;
  const keys = (KEYS[head.logicalName] ?? []).map((key) => ({
    ...key,
    metadataId: metadataIdOf("key", head.logicalName, key.schemaName),
  }));
  return lazyEntityOf(head, () => columnsOf(parsed), keys);
}

let shipped: Model | undefined;

/** The shipped tables: generated facts completed by the rules of this folder. Made once, never changed. */
export function shippedModel(): Model {
  shipped ??= makeModel();
  return shipped;
}

function makeModel(): Model {
  const supporting = SUPPORTING.map((text) => parseTable(completed(text)));
  const described = new Set(supporting.map(({ head }) => head.logicalName));
  const thin = heads
    .map((text) => parseTable(completed(text)))
    .filter(({ head }) => !described.has(head.logicalName));
  const parsed = [
    ...Object.values(tables).map(parseLines),
    ...GUARD_TABLES.map(parseTable),
    ...supporting,
    ...thin,
    ...missingIntersects(),
  ];
  let oneToMany: OneToManyDefinition[] | undefined;
  return {
    entities: parsed.map(complete),
    oneToMany() {
      oneToMany ??= allRelationships(parsed);
      return oneToMany;
    },
    manyToMany: [...MANY_TO_MANY],
  };
}

function allRelationships(parsed: readonly ParsedTable[]): OneToManyDefinition[] {
  const primaryIds = new Map(parsed.map(({ head }) => [head.logicalName, head.primaryIdAttribute]));
  return parsed.flatMap(({ head, lookups }) => {
    const rows = lookups().flatMap((lookup) =>
      relationshipsOf(head.logicalName, lookup, primaryIds),
    );
    const isKind = head.isActivity && head.logicalName !== "activitypointer";
    return isKind ? [...rows, baseRelationshipOf(head.logicalName)] : rows;
  });
}

/** A number that another state of the shipped definitions has not: which of them a database file was made for. */
export function definitionsStamp(): number {
  const hash = createHash("md5");
  for (const lines of Object.values(tables)) hash.update(lines.join("\n"));
  for (const text of [...GUARD_TABLES, ...SUPPORTING]) hash.update(text);
  hash.update(heads.join("\n"));
  return hash.digest().readUInt32BE(0) >>> 1;
}
