import { duplicateRuleOperations } from "./duplicate-rules";
import { fileOperations } from "./files/file-operations";
import { intelligenceOperations } from "./knowledge/intelligence";
import { searchKnowledge } from "./knowledge/knowledge-search";
import { searchOperations } from "./knowledge/search";
import { deliverIncomingEmail } from "./mail/deliver-email";
import { instantiateTemplate } from "./mail/instantiate-template";
import { sendEmail } from "./mail/send-email";
import type { Operation } from "./operation";
import {
  retrievePrincipalAccess,
  retrieveTeamPrivileges,
  retrieveUserPrivilegeByName,
  retrieveUserPrivileges,
  retrieveUserPrivilegesByNames,
} from "./rights/privileges";
import {
  addPrivileges,
  removePrivilege,
  replacePrivileges,
  retrieveRolePrivileges,
} from "./rights/role-privileges";
import {
  grantAccess,
  modifyAccess,
  retrieveSharedPrincipals,
  revokeAccess,
} from "./rights/sharing";
import { addToQueue } from "./service/add-to-queue";
import { caseAgentOperations } from "./service/case-agent";
import { closeIncident } from "./service/close-incident";
import { merge } from "./service/merge";
import { qualifyLead } from "./service/qualify-lead";
import { pickFromQueue, releaseToQueue, removeFromQueue, routeTo } from "./service/queue-items";
import { calculateTotalTime } from "./service/total-time";
import { retrieveTotalRecordCount } from "./total-record-count";
import { retrieveVersion } from "./version";
import { whoAmI } from "./who-am-i";

const rolePrivileges = { RolePrivileges: "Collection(RolePrivilege)!" };
const access = { Target: "crmbaseentity!", PrincipalAccess: "PrincipalAccess!" };
const email = {
  MessageId: "Edm.String",
  Subject: "Edm.String!",
  From: "Edm.String!",
  To: "Edm.String!",
  Cc: "Edm.String",
  Bcc: "Edm.String",
  ReceivedOn: "Edm.DateTimeOffset",
  SubmittedBy: "Edm.String",
  Importance: "Edm.String",
  Body: "Edm.String",
  Attachments: "Collection(activitymimeattachment)",
  ExtraProperties: "crmbaseentity",
  ValidateBeforePromote: "Edm.Boolean",
};

/** Every action and function with its signature; what definitions have of their own stands in emulator/metadata. */
export const operations: Readonly<Record<string, Operation>> = {
  ...searchOperations,
  ...intelligenceOperations,
  ...caseAgentOperations,
  ...duplicateRuleOperations,
  ...fileOperations,
  AddPrivilegesRole: {
    kind: "Action",
    boundTo: "role",
    parameters: { Privileges: "Collection(RolePrivilege)!" },
    run: addPrivileges,
  },
  AddToQueue: {
    kind: "Action",
    boundTo: "queue",
    parameters: {
      Target: "crmbaseentity!",
      SourceQueue: "queue",
      QueueItemProperties: "queueitem",
    },
    returns: { QueueItemId: "Edm.Guid!" },
    run: addToQueue,
  },
  CalculateTotalTimeIncident: {
    kind: "Function",
    boundTo: "incident",
    parameters: {},
    returns: { TotalTime: "Edm.Int64!" },
    run: calculateTotalTime,
  },
  CloseIncident: {
    kind: "Action",
    parameters: { IncidentResolution: "incidentresolution!", Status: "Edm.Int32!" },
    run: closeIncident,
  },
  DeliverIncomingEmail: {
    kind: "Action",
    boundTo: "email",
    onCollection: true,
    parameters: email,
    returns: { EmailId: "Edm.Guid!" },
    run: deliverIncomingEmail,
  },
  FullTextSearchKnowledgeArticle: {
    kind: "Action",
    parameters: {
      SearchText: "Edm.String!",
      UseInflection: "Edm.Boolean!",
      RemoveDuplicates: "Edm.Boolean!",
      StateCode: "Edm.Int32!",
      QueryExpression: "QueryExpression!",
    },
    returns: "Collection(knowledgearticle)",
    run: searchKnowledge,
  },
  GrantAccess: { kind: "Action", parameters: access, run: grantAccess },
  InstantiateTemplate: {
    kind: "Action",
    parameters: { TemplateId: "Edm.Guid!", ObjectType: "Edm.String!", ObjectId: "Edm.Guid!" },
    returns: "Collection(crmbaseentity)",
    run: instantiateTemplate,
  },
  Merge: {
    kind: "Action",
    parameters: {
      Target: "crmbaseentity!",
      Subordinate: "crmbaseentity!",
      UpdateContent: "crmbaseentity",
      PerformParentingChecks: "Edm.Boolean",
    },
    run: merge,
  },
  ModifyAccess: { kind: "Action", parameters: access, run: modifyAccess },
  PickFromQueue: {
    kind: "Action",
    boundTo: "queueitem",
    parameters: { SystemUser: "systemuser!", RemoveQueueItem: "Edm.Boolean!" },
    run: pickFromQueue,
  },
  QualifyLead: {
    kind: "Action",
    boundTo: "lead",
    parameters: {
      CreateAccount: "Edm.Boolean!",
      CreateContact: "Edm.Boolean!",
      CreateOpportunity: "Edm.Boolean!",
      OpportunityCurrencyId: "transactioncurrency",
      OpportunityCustomerId: "crmbaseentity",
      SourceCampaignId: "campaign",
      Status: "Edm.Int32!",
      SuppressDuplicateDetection: "Edm.Boolean",
    },
    returns: "Collection(crmbaseentity)!",
    run: qualifyLead,
  },
  ReleaseToQueue: { kind: "Action", boundTo: "queueitem", parameters: {}, run: releaseToQueue },
  RemoveFromQueue: { kind: "Action", boundTo: "queueitem", parameters: {}, run: removeFromQueue },
  RemovePrivilegeRole: {
    kind: "Action",
    boundTo: "role",
    parameters: { PrivilegeId: "Edm.Guid!" },
    run: removePrivilege,
  },
  ReplacePrivilegesRole: {
    kind: "Action",
    boundTo: "role",
    parameters: { Privileges: "Collection(RolePrivilege)!" },
    run: replacePrivileges,
  },
  RetrievePrincipalAccess: {
    kind: "Function",
    boundTo: "systemuser",
    alsoBoundTo: ["team"],
    parameters: { Target: "crmbaseentity!" },
    returns: { AccessRights: "AccessRights!" },
    run: retrievePrincipalAccess,
  },
  RetrieveRolePrivilegesRole: {
    kind: "Function",
    parameters: { RoleId: "Edm.Guid!" },
    returns: rolePrivileges,
    run: retrieveRolePrivileges,
  },
  RetrieveSharedPrincipalsAndAccess: {
    kind: "Function",
    parameters: { Target: "crmbaseentity!" },
    returns: { PrincipalAccesses: "Collection(PrincipalAccess)!" },
    run: retrieveSharedPrincipals,
  },
  RetrieveTeamPrivileges: {
    kind: "Function",
    boundTo: "team",
    parameters: {},
    returns: rolePrivileges,
    run: retrieveTeamPrivileges,
  },
  RetrieveTotalRecordCount: {
    kind: "Function",
    parameters: { EntityNames: "Collection(Edm.String)!" },
    returns: { EntityRecordCountCollection: "EntityRecordCountCollection!" },
    run: retrieveTotalRecordCount,
  },
  RetrieveUserPrivileges: {
    kind: "Function",
    boundTo: "systemuser",
    parameters: {},
    returns: rolePrivileges,
    run: retrieveUserPrivileges,
  },
  RetrieveUserPrivilegeByPrivilegeName: {
    kind: "Function",
    boundTo: "systemuser",
    parameters: { PrivilegeName: "Edm.String!" },
    returns: rolePrivileges,
    run: retrieveUserPrivilegeByName,
  },
  RetrieveUserSetOfPrivilegesByNames: {
    kind: "Function",
    boundTo: "systemuser",
    parameters: { PrivilegeNames: "Collection(Edm.String)!" },
    returns: rolePrivileges,
    run: retrieveUserPrivilegesByNames,
  },
  RetrieveVersion: {
    kind: "Function",
    parameters: {},
    returns: { Version: "Edm.String" },
    run: retrieveVersion,
  },
  RevokeAccess: {
    kind: "Action",
    parameters: { Target: "crmbaseentity!", Revokee: "principal!" },
    run: revokeAccess,
  },
  RouteTo: {
    kind: "Action",
    boundTo: "queueitem",
    parameters: { Target: "crmbaseentity!" },
    run: routeTo,
  },
  SendEmail: {
    kind: "Action",
    boundTo: "email",
    parameters: { IssueSend: "Edm.Boolean!", TrackingToken: "Edm.String" },
    returns: { Subject: "Edm.String" },
    run: sendEmail,
  },
  WhoAmI: {
    kind: "Function",
    parameters: {},
    returns: { BusinessUnitId: "Edm.Guid!", UserId: "Edm.Guid!", OrganizationId: "Edm.Guid!" },
    run: whoAmI,
  },
};
