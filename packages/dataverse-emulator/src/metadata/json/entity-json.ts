import type { Catalog, EntityDefinition } from "../../model";
import { canTrackChanges, tracksChanges } from "../../store";
import { isSearched } from "../searched";
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

/** What this service has no use for, as the real one answers it for a plain table. */
const UNUSED: Json = {
  AutoCreateAccessTeams: false,
  DataProviderId: null,
  DataSourceId: null,
  DaysSinceRecordLastModified: 0,
  EnforceStateTransitions: false,
  EntityColor: "",
  EntityHelpUrl: null,
  EntityHelpUrlEnabled: false,
  ExternalCollectionName: null,
  ExternalName: null,
  IsAIRUpdated: false,
  IsArchivalEnabled: false,
  IsBusinessProcessEnabled: false,
  IsDocumentManagementEnabled: false,
  IsDocumentRecommendationsEnabled: false,
  IsEnabledForCharts: true,
  IsEnabledForExternalChannels: false,
  IsEnabledForTrace: false,
  IsInteractionCentricEnabled: false,
  IsMSTeamsIntegrationEnabled: false,
  IsOneNoteIntegrationEnabled: false,
  IsReadingPaneEnabled: true,
  IsRetentionEnabled: false,
  IsSolutionAware: false,
  MobileOfflineFilters: null,
  OwnerIdType: null,
  OwningBusinessUnit: null,
  RecurrenceBaseEntityLogicalName: null,
  Settings: [],
  UsesBusinessDataLabelTable: false,
};

/** Tables with a part of the service to themselves. */
const SLA_TABLES: ReadonlySet<string> = new Set(["incident", "email", "task", "phonecall", "lead"]);
const KNOWLEDGE_TABLES: ReadonlySet<string> = new Set(["incident", "knowledgearticle"]);
const QUEUE_TABLES: ReadonlySet<string> = new Set(["incident", "activitypointer"]);

function iconsJson({ icons = {} }: EntityDefinition): Json {
  return {
    IconLargeName: icons.large ?? null,
    IconMediumName: icons.medium ?? null,
    IconSmallName: null,
    IconVectorName: icons.vector ?? null,
  };
}

/** EntityMetadata without the collections (`Attributes`, `Keys`, relationships), which are expanded or asked for by name. */
export function entityJson(entity: EntityDefinition, catalog: Catalog): Json {
  const custom = entity.isCustom;
  const open = !entity.isIntersect;
  return {
    MetadataId: entity.metadataId,
    HasChanged: null,
    ...UNUSED,
    ...iconsJson(entity),
    ActivityTypeMask: entity.isActivity ? 1 : 0,
    AutoRouteToOwnerQueue: false,
    ChangeTrackingEnabled: tracksChanges(entity),
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
    IsActivityParty: pointsTo(catalog, "activityparty", "partyid", entity),
    IsAuditEnabled: managed(entity.isAudited ?? false, "canmodifyauditsettings"),
    IsAvailableOffline: true,
    IsBPFEntity: false,
    IsChildEntity: false,
    IsConnectionsEnabled: managed(open, "canmodifyconnectionsettings"),
    IsCustomEntity: custom,
    IsCustomizable: managed(true, "iscustomizable"),
    IsDuplicateDetectionEnabled: managed(false, "canmodifyduplicatedetectionsettings"),
    IsImportable: open,
    IsIntersect: entity.isIntersect,
    IsKnowledgeManagementEnabled: KNOWLEDGE_TABLES.has(entity.logicalName),
    IsLogicalEntity: false,
    IsManaged: !custom,
    IsMailMergeEnabled: managed(
      entity.attribute("emailaddress1") !== undefined,
      "canmodifymailmergesettings",
    ),
    IsMappable: managed(true, "ismappable", false),
    IsOfflineInMobileClient: managed(false, "canmodifymobileclientoffline"),
    IsOptimisticConcurrencyEnabled: open,
    IsPrivate: false,
    IsQuickCreateEnabled: false,
    IsReadOnlyInMobileClient: managed(false, "canmodifymobileclientreadonly"),
    IsRenameable: managed(true, "isrenameable", false),
    IsSLAEnabled: SLA_TABLES.has(entity.logicalName),
    IsStateModelAware: entity.attribute("statecode") !== undefined,
    IsValidForAdvancedFind: open,
    IsValidForQueue: managed(
      entity.isActivity || QUEUE_TABLES.has(entity.logicalName),
      "canmodifyqueuesettings",
    ),
    IsVisibleInMobile: managed(false, "canmodifymobilevisibility"),
    IsVisibleInMobileClient: managed(open, "canmodifymobileclientvisibility"),
    LogicalName: entity.logicalName,
    LogicalCollectionName: entity.entitySetName,
    ObjectTypeCode: entity.objectTypeCode,
    OwnerId: null,
    OwnershipType: entity.ownership === "BusinessOwned" ? "BusinessOwned" : entity.ownership,
    PrimaryIdAttribute: entity.primaryIdAttribute,
    PrimaryImageAttribute: primaryImage(entity),
    PrimaryNameAttribute: entity.primaryNameAttribute ?? null,
    ReportViewName: `Filtered${entity.schemaName}`,
    SchemaName: entity.schemaName,
    SyncToExternalSearchIndex: isSearched(entity),
    CollectionSchemaName: `${entity.schemaName}s`,
    TableType: entity.tableType ?? "Standard",
    CanChangeTrackingBeEnabled: managed(canTrackChanges(entity), "canchangetrackingbeenabled"),
    ...Object.fromEntries(ABILITIES.map(([name, word]) => [name, managed(open, word)])),
  };
}
