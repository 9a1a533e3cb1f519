import { factsOf2024, serialisedFacts } from "./definitions-2024.facts";
import { laterFacts } from "./definitions-2025.facts";
import type { Grade, sources } from "./fact";

/** Values of one property of definitions: `table.column` by value, parted by blanks. */
export interface DefinitionFacts {
  readonly grade: Grade;
  readonly source: keyof typeof sources;
  /** Path into AttributeMetadata. */
  readonly property: string;
  readonly values: readonly (readonly [value: string | number | boolean | null, columns: string])[];
}

/** Types of numbers: a fault of a generator once had them the wrong way round. */
const numbers: DefinitionFacts = {
  grade: "R",
  source: "classes",
  property: "AttributeType",
  values: [
    [
      "Double",
      "businessunit.address1_latitude businessunit.creditlimit lead.address1_latitude lead.address2_longitude lead.estimatedvalue socialprofile.influencescore systemuser.address1_longitude systemuser.address2_latitude incident.sentimentvalue incident.influencescore contact.address1_latitude contact.address3_longitude account.address2_latitude",
    ],
    [
      "Decimal",
      "businessunit.exchangerate contract.exchangerate entitlement.exchangerate entitlement.remainingterms entitlement.totalterms incidentresolution.exchangerate kbarticle.exchangerate lead.exchangerate product.exchangerate product.quantityonhand product.stockvolume product.stockweight sla.exchangerate slakpiinstance.exchangerate socialprofile.exchangerate systemuser.exchangerate team.exchangerate transactioncurrency.exchangerate incident.exchangerate account.exchangerate contact.exchangerate knowledgearticle.exchangerate knowledgearticle.rating knowledgearticle.rating_sum",
    ],
    [
      "BigInt",
      "account.entityimage_timestamp contact.entityimage_timestamp incident.entityimage_timestamp account.versionnumber",
    ],
  ],
};

const levels: DefinitionFacts = {
  grade: "R",
  source: "classes",
  property: "RequiredLevel.Value",
  values: [
    [
      "SystemRequired",
      "businessunit.isdisabled businessunit.organizationid contract.activeon contract.billingcustomerid contract.contracttemplateabbreviation contract.contracttemplateid contract.customerid contract.expireson entitlement.customerid entitlement.enddate entitlement.owningbusinessunit entitlement.startdate equipment.businessunitid incidentresolution.instancetypecode incidentresolution.isregularactivity kbarticle.kbarticletemplateid kbarticle.organizationid kbarticle.subjectid languagelocale.code languagelocale.language languagelocale.localeid languagelocale.organizationid organization.expirechangetrackingindays organization.isauditenabled organization.localeid organization.maxuploadfilesize pricelevel.organizationid product.organizationid product.productnumber product.productstructure service.organizationid site.organizationid sla.allowpauseresume sla.applicablefrom sla.componentstate sla.ismanaged sla.overwritetime sla.primaryentityotc sla.slaidunique sla.solutionid subject.organizationid systemuser.accessmode systemuser.azurestate systemuser.defaultfilterspopulated systemuser.deletedstate systemuser.emailrouteraccessapproval systemuser.identityid systemuser.incomingemaildeliverymethod systemuser.internalemailaddress systemuser.isactivedirectoryuser systemuser.isemailaddressapprovedbyo365admin systemuser.isintegrationuser systemuser.islicensed systemuser.issyncwithdirectory systemuser.organizationid systemuser.outgoingemaildeliverymethod systemuser.setupuser team.isdefault team.organizationid team.systemmanaged transactioncurrency.currencyprecision transactioncurrency.currencysymbol transactioncurrency.exchangerate transactioncurrency.isocurrencycode transactioncurrency.organizationid",
    ],
    [
      "ApplicationRequired",
      "businessunit.parentbusinessunitid contractdetail.ownerid contractdetail.title msdyn_iotalert.msdyn_description",
    ],
    ["Recommended", "product.pricelevelid contact.firstname"],
    ["None", "entitlement.statecode"],
  ],
};

const levelsOfReference: DefinitionFacts = {
  grade: "D",
  source: "reference",
  property: "RequiredLevel.Value",
  values: [
    [
      "SystemRequired",
      "account.accountid account.ownerid account.owneridname account.owneridyominame account.owneridtype account.statecode contact.contactid contact.ownerid contact.owneridtype contact.statecode incident.customerid incident.incidentid incident.ownerid incident.owneridname incident.owneridtype incident.owneridyominame incident.statecode knowledgearticle.articlepublicnumber knowledgearticle.createdbyyominame knowledgearticle.createdonbehalfbyyominame knowledgearticle.islatestversion knowledgearticle.isrootarticle knowledgearticle.knowledgearticleid knowledgearticle.languagelocaleid knowledgearticle.majorversionnumber knowledgearticle.minorversionnumber knowledgearticle.modifiedbyyominame knowledgearticle.modifiedonbehalfbyyominame knowledgearticle.ownerid knowledgearticle.owneridname knowledgearticle.owneridtype knowledgearticle.owneridyominame knowledgearticle.statecode knowledgearticle.title",
    ],
    [
      "ApplicationRequired",
      "account.name contact.lastname incident.title incident.customeridname incident.customeridtype incident.customeridyominame",
    ],
    ["Recommended", "contact.firstname knowledgearticle.keywords"],
    [
      "None",
      "account.createdbyyominame account.owningbusinessunit account.statuscode account.telephone1 contact.parentcustomerid contact.parentcustomeridtype contact.fullname incident.createdbyyominame incident.isescalated incident.primarycontactid incident.statuscode incident.ticketnumber knowledgearticle.createdbyname knowledgearticle.isinternal knowledgearticle.isprimary knowledgearticle.statuscode",
    ],
  ],
};

const forCreate: DefinitionFacts = {
  grade: "R",
  source: "classes",
  property: "IsValidForCreate",
  values: [
    [
      true,
      "duplicaterule.owneridtype duplicaterule.statuscode team.regardingobjecttypecode environmentvariabledefinition.owneridtype annotation.owneridtype annotation.objecttypecode incident.customeridtype contact.parentcustomeridtype account.importsequencenumber incident.ticketnumber",
    ],
    [
      false,
      "environmentvariabledefinition.statecode account.statecode contact.statecode incident.statecode knowledgearticle.statecode contact.lastusedincampaign account.createdon",
    ],
  ],
};

const forUpdate: DefinitionFacts = {
  grade: "R",
  source: "classes",
  property: "IsValidForUpdate",
  values: [
    [
      false,
      "duplicaterule.baseentityname duplicaterule.matchingentityname duplicaterule.name team.azureactivedirectoryobjectid team.delegatedauthorizationid team.importsequencenumber team.membershiptype team.regardingobjectid team.teamtemplateid team.teamtype environmentvariabledefinition.importsequencenumber environmentvariabledefinition.schemaname environmentvariabledefinition.secretstore environmentvariabledefinition.type solution.solutiontype solution.templatesuffix solution.thumbprint solution.uniquename annotation.importsequencenumber contact.importsequencenumber contact.overriddencreatedon contact.subscriptionid incident.blockedprofile incident.customercontacted incident.importsequencenumber incident.influencescore incident.messagetypecode incident.overriddencreatedon incident.routecase incident.sentimentvalue incident.socialprofileid incident.ticketnumber knowledgearticle.articlepublicnumber knowledgearticle.importsequencenumber knowledgearticle.isrootarticle knowledgearticle.publishstatusid account.importsequencenumber account.overriddencreatedon",
    ],
    [
      true,
      "duplicaterule.owneridtype environmentvariabledefinition.owneridtype annotation.owneridtype annotation.objecttypecode incident.customeridtype incident.owneridtype account.statecode contact.lastusedincampaign incident.title",
    ],
  ],
};

const forRead: DefinitionFacts = {
  grade: "R",
  source: "classes",
  property: "IsValidForRead",
  values: [
    [
      false,
      "team.sastoken solution.fileid solution.isinternal solution.thumbprint annotation.storagepointer annotation.filepointer account.isprivate contact.isprivate contact.subscriptionid annotation.isprivate",
    ],
    [true, "account.name sdkmessage.isprivate incident.isescalated"],
  ],
};

const precision: DefinitionFacts = {
  grade: "R",
  source: "classes",
  property: "Precision",
  values: [
    [
      12,
      "account.exchangerate contact.exchangerate incident.exchangerate transactioncurrency.exchangerate knowledgearticle.exchangerate lead.exchangerate",
    ],
    [
      4,
      "account.aging30_base account.creditlimit_base account.marketcap_base account.revenue_base contact.annualincome_base lead.revenue_base",
    ],
    [5, "account.address1_latitude contact.address2_longitude"],
    [
      2,
      "account.revenue contact.annualincome incident.sentimentvalue incident.influencescore knowledgearticle.rating",
    ],
  ],
};

const least: DefinitionFacts = {
  grade: "R",
  source: "classes",
  property: "MinValue",
  values: [
    [
      1e-12,
      "account.exchangerate contact.exchangerate incident.exchangerate knowledgearticle.exchangerate team.exchangerate",
    ],
    [-922337203685477, "account.revenue_base contact.creditlimit_base"],
    [-2147483648, "account.onholdtime incident.onholdtime contact.importsequencenumber"],
    [0, "contact.annualincome knowledgearticle.majorversionnumber incident.numberofchildincidents"],
  ],
};

const formats: DefinitionFacts = {
  grade: "R",
  source: "classes",
  property: "FormatName.Value",
  values: [
    [
      "Phone",
      "account.telephone1 account.telephone2 contact.telephone1 contact.mobilephone contact.assistantphone contact.business2 contact.callback contact.company contact.home2 contact.managerphone contact.address1_telephone1 lead.telephone1 lead.address1_telephone1",
    ],
    [
      "PhoneticGuide",
      "account.yominame contact.yomifirstname contact.yomifullname contact.yomilastname lead.yomicompanyname systemuser.yomifullname team.yominame",
    ],
    [
      "Text",
      "contact.fax contact.pager contact.firstname account.owneridyominame account.createdbyname customeraddress.telephone1 businessunit.address1_telephone1 incident.title",
    ],
    [
      "Url",
      "account.websiteurl account.entityimage_url contact.ftpsiteurl incident.entityimage_url",
    ],
    ["Email", "account.emailaddress1 contact.emailaddress3 incident.emailaddress"],
    ["Text", "incident.msdyn_casesurveyinviteurl knowledgearticle.msdyn_ingestedarticleurl"],
    ["TextArea", "knowledgearticle.description incident.description"],
  ],
};

const formatsOfPhones: DefinitionFacts = {
  grade: "R",
  source: "classes",
  property: "Format",
  values: [
    ["Text", "account.telephone1 contact.mobilephone contact.callback"],
    ["TimeZone", "account.address1_utcoffset contact.address3_utcoffset customeraddress.utcoffset"],
    ["None", "account.onholdtime incident.utcconversiontimezonecode"],
  ],
};

const lengths: DefinitionFacts = {
  grade: "R",
  source: "classes",
  property: "MaxLength",
  values: [
    [
      100,
      "account.createdbyname account.createdbyyominame account.masteraccountidname account.masteraccountidyominame account.owneridname account.owneridyominame account.parentaccountidname account.primarycontactidyominame account.slaname account.slainvokedidname account.transactioncurrencyidname incident.accountidname incident.accountidyominame incident.contactidyominame incident.slaname incident.masteridname incident.primarycontactidyominame incident.responsiblecontactidyominame incident.subjectidname knowledgearticle.createdbyname knowledgearticle.previousarticlecontentidname knowledgearticle.primaryauthoridname contact.mastercontactidname contact.preferredsystemuseridyominame",
    ],
    [160, "incident.customeridname contact.parentcustomeridname account.owningbusinessunitname"],
    [450, "incident.customeridyominame contact.parentcustomeridyominame"],
    [500, "knowledgearticle.languagelocaleidname knowledgearticle.parentarticlecontentidname"],
    [200, "account.entityimage_url"],
  ],
};

const owners: DefinitionFacts = {
  grade: "R",
  source: "classes",
  property: "AttributeOf",
  values: [
    [
      "createdby",
      "account.createdbyname account.createdbyyominame incident.createdbyyominame knowledgearticle.createdbyyominame",
    ],
    ["customerid", "incident.customeridname incident.customeridyominame incident.customeridtype"],
    ["ownerid", "account.owneridname account.owneridyominame account.owneridtype"],
    [
      "masterid",
      "account.masteraccountidname account.masteraccountidyominame contact.mastercontactidyominame incident.masteridname",
    ],
    ["slaid", "account.slaname incident.slaname contact.slaname"],
    [
      "donotsendmm",
      "account.donotsendmarketingmaterialname contact.donotsendmarketingmaterialname",
    ],
    [
      "entityimageid",
      "account.entityimage account.entityimage_timestamp account.entityimage_url contact.entityimage contact.entityimage_url incident.entityimage incident.entityimage_timestamp systemuser.entityimage",
    ],
    [null, "account.entityimageid account.name incident.customerid"],
  ],
};

const logical: DefinitionFacts = {
  grade: "R",
  source: "classes",
  property: "IsLogical",
  values: [
    [
      true,
      "account.address1_city contact.address3_line1 lead.address1_telephone1 account.createdbyname",
    ],
    [false, "account.name incident.title"],
  ],
};

const schemaNames: DefinitionFacts = {
  grade: "R",
  source: "classes",
  property: "SchemaName",
  values: [
    ["EntityImage_URL", "account.entityimage_url contact.entityimage_url"],
    ["EntityImage_Timestamp", "account.entityimage_timestamp"],
  ],
};

export const definitionFacts: readonly DefinitionFacts[] = [
  ...laterFacts,
  ...factsOf2024,
  ...serialisedFacts,
  numbers,
  levels,
  levelsOfReference,
  forCreate,
  forUpdate,
  forRead,
  precision,
  least,
  formats,
  formatsOfPhones,
  lengths,
  owners,
  logical,
  schemaNames,
];

/** Columns that no such table has. */
export const absentColumns =
  "account.owningusername incident.owningusername account.owningteamname incident.owningteamname knowledgearticle.primaryauthoridyominame contact.isautocreatename incident.existingcasename knowledgearticle.reviewname knowledgearticle.updatecontentname incident.masteridyominame account.masteridname";

/** Single-valued navigation properties, by relationship. */
export const navigationFacts: Readonly<Record<string, string>> = {
  email_acceptingentity_systemuser: "acceptingentityid",
  lk_campaignresponse_createdby: "createdby_campaignresponse",
  lk_fax_createdby: "createdby_fax",
  lk_fax_modifiedonbehalfby: "modifiedonbehalfby_fax",
  lk_socialactivity_createdby: "createdby_socialactivity",
  lk_recurringappointmentmaster_createdby: "createdby_recurringappointmentmaster",
  lk_externalparty_createdby: "externalparty_createdby",
  lk_appmodule_createdby: "appmodule_createdby",
  activity_pointer_incident_resolution: "activityid_activitypointer",
  IncidentResolution_Annotation: "objectid_incidentresolution",
};

/** CascadeConfiguration, by relationship. */
export const cascadeFacts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  contact_customer_contacts: { Delete: "RemoveLink" },
  Contact_ActivityPointers: { Delete: "RemoveLink", Assign: "NoCascade" },
  Account_ActivityPointers: {
    Assign: "NoCascade",
    Delete: "RemoveLink",
    Merge: "NoCascade",
    Reparent: "NoCascade",
    Share: "NoCascade",
    Unshare: "NoCascade",
  },
  account_parent_account: { Assign: "Cascade", Delete: "RemoveLink" },
  business_unit_accounts: { Delete: "NoCascade" },
  business_unit_incidents: { Delete: "NoCascade" },
  lk_contact_feedback_createdby: { Delete: "Restrict" },
  Incident_ActivityPointers: { Assign: "NoCascade", Delete: "RemoveLink", Merge: "NoCascade" },
  Incident_Emails: {
    Assign: "Cascade",
    Delete: "Cascade",
    Merge: "NoCascade",
    Reparent: "Cascade",
  },
  Incident_Tasks: { Assign: "Cascade", Delete: "Cascade", Merge: "Cascade", Share: "Cascade" },
  Account_Emails: { Assign: "Cascade", Delete: "Cascade", Merge: "Cascade", Unshare: "Cascade" },
  Incident_IncidentResolutions: { Assign: "Cascade", Delete: "Cascade", Merge: "Cascade" },
  incident_existingcase: { Assign: "NoCascade", Delete: "RemoveLink", Merge: "NoCascade" },
  incident_master_incident: { Assign: "NoCascade", Delete: "RemoveLink", Merge: "NoCascade" },
  incident_parent_incident: { Assign: "NoCascade", Delete: "Cascade", Merge: "Cascade" },
  OriginatingCase_Lead: { Assign: "NoCascade", Delete: "RemoveLink", Merge: "NoCascade" },
  KnowledgeArticle_Emails: { Assign: "Cascade", Delete: "Cascade", Merge: "NoCascade" },
  KnowledgeArticle_Feedback: { Assign: "NoCascade", Delete: "Cascade", Merge: "NoCascade" },
  KnowledgeArticle_Tasks: { Assign: "Cascade", Delete: "Cascade", Merge: "Cascade" },
  msdyn_nextaction_regarding_incident: {
    Assign: "Cascade",
    Delete: "Cascade",
    Merge: "NoCascade",
    Share: "Cascade",
  },
  slakpiinstance_account: { Assign: "NoCascade", Delete: "Cascade", Reparent: "NoCascade" },
  slakpiinstance_incident_resolvebykpi: { Delete: "RemoveLink", Merge: "Cascade" },
  knowledgearticle_incidents: { Assign: "Cascade", Delete: "RemoveLink", Merge: "NoCascade" },
};
