import type { Catalog, EntityDefinition } from "../../model";
import { canTrackChanges, tracksChanges } from "../../store";
import { isSearched } from "../searched";
import { type Json, labelOf, managed } from "./labels";

/** Column counted as the table's image: `entityimage`. */
function primaryImage(entity: EntityDefinition): string | null {
  return entity.attribute("entityimage") === undefined ? null : "entityimage";
}

/** Names by which `Can…` managed properties are known, and which of them nobody may change of a shipped table. */
const ABILITIES: readonly (readonly [name: string, word: string, settled?: true])[] = [
  ["CanBeInCustomEntityAssociation", "canbeincustomentityassociation", true],
  ["CanBeInManyToMany", "canbeinmanytomany", true],
  ["CanBePrimaryEntityInRelationship", "canbeprimaryentityinrelationship", true],
  ["CanBeRelatedEntityInRelationship", "canberelatedentityinrelationship", true],
  ["CanChangeHierarchicalRelationship", "canchangehierarchicalrelationship"],
  ["CanCreateAttributes", "cancreateattributes", true],
  ["CanCreateCharts", "cancreatecharts", true],
  ["CanCreateForms", "cancreateforms", true],
  ["CanCreateViews", "cancreateviews", true],
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
  EntityHelpUrl: null,
  EntityHelpUrlEnabled: false,
  ExternalCollectionName: null,
  ExternalName: null,
  IsArchivalEnabled: false,
  IsDocumentManagementEnabled: false,
  IsDocumentRecommendationsEnabled: false,
  IsEnabledForCharts: true,
  IsEnabledForTrace: false,
  IsMSTeamsIntegrationEnabled: false,
  IsOneNoteIntegrationEnabled: false,
  IsReadingPaneEnabled: true,
  IsRetentionEnabled: false,
  IsSolutionAware: false,
  MobileOfflineFilters: null,
  OwningBusinessUnit: null,
  RecurrenceBaseEntityLogicalName: null,
  Settings: [],
  UsesBusinessDataLabelTable: false,
};

/** Tables with a part of the service to themselves. */
const SLA_TABLES: ReadonlySet<string> = new Set(["incident", "email", "task", "phonecall", "lead"]);
const KNOWLEDGE_TABLES: ReadonlySet<string> = new Set(["incident", "knowledgearticle"]);
const QUEUE_TABLES: ReadonlySet<string> = new Set(["incident", "activitypointer"]);
/** Tables that people work with in forms, on the phone and offline. */
const WORKED_ON: ReadonlySet<string> = new Set([
  "account",
  "contact",
  "incident",
  "lead",
  "opportunity",
]);

const COLORS: Readonly<Record<string, string>> = { contact: "#005088", incident: "#7A278F" };

/** What a table is for in the apps of the service. */
function usesJson(entity: EntityDefinition): Json {
  const { isCustom, logicalName, ownership } = entity;
  const isWorkedOn = WORKED_ON.has(logicalName);
  return {
    DaysSinceRecordLastModified: logicalName === "contact" ? 10 : 0,
    EntityColor: COLORS[logicalName] ?? "",
    IsAIRUpdated: !isCustom && !entity.isIntersect,
    IsBusinessProcessEnabled: entity.attribute("stageid") !== undefined,
    IsDuplicateDetectionEnabled: managed(isWorkedOn, "canmodifyduplicatedetectionsettings"),
    // Those whose rows an outside party may write.
    IsEnabledForExternalChannels: entity.attribute("createdbyexternalparty") !== undefined,
    IsInteractionCentricEnabled: isWorkedOn || logicalName === "knowledgearticle",
    IsOfflineInMobileClient: managed(isWorkedOn, "canmodifymobileclientoffline"),
    IsQuickCreateEnabled: isWorkedOn,
    IsVisibleInMobile: managed(isWorkedOn, "canmodifymobilevisibility"),
    OwnerIdType: ownership === "UserOwned" && !isCustom ? 8 : null,
  };
}

const hasMailAddress = (entity: EntityDefinition): boolean =>
  (entity.attribute("emailaddress1") ?? entity.attribute("emailaddress")) !== undefined;

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
    ...usesJson(entity),
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
    HasEmailAddresses: hasMailAddress(entity),
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
    IsCustomizable: managed(true, "iscustomizable", custom),
    IsImportable: open,
    IsIntersect: entity.isIntersect,
    IsKnowledgeManagementEnabled: KNOWLEDGE_TABLES.has(entity.logicalName),
    IsLogicalEntity: false,
    IsManaged: !custom,
    IsMailMergeEnabled: managed(hasMailAddress(entity), "canmodifymailmergesettings"),
    IsMappable: managed(true, "ismappable", false),
    IsOptimisticConcurrencyEnabled: open,
    IsPrivate: false,
    IsReadOnlyInMobileClient: managed(false, "canmodifymobileclientreadonly"),
    IsRenameable: managed(true, "isrenameable", false),
    IsSLAEnabled: SLA_TABLES.has(entity.logicalName),
    IsStateModelAware: entity.attribute("statecode") !== undefined,
    IsValidForAdvancedFind: open,
    IsValidForQueue: managed(
      entity.isActivity || QUEUE_TABLES.has(entity.logicalName),
      "canmodifyqueuesettings",
    ),
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
    ...Object.fromEntries(
      ABILITIES.map(([name, word, settled]) => [
        name,
        managed(open, word, custom || settled !== true),
      ]),
    ),
  };
}
