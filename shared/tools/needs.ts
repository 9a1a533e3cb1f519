/** A right on a table, as Dataverse's roles know it. */
export type Right = "Create" | "Read" | "Write" | "Delete" | "Append" | "AppendTo" | "Assign";

/**
 * What a tool does at Dataverse. The role of the endpoint's application user is made of this (`infra/hooks/dataverse/privileges.ts`),
 * and under impersonation a call has only the rights that the person and that role both have: what is missing here is
 * refused in a deployment. Tables of activities are all meant by `activitypointer`, whose privileges they share.
 */
export interface Needs {
  /** Rights by logical name of the table. One that an environment lacks is passed over. */
  readonly tables?: Readonly<Record<string, readonly Right[]>>;
  /** Rights on whatever table a caller names: those below, and those that the organisation adds. */
  readonly named?: readonly Right[];
  /** Privileges that belong to no table (`prvCreateEntity`). A tool that has some changes the schema. */
  readonly privileges?: readonly string[];
}

const owned: readonly Right[] = ["Create", "Read", "Write", "Delete", "Append", "Assign"];
const full: readonly Right[] = [...owned, "AppendTo"];
const pointedTo: readonly Right[] = ["Read", "AppendTo"];
const seen: readonly Right[] = ["Read"];

/** The tables of customer service, and at most which rights the tools need on them that take any table's name. */
export const serviceTables: Readonly<Record<string, readonly Right[]>> = {
  account: full,
  activitypointer: full,
  annotation: owned,
  contact: full,
  incident: full,
  queueitem: ["Create", "Read", "Write", "Delete", "Append"],
  // A case, an account or a queue item points to them; who works cases does not change them.
  contract: pointedTo,
  entitlement: pointedTo,
  product: pointedTo,
  queue: pointedTo,
  sla: pointedTo,
  subject: pointedTo,
  transactioncurrency: pointedTo,
  businessunit: seen,
  knowledgearticle: seen,
  systemuser: seen,
  team: seen,
};

/** What the tools of a case read to know it: its mails, notes and how it was closed. */
export const readCase: Readonly<Record<string, readonly Right[]>> = {
  activitypointer: ["Read"],
  annotation: ["Read"],
};

/** What a suggestion is drawn from, beside the case. */
export const readEvidence: Readonly<Record<string, readonly Right[]>> = {
  knowledgearticle: ["Read"],
  knowledgearticleincident: ["Read"],
  msdyn_intent: ["Read"],
  msdyn_intentattributeset: ["Read"],
  msdyn_intententity: ["Read"],
  msdyn_intentsolutionmap: ["Read"],
};

/** Where it is written which sources of knowledge there are. */
export const readSources: Readonly<Record<string, readonly Right[]>> = {
  copilotglossaryterm: ["Read"],
  copilotsynonyms: ["Read"],
  dvfilesearch: ["Read"],
  dvfilesearchentity: ["Read"],
  dvtablesearch: ["Read"],
  dvtablesearchattribute: ["Read"],
  dvtablesearchentity: ["Read"],
  federatedknowledgeconfiguration: ["Read"],
  knowledgefaq: ["Read"],
  unstructuredfilesearchentity: ["Read"],
};
