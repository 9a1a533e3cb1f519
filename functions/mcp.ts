import { randomUUID } from "node:crypto";
import { app, type HttpRequest } from "@azure/functions";
import { authenticate, protectedResourceMetadata } from "../shared/auth";
import { type Config, loadConfig } from "../shared/config";
import { AppError } from "../shared/errors";
import { hangUpOf } from "../shared/hang-up";
import { answer, refuseVerb, rpcError, type ToolEndpoint } from "../shared/mcp";
import { toolList } from "../shared/mcp/list";
import { tools } from "../shared/tools";
import { createTrace, logLine, readTraceParent } from "../shared/trace";
import { deploymentOf, type Log, reportKeys, stackOf } from "./deployment";

// Registration comes first: an entry that throws before it leaves the host without a function and every route a 404.
app.setup({ enableHttpStream: true });

app.http("mcp", {
  route: "mcp",
  methods: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
  authLevel: "anonymous",
  handler: mcp,
});

app.http("protected-resource-metadata", {
  route: ".well-known/oauth-protected-resource/{*path}",
  methods: ["GET"],
  authLevel: "anonymous",
  handler: metadata,
});

/** POST /mcp. Nothing thrown here would ever answer the caller in stream mode, so nothing is. */
export async function mcp(request: HttpRequest, log: Log): Promise<Response> {
  try {
    const web = request as unknown as Request;
    const wrongVerb = refuseVerb(request.method);
    if (wrongVerb) return wrongVerb;
    return await answer(web, createEndpoint(loadConfig(), log), hangUpOf(log.invocationId));
  } catch (error) {
    return configurationRefusal(error, log);
  }
}

/** Where a client signs in (RFC 9728); public by its nature. */
export async function metadata(request: HttpRequest, log: Log): Promise<Response> {
  try {
    const config = loadConfig();
    const metadata = protectedResourceMetadata(config, new URL(request.url).pathname);
    return metadata === undefined ? new Response(null, { status: 404 }) : Response.json(metadata);
  } catch (error) {
    return configurationRefusal(error, log);
  }
}

function createEndpoint(config: Config, log: Log): ToolEndpoint {
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
    contextFor(caller, _tool, { signal, beforeWrite }) {
      const trace = createTrace();
      const budget = dataverse.callBudget(batch);
      const own = dataverse.as(caller, signal, trace, { beforeWrite, budget });
      const context = {
        caller,
        signal,
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

/** Whoever asks may be a stranger: the reason goes to the log, under an id that the answer gives. */
function configurationRefusal(error: unknown, log: Log): Response {
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
