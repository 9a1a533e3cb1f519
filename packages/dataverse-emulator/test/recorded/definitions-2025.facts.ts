import type { DefinitionFacts } from "./definitions.facts";

const computedNames: DefinitionFacts = {
  grade: "R",
  source: "metadata2025",
  property: "SchemaName",
  values: [
    ["AccountIdYomiName", "incident.accountidyominame"],
    ["ContractDetailIdName", "incident.contractdetailidname"],
    ["ResolveBySLAStatusName", "incident.resolvebyslastatusname"],
    ["MasterAccountIdName", "account.masteraccountidname"],
    ["MasterAccountIdYomiName", "account.masteraccountidyominame"],
    ["SLAName", "account.slaname incident.slaname"],
    ["CreatedByExternalPartyYomiName", "account.createdbyexternalpartyyominame"],
    ["CreatedByYomiName", "account.createdbyyominame knowledgearticle.createdbyyominame"],
  ],
};

const onForms: DefinitionFacts = {
  grade: "D",
  source: "reference",
  property: "IsValidForForm",
  values: [
    [
      false,
      "account.accountid account.address1_addressid account.entityimage account.importsequencenumber account.isprivate account.masterid account.merged account.owningbusinessunit account.owningteam account.participatesinworkflow account.processid account.slainvokedid account.timespentbymeonemailandmeetings account.timezoneruleversionnumber account.traversedpath account.versionnumber contact.externaluseridentifier contact.participatesinworkflow contact.subscriptionid incident.accountid incident.contactid incident.customercontacted incident.customeridtype incident.entityimageid incident.existingcase incident.masterid incident.numberofchildincidents incident.overriddencreatedon incident.owninguser incident.stageid incident.utcconversiontimezonecode knowledgearticle.expirationstateid knowledgearticle.isrootarticle knowledgearticle.publishstatusid knowledgearticle.scheduledstatusid knowledgearticle.languagelocaleidlocaleid",
    ],
    [
      true,
      "account.name account.aging30 account.createdby account.exchangerate account.statecode contact.birthdate incident.merged incident.messagetypecode incident.owningbusinessunit incident.responseby incident.title knowledgearticle.isprimary knowledgearticle.owningbusinessunit knowledgearticle.rating_count knowledgearticle.title",
    ],
  ],
};

const initialValues: DefinitionFacts = {
  grade: "D",
  source: "reference",
  property: "DefaultFormValue",
  values: [
    [
      -1,
      "incident.caseorigincode incident.casetypecode incident.contractservicelevelcode incident.customersatisfactioncode incident.messagetypecode incident.servicestage incident.statuscode",
    ],
    [
      1,
      "incident.firstresponseslastatus incident.resolvebyslastatus incident.severitycode incident.incidentstagecode",
    ],
    [2, "incident.prioritycode"],
    [0, "incident.statecode"],
  ],
};

const settings = (property: string, values: DefinitionFacts["values"]): DefinitionFacts => ({
  grade: "R",
  source: "metadata2025",
  property,
  values,
});

/** Columns that people fill, that the service keeps, labels and names that it computes. */
const filled =
  "incident.contractid incident.firstresponseslastatus incident.responseby incident.severitycode incident.slaid";
const kept = "incident.utcconversiontimezonecode";
const labels = "incident.severitycodename incident.firstresponsesentname";
const computed = "incident.contractidname incident.accountidname incident.accountidyominame";

const settingsOf2025: readonly DefinitionFacts[] = [
  settings("CanBeSecuredForRead", [
    [true, filled],
    [false, `${kept} ${labels} ${computed} incident.versionnumber incident.accountid`],
  ]),
  settings("CanModifyAdditionalSettings.Value", [
    [true, filled],
    [false, `${kept} ${labels} ${computed} incident.accountid`],
  ]),
  settings("IsAuditEnabled.Value", [
    [true, filled],
    [false, `${kept} ${labels} ${computed}`],
  ]),
  settings("IsCustomizable.Value", [
    [true, `${filled} ${kept} incident.accountid`],
    [false, `${labels} ${computed} incident.versionnumber`],
  ]),
  settings("IsCustomizable.CanBeChanged", [
    [false, `${filled} ${kept} ${labels}`],
    [true, computed],
  ]),
  settings("IsManaged", [
    [true, `${filled} ${kept} ${labels}`],
    [false, computed],
  ]),
  settings("IsRenameable.Value", [
    [true, filled],
    [false, `${kept} ${labels} ${computed} incident.accountid`],
  ]),
  settings("IsRetrievable", [
    [true, "incident.versionnumber"],
    [false, `${filled} ${kept} ${labels}`],
  ]),
  settings("IsSearchable", [[false, `${filled} ${kept} ${computed}`]]),
  settings("IsValidForAdvancedFind.Value", [
    [true, filled],
    [false, `${kept} ${labels} ${computed} incident.accountid`],
  ]),
  settings("IsValidForGrid", [
    [true, filled],
    [false, `${kept} ${labels} ${computed} incident.accountid`],
  ]),
  settings("RequiredLevel.CanBeChanged", [
    [true, filled],
    [false, `${kept} ${labels} ${computed}`],
  ]),
  settings("SourceType", [
    [null, "incident.contractid incident.versionnumber incident.severitycodename"],
    [0, "incident.contractidname incident.responseby incident.severitycode"],
  ]),
  settings("IsLogical", [
    [true, "incident.accountid incident.contractidname"],
    [false, filled],
  ]),
  settings("ImeMode", [
    ["Inactive", "incident.responseby incident.createdon"],
    ["Disabled", "incident.influencescore incident.exchangerate"],
    ["Auto", "incident.title incident.deactivatedon"],
  ]),
  settings("CanChangeDateTimeBehavior.Value", [
    [false, "incident.responseby incident.createdon"],
    [true, "incident.deactivatedon"],
  ]),
  settings("CanChangeDateTimeBehavior.ManagedPropertyLogicalName", [
    ["canmodifybehavior", "incident.responseby"],
  ]),
];

const types: DefinitionFacts = {
  grade: "D",
  source: "reference",
  property: "AttributeTypeName.Value",
  values: [
    ["FileType", "knowledgearticle.msdyn_contentstore"],
    ["StringType", "knowledgearticle.msdyn_contentstore_name"],
    ["ImageType", "account.entityimage"],
  ],
};

export const laterFacts: readonly DefinitionFacts[] = [
  computedNames,
  onForms,
  initialValues,
  types,
  ...settingsOf2025,
];

/** Names of sets of options, by `table.column`. */
export const optionSetFacts: Readonly<Record<string, string>> = {
  "incident.severitycode": "incident_severitycode",
  "incident.firstresponseslastatus": "incident_firstresponseslastatus",
  "incident.messagetypecode": "socialactivity_postmessagetype",
  "incident.servicestage": "servicestage",
};

/** EntityMetadata of the case, as it was serialised in 2025. */
export const caseFacts: Readonly<Record<string, unknown>> = {
  EntityColor: "#7A278F",
  HasActivities: true,
  HasEmailAddresses: true,
  HasFeedback: false,
  HasNotes: true,
  IsAIRUpdated: true,
  IsActivityParty: true,
  IsAvailableOffline: true,
  IsBusinessProcessEnabled: true,
  IsEnabledForExternalChannels: true,
  IsInteractionCentricEnabled: true,
  IsKnowledgeManagementEnabled: true,
  IsOptimisticConcurrencyEnabled: true,
  IsQuickCreateEnabled: true,
  IsSLAEnabled: true,
  IsStateModelAware: true,
  OwnerIdType: 8,
  OwnershipType: "UserOwned",
  ReportViewName: "FilteredIncident",
  CollectionSchemaName: "Incidents",
  PrimaryImageAttribute: "entityimage",
  CanBeInManyToMany: { Value: true, CanBeChanged: false },
  CanCreateAttributes: { Value: true, CanBeChanged: false },
  CanModifyAdditionalSettings: { Value: true, CanBeChanged: true },
  IsConnectionsEnabled: { Value: true, CanBeChanged: true },
  IsCustomizable: { Value: true, CanBeChanged: false },
  IsDuplicateDetectionEnabled: { Value: true, CanBeChanged: true },
  IsMailMergeEnabled: { Value: true, CanBeChanged: true },
  IsMappable: { Value: true, CanBeChanged: false },
  IsOfflineInMobileClient: { Value: true, CanBeChanged: true },
  IsRenameable: { Value: true, CanBeChanged: false },
  IsValidForQueue: { Value: true, CanBeChanged: true },
  IsVisibleInMobile: { Value: true, CanBeChanged: true },
};
