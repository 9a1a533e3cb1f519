import { randomUUID } from "node:crypto";
import { authenticate, protectedResourceMetadata } from "../auth";
import { loadConfig } from "../config";
import { AppError } from "../errors";
import { type Log, reportKeys, stackOf } from "../log";
import { rpcError, type ToolEndpoint } from "../mcp";
import { toolList } from "../mcp/list";
import { tools } from "../tools";
import { createTrace, logLine, readTraceParent } from "../trace";
import { deploymentOf } from "./deployment";

/**
 * The MCP endpoint of this process, for one HTTP request.
 *
 * @throws AppError `invalid` where the configuration does not allow anybody to be served
 */
export function endpointFor(log: Log): ToolEndpoint {
  const config = loadConfig();
  const { environment: dataverse, telemetry, flow } = deploymentOf(config, log);
  const batch = dataverse.batchBudget();
  const host = readTraceParent(log.traceContext?.traceParent);
  return {
    tools,
    list: toolList,
    allowedOrigins: config.allowedOrigins,
    authenticate: (request) => authenticate(request, config, { report: reportKeys(log) }),
    flow,
    timeoutMs: (tool) => tool.timeoutMs ?? config.toolTimeoutSeconds * 1_000,
    contextFor(caller, _tool, { signal, beforeWrite, endsAt }) {
      const trace = createTrace();
      const budget = dataverse.callBudget(batch);
      const own = dataverse.as(caller, signal, trace, { beforeWrite, budget });
      const context = {
        caller,
        signal,
        endsAt,
        now: () => new Date(),
        settings: config,
        dataverse: own,
        intelligence: dataverse.intelligence(own),
        queries: dataverse.queries,
      };
      return { context, trace };
    },
    // One line for whoever reads the log, one span for Application Insights; the host forwards the line, the library does not.
    onCall(record) {
      log.log(logLine(record));
      telemetry.record(record, host);
    },
    // The stack names our own code; what a record said may stand in the message, which is therefore left out.
    onBug: (error, correlationId) =>
      log.error(JSON.stringify({ event: "bug", correlationId, stack: stackOf(error) })),
  };
}

/** The answer to a client that asks where it signs in (RFC 9728); 404 for an address that is not the endpoint's. */
export function signInMetadata(address: string): Response {
  const metadata = protectedResourceMetadata(loadConfig(), new URL(address).pathname);
  return metadata === undefined ? new Response(null, { status: 404 }) : Response.json(metadata);
}

/** Whoever asks may be a stranger: the reason goes to the log, under an id that the answer gives. */
export function refuseAll(error: unknown, log: Log): Response {
  const correlationId = randomUUID();
  const reason =
    error instanceof AppError
      ? [error.message, ...error.problems, error.hint].filter(Boolean).join(" ")
      : stackOf(error);
  log.error(JSON.stringify({ event: "refused", correlationId, reason }));
  return rpcError(
    503,
    -32000,
    `The endpoint serves nobody now. Its administrator finds the reason in the log of the app, by this id: ${correlationId}`,
  );
}
