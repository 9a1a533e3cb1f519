import { createCredential } from "./auth/credential";
import { createTokenSource } from "./auth/token-source";
import type { Config } from "./config";
import type { Dataverse } from "./dataverse";
import { createClient } from "./dataverse/client";
import { createGate } from "./dataverse/gate";
import { createMetadataCache } from "./dataverse/metadata";
import { createSender } from "./dataverse/sender";
import { createTrace, type Trace } from "./trace";

/** One Dataverse environment for the life of the process: tokens, definitions and the number of open requests are shared. */
export interface Environment {
  /** Dataverse as one person, within `signal`; what it costs is added to `trace`. */
  as(callerObjectId: string, signal: AbortSignal, trace: Trace): Dataverse;
}

/** Longest read of definitions, in milliseconds. It belongs to no call, so no call's deadline covers it. */
const metadataTimeoutMs = 60_000;

/** @param warn told of a token renewal that failed; the token in hand goes on being used */
export function createEnvironment(config: Config, warn: (message: string) => void): Environment {
  const send = createSender({
    url: config.dataverseUrl,
    tokens: createTokenSource({
      credential: () => createCredential(config),
      onRenewalFailed: (error) =>
        warn(`The token for Dataverse could not be renewed: ${nameOf(error)}`),
    }),
    gate: createGate(config.maxConcurrency),
    retryWaitSeconds: config.retryWaitSeconds,
  });

  const metadata = createMetadataCache(async (query, stamp, strong) => {
    const { body } = await send(
      {
        method: "GET",
        path: `RetrieveMetadataChanges(Query=@p1${stamp === undefined ? "" : ",ClientVersionStamp=@p2,DeletedMetadataFilters=@p3"})`,
        query: {
          "@p1": JSON.stringify(query),
          ...(stamp === undefined
            ? {}
            : { "@p2": `'${stamp}'`, "@p3": "Microsoft.Dynamics.CRM.DeletedMetadataFilters'All'" }),
        },
        headers: strong ? { Consistency: "Strong" } : {},
      },
      {
        callerObjectId: undefined,
        signal: AbortSignal.timeout(metadataTimeoutMs),
        trace: createTrace(),
      },
    );
    return (body ?? {}) as Readonly<Record<string, unknown>>;
  });

  return {
    as: (callerObjectId, signal, trace) =>
      createClient({
        send,
        context: { callerObjectId, signal, trace },
        metadata,
        onMetadataVersion: (version) => metadata.sawVersion(version),
      }),
  };
}

const nameOf = (error: unknown) =>
  error instanceof Error ? `${error.name}: ${error.message}` : "unknown";
