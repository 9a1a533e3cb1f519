import { app, type InvocationContext } from "@azure/functions";
import { createCredential } from "../shared/auth/credential";
import { createEnvironment, type Environment } from "../shared/compose";
import type { Config } from "../shared/config";
import { createFlow, type Flow } from "../shared/mcp";
import { createTelemetry, noTelemetry, type Telemetry } from "../shared/telemetry";

export type Log = Pick<InvocationContext, "log" | "warn" | "error"> &
  Partial<Pick<InvocationContext, "traceContext" | "invocationId">>;

/** What all functions of this process share. */
export interface Deployment {
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  readonly flow: Flow;
}

let running: { readonly config: Config; readonly deployment: Deployment } | undefined;
/** The invocation that runs now, or ran last: what happens behind the calls is logged there. */
let latest: Log | undefined;

export function deploymentOf(config: Config, log: Log): Deployment {
  latest = log;
  if (running?.config !== config) running = { config, deployment: create(config) };
  return running.deployment;
}

function create(config: Config): Deployment {
  const warn = (message: string) => latest?.warn(message);
  return {
    environment: createEnvironment(config, warn),
    flow: createFlow({
      running: config.maxCalls,
      waiting: config.maxWaitingCalls,
      bodyBytes: config.maxBodyMegabytes * 1_048_576,
    }),
    telemetry: config.telemetry
      ? createTelemetry({
          config: config.telemetry,
          dataverseUrl: config.dataverseUrl,
          credential: () =>
            createCredential({
              credential: config.credential,
              identityClientId: config.telemetry?.identity?.clientId,
            }),
          onFailed: (error) =>
            warn(
              `Telemetry is off until the next start: ${error instanceof Error ? error.message : "unknown"}`,
            ),
        })
      : noTelemetry,
  };
}

/**
 * Time for calls under way to end, in milliseconds. The host kills a worker five seconds after it has told it to end, and
 * the last answers and spans have to go out within that.
 *
 * @see https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script/Workers/WorkerConstants.cs
 */
const graceMs = 3_000;

app.hook.appTerminate(async () => {
  await running?.deployment.flow.shutDown(graceMs);
  await running?.deployment.telemetry.close();
});

/** An error that nobody threw on purpose, without its message: what a record said may stand there. */
export const stackOf = (error: unknown): string =>
  error instanceof Error
    ? `${error.name} ${(error.stack ?? "").split("\n").slice(1).join("\n")}`
    : typeof error;

/** Logs why the token issuer's keys could not be read; callers are told that it is so, and when to come again. */
export const reportKeys =
  (log: Log) =>
  (reason: string): void =>
    log.error(JSON.stringify({ event: "signing_keys", reason }));
