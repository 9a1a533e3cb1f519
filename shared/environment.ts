import { createCredential } from "./auth/credential";
import { createTokenSource } from "./auth/token-source";
import { neverAutomatic } from "./case-settings";
import type { Config } from "./config";
import type { Dataverse } from "./dataverse";
import { createClient } from "./dataverse/client";
import { createGate } from "./dataverse/gate";
import { createMetadataCache } from "./dataverse/metadata";
import { createSender } from "./dataverse/sender";
import {
  type CaseIntelligence,
  createCaseIntelligence,
  createEmbeddedProvider,
} from "./intelligence";
import { createAzureOpenAI } from "./intelligence/azure-openai";
import { createDataverseAi } from "./intelligence/dataverse-ai";
import { createTrace, currentTrace, type Trace } from "./trace";

/** One Dataverse environment for the life of the process: tokens, definitions and the number of open requests are shared. */
export interface Environment {
  /**
   * Dataverse as one person (undefined: as the app's own identity), within `signal`; what it costs is added to `trace`.
   * `beforeWrite` is called when nothing of a write has been sent yet, and may throw to prevent it.
   */
  as(
    callerObjectId: string | undefined,
    signal: AbortSignal,
    trace: Trace,
    beforeWrite?: () => void,
  ): Dataverse;
  /** What predicts, suggests and drafts; the part that Dataverse itself does runs as the person `dataverse` acts for. */
  intelligence(dataverse: Dataverse): CaseIntelligence;
}

/** Longest read of definitions, in milliseconds. It belongs to no call, so no call's deadline covers it. */
const metadataTimeoutMs = 60_000;
/** @see https://learn.microsoft.com/azure/ai-foundry/openai/how-to/managed-identity */
const azureOpenAIScope = "https://cognitiveservices.azure.com/.default";

/** The alert on identities looks for the beginning of these words. */
export const renewalWarning = (error: unknown, scope: string): string =>
  `The token for ${scope === azureOpenAIScope ? "Azure OpenAI" : "Dataverse"} could not be renewed: ${nameOf(error)}`;

/** @param warn told of a token renewal that failed; the token in hand goes on being used */
export function createEnvironment(config: Config, warn: (message: string) => void): Environment {
  const tokens = createTokenSource({
    credential: () => createCredential(config),
    onRenewalFailed: (error, scope) => warn(renewalWarning(error, scope)),
  });
  const send = createSender({
    url: config.dataverseUrl,
    tokens,
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
        trace: currentTrace.getStore() ?? createTrace(),
      },
    );
    return (body ?? {}) as Readonly<Record<string, unknown>>;
  });

  const { order, azureOpenAI, budgetSeconds, linkHosts } = config.intelligence;
  const model =
    azureOpenAI &&
    createAzureOpenAI({
      ...azureOpenAI,
      getToken: async () => (await tokens.getToken(azureOpenAIScope)).token,
    });
  const chain = (others: readonly CaseIntelligence[]) =>
    createCaseIntelligence({
      embedded,
      others: [...(model === undefined ? [] : [model]), ...others],
      order,
      budgetMs: budgetSeconds * 1_000,
      gate: { neverAuto: neverAutomatic, allowedHosts: linkHosts },
    });
  const embedded = createEmbeddedProvider();
  const shared = chain([]);

  return {
    // The AI functions of Dataverse run as the caller, so that chain lives for one call; its breaker has little to remember.
    intelligence: (dataverse) =>
      order !== "auto" && order.includes("dataverse-ai")
        ? chain([createDataverseAi({ run: (name, body) => dataverse.action(name, body) })])
        : shared,
    as: (callerObjectId, signal, trace, beforeWrite) =>
      createClient({
        send,
        context: { callerObjectId, signal, trace, beforeWrite },
        metadata,
        onMetadataVersion: (version) => metadata.sawVersion(version),
      }),
  };
}

const nameOf = (error: unknown) =>
  error instanceof Error ? `${error.name}: ${error.message}` : "unknown";
