import { guardedByDefault } from "../guarded-tables";
import { actions } from "./actions";
import { type Change, type Consequence, consequenceNames, type Live } from "./consequence";
import { columnsOf } from "./read-change";

const caseState = { resolved: 1, cancelled: 2 } as const;
const published = 3;
const mail = { stateOpen: 0, stateCancelled: 2, statusCancelled: 5, drafts: [1, 8] } as const;

/** Whose mail goes where is said in these columns. */
const addressColumns: Readonly<Record<string, readonly string[]>> = {
  account: ["emailaddress1", "emailaddress2", "emailaddress3"],
  contact: ["emailaddress1", "emailaddress2", "emailaddress3"],
  lead: ["emailaddress1", "emailaddress2", "emailaddress3"],
  incident: ["emailaddress"],
};
/** What a queue is reached by, and who reads it, is rights. */
const queueColumns = ["emailaddress", "defaultmailbox", "emailpassword", "emailusername"];

const owners = ["ownerid", "owninguser", "owningteam", "owningbusinessunit"];

/** Activities that record what people did: to log one as over is to log it. */
const loggedAsDone: ReadonlySet<string> = new Set(["phonecall", "task", "appointment"]);

/** Rows by whose creation a record is closed. */
const closings: Readonly<Record<string, Consequence>> = {
  incidentresolution: "resolve-with-open",
  opportunityclose: "state",
  orderclose: "state",
  quoteclose: "state",
};

/**
 * What a write does, the gravest last. Whatever tool it comes from, whatever form it takes: it is judged by table, columns and
 * what stands in Dataverse, and what is not known counts for the graver.
 */
export function consequencesOf(change: Change, live: Live): readonly Consequence[] {
  const found = new Set<Consequence>(judge(change, live));
  return consequenceNames.filter((name) => found.has(name));
}

function judge(change: Change, live: Live): Consequence[] {
  const { kind, table } = change;
  if (kind === "schema" || kind === "schema-delete") return [kind];
  if (table !== undefined && Object.hasOwn(guardedByDefault, table)) return ["rights"];
  if (kind === "action") return [ofAction(change, live)];
  if (kind === "delete") return ["delete"];
  return ofRow(change, live);
}

function ofAction({ action = "", body }: Change, live: Live): Consequence {
  const known = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (known === undefined) return "unknown";
  if (known === "mail") return live.isToOwnCustomer === true ? "reply" : "send";
  if (known === "resolve") return live.openActivities === 0 ? "resolve" : "resolve-with-open";
  if (known === "set-state") return "State" in body ? "state" : "unknown";
  return known;
}

function ofRow({ kind, table = "", body }: Change, live: Live): Consequence[] {
  const columns = columnsOf(body);
  const writes = (names: readonly string[]) => columns.some((name) => names.includes(name));
  const found: Consequence[] = [kind === "create" ? "create" : "update"];
  if (table === "queue" && writes(queueColumns)) found.push("rights");
  if (kind === "create") {
    const closing = Object.hasOwn(closings, table) ? closings[table] : undefined;
    if (closing !== undefined)
      found.push(
        closing === "resolve-with-open" && live.openActivities === 0 ? "resolve" : closing,
      );
  } else {
    if (writes(owners)) found.push("assign");
    if (writes(addressColumns[table] ?? [])) found.push("address");
  }
  if (Object.entries(body).some(isNested)) found.push("unknown");
  if (writes(["statecode", "statuscode"])) found.push(...ofState(table, body, live, kind));
  return found;
}

/** A row within a row is written, too, and judged by nobody; the parties of a mail are part of the mail. */
const isNested = ([name, value]: readonly [string, unknown]): boolean =>
  typeof value === "object" && value !== null && !/^\w+_activity_parties$/.test(name);

/** The number that a body gives a choice; undefined where it is no number. */
const numberIn = (body: Change["body"], column: string): number | undefined => {
  const entry = Object.entries(body).find(([name]) => name.toLowerCase() === column);
  if (entry === undefined || entry[1] === null || entry[1] === "") return undefined;
  const value = Number(entry[1]);
  return Number.isInteger(value) ? value : undefined;
};

function ofState(
  table: string,
  body: Change["body"],
  live: Live,
  kind: Change["kind"],
): Consequence[] {
  const status = numberIn(body, "statuscode");
  const state =
    numberIn(body, "statecode") ??
    (status === undefined ? undefined : live.stateOfStatus?.get(status));
  if (table === "email") return ofMail(state, status);
  const now = kind === "create" ? 0 : live.state;
  if (state !== undefined && state === now) return [];
  if (table === "incident") return [ofCase(state, live)];
  if (table === "knowledgearticle" && (state === published || state === undefined))
    return ["publish"];
  // A call that is logged as over was never open for anybody.
  return live.isMadeWith === true && loggedAsDone.has(table) ? [] : ["state"];
}

function ofCase(state: number | undefined, live: Live): Consequence {
  if (state === 0) return "reopen";
  if (state === caseState.cancelled) return "cancel";
  if (state === caseState.resolved)
    return live.openActivities === 0 ? "resolve" : "resolve-with-open";
  return "state";
}

/** Whatever takes a mail out of its drafts but for cancelling it sends it: the server picks up what is pending. */
function ofMail(state: number | undefined, status: number | undefined): Consequence[] {
  const isDraft = status === undefined || mail.drafts.some((each) => each === status);
  if (isDraft && state === mail.stateOpen) return [];
  const isCancelled = status === undefined || status === mail.statusCancelled;
  return [isCancelled && state === mail.stateCancelled ? "cancel" : "send"];
}
