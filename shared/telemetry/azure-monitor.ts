import type { TokenCredential } from "@azure/core-auth";
import {
  type Context,
  isSpanContextValid,
  metrics,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { logs } from "@opentelemetry/api-logs";
import { shutdownAzureMonitor, useAzureMonitor } from "applicationinsights";
import type { AuditRecord } from "../policy/audit";
import type { CallRecord, TraceParent } from "../trace";
import { actEvent } from "./act-event";
import { createMeasures } from "./measures";
import { callSpan, requestSpan, type SpanFacts } from "./spans";

/** Writes finished calls down as spans and metrics. */
export interface Emitter {
  emit(call: CallRecord, host: TraceParent | undefined): void;
  emitAct(record: AuditRecord, host: TraceParent | undefined): void;
  /** Sends what is left; nothing may be emitted afterwards. */
  close(): Promise<void>;
}

const off = { enabled: false } as const;

/**
 * Starts Microsoft's distribution of OpenTelemetry with everything that collects by itself turned off: its view of an
 * outgoing request holds the whole address, and with it what a record says, and the Functions host already reports
 * requests, logs and exceptions. Loaded by `import()` only, because of its size.
 *
 * @param dataverseUrl origin of the environment
 * @throws Error when the connection string names no component
 * @see https://learn.microsoft.com/azure/azure-monitor/app/opentelemetry-configuration
 */
export function startAzureMonitor(
  connectionString: string,
  credential: TokenCredential | undefined,
  dataverseUrl: string,
): Emitter {
  useAzureMonitor({
    azureMonitorExporterOptions: {
      connectionString,
      ...(credential ? { credential } : {}),
      // An instance does not live long enough to find its own files again.
      disableOfflineStorage: true,
    },
    // Every call counts: the alerts are about shares of few calls. OTEL_TRACES_SAMPLER lowers it where calls are many.
    samplingRatio: 1,
    tracesPerSecond: 0,
    enableLiveMetrics: false,
    enableStandardMetrics: false,
    enablePerformanceCounters: false,
    enableAutoCollectExceptions: false,
    enableAutoCollectPerformance: false,
    instrumentationOptions: {
      http: off,
      azureSdk: off,
      mongoDb: off,
      mySql: off,
      postgreSql: off,
      redis: off,
      redis4: off,
      bunyan: off,
      winston: off,
    },
  });
  const tracer = trace.getTracer("customer-service-mcp");
  const events = logs.getLogger("customer-service-mcp");
  const measures = createMeasures(metrics.getMeter("customer-service-mcp"));

  function write(
    span: SpanFacts,
    kind: SpanKind,
    parent: Context,
    linked: readonly SpanContext[],
  ): Context {
    const written = tracer.startSpan(
      span.name,
      {
        kind,
        startTime: span.startedAt,
        attributes: span.attributes,
        links: linked.map((context) => ({ context })),
      },
      parent,
    );
    if (span.hasFailed) written.setStatus({ code: SpanStatusCode.ERROR });
    written.end(span.endedAt);
    return trace.setSpan(parent, written);
  }

  return {
    emit(call, host) {
      const client = spanContext(call.clientParent);
      const invocation = spanContext(host);
      const above = client ?? invocation ?? unknownParent();
      // Not of kind SERVER: the host reports the request, and a second one would count each call twice.
      const context = write(
        callSpan(call),
        SpanKind.INTERNAL,
        trace.setSpanContext(ROOT_CONTEXT, above),
        client && invocation ? [invocation] : [],
      );
      const end = call.startedAt + call.durationMs;
      for (const each of call.trace.tries)
        write(requestSpan(each, dataverseUrl, end), SpanKind.CLIENT, context, []);
      measures.count(call);
    },
    emitAct(record, host) {
      const invocation = spanContext(host);
      events.emit({
        ...actEvent(record),
        ...(invocation && { context: trace.setSpanContext(ROOT_CONTEXT, invocation) }),
      });
    },
    close: () => shutdownAzureMonitor(),
  };
}

/** The client's own flag does not count: a caller must not be able to leave no trace. */
function spanContext(parent: TraceParent | undefined): SpanContext | undefined {
  const [, traceId = "", spanId = ""] = parent?.split("-") ?? [];
  const found = { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
  return isSpanContextValid(found) ? found : undefined;
}

/** Application Insights takes a span for a step inside the process only when it has a parent. */
const unknownParent = (): SpanContext => ({
  traceId: hex(16),
  spanId: hex(8),
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
});

const hex = (bytes: number) =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("hex");
