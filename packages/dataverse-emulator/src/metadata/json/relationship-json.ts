import type { EntityDefinition, ManyToManyDefinition, OneToManyDefinition } from "../../model";
import { type Json, labelOf, managed } from "./labels";

const MENU: Json = {
  Behavior: "UseCollectionName",
  Group: "Details",
  Order: 10_000,
  IsCustomizable: true,
  Icon: null,
  ViewId: "00000000-0000-0000-0000-000000000000",
  AvailableOffline: true,
  MenuId: null,
  QueryApi: null,
};

/** How the collection is shown beside its row. */
function menu({ schemaName, menu: own }: Pick<OneToManyDefinition, "schemaName" | "menu">): Json {
  const { label = "", ...more } = own ?? {};
  return { ...MENU, ...more, Label: labelOf(label, schemaName, false) };
}

function head(row: OneToManyDefinition | ManyToManyDefinition, isCustom: boolean): Json {
  return {
    MetadataId: row.metadataId,
    HasChanged: null,
    SchemaName: row.schemaName,
    SecurityTypes: "Append",
    IsManaged: !isCustom,
    IsCustomRelationship: isCustom,
    IsValidForAdvancedFind: true,
    IntroducedVersion: isCustom ? "1.0.0.0" : "5.0.0.0",
    IsCustomizable: managed(true, "iscustomizable", false),
  };
}

/** Whom these lead to is noted by the service: nothing is shown beside him. */
const NOTED: ReadonlySet<string> = new Set(["businessunit", "owner", "systemuser", "team"]);
const NOT_SHOWN: Json = { Behavior: "DoNotDisplay", Order: null, IsCustomizable: false };

/** OneToManyRelationshipMetadata. */
export function oneToManyJson(row: OneToManyDefinition, isCustom: boolean): Json {
  const isNoted = !isCustom && NOTED.has(row.referencedEntity) && row.cascades === undefined;
  return {
    ...head(row, isCustom),
    ...(isNoted ? { SecurityTypes: "None" } : {}),
    RelationshipType: "OneToManyRelationship",
    AssociatedMenuConfiguration: { ...menu(row), ...(isNoted ? NOT_SHOWN : {}) },
    CascadeConfiguration: {
      Assign: row.cascades?.Assign ?? "NoCascade",
      Delete: row.deleteCascade,
      Archive: "NoCascade",
      Merge: row.cascades?.Merge ?? "NoCascade",
      Reparent: row.cascades?.Reparent ?? "NoCascade",
      Share: row.cascades?.Share ?? "NoCascade",
      Unshare: row.cascades?.Unshare ?? "NoCascade",
      RollupView: "NoCascade",
    },
    DenormalizedAttributeName: null,
    EntityKey: null,
    IsDenormalizedLookup: null,
    IsHierarchical: row.isHierarchical ?? false,
    IsRelationshipAttributeDenormalized: false,
    ReferencedAttribute: row.referencedAttribute,
    ReferencedEntity: row.referencedEntity,
    ReferencedEntityNavigationPropertyName: row.referencedNavigation,
    ReferencingAttribute: row.referencingAttribute,
    ReferencingEntity: row.referencingEntity,
    ReferencingEntityNavigationPropertyName: row.referencingNavigation,
    RelationshipBehavior: isNoted ? 0 : 1,
    RelationshipAttributes: [],
  };
}

/** ManyToManyRelationshipMetadata. */
export function manyToManyJson(row: ManyToManyDefinition, isCustom: boolean): Json {
  return {
    ...head(row, isCustom),
    SecurityTypes: "None",
    RelationshipType: "ManyToManyRelationship",
    Entity1AssociatedMenuConfiguration: menu({ schemaName: row.schemaName }),
    Entity1IntersectAttribute: row.entity1Attribute,
    Entity1LogicalName: row.entity1,
    Entity1NavigationPropertyName: row.entity1Navigation,
    Entity2AssociatedMenuConfiguration: menu({ schemaName: row.schemaName }),
    Entity2IntersectAttribute: row.entity2Attribute,
    Entity2LogicalName: row.entity2,
    Entity2NavigationPropertyName: row.entity2Navigation,
    IntersectEntityName: row.intersectEntity,
  };
}

/** EntityKeyMetadata. */
export function keyJson(entity: EntityDefinition, key: EntityDefinition["keys"][number]): Json {
  return {
    MetadataId: key.metadataId,
    HasChanged: null,
    DisplayName: labelOf(key.displayName ?? key.schemaName, key.metadataId, !key.isCustom),
    EntityKeyIndexStatus: key.status ?? "Active",
    EntityLogicalName: entity.logicalName,
    IntroducedVersion: "1.0.0.0",
    IsCustomizable: managed(true, "iscustomizable", false),
    IsExportKey: false,
    IsManaged: key.isCustom !== true,
    IsSynchronous: false,
    KeyAttributes: key.attributes,
    LogicalName: key.schemaName.toLowerCase(),
    SchemaName: key.schemaName,
    AsyncJob: null,
  };
}
