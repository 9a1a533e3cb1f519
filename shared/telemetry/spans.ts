import type { CallRecord, Try } from "../trace";

type Attributes = Record<string, string | number | boolean>;

/** One span to be written down after the fact, in the names of OpenTelemetry. Times are Unix milliseconds. */
export interface SpanFacts {
  readonly name: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly hasFailed: boolean;
  readonly attributes: Attributes;
}

/** Leaves out what is not known, for an attribute has no value "undefined". */
const known = (attributes: Record<string, string | number | boolean | undefined>): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).filter(
      (entry): entry is [string, string | number | boolean] => entry[1] !== undefined,
    ),
  );

/**
 * The span of a tool call. Names, numbers and outcomes only: no argument, no record, no text of an error.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/
 */
export function callSpan(call: CallRecord): SpanFacts {
  const { trace } = call;
  return {
    name: `tools/call ${call.tool}`,
    startedAt: call.startedAt,
    endedAt: call.startedAt + call.durationMs,
    hasFailed: call.outcome !== "ok",
    attributes: known({
      "mcp.method.name": "tools/call",
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": call.tool,
      "mcp.era": call.era,
      "mcp.caller": call.caller,
      "mcp.outcome": call.outcome,
      "mcp.rows": call.rows,
      "mcp.truncated": call.truncated,
      "mcp.consent": call.consent,
      "mcp.identity_failed": trace.identityFailed ? true : undefined,
      "dataverse.requests": trace.requests,
      "dataverse.throttled": throttled(call),
      "dataverse.throttled_ms": Math.round(trace.throttledMs),
    }),
  };
}

/**
 * The span of one request to Dataverse. Its address has neither keys nor query: both may hold what a record says.
 *
 * @param origin of the environment
 * @param until when the call ended, for a request that was still under way
 */
export function requestSpan(each: Try, origin: string, until: number): SpanFacts {
  const { hostname, port } = new URL(origin);
  const status = each.status ?? 0;
  return {
    name: `${each.method} ${each.path}`,
    startedAt: each.startedAt,
    endedAt: each.durationMs === undefined ? until : each.startedAt + each.durationMs,
    hasFailed: status === 0 || status >= 400,
    attributes: known({
      "http.request.method": each.method,
      "url.full": `${origin}/api/data/v9.2/${each.path}`,
      "server.address": hostname,
      "server.port": port === "" ? undefined : Number(port),
      "http.response.status_code": status === 0 ? undefined : status,
      "error.type": status === 0 ? "network" : undefined,
    }),
  };
}

/** Answers 429 that a call met. */
export const throttled = ({ trace }: CallRecord): number =>
  trace.statuses.filter((status) => status === 429).length;
