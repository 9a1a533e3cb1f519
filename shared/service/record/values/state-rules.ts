import type { Column, Row, Table } from "../../../dataverse";
import { recordOptions } from "../../../text/records/record-text";
import { listOptions } from "./choice-values";

/** What may be said about state and status reason together. */
export interface StateCheck {
  /** The values, with the state that a status reason brings along; without what a new row cannot take. */
  readonly body: Row;
  /** On create: the state and the reason that a change has to bring, because a new row is always in its first state. */
  readonly after: Row | undefined;
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
  const problems = problemsOf(table, body, state, status);
  if (mode === "create") return { ...onCreate(table, body, state), problems };
  const canUpdate = table.columnByName.get("statecode")?.canUpdate === true;
  const isAdded = canUpdate && body.statecode === undefined && status?.state !== undefined;
  const whole = isAdded ? { ...body, statecode: status.state } : body;
  return { body: whole, after: undefined, problems };
}

function problemsOf(
  table: Table,
  body: Row,
  state: unknown,
  status: ReturnType<typeof optionOf>,
): string[] {
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
  const isSent = state === 1 && body.directioncode !== false;
  if (table.logicalName === "email" && isSent) {
    problems.push("statecode: a mail is sent with send_email, not by writing its state.");
  }
  return problems;
}

/** The state of a row that was just made: that of the reason which it gets by itself, else the lowest. */
function firstState(table: Table): number | undefined {
  const status = table.columnByName.get("statuscode");
  const usual = optionOf(status, status?.defaultValue)?.state;
  const states = table.columnByName.get("statecode")?.options?.map((option) => option.value) ?? [];
  return usual ?? (states.length === 0 ? undefined : Math.min(...states));
}

function onCreate(table: Table, body: Row, state: unknown): Pick<StateCheck, "body" | "after"> {
  const { statecode: _, statuscode, ...rest } = body;
  const own = statuscode === undefined ? {} : { statuscode };
  if (state === undefined || state === firstState(table))
    return { body: { ...rest, ...own }, after: undefined };
  const reason = statuscode ?? usualReason(table, body);
  return {
    body: rest,
    // Without a reason the service takes the state's own.
    after: { statecode: state, ...(reason === undefined ? {} : { statuscode: reason }) },
  };
}

/** An incoming call that is over was received; the service would say that it was made. */
function usualReason(table: Table, body: Row): number | undefined {
  const isIncoming = table.logicalName === "phonecall" && body.directioncode === false;
  if (!isIncoming || body.statecode !== 1) return undefined;
  return optionOf(table.columnByName.get("statuscode"), received)?.value;
}

const received = 4;
