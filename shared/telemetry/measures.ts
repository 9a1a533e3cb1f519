import type { Meter } from "@opentelemetry/api";
import type { CallRecord } from "../trace";
import { throttled } from "./spans";

/** Numbers over many calls, by tool. No person and no record is a dimension: there would be a row for each. */
export interface Measures {
  count(call: CallRecord): void;
}

export function createMeasures(meter: Meter): Measures {
  const calls = meter.createCounter("mcp.calls", { description: "Tool calls" });
  const errors = meter.createCounter("mcp.errors", { description: "Tool calls that failed" });
  const truncations = meter.createCounter("mcp.truncations", {
    description: "Answers that hold a part of the rows only",
  });
  const consent = meter.createCounter("mcp.consent", {
    description: "Changes that cannot be taken back: the user was asked, or has agreed",
  });
  const rows = meter.createHistogram("mcp.rows", { description: "Rows of an answer" });
  const requests = meter.createHistogram("dataverse.requests", {
    description: "Requests to Dataverse for one call, repeats included",
  });
  const refusals = meter.createCounter("dataverse.throttled", { description: "Answers 429" });
  const waits = meter.createHistogram("dataverse.throttled_wait", {
    description: "Time that a call waited because Dataverse asked for it",
    unit: "ms",
  });

  return {
    count(call) {
      const tool = { "gen_ai.tool.name": call.tool };
      calls.add(1, { ...tool, "mcp.era": call.era });
      if (call.outcome !== "ok") errors.add(1, { ...tool, "mcp.outcome": call.outcome });
      if (call.truncated === true) truncations.add(1, tool);
      if (call.consent !== undefined) consent.add(1, { ...tool, "mcp.consent": call.consent });
      if (call.rows !== undefined) rows.record(call.rows, tool);
      requests.record(call.trace.requests, tool);
      const refused = throttled(call);
      if (refused > 0) refusals.add(refused, tool);
      if (call.trace.throttledMs > 0) waits.record(call.trace.throttledMs, tool);
    },
  };
}
