import type {
  AttributeDefinition,
  Catalog,
  Database,
  EntityDefinition,
  ManyToManyDefinition,
  OneToManyDefinition,
} from "../../model";
import { attributeJson, castOf } from "../json/attribute-json";
import { entityJson } from "../json/entity-json";
import type { Json } from "../json/labels";
import { privilegesJson } from "../json/privilege-json";
import { keyJson, manyToManyJson, oneToManyJson } from "../json/relationship-json";
import type { Resource } from "./shape";

/** Option sets are navigation properties in EntityDefinitions: they come when expanded, not before. */
const ATTRIBUTE_LINKS = ["OptionSet", "GlobalOptionSet"] as const;

/** Only what every column has: what may be selected without a cast. */
function baseJson(json: Json): Json {
  const { OptionSet, GlobalOptionSet, ...rest } = json;
  return rest;
}

export function attributeResource(
  entity: EntityDefinition,
  attribute: AttributeDefinition,
): Resource {
  const whole = attributeJson(entity, attribute);
  const links: Record<string, () => Resource | null> = {};
  for (const name of ATTRIBUTE_LINKS) {
    if (!(name in whole)) continue;
    const set = whole[name] as Json | null;
    links[name] = () => (set === null ? null : { type: "OptionSetMetadata", json: set, links: {} });
  }
  return { type: castOf(attribute), json: baseJson(whole), links };
}

function plain(type: string, json: Json): Resource {
  return { type, json, links: {} };
}

/** A relationship is custom when the column or the intersect table that carries it is. */
export function isCustomRelationship(
  catalog: Catalog,
  row: OneToManyDefinition | ManyToManyDefinition,
): boolean {
  if ("intersectEntity" in row) return catalog.byName(row.intersectEntity)?.isCustom === true;
  return (
    catalog.byName(row.referencingEntity)?.attribute(row.referencingAttribute)?.isCustom === true
  );
}

export function relationshipResource(
  catalog: Catalog,
  row: OneToManyDefinition | ManyToManyDefinition,
): Resource {
  const custom = isCustomRelationship(catalog, row);
  return "intersectEntity" in row
    ? plain("ManyToManyRelationshipMetadata", manyToManyJson(row, custom))
    : plain("OneToManyRelationshipMetadata", oneToManyJson(row, custom));
}

/** @param db knows the ids of the table's privileges, which are worked out when they are asked for */
export function entityResource(db: Database, catalog: Catalog, entity: EntityDefinition): Resource {
  const name = entity.logicalName;
  const rows = (list: readonly (OneToManyDefinition | ManyToManyDefinition)[]) =>
    list.map((row) => relationshipResource(catalog, row));
  return {
    type: "EntityMetadata",
    json: {
      ...entityJson(entity, catalog),
      get Privileges() {
        return privilegesJson(db, entity);
      },
    },
    links: {
      Attributes: () => entity.attributes.map((attribute) => attributeResource(entity, attribute)),
      Keys: () => entity.keys.map((key) => plain("EntityKeyMetadata", keyJson(entity, key))),
      ManyToOneRelationships: () => rows(catalog.manyToOne(name)),
      OneToManyRelationships: () => rows(catalog.oneToMany(name)),
      ManyToManyRelationships: () => rows(catalog.manyToMany(name)),
    },
  };
}

/** Tables that a `MetadataId` or a logical name means. */
export function findEntity(catalog: Catalog, key: Key): EntityDefinition | undefined {
  if (key.name === "LogicalName") return catalog.byName(key.value);
  if (key.name !== "MetadataId") return undefined;
  return catalog.entities().find((entity) => entity.metadataId === key.value.toLowerCase());
}

export function findAttribute(entity: EntityDefinition, key: Key): AttributeDefinition | undefined {
  if (key.name === "LogicalName") return entity.attribute(key.value);
  if (key.name !== "MetadataId") return undefined;
  return entity.attributes.find((attribute) => attribute.metadataId === key.value.toLowerCase());
}

/** What stands in the parentheses of a path: `LogicalName='incident'`, `SchemaName='…'`, or a bare GUID (MetadataId). */
export interface Key {
  name: "LogicalName" | "MetadataId" | "SchemaName" | "Name";
  value: string;
}
