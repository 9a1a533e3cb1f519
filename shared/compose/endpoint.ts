import { randomUUID } from "node:crypto";
import { authenticate, protectedResourceMetadata } from "../auth";
import { type Config, loadConfig } from "../config";
import type { Caller } from "../context";
import { AppError } from "../errors";
import { prepareIntelligence } from "../intelligence";
import { type Log, reportKeys, stackOf } from "../log";
import { createPerformer, rpcError, type ToolEndpoint } from "../mcp";
import { toolList } from "../mcp/list";
import { doorTo } from "../operations";
import { type Profile, permissionOf, profiles, refuseWrite } from "../policy/access";
import { tools } from "../tools";
import { createTrace, logLine, readTraceParent, type Trace } from "../trace";
import { type AuditOptions, type OpenRecord, openRecord } from "./audit";
import { deploymentOf } from "./deployment";

/** Longest time for one row of the audit table, in milliseconds; it begins before a change and ends after its answer is made. */
const auditMs = 10_000;

const acting: ReadonlySet<string> = new Set(
  tools.flatMap(({ name, effect }) => (effect === "read" ? [] : [name])),
);

/** The profile that an address names, all tools where it names none; or the answer that there is no such address. */
export function profileAt(name: string | undefined): Profile | Response {
  if (name === undefined || name === "") return "full";
  const found = profiles.find((profile) => profile === name.toLowerCase());
  if (found !== undefined) return found;
  const others = profiles.map((profile) => `/mcp/${profile}`).join(", ");
  return rpcError(404, -32000, `There is no endpoint at this address; there are /mcp, ${others}.`);
}

/**
 * The MCP endpoint of this process, for one HTTP request.
 *
 * @param profile the part of the tools that the address names; all of them where it names none
 *
 * @throws AppError `invalid` where the configuration does not allow anybody to be served
 */
export const endpointFor = (log: Log, profile?: Profile): ToolEndpoint =>
  endpointOf(loadConfig(), log, profile);

let isPrepared = false;

/**
 * Makes ready what the first suggestion of this process would have to wait for, behind the first answer: nothing of it is needed
 * to begin with, and without it the first suggestion takes longer.
 */
export function prepareBehind(log: Log): void {
  if (isPrepared) return;
  isPrepared = true;
  prepareIntelligence().catch((error) =>
    log.error(JSON.stringify({ event: "not_prepared", stack: stackOf(error) })),
  );
}

/** The same by a configuration that was read already. */
export function endpointOf(config: Config, log: Log, profile?: Profile): ToolEndpoint {
  const { environment: dataverse, telemetry, flow, consent } = deploymentOf(config, log);
  const batch = dataverse.batchBudget();
  const host = readTraceParent(log.traceContext?.traceParent);
  const audit: AuditOptions = {
    log: (line) => log.log(line),
    event: (record) => telemetry.recordAct(record, host),
    table: config.auditTable,
    asApp: () =>
      dataverse.as("app", AbortSignal.timeout(auditMs), createTrace(), {
        door: doorTo(config.auditTable),
      }),
  };
  const records = new WeakMap<Trace, OpenRecord>();
  const open = (caller: Caller, tool: string, trace: Trace) =>
    openRecord(audit, caller, tool, trace, new Date());
  return {
    tools,
    list: toolList,
    allowedOrigins: config.allowedOrigins,
    authenticate: (request) => authenticate(request, config, { report: reportKeys(log) }),
    flow,
    consent: consent.runtime,
    permissionOf: (caller) => permissionOf(caller.roles, config.access, profile),
    timeoutMs: (tool) => tool.timeoutMs ?? config.toolTimeoutSeconds * 1_000,
    contextFor(caller, tool, { signal, beforeWrite: inTime, endsAt }, door) {
      const trace = createTrace();
      const budget = dataverse.callBudget(batch);
      const beforeWrite = () => {
        inTime();
        // The second lock: a tool that says it reads sends no change, and nothing does where the deployment only reads.
        const refusal = refuseWrite(tool, config.access);
        if (refusal !== undefined) throw refusal;
      };
      const record = open(caller, tool.name, trace);
      records.set(trace, record);
      const own = dataverse.as(caller, signal, trace, {
        beforeWrite,
        beforeFirstChange: record.begins,
        budget,
        door,
      });
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
    async onCall(record, caller) {
      log.log(logLine(record));
      telemetry.record(record, host);
      if (!acting.has(record.tool)) return;
      // What was refused at the door was never opened.
      const opened = records.get(record.trace) ?? open(caller, record.tool, record.trace);
      await opened.ends(record);
    },
    // The stack names our own code; what a record said may stand in the message, which is therefore left out.
    onBug: (error, correlationId) =>
      log.error(JSON.stringify({ event: "bug", correlationId, stack: stackOf(error) })),
  };
}

/** The answer to a browser at the approval page; 404 where the deployment has none. */
export const answerApproval = (request: Request, log: Log): Promise<Response> =>
  answerApprovalOf(loadConfig(), request, log);

/** The same by a configuration that was read already. */
export async function answerApprovalOf(
  config: Config,
  request: Request,
  log: Log,
): Promise<Response> {
  const { consent } = deploymentOf(config, log);
  const performer = createPerformer(endpointOf(config, log));
  return (await consent.answerPage(request, performer)) ?? new Response(null, { status: 404 });
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
