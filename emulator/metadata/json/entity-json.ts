import type { Catalog, EntityDefinition } from "../../model";
import { type Json, labelOf, managed } from "./labels";

/** Column counted as the table's image: `entityimage`. */
function primaryImage(entity: EntityDefinition): string | null {
  return entity.attribute("entityimage") === undefined ? null : "entityimage";
}

/** Names by which `Can…` managed properties are known. */
const ABILITIES: readonly [string, string][] = [
  ["CanBeInCustomEntityAssociation", "canbeincustomentityassociation"],
  ["CanBeInManyToMany", "canbeinmanytomany"],
  ["CanBePrimaryEntityInRelationship", "canbeprimaryentityinrelationship"],
  ["CanBeRelatedEntityInRelationship", "canberelatedentityinrelationship"],
  ["CanChangeHierarchicalRelationship", "canchangehierarchicalrelationship"],
  ["CanChangeTrackingBeEnabled", "canchangetrackingbeenabled"],
  ["CanCreateAttributes", "cancreateattributes"],
  ["CanCreateCharts", "cancreatecharts"],
  ["CanCreateForms", "cancreateforms"],
  ["CanCreateViews", "cancreateviews"],
  ["CanEnableSyncToExternalSearchIndex", "canenablesynctoexternalsearchindex"],
  ["CanModifyAdditionalSettings", "canmodifyadditionalsettings"],
];

/** True when the polymorphic lookup of `table` accepts rows of this one: how notes and activities are switched on. */
function pointsTo(
  catalog: Catalog,
  table: string,
  column: string,
  entity: EntityDefinition,
): boolean {
  return catalog.byName(table)?.attribute(column)?.targets?.includes(entity.logicalName) === true;
}

/** EntityMetadata without the collections (`Attributes`, `Keys`, relationships), which are expanded or asked for by name. */
export function entityJson(entity: EntityDefinition, catalog: Catalog): Json {
  const custom = entity.isCustom;
  const open = !entity.isIntersect;
  return {
    MetadataId: entity.metadataId,
    HasChanged: null,
    ActivityTypeMask: entity.isActivity ? 1 : 0,
    AutoRouteToOwnerQueue: false,
    ChangeTrackingEnabled: open,
    Description: labelOf(entity.description, `${entity.logicalName}/description`, !custom),
    DisplayName: labelOf(entity.displayName, entity.logicalName, !custom),
    DisplayCollectionName: labelOf(
      entity.displayCollectionName,
      `${entity.logicalName}/collection`,
      !custom,
    ),
    EntitySetName: entity.entitySetName,
    HasActivities: pointsTo(catalog, "activitypointer", "regardingobjectid", entity),
    HasEmailAddresses: entity.attribute("emailaddress1") !== undefined,
    HasFeedback: false,
    HasNotes: pointsTo(catalog, "annotation", "objectid", entity),
    IntroducedVersion: custom ? "1.0.0.0" : "5.0.0.0",
    IsActivity: entity.isActivity,
    IsActivityParty: false,
    IsAuditEnabled: managed(false, "canmodifyauditsettings"),
    IsAvailableOffline: true,
    IsBPFEntity: false,
    IsChildEntity: false,
    IsConnectionsEnabled: managed(open, "canmodifyconnectionsettings"),
    IsCustomEntity: custom,
    IsCustomizable: managed(true, "iscustomizable"),
    IsDuplicateDetectionEnabled: managed(false, "canmodifyduplicatedetectionsettings"),
    IsImportable: open,
    IsIntersect: entity.isIntersect,
    IsLogicalEntity: false,
    IsManaged: !custom,
    IsMappable: managed(true, "ismappable", false),
    IsOptimisticConcurrencyEnabled: open,
    IsPrivate: false,
    IsQuickCreateEnabled: false,
    IsRenameable: managed(true, "isrenameable", false),
    IsStateModelAware: entity.attribute("statecode") !== undefined,
    IsValidForAdvancedFind: open,
    IsValidForQueue: managed(false, "canmodifyqueuesettings"),
    LogicalName: entity.logicalName,
    LogicalCollectionName: entity.entitySetName,
    ObjectTypeCode: entity.objectTypeCode,
    OwnerId: null,
    OwnershipType: entity.ownership === "BusinessOwned" ? "BusinessOwned" : entity.ownership,
    PrimaryIdAttribute: entity.primaryIdAttribute,
    PrimaryImageAttribute: primaryImage(entity),
    PrimaryNameAttribute: entity.primaryNameAttribute ?? null,
    SchemaName: entity.schemaName,
    CollectionSchemaName: `${entity.schemaName}s`,
    TableType: entity.tableType ?? "Standard",
    ...Object.fromEntries(ABILITIES.map(([name, word]) => [name, managed(open, word)])),
  };
}
