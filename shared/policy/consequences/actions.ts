import type { Consequence } from "./consequence";

/** What an operation of Dataverse does; `mail`, `resolve` and `set-state` depend on what it is done to. */
type Meaning = Consequence | "mail" | "resolve" | "set-state";

/**
 * Operations by name, without their namespace. One that is not here is not known to be harmless, so a person has to say yes.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/actions
 */
export const actions: Readonly<Record<string, Meaning>> = {
  // Who works on a case, and whose it is, changes with its place in a queue.
  AddToQueue: "assign",
  PickFromQueue: "assign",
  ReleaseToQueue: "assign",
  RemoveFromQueue: "assign",
  RouteTo: "assign",
  CreateActivities: "create",
  Assign: "assign",
  GrantAccess: "share",
  ModifyAccess: "share",
  RevokeAccess: "share",
  CloseIncident: "resolve",
  SetState: "set-state",
  Merge: "merge",
  msdyn_invokeCaseProcessingAgent: "agent",
  SendEmail: "mail",
  SendEmailFromTemplate: "send",
  SendFax: "send",
  SendTemplate: "send",
  BackgroundSendEmail: "send",
  DeliverPromoteEmail: "send",
  PublishXml: "schema",
  PublishAllXml: "schema",
  PublishTheme: "schema",
  CreateCustomerRelationships: "schema",
  CreateEntities: "schema",
  CreateManyToMany: "schema",
  CreateOneToMany: "schema",
  CreatePolymorphicLookupAttribute: "schema",
  InsertOptionValue: "schema",
  InsertStatusValue: "schema",
  OrderOption: "schema",
  UpdateOptionValue: "schema",
  UpdateStateValue: "schema",
  DeleteOptionValue: "schema-delete",
  AddMembersTeam: "rights",
  AddPrincipalToQueue: "rights",
  AddPrivilegesRole: "rights",
  AddUserToRecordTeam: "rights",
  AssociateEntities: "unknown",
  RemoveMembersTeam: "rights",
  RemovePrivilegeRole: "rights",
  RemoveUserFromRecordTeam: "rights",
  ReplacePrivilegesRole: "rights",
  SetBusinessSystemUser: "rights",
  SetParentSystemUser: "rights",
};
