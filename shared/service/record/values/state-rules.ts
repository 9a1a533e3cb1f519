import type { Column, Row, Table } from "../../../dataverse";
import { recordOptions } from "../../../text/records/record-text";
import { listOptions } from "./choice-values";

/** What may be said about state and status reason together. */
export interface StateCheck {
  /** The state to send along with a status reason of another state. */
  readonly add: Row;
  readonly problems: readonly string[];
}

const optionOf = (column: Column | undefined, value: unknown) =>
  column?.options?.find((option) => option.value === value);

/**
 * A status reason belongs to a state, and some changes of state are actions of their own (resolving a case, sending a mail).
 *
 * @param body values already read, by logical name
 */
export function checkState(table: Table, body: Row, mode: "create" | "update"): StateCheck {
  const status = optionOf(table.columnByName.get("statuscode"), body.statuscode);
  const state = body.statecode ?? status?.state;
  const problems: string[] = [];
  if (status?.state !== undefined && status.state !== state) {
    const fitting = (table.columnByName.get("statuscode")?.options ?? []).filter(
      (option) => option.state === state,
    );
    problems.push(
      `statuscode: ${recordOptions([status])} does not belong to statecode ${state}; reasons of that state: ${listOptions(fitting)}.`,
    );
  }
  if (table.logicalName === "incident" && state === 1) {
    problems.push("statecode: a case is resolved with resolve_incident, not by writing its state.");
  }
  if (table.logicalName === "email" && state === 1) {
    problems.push("statecode: a mail is sent with send_email, not by writing its state.");
  }
  const column = table.columnByName.get("statecode");
  const isWritable = mode === "create" ? column?.canCreate : column?.canUpdate;
  const isAdded =
    isWritable === true && body.statecode === undefined && status?.state !== undefined;
  return { add: isAdded ? { statecode: status.state } : {}, problems };
}
