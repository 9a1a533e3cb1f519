import { createCredential } from "../auth/credential";
import type { Config } from "../config";
import type { Log } from "../log";
import { createFlow, type Flow } from "../mcp";
import { createTelemetry, noTelemetry, type Telemetry } from "../telemetry";
import { type ConsentDesk, createConsentDesk } from "./consent";
import { createDataverseEnvironment, type DataverseEnvironment } from "./dataverse-environment";

/** What all functions of this process share. */
export interface Deployment {
  readonly environment: DataverseEnvironment;
  readonly telemetry: Telemetry;
  readonly flow: Flow;
  readonly consent: ConsentDesk;
}

let running: { readonly config: Config; readonly deployment: Deployment } | undefined;
/** The invocation that runs now, or ran last: what happens behind the calls is logged there. */
let latest: Log | undefined;

export function deploymentOf(config: Config, log: Log): Deployment {
  latest = log;
  if (running?.config !== config) running = { config, deployment: create(config) };
  return running.deployment;
}

/** A body of the largest size comes in within that over a line of 300 kbit/s. No call waits longer for it than it may go on. */
const longestBodyMs = 30_000;

function create(config: Config): Deployment {
  const warn = (message: string) => latest?.warn(message);
  const environment = createDataverseEnvironment(config, warn);
  if (config.consent.trustsClient)
    warn("CONSENT=trust-client: the model's yes is enough for all but rights.");
  return {
    environment,
    consent: createConsentDesk({ config, warn, token: environment.token }),
    flow: createFlow({
      running: config.maxCalls,
      waiting: config.maxWaitingCalls,
      bodyBytes: config.maxBodyMegabytes * 1_048_576,
      bodyMs: Math.min(longestBodyMs, config.toolTimeoutSeconds * 1_000),
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

/** Ends what is under way, when the host has said that the process ends. */
export async function shutDown(): Promise<void> {
  await running?.deployment.flow.shutDown(graceMs);
  await running?.deployment.telemetry.close();
}
