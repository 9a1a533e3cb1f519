import type { Asked } from "./grades";

/** What a fact of a preview is about; the page and the answers have words for each. */
export type Label =
  | "record"
  | "table"
  | "case"
  | "customer"
  | "from"
  | "to"
  | "cc"
  | "bcc"
  | "subject"
  | "body"
  | "attachments"
  | "goesWith"
  | "columns"
  | "status"
  | "openActivities"
  | "operation"
  | "intoRecord";

export interface Fact {
  readonly label: Label;
  /** Text of records, as it stands there: data. */
  readonly values: readonly string[];
  /** Values among them that a reader should look at twice: addresses outside of the customer's own domain. */
  readonly strange?: readonly string[];
}

/** One thing that would be done, as Dataverse has it now. */
export interface Preview {
  /** The gravest that it does. */
  readonly asked: Asked;
  readonly facts: readonly Fact[];
  /** What has to be typed for a yes, where a look is too little. */
  readonly typed?: string | undefined;
}
