/** One change that a call sent to Dataverse. Names and ids only: no value of any column. */
export interface Act {
  /** `create`, `update` or `delete` of a row; or an operation of the service (`CloseIncident`), or of definitions. */
  readonly what: string;
  /** Name of the rows as in addresses (`incidents`); undefined for an operation without one. */
  readonly set: string | undefined;
  /** Ids of the rows that it names, the changed one first. */
  readonly rows: readonly string[];
  /** Columns that were given a value, or parameters of the operation: those whose content before and after differs. */
  readonly columns: readonly string[];
  /** Undefined while it is under way, which is told as not known. */
  outcome: "done" | "notDone" | "notKnown" | undefined;
}

/** How a call of a tool that acts ended. */
export type ActOutcome =
  /** What was asked was carried out. */
  | "done"
  /** Some of it was. */
  | "partly done"
  /** It is not known what became of some of it. */
  | "not known"
  /** Nothing was changed: refused, failed, asked about, or tried only (dry run). */
  | "not done";

/** The record of one call of a tool that acts. */
export interface AuditRecord {
  /** Of this record. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  /** Entra object id and tenant of the person, and the client application that they used. */
  readonly person: string;
  readonly tenant: string;
  readonly client: string | undefined;
  readonly tool: string;
  readonly outcome: ActOutcome;
  /** `ok`, or the kind of the error that the caller was told. */
  readonly answer: string;
  /** Id of the person's yes, where the change needed one. */
  readonly consentId: string | undefined;
  readonly acts: readonly Act[];
}

/** @param answer `ok`, or the kind of the error */
export function outcomeOf(acts: readonly Act[], answer: string): ActOutcome {
  const is = (outcome: Act["outcome"]) => acts.some((act) => act.outcome === outcome);
  const isOpen = is("notKnown") || is(undefined);
  // A tool says that it is done only when it was told so, or has looked.
  if (answer === "ok") return is("done") || isOpen ? "done" : "not done";
  if (isOpen) return "not known";
  return is("done") ? "partly done" : "not done";
}
