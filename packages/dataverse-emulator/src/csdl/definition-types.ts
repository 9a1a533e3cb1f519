/**
 * The types of definitions themselves (`EntityDefinitions` and what hangs on it), in a short form that type-text.ts
 * reads: `Name : Base`, then a property and its type on each line; `>` is a contained collection or a value reached by
 * `$expand`. Names without a namespace are Dataverse's own. The derived types of columns have a twin `Complex…` for
 * RetrieveMetadataChanges, in which option sets and relationships are values.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/metadataentitytypes
 */

const ATTRIBUTE_PROPERTIES = `AttributeOf Edm.String
AttributeType AttributeTypeCode
AttributeTypeName AttributeTypeDisplayName
AutoNumberFormat Edm.String
CanBeSecuredForCreate Edm.Boolean
CanBeSecuredForRead Edm.Boolean
CanBeSecuredForUpdate Edm.Boolean
CanModifyAdditionalSettings BooleanManagedProperty
ColumnNumber Edm.Int32
DeprecatedVersion Edm.String
Description Label
DisplayName Label
EntityLogicalName Edm.String
ExternalName Edm.String
InheritsFrom Edm.String
IntroducedVersion Edm.String
IsAuditEnabled BooleanManagedProperty
IsCustomAttribute Edm.Boolean
IsCustomizable BooleanManagedProperty
IsDataSourceSecret Edm.Boolean
IsFilterable Edm.Boolean
IsGlobalFilterEnabled BooleanManagedProperty
IsLogical Edm.Boolean
IsManaged Edm.Boolean
IsPrimaryId Edm.Boolean
IsPrimaryName Edm.Boolean
IsRenameable BooleanManagedProperty
IsRequiredForForm Edm.Boolean
IsRetrievable Edm.Boolean
IsSearchable Edm.Boolean
IsSecured Edm.Boolean
IsSortableEnabled BooleanManagedProperty
IsValidForAdvancedFind BooleanManagedProperty
IsValidForCreate Edm.Boolean
IsValidForForm Edm.Boolean
IsValidForGrid Edm.Boolean
IsValidForRead Edm.Boolean
IsValidForUpdate Edm.Boolean
IsValidODataAttribute Edm.Boolean
LinkedAttributeId Edm.Guid
LogicalName Edm.String
RequiredLevel AttributeRequiredLevelManagedProperty
SchemaName Edm.String
SourceType Edm.Int32
SourceTypeMask Edm.Int32`;

const CHOICE = "> OptionSet OptionSetMetadata\n> GlobalOptionSet OptionSetMetadata";

/** Derived types of columns, without the ending `AttributeMetadata`; each is also made with the prefix `Complex`. */
const DERIVED: Readonly<Record<string, string>> = {
  BigInt: "MaxValue Edm.Int64\nMinValue Edm.Int64",
  Boolean:
    "DefaultValue Edm.Boolean\nFormulaDefinition Edm.String\n> OptionSet BooleanOptionSetMetadata\n> GlobalOptionSet BooleanOptionSetMetadata",
  DateTime:
    "CanChangeDateTimeBehavior BooleanManagedProperty\nDateTimeBehavior DateTimeBehavior\nFormat DateTimeFormat\nFormulaDefinition Edm.String\nImeMode ImeMode\nMaxSupportedValue Edm.DateTimeOffset\nMinSupportedValue Edm.DateTimeOffset",
  Decimal:
    "FormulaDefinition Edm.String\nImeMode ImeMode\nMaxValue Edm.Decimal\nMinValue Edm.Decimal\nPrecision Edm.Int32",
  Double: "ImeMode ImeMode\nMaxValue Edm.Double\nMinValue Edm.Double\nPrecision Edm.Int32",
  EntityName: `DefaultFormValue Edm.Int32\n${CHOICE}`,
  File: "MaxSizeInKB Edm.Int32",
  Image:
    "CanStoreFullImage Edm.Boolean\nIsPrimaryImage Edm.Boolean\nMaxHeight Edm.Int16\nMaxSizeInKB Edm.Int32\nMaxWidth Edm.Int16",
  Integer:
    "Format IntegerFormat\nFormulaDefinition Edm.String\nMaxValue Edm.Int32\nMinValue Edm.Int32",
  Lookup: "Format LookupFormat\nTargets Collection(Edm.String)",
  ManagedProperty:
    "ManagedPropertyLogicalName Edm.String\nParentAttributeName Edm.String\nParentComponentType Edm.Int32\nValueAttributeTypeCode AttributeTypeCode",
  Memo: "Format StringFormat\nFormatName MemoFormatName\nImeMode ImeMode\nIsLocalizable Edm.Boolean\nMaxLength Edm.Int32",
  Money:
    "CalculationOf Edm.String\nFormulaDefinition Edm.String\nImeMode ImeMode\nIsBaseCurrency Edm.Boolean\nMaxValue Edm.Double\nMinValue Edm.Double\nPrecision Edm.Int32\nPrecisionSource Edm.Int32",
  MultiSelectPicklist: `ChildPicklistLogicalNames Collection(Edm.String)\nDefaultFormValue Edm.Int32\nFormulaDefinition Edm.String\nParentPicklistLogicalName Edm.String\n${CHOICE}`,
  Picklist: `ChildPicklistLogicalNames Collection(Edm.String)\nDefaultFormValue Edm.Int32\nFormulaDefinition Edm.String\nParentPicklistLogicalName Edm.String\n${CHOICE}`,
  State: `DefaultFormValue Edm.Int32\n${CHOICE}`,
  Status: `DefaultFormValue Edm.Int32\n${CHOICE}`,
  String:
    "DatabaseLength Edm.Int32\nFormat StringFormat\nFormatName StringFormatName\nFormulaDefinition Edm.String\nImeMode ImeMode\nIsLocalizable Edm.Boolean\nMaxLength Edm.Int32\nYomiOf Edm.String",
};

const ABILITIES = [
  "CanBeInCustomEntityAssociation",
  "CanBeInManyToMany",
  "CanBePrimaryEntityInRelationship",
  "CanBeRelatedEntityInRelationship",
  "CanChangeHierarchicalRelationship",
  "CanChangeTrackingBeEnabled",
  "CanCreateAttributes",
  "CanCreateCharts",
  "CanCreateForms",
  "CanCreateViews",
  "CanEnableSyncToExternalSearchIndex",
  "CanModifyAdditionalSettings",
  "IsAuditEnabled",
  "IsConnectionsEnabled",
  "IsCustomizable",
  "IsDuplicateDetectionEnabled",
  "IsMailMergeEnabled",
  "IsMappable",
  "IsOfflineInMobileClient",
  "IsReadOnlyInMobileClient",
  "IsRenameable",
  "IsValidForQueue",
  "IsVisibleInMobile",
  "IsVisibleInMobileClient",
];

const ENTITY_PROPERTIES = `ActivityTypeMask Edm.Int32
AutoCreateAccessTeams Edm.Boolean
AutoRouteToOwnerQueue Edm.Boolean
ChangeTrackingEnabled Edm.Boolean
CollectionSchemaName Edm.String
DataProviderId Edm.Guid
DataSourceId Edm.Guid
DaysSinceRecordLastModified Edm.Int32
Description Label
DisplayCollectionName Label
DisplayName Label
EnforceStateTransitions Edm.Boolean
EntityColor Edm.String
EntityHelpUrl Edm.String
EntityHelpUrlEnabled Edm.Boolean
EntitySetName Edm.String
ExternalCollectionName Edm.String
ExternalName Edm.String
HasActivities Edm.Boolean
HasEmailAddresses Edm.Boolean
HasFeedback Edm.Boolean
HasNotes Edm.Boolean
IconLargeName Edm.String
IconMediumName Edm.String
IconSmallName Edm.String
IconVectorName Edm.String
IntroducedVersion Edm.String
IsAIRUpdated Edm.Boolean
IsActivity Edm.Boolean
IsActivityParty Edm.Boolean
IsArchivalEnabled Edm.Boolean
IsAvailableOffline Edm.Boolean
IsBPFEntity Edm.Boolean
IsBusinessProcessEnabled Edm.Boolean
IsChildEntity Edm.Boolean
IsCustomEntity Edm.Boolean
IsDocumentManagementEnabled Edm.Boolean
IsDocumentRecommendationsEnabled Edm.Boolean
IsEnabledForCharts Edm.Boolean
IsEnabledForExternalChannels Edm.Boolean
IsEnabledForTrace Edm.Boolean
IsImportable Edm.Boolean
IsInteractionCentricEnabled Edm.Boolean
IsIntersect Edm.Boolean
IsKnowledgeManagementEnabled Edm.Boolean
IsLogicalEntity Edm.Boolean
IsManaged Edm.Boolean
IsMSTeamsIntegrationEnabled Edm.Boolean
IsOneNoteIntegrationEnabled Edm.Boolean
IsOptimisticConcurrencyEnabled Edm.Boolean
IsPrivate Edm.Boolean
IsQuickCreateEnabled Edm.Boolean
IsReadingPaneEnabled Edm.Boolean
IsRetentionEnabled Edm.Boolean
IsSLAEnabled Edm.Boolean
IsSolutionAware Edm.Boolean
IsStateModelAware Edm.Boolean
IsValidForAdvancedFind Edm.Boolean
LogicalCollectionName Edm.String
LogicalName Edm.String
MobileOfflineFilters Edm.String
ObjectTypeCode Edm.Int32
OwnerId Edm.Guid
OwnerIdType Edm.Int32
OwnershipType OwnershipTypes
OwningBusinessUnit Edm.Guid
PrimaryIdAttribute Edm.String
PrimaryImageAttribute Edm.String
PrimaryNameAttribute Edm.String
Privileges Collection(SecurityPrivilegeMetadata)
RecurrenceBaseEntityLogicalName Edm.String
ReportViewName Edm.String
SchemaName Edm.String
Settings Collection(EntitySetting)
SyncToExternalSearchIndex Edm.Boolean
TableType Edm.String
UsesBusinessDataLabelTable Edm.Boolean
${ABILITIES.map((name) => `${name} BooleanManagedProperty`).join("\n")}`;

const RELATIONSHIP = `IntroducedVersion Edm.String
IsCustomRelationship Edm.Boolean
IsCustomizable BooleanManagedProperty
IsManaged Edm.Boolean
IsValidForAdvancedFind Edm.Boolean
RelationshipType RelationshipType
SchemaName Edm.String
SecurityTypes SecurityTypes`;
const ONE_TO_MANY = `AssociatedMenuConfiguration AssociatedMenuConfiguration
CascadeConfiguration CascadeConfiguration
DenormalizedAttributeName Edm.String
EntityKey Edm.String
IsDenormalizedLookup Edm.Boolean
IsHierarchical Edm.Boolean
IsRelationshipAttributeDenormalized Edm.Boolean
ReferencedAttribute Edm.String
ReferencedEntity Edm.String
ReferencedEntityNavigationPropertyName Edm.String
ReferencingAttribute Edm.String
ReferencingEntity Edm.String
ReferencingEntityNavigationPropertyName Edm.String
RelationshipAttributes Collection(RelationshipAttribute)
RelationshipBehavior Edm.Int32`;
const MANY_TO_MANY = `Entity1AssociatedMenuConfiguration AssociatedMenuConfiguration
Entity1IntersectAttribute Edm.String
Entity1LogicalName Edm.String
Entity1NavigationPropertyName Edm.String
Entity2AssociatedMenuConfiguration AssociatedMenuConfiguration
Entity2IntersectAttribute Edm.String
Entity2LogicalName Edm.String
Entity2NavigationPropertyName Edm.String
IntersectEntityName Edm.String`;
const OPTION_SET = `Description Label
DisplayName Label
ExternalTypeName Edm.String
IntroducedVersion Edm.String
IsCustomOptionSet Edm.Boolean
IsCustomizable BooleanManagedProperty
IsGlobal Edm.Boolean
IsManaged Edm.Boolean
Name Edm.String
OptionSetType OptionSetType
ParentOptionSetName Edm.String`;
const KEY = `DisplayName Label
EntityKeyIndexStatus EntityKeyIndexStatus
EntityLogicalName Edm.String
IntroducedVersion Edm.String
IsCustomizable BooleanManagedProperty
IsExportKey Edm.Boolean
IsManaged Edm.Boolean
IsSecondaryKey Edm.Boolean
IsSynchronous Edm.Boolean
KeyAttributes Collection(Edm.String)
LogicalName Edm.String
SchemaName Edm.String`;

/** Entity types behind the sets of definitions. */
export const DEFINITION_ENTITIES: readonly string[] = [
  "MetadataBase\nMetadataId Edm.Guid\nHasChanged Edm.Boolean",
  `AttributeMetadata : MetadataBase\n${ATTRIBUTE_PROPERTIES}`,
  ...Object.entries(DERIVED).map(
    ([name, properties]) => `${name}AttributeMetadata : AttributeMetadata\n${properties}`,
  ),
  `RelationshipMetadataBase : MetadataBase\n${RELATIONSHIP}`,
  `OneToManyRelationshipMetadata : RelationshipMetadataBase\n${ONE_TO_MANY}`,
  `ManyToManyRelationshipMetadata : RelationshipMetadataBase\n${MANY_TO_MANY}`,
  `OptionSetMetadataBase : MetadataBase\n${OPTION_SET}`,
  "OptionSetMetadata : OptionSetMetadataBase\nOptions Collection(OptionMetadata)",
  "BooleanOptionSetMetadata : OptionSetMetadataBase\nTrueOption OptionMetadata\nFalseOption OptionMetadata",
  `EntityKeyMetadata : MetadataBase\n${KEY}\n> AsyncJob asyncoperation`,
  "ManagedPropertyMetadata : MetadataBase\nDescription Label\nDisplayName Label\nEnablesAttributeName Edm.String\nEnablesEntityName Edm.String\nErrorCode Edm.Int32\nEvaluationPriority Edm.String\nIntroducedVersion Edm.String\nIsGlobalForOperation Edm.Boolean\nIsPrivate Edm.Boolean\nLogicalName Edm.String\nManagedPropertyType Edm.String\nOperation Edm.String",
  `EntityMetadata : MetadataBase\n${ENTITY_PROPERTIES}
> Attributes Collection(AttributeMetadata)
> Keys Collection(EntityKeyMetadata)
> ManyToManyRelationships Collection(ManyToManyRelationshipMetadata)
> ManyToOneRelationships Collection(OneToManyRelationshipMetadata)
> OneToManyRelationships Collection(OneToManyRelationshipMetadata)`,
];

/** Column types as values: what a definition expands is a plain property here. */
const complexDerived = Object.entries(DERIVED).map(([name, properties]) => {
  const values = properties.replace(/> (\w+) (\w+)/g, "$1 Complex$2");
  return `Complex${name}AttributeMetadata : ComplexAttributeMetadata\n${values}`;
});

const HEAD = "MetadataId Edm.Guid\nHasChanged Edm.Boolean";

/** Complex types of definitions, those of RetrieveMetadataChanges included. */
export const DEFINITION_COMPLEX: readonly string[] = [
  "LocalizedLabel\nLabel Edm.String\nLanguageCode Edm.Int32\nIsManaged Edm.Boolean\nMetadataId Edm.Guid\nHasChanged Edm.Boolean",
  "Label\nLocalizedLabels Collection(LocalizedLabel)\nUserLocalizedLabel LocalizedLabel",
  "BooleanManagedProperty\nValue Edm.Boolean\nCanBeChanged Edm.Boolean\nManagedPropertyLogicalName Edm.String",
  "AttributeRequiredLevelManagedProperty\nValue AttributeRequiredLevel\nCanBeChanged Edm.Boolean\nManagedPropertyLogicalName Edm.String",
  "ConstantsBaseOfString\nValue Edm.String",
  "AttributeTypeDisplayName : ConstantsBaseOfString",
  "DateTimeBehavior : ConstantsBaseOfString",
  "MemoFormatName : ConstantsBaseOfString",
  "StringFormatName : ConstantsBaseOfString",
  "OptionMetadata\nValue Edm.Int32\nLabel Label\nDescription Label\nColor Edm.String\nIsManaged Edm.Boolean\nExternalValue Edm.String\nTag Edm.String\nIsHidden Edm.Boolean\nParentValues Collection(Edm.Int32)\nMetadataId Edm.Guid\nHasChanged Edm.Boolean",
  "StateOptionMetadata : OptionMetadata\nDefaultStatus Edm.Int32\nInvariantName Edm.String",
  "StatusOptionMetadata : OptionMetadata\nState Edm.Int32\nTransitionData Edm.String",
  "AssociatedMenuConfiguration\nBehavior AssociatedMenuBehavior\nGroup AssociatedMenuGroup\nLabel Label\nOrder Edm.Int32\nIsCustomizable Edm.Boolean\nIcon Edm.String\nViewId Edm.Guid\nAvailableOffline Edm.Boolean\nMenuId Edm.String\nQueryApi Edm.String",
  `CascadeConfiguration\n${["Assign", "Delete", "Archive", "Merge", "Reparent", "Share", "Unshare", "RollupView"].map((name) => `${name} CascadeType`).join("\n")}`,
  "RelationshipAttribute\nReferencedAttribute Edm.String\nReferencingAttribute Edm.String",
  "SecurityPrivilegeMetadata\nCanBeBasic Edm.Boolean\nCanBeDeep Edm.Boolean\nCanBeGlobal Edm.Boolean\nCanBeLocal Edm.Boolean\nCanBeEntityReference Edm.Boolean\nCanBeParentEntityReference Edm.Boolean\nCanBeRecordFilter Edm.Boolean\nName Edm.String\nPrivilegeId Edm.Guid\nPrivilegeType PrivilegeType",
  "EntitySetting\nName Edm.String\nValue Edm.String",
  `ComplexAttributeMetadata\n${HEAD}\n${ATTRIBUTE_PROPERTIES}`,
  ...complexDerived,
  `ComplexRelationshipMetadataBase\n${HEAD}\n${RELATIONSHIP}`,
  `ComplexOneToManyRelationshipMetadata : ComplexRelationshipMetadataBase\n${ONE_TO_MANY}`,
  `ComplexManyToManyRelationshipMetadata : ComplexRelationshipMetadataBase\n${MANY_TO_MANY}`,
  `ComplexOptionSetMetadataBase\n${HEAD}\n${OPTION_SET}`,
  "ComplexOptionSetMetadata : ComplexOptionSetMetadataBase\nOptions Collection(OptionMetadata)",
  "ComplexBooleanOptionSetMetadata : ComplexOptionSetMetadataBase\nTrueOption OptionMetadata\nFalseOption OptionMetadata",
  `ComplexEntityKeyMetadata\n${HEAD}\n${KEY}\nAsyncJob Edm.String`,
  `ComplexEntityMetadata\n${HEAD}\n${ENTITY_PROPERTIES}
Attributes Collection(ComplexAttributeMetadata)
Keys Collection(ComplexEntityKeyMetadata)
ManyToManyRelationships Collection(ComplexManyToManyRelationshipMetadata)
ManyToOneRelationships Collection(ComplexOneToManyRelationshipMetadata)
OneToManyRelationships Collection(ComplexOneToManyRelationshipMetadata)`,
  "DeletedMetadataCollection\nCount Edm.Int32\nIsReadOnly Edm.Boolean\nKeys Collection(DeletedMetadataFilters)\nValues Collection(GuidCollection)",
  "GuidCollection\nItems Collection(Edm.Guid)",
  "MetadataConditionExpression\nConditionOperator MetadataConditionOperator\nPropertyName Edm.String\nValue Object",
  "Object\nType Edm.String\nValue Edm.String",
  "MetadataFilterExpression\nConditions Collection(MetadataConditionExpression)\nFilterOperator LogicalOperator\nFilters Collection(MetadataFilterExpression)",
  "MetadataPropertiesExpression\nAllProperties Edm.Boolean\nPropertyNames Collection(Edm.String)",
  "LabelQueryExpression\nFilterLanguages Collection(Edm.Int32)\nMissingLabelBehavior Edm.Int32",
  "MetadataQueryExpression\nCriteria MetadataFilterExpression\nProperties MetadataPropertiesExpression",
  "AttributeQueryExpression : MetadataQueryExpression",
  "EntityKeyQueryExpression : MetadataQueryExpression",
  "RelationshipQueryExpression : MetadataQueryExpression",
  "EntityQueryExpression : MetadataQueryExpression\nAttributeQuery AttributeQueryExpression\nKeyQuery EntityKeyQueryExpression\nLabelQuery LabelQueryExpression\nRelationshipQuery RelationshipQueryExpression",
];

/** Enumerations by name: members in order, each with its value where it is not its place in the list. */
export const DEFINITION_ENUMS: Readonly<Record<string, string>> = {
  AssociatedMenuBehavior: "UseCollectionName UseLabel DoNotDisplay",
  AssociatedMenuGroup: "Details Sales Service Marketing",
  AttributeRequiredLevel: "None SystemRequired ApplicationRequired Recommended",
  AttributeTypeCode:
    "Boolean Customer DateTime Decimal Double Integer Lookup Memo Money Owner PartyList Picklist State Status String Uniqueidentifier CalendarRules Virtual BigInt ManagedProperty EntityName",
  CascadeType: "NoCascade Cascade Active UserOwned RemoveLink Restrict",
  DateTimeFormat: "DateOnly DateAndTime",
  DeletedMetadataFilters:
    "Entity=1 Attribute=2 Relationship=4 Label=8 OptionSet=16 EntityKey=32 Default=1 All=63",
  EntityKeyIndexStatus: "Pending InProgress Active Failed",
  ImeMode: "Auto Inactive Active Disabled",
  IntegerFormat: "None Duration TimeZone Language Locale",
  LogicalOperator: "And Or",
  LookupFormat: "None Connection Regarding Text",
  MetadataConditionOperator: "Equals NotEquals In NotIn GreaterThan LessThan",
  OptionSetType: "Picklist State Status Boolean",
  OwnershipTypes:
    "None=0 UserOwned=1 TeamOwned=2 BusinessOwned=4 OrganizationOwned=8 BusinessParented=16 Filtered=32",
  PrivilegeType: "None Create Read Write Delete Assign Share Append AppendTo",
  RelationshipType: "OneToManyRelationship ManyToManyRelationship",
  SecurityTypes: "None=0 Append=1 ParentChild=2 Pointer=4 Inheritance=8",
  StringFormat:
    "Email Text TextArea Url TickerSymbol PhoneticGuide VersionNumber Phone Json RichText",
};

/** Sets of definitions in the container. */
export const DEFINITION_SETS: Readonly<Record<string, string>> = {
  EntityDefinitions: "EntityMetadata",
  GlobalOptionSetDefinitions: "OptionSetMetadataBase",
  ManagedPropertyDefinitions: "ManagedPropertyMetadata",
  RelationshipDefinitions: "RelationshipMetadataBase",
};
