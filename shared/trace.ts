import { AsyncLocalStorage } from "node:async_hooks";
import type { Act } from "./policy/audit";

export type { Act } from "./policy/audit";

/** One HTTP exchange with Dataverse; a repeat is one of its own. */
export interface Try {
  /** Verb and address without ids, keys and query, because those may hold what a record says: `GET incidents(*)`. */
  readonly method: string;
  readonly path: string;
  /** Unix time in milliseconds. */
  readonly startedAt: number;
  /** Undefined while it is under way. */
  durationMs: number | undefined;
  /** Undefined while it is under way; 0 where the network failed. */
  status: number | undefined;
}

/** What one tool call cost, gathered while it runs. Never a record's content. */
export interface Trace {
  readonly tries: Try[];
  /** Changes that it sent, in their order. */
  readonly acts: Act[];
  /** Id of the person's yes that a change rests on. */
  consentId: string | undefined;
  /** Milliseconds waited because Dataverse asked for it. */
  throttledMs: number;
  /** The identity gave no token, or Dataverse refused the one it gave. */
  identityFailed: boolean;
  /** Requests sent to Dataverse, repeats included. */
  readonly requests: number;
  /** Status of each answer, in the order of sending; 0 where the network failed. */
  readonly statuses: readonly number[];
}

class CallTrace implements Trace {
  readonly tries: Try[] = [];
  readonly acts: Act[] = [];
  consentId: string | undefined;
  throttledMs = 0;
  identityFailed = false;

  get requests(): number {
    return this.tries.length;
  }

  get statuses(): readonly number[] {
    return this.tries.flatMap(({ status }) => status ?? []);
  }
}

export const createTrace = (): Trace => new CallTrace();

/** The call that runs now. What is shared by all calls (definitions of tables) finds here who made it necessary. */
export const currentTrace = new AsyncLocalStorage<Trace>();

/** The call that runs now does what somebody said yes to, by the id of that. */
export function restsOn(consentId: string): void {
  const trace = currentTrace.getStore();
  if (trace !== undefined) trace.consentId = consentId;
}

/** Where a call stands in a trace: the W3C `traceparent`. @see https://www.w3.org/TR/trace-context/ */
export type TraceParent = string;

const parentForm =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;

/** The parent when it is well-formed, else undefined: what a stranger sends must not fail the request. */
export const readTraceParent = (parent: unknown): TraceParent | undefined =>
  typeof parent === "string" && parentForm.test(parent) ? parent.slice(0, 55) : undefined;

export interface CallRecord {
  readonly tool: string;
  /** `page`: a person did it at the approval page. */
  readonly era: "legacy" | "modern" | "page";
  /** Entra object id of the person. */
  readonly caller: string;
  /** Unix time in milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** What of it the call waited for a place, in milliseconds. */
  readonly queuedMs: number;
  /** `ok`, or the kind of the error. */
  readonly outcome: string;
  /** The client hung up or cancelled, or the process was about to end, before the outcome stood. */
  readonly givenUp?: "hang-up" | "cancelled" | "stopping" | undefined;
  readonly trace: Trace;
  /** Rows of the answer, where it has rows. */
  readonly rows?: number | undefined;
  /** The answer holds a part only. */
  readonly truncated?: boolean | undefined;
  /** The user was asked before a change that cannot be taken back, or has agreed to it. */
  readonly consent?: "asked" | "given" | undefined;
  /** What the client sent in `_meta` (SEP-414). */
  readonly clientParent?: TraceParent | undefined;
}

/** The one log line of a tool call, as JSON that a query can take apart. */
export const logLine = (call: CallRecord): string =>
  JSON.stringify({
    event: "tool_call",
    tool: call.tool,
    era: call.era,
    caller: call.caller,
    durationMs: Math.round(call.durationMs),
    queuedMs: Math.round(call.queuedMs),
    outcome: call.outcome,
    givenUp: call.givenUp,
    rows: call.rows,
    truncated: call.truncated,
    consent: call.consent,
    dataverseRequests: call.trace.requests,
    dataverseStatuses: call.trace.statuses,
    throttledMs: Math.round(call.trace.throttledMs),
    ...(call.trace.identityFailed ? { identityFailed: true } : {}),
  });
