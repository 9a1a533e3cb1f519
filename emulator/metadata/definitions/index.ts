import type {
  AttributeDefinition,
  EntityDefinition,
  ManyToManyDefinition,
  OneToManyDefinition,
} from "../../model";
import { entityOf } from "../entity";
import { metadataIdOf } from "../ids";
import { deleteCascadeOf } from "./cascades";
import { applyDefault } from "./defaults";
import { applyFormat } from "./formats";
import { DEFINITIONS } from "./generated";
import { GUARD_TABLES } from "./guard-tables";
import { MANY_TO_MANY, missingIntersects } from "./intersects";
import { type ParsedTable, type ParsedTarget, parseTable } from "./parse";
import { applyRequirements } from "./required";
import { withShadows } from "./shadows";

export interface Model {
  entities: EntityDefinition[];
  oneToMany: OneToManyDefinition[];
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

function linksOf(
  table: string,
  attribute: AttributeDefinition,
  links: ParsedTarget[],
): ParsedTarget[] {
  const missing = MISSING_TARGETS[attribute.logicalName];
  if (attribute.type === "Lookup" && links.length === 0 && missing !== undefined) {
    const schemaName = `${missing}_${table}_${attribute.logicalName}`;
    return [
      { target: missing, property: attribute.logicalName, schemaName, collection: schemaName },
    ];
  }
  return [...links, ...(EXTRA_LINKS[`${table}.${attribute.logicalName}`] ?? [])];
}

function relationshipsOf(
  table: string,
  attribute: AttributeDefinition,
  links: readonly ParsedTarget[],
  primaryIds: ReadonlyMap<string, string>,
): OneToManyDefinition[] {
  // An owner column has one relationship, with the abstract table that users and teams share.
  const ends =
    attribute.type === "Owner" && links[0] !== undefined
      ? [{ ...links[0], target: "owner" }]
      : links;
  return ends.map(({ target, property, schemaName, collection }) => ({
    schemaName,
    metadataId: metadataIdOf("relationship", schemaName),
    referencedEntity: target,
    referencedAttribute: primaryIds.get(target) ?? `${target}id`,
    referencingEntity: table,
    referencingAttribute: attribute.logicalName,
    referencingNavigation: property,
    referencedNavigation: collection,
    deleteCascade: deleteCascadeOf(table, attribute.logicalName, target),
  }));
}

function complete(
  parsed: ParsedTable,
  primaryIds: ReadonlyMap<string, string>,
  oneToMany: OneToManyDefinition[],
): EntityDefinition {
  const { head } = parsed;
  const attributes = parsed.columns.map(({ attribute, links }) => {
    applyRequirements(head, attribute);
    applyDefault(head.logicalName, attribute);
    applyFormat(attribute);
    // The address of an image is text, whatever the facts' source calls it.
    if (attribute.logicalName === "entityimage_url") {
      attribute.type = "String";
      attribute.maxLength = 200;
      attribute.format = "Url";
    }
    if (
      attribute.type === "Lookup" ||
      attribute.type === "Customer" ||
      attribute.type === "Owner"
    ) {
      const all = linksOf(head.logicalName, attribute, links);
      attribute.targets = all.map((link) => link.target);
      attribute.navigation = all.map(({ target, property }) => ({ target, property }));
      oneToMany.push(...relationshipsOf(head.logicalName, attribute, all, primaryIds));
    }
    return attribute;
  });
  const keys = (KEYS[head.logicalName] ?? []).map((key) => ({
    ...key,
    metadataId: metadataIdOf("key", head.logicalName, key.schemaName),
  }));
  return entityOf(head, withShadows(head.logicalName, attributes), keys);
}

let shipped: Model | undefined;

/** The shipped tables: generated facts completed by the rules of this folder. Made once, never changed. */
export function shippedModel(): Model {
  shipped ??= makeModel();
  return shipped;
}

function makeModel(): Model {
  const parsed = [...[...DEFINITIONS, ...GUARD_TABLES].map(parseTable), ...missingIntersects()];
  const primaryIds = new Map(parsed.map(({ head }) => [head.logicalName, head.primaryIdAttribute]));
  const oneToMany: OneToManyDefinition[] = [];
  const entities = parsed.map((table) => complete(table, primaryIds, oneToMany));
  return { entities, oneToMany, manyToMany: [...MANY_TO_MANY] };
}
