/** What a write does to the world, as far as somebody's yes depends on it. */
export type Consequence =
  | "create" // a new row
  | "update" // columns of a row
  | "assign" // another owner
  | "share" // who else may see or change a row
  | "address" // where a customer's mail goes
  | "resolve" // a case without open activities
  | "resolve-with-open" // a case with open activities, or nobody knows
  | "reopen" // a case
  | "cancel" // a case, an activity
  | "state" // any other change of state
  | "agent" // an agent of Dynamics 365 writes by itself
  | "reply" // a mail to the case's own customer, and to nobody else
  | "send" // a mail to anybody else
  | "publish" // an article
  | "merge" // one row into another, which cannot be undone
  | "delete" // a row, with what hangs on it
  | "schema" // tables and columns are made or changed
  | "schema-delete" // tables, columns or relationships with their data
  | "rights" // who somebody is, what they may do, what runs in their name
  | "unknown"; // an operation that is not known here

/** A write, as it goes to Dataverse: one request, or one part of a change set. */
export interface Change {
  readonly kind: "create" | "update" | "delete" | "action" | "schema" | "schema-delete";
  /** Logical name of the table whose row, or whose definition, is written; of an action that is bound to none, undefined. */
  readonly table: string | undefined;
  /** In lower case. */
  readonly id: string | undefined;
  /** Without its namespace: `SendEmail`. */
  readonly action: string | undefined;
  /** As the Web API takes it. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** What stands in Dataverse before the write. What is left out is not known. */
export interface Live {
  /** The row's `statecode`. */
  readonly state?: number | undefined;
  /** State that each status reason of the table belongs to. */
  readonly stateOfStatus?: ReadonlyMap<number, number> | undefined;
  /** Activities of the case that are neither completed nor cancelled. */
  readonly openActivities?: number | undefined;
  /** True when the row is made by the same change set, so that nobody has it yet. */
  readonly isMadeWith?: boolean | undefined;
  /** True when every recipient of the mail is the customer of the case that it is about, and there is one at least. */
  readonly isToOwnCustomer?: boolean | undefined;
}

/** From the least to the gravest: a request that does several things is judged by the gravest. */
export const consequenceNames: readonly Consequence[] = [
  "create",
  "update",
  "reopen",
  "resolve",
  "assign",
  "share",
  "address",
  "resolve-with-open",
  "cancel",
  "state",
  "agent",
  "reply",
  "send",
  "publish",
  "merge",
  "delete",
  "schema",
  "schema-delete",
  "unknown",
  "rights",
];
