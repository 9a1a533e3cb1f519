import type { DefinitionFacts } from "./definitions.facts";

const facts = (property: string, values: DefinitionFacts["values"]): DefinitionFacts => ({
  grade: "R",
  source: "constants2024",
  property,
  values,
});

/** Contact, incident and knowledgearticle, read column by column; what agreed before is not repeated. */
export const factsOf2024: readonly DefinitionFacts[] = [
  facts("RequiredLevel.Value", [
    [
      "SystemRequired",
      "contact.defaultpricelevelidname contact.preferredequipmentidname contact.preferredserviceidname systemuser.territoryidname incident.owningbusinessunitname entitlement.owningbusinessunitname",
    ],
    [
      "ApplicationRequired",
      "contact.parentcustomeridname contact.parentcustomeridyominame entitlement.customeridname contract.billingcustomeridname opportunity.customeridname",
    ],
    [
      "None",
      "contact.parentcustomeridtype contact.owningbusinessunitname contact.transactioncurrencyidname contact.msdyn_contactkpiidname incident.subjectidname incident.productidname",
    ],
  ]),
  facts("MaxLength", [
    [
      160,
      "contact.msa_managingpartneridname contact.msa_managingpartneridyominame contact.owningbusinessunitname knowledgearticle.owningbusinessunitname",
    ],
    [
      100,
      "incident.owningbusinessunitname entitlement.owningbusinessunitname contact.originatingleadidyominame contact.msdyn_contactkpiidname",
    ],
    [255, "contact.childrensnames knowledgearticle.msdyn_integratedsearchprovideridname"],
    [1073741823, "contact.businesscard"],
    [1250, "contact.timespentbymeonemailandmeetings contact.traversedpath"],
  ]),
  facts("YomiOf", [
    ["firstname", "contact.yomifirstname"],
    ["fullname", "contact.yomifullname"],
    ["mastercontactidname", "contact.mastercontactidyominame"],
    ["parentcustomeridname", "contact.parentcustomeridyominame"],
    ["owneridname", "contact.owneridyominame incident.owneridyominame"],
    ["createdbyname", "knowledgearticle.createdbyyominame"],
    [null, "contact.firstname contact.createdbyname"],
  ]),
  facts("CalculationOf", [
    ["aging30", "contact.aging30_base"],
    ["annualincome", "contact.annualincome_base"],
    ["revenue", "account.revenue_base"],
    [null, "contact.aging30 contact.annualincome"],
  ]),
  facts("AttributeOf", [
    ["expiredreviewoptions", "knowledgearticle.isexpiredreviewoptions"],
    ["setproductassociations", "knowledgearticle.isproductassociations"],
    ["readyforreview", "knowledgearticle.isreadyforreview"],
    ["review", "knowledgearticle.isreview"],
    ["updatecontent", "knowledgearticle.isupdatecontent"],
    ["languagelocaleid", "knowledgearticle.languagelocaleidlocaleid"],
    ["subjectid", "knowledgearticle.subjectiddsc"],
    ["originatingleadid", "contact.originatingleadidyominame"],
  ]),
  facts("SchemaName", [
    ["customercontactedName", "incident.customercontactedname"],
    ["routecaseName", "incident.routecasename"],
    ["isExpiredReviewOptions", "knowledgearticle.isexpiredreviewoptions"],
    ["msdyn_contentstore_Name", "knowledgearticle.msdyn_contentstore_name"],
    ["msdyn_PrimaryTimeZone", "contact.msdyn_primarytimezone"],
  ]),
  facts("Format", [
    ["TimeZone", "contact.msdyn_primarytimezone contact.address3_utcoffset"],
    ["Text", "businessunit.description knowledgearticle.keywords contact.businesscardattributes"],
    ["TextArea", "contact.businesscard contact.address1_composite"],
    ["DateOnly", "contact.birthdate contact.lastusedincampaign incident.followupby"],
  ]),
  facts("IntroducedVersion", [
    ["5.0.0.0", "contact.firstname incident.title incident.slaname incident.processid"],
    ["6.0.0.0", "contact.address1_composite contact.stageid incident.checkemail"],
    ["6.1.0.0", "incident.parentcaseid incident.slainvokedid incident.slainvokedidname"],
    ["7.0.0.0", "contact.address3_city contact.company incident.onholdtime"],
    ["8.0.0.0", "knowledgearticle.title incident.slaid contact.createdbyexternalpartyname"],
    ["8.1.0.0", "contact.slaid account.slaname knowledgearticle.rating_sum"],
    ["9.0.0.0", "contact.teamsfollowed account.teamsfollowed"],
    ["9.1.0.0", "knowledgearticle.msdyn_isingestedarticlename"],
  ]),
];

const serialised = (property: string, values: DefinitionFacts["values"]): DefinitionFacts => ({
  grade: "R",
  source: "metadata2025",
  property,
  values,
});

/** Of the contact and the case, as they were serialised in 2025. */
export const serialisedFacts: readonly DefinitionFacts[] = [
  serialised("FormulaDefinition", [
    [null, "contact.department contact.accountidname"],
    ["", "incident.createdbyexternalpartyname"],
  ]),
  serialised("IsManaged", [
    [true, "contact.accountidname contact.accountidyominame contact.customertypecodename"],
    [false, "incident.createdbyexternalpartyname"],
  ]),
  serialised("CanModifyAdditionalSettings.CanBeChanged", [
    [false, "contact.accountidname contact.department"],
    [true, "incident.createdbyexternalpartyname"],
  ]),
  serialised("IsAuditEnabled.Value", [
    [true, "contact.accountid contact.department contact.description"],
    [false, "incident.createdby incident.createdbyexternalparty contact.accountidname"],
  ]),
  serialised("IsAuditEnabled.CanBeChanged", [
    [true, "contact.accountid contact.department"],
    [false, "incident.createdby incident.createdbyexternalparty contact.accountidname"],
  ]),
  serialised("IsValidForAdvancedFind.Value", [
    [true, "contact.department incident.createdby incident.createdbyexternalparty"],
    [false, "contact.accountid contact.accountidname"],
  ]),
];

/** EntityMetadata of the contact, as it was serialised in 2025. */
export const contactFacts: Readonly<Record<string, unknown>> = {
  CollectionSchemaName: "Contacts",
  DaysSinceRecordLastModified: 10,
  EntityColor: "#005088",
  EntityHelpUrlEnabled: false,
  EntitySetName: "contacts",
  IntroducedVersion: "5.0.0.0",
  IsBPFEntity: false,
  IsEnabledForExternalChannels: true,
  IsLogicalEntity: false,
  IsOptimisticConcurrencyEnabled: true,
  IsPrivate: false,
  IsSLAEnabled: false,
  LogicalCollectionName: "contacts",
  OwnerIdType: 8,
  OwnershipType: "UserOwned",
  PrimaryIdAttribute: "contactid",
  PrimaryImageAttribute: "entityimage",
  PrimaryNameAttribute: "fullname",
  ReportViewName: "FilteredContact",
  SyncToExternalSearchIndex: true,
  TableType: "Standard",
  UsesBusinessDataLabelTable: false,
  CanChangeHierarchicalRelationship: { Value: true, CanBeChanged: true },
  IsOfflineInMobileClient: { Value: true, CanBeChanged: true },
};
