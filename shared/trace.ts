/** What one tool call cost, gathered while it runs. Never a record's content. */
export interface Trace {
  /** Requests sent to Dataverse, repeats included. */
  requests: number;
  /** Status of each answer, in order; 0 where the network failed. */
  readonly statuses: number[];
  /** Milliseconds waited because Dataverse asked for it. */
  throttledMs: number;
}

export const createTrace = (): Trace => ({ requests: 0, statuses: [], throttledMs: 0 });

export interface CallRecord {
  readonly tool: string;
  readonly era: "legacy" | "modern";
  /** Entra object id of the person. */
  readonly caller: string;
  readonly durationMs: number;
  /** `ok`, or the kind of the error. */
  readonly outcome: string;
  readonly trace: Trace;
}

/** The one log line of a tool call, as JSON that a query can take apart. */
export const logLine = ({ trace, ...call }: CallRecord): string =>
  JSON.stringify({
    event: "tool_call",
    ...call,
    durationMs: Math.round(call.durationMs),
    dataverseRequests: trace.requests,
    dataverseStatuses: trace.statuses,
    throttledMs: Math.round(trace.throttledMs),
  });
