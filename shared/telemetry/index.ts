import type { TokenCredential } from "@azure/core-auth";
import type { TelemetryConfig } from "../config";
import type { AuditRecord } from "../policy/audit";
import type { CallRecord, TraceParent } from "../trace";
import type { Emitter } from "./azure-monitor";

/** Where finished calls are told. It never delays a call and never fails one. */
export interface Telemetry {
  /** @param host trace parent of the invocation, which the Functions host reports as a request */
  record(call: CallRecord, host: TraceParent | undefined): void;
  /** The same of the record of a call that acts. */
  recordAct(record: AuditRecord, host: TraceParent | undefined): void;
  /** Sends what is left, before the process ends. */
  close(): Promise<void>;
  state(): "off" | "not needed yet" | "on" | "failed";
}

export interface TelemetryOptions {
  readonly config: TelemetryConfig;
  /** Origin of the environment that the calls work on. */
  readonly dataverseUrl: string;
  /** Made when the first call is over; loading a credential library costs a cold start dearly. */
  credential(): Promise<TokenCredential>;
  /** Told once when telemetry cannot be sent at all. */
  onFailed(error: unknown): void;
  /** Starts what writes the calls down; Microsoft's library unless told. */
  start?(options: TelemetryOptions): Promise<Emitter>;
}

/** Calls that wait while the library loads; beyond them the oldest go. */
const longestQueue = 1_000;

/** Time for an answer to leave, in milliseconds, before the library takes the thread. */
const settleMs = 250;

/** For an app without Application Insights. */
export const noTelemetry: Telemetry = {
  record: () => {},
  recordAct: () => {},
  close: async () => {},
  state: () => "off",
};

async function startLibrary({ config, credential, dataverseUrl }: TelemetryOptions) {
  const { startAzureMonitor } = await import("./azure-monitor");
  const identity = config.identity && (await credential());
  return startAzureMonitor(config.connectionString, identity, dataverseUrl);
}

/**
 * Loads Microsoft's library (the largest part of the package, a good part of a second of CPU time) only after the first
 * call has been answered, so that no one who waits for a cold start waits for it too.
 */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { start = startLibrary, onFailed } = options;
  const queue: ((emitter: Emitter) => void)[] = [];
  let emitter: Emitter | "failed" | undefined;
  let loading: Promise<void> | undefined;

  /** What goes wrong here must not reach the call, whose answer is made already. */
  function fail(error: unknown): void {
    emitter = "failed";
    queue.length = 0;
    onFailed(error);
  }

  function emit(each: (emitter: Emitter) => void): void {
    if (emitter === undefined || emitter === "failed") return;
    try {
      each(emitter);
    } catch (error) {
      fail(error);
    }
  }

  async function load(): Promise<void> {
    try {
      emitter = await start(options);
    } catch (error) {
      fail(error);
    }
    for (const each of queue.splice(0)) emit(each);
  }

  const loadOnce = () => {
    loading ??= load();
    return loading;
  };

  function send(each: (emitter: Emitter) => void): void {
    if (emitter !== undefined) {
      emit(each);
      return;
    }
    queue.push(each);
    if (queue.length > longestQueue) queue.shift();
    // Whatever is being answered goes out first; the timer keeps no process alive.
    if (queue.length === 1) setTimeout(loadOnce, settleMs).unref();
  }

  return {
    record: (call, host) => send((to) => to.emit(call, host)),
    recordAct: (record, host) => send((to) => to.emitAct(record, host)),
    state() {
      if (emitter === "failed") return "failed";
      return emitter === undefined ? "not needed yet" : "on";
    },
    async close() {
      if (queue.length > 0 || loading !== undefined) await loadOnce();
      if (emitter === undefined || emitter === "failed") return;
      // The host waits for this before it ends the process; what cannot be sent is lost, and nothing else with it.
      await emitter.close().catch(fail);
    },
  };
}
