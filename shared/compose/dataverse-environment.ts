import { createCredential } from "../auth/credential";
import { createTokenSource } from "../auth/token-source";
import type { Config } from "../config";
import type { Dataverse, WriteDoor } from "../dataverse";
import { createClient, type RefuseWrite } from "../dataverse/client";
import { createMetadataCache } from "../dataverse/metadata/cache";
import { readMetadataChanges } from "../dataverse/metadata/changes";
import { metadataWithin } from "../dataverse/metadata/within";
import { createGate } from "../dataverse/transport/gate";
import type { Identity } from "../dataverse/transport/identity";
import { RequestBudget } from "../dataverse/transport/request-budget";
import { createSender } from "../dataverse/transport/sender";
import {
  type CaseIntelligence,
  createCaseIntelligence,
  createEmbeddedProvider,
} from "../intelligence";
import { createAzureOpenAI } from "../intelligence/providers/azure-openai";
import { createDataverseAi } from "../intelligence/providers/dataverse-ai";
import { neverAutomatic } from "../policy/automatic";
import { guarded, guardedByDefault, setOf } from "../policy/guarded-tables";
import { createProcessAccount, type ProcessAccount } from "../sql";
import type { Trace } from "../trace";

export interface CallOptions {
  /** Judges every write; without it nothing is written. */
  readonly door?: WriteDoor;
  /** Called when nothing of a write has been sent yet; may throw to prevent it. */
  readonly beforeWrite?: () => void;
  /** One of its own unless told. */
  readonly budget?: RequestBudget;
}

/** One Dataverse environment for the life of the process: tokens, definitions and the number of open requests are shared. */
export interface DataverseEnvironment {
  /**
   * Dataverse as one person, or as the app's own identity, for one call: within `signal` and its budget of requests. What it
   * costs is added to `trace`.
   */
  as(identity: Identity, signal: AbortSignal, trace: Trace, more?: CallOptions): Dataverse;
  /** The budget of all calls of one HTTP request. */
  batchBudget(): RequestBudget;
  /** The budget of one call; its batch's besides, where it is one of several. */
  callBudget(batch?: RequestBudget): RequestBudget;
  /** What predicts, suggests and drafts; the part that Dataverse itself does runs as the person `dataverse` acts for. */
  intelligence(dataverse: Dataverse): CaseIntelligence;
  /** Memory and turns that all queries of the process draw on. */
  readonly queries: ProcessAccount;
  /** A token of the app's own identity for another service. */
  token(scope: string): Promise<string>;
}

/** @see https://learn.microsoft.com/azure/ai-foundry/openai/how-to/managed-identity */
const azureOpenAIScope = "https://cognitiveservices.azure.com/.default";

const services: Readonly<Record<string, string>> = {
  [azureOpenAIScope]: "Azure OpenAI",
  "https://storage.azure.com/.default": "the store of approvals",
  "api://AzureADTokenExchange/.default": "the sign-in of the approval page",
};

/** The alert on identities looks for the beginning of these words. */
export const renewalWarning = (error: unknown, scope: string): string =>
  `The token for ${services[scope] ?? "Dataverse"} could not be renewed: ${nameOf(error)}`;

/** @param warn told of a token renewal that failed; the token in hand goes on being used */
export function createDataverseEnvironment(
  config: Config,
  warn: (message: string) => void,
): DataverseEnvironment {
  const tokens = createTokenSource({
    credential: () => createCredential(config),
    onRenewalFailed: (error, scope) => warn(renewalWarning(error, scope)),
  });
  const send = createSender({
    url: config.dataverseUrl,
    tokens,
    gate: createGate({ places: config.maxConcurrency }),
    retryWaitSeconds: config.retryWaitSeconds,
  });

  const metadata = createMetadataCache(readMetadataChanges(send));
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
    queries: createProcessAccount(),
    token: async (scope) => (await tokens.getToken(scope)).token,
    // The AI functions of Dataverse run as the caller, so that chain lives for one call; its breaker has little to remember.
    intelligence: (dataverse) =>
      order !== "auto" && order.includes("dataverse-ai")
        ? chain([
            createDataverseAi({
              run: (name, body) => dataverse.action(name, body, { result: {} }),
            }),
          ])
        : shared,
    as: (identity, signal, trace, { beforeWrite, budget, door } = {}) =>
      createClient({
        send,
        context: {
          identity,
          signal,
          trace,
          beforeWrite,
          budget: budget ?? RequestBudget.ofCall(config.maxRequests),
        },
        metadata: metadataWithin(metadata, identity, signal),
        onMetadataVersion: (version) => metadata.sawVersion(version),
        refuseWrite: guardOf(config.guardedTables),
        door,
      }),
    batchBudget: () => RequestBudget.ofBatch(config.maxRequests),
    callBudget: (batch) => RequestBudget.ofCall(config.maxRequests, batch),
  };
}

/** Whatever way a write takes, it is judged by the rows that its path names. */
const guardOf =
  (tables: readonly string[]): RefuseWrite =>
  async (path, setNameOf) => {
    const set = setOf(path);
    for (const table of tables) {
      const known = Object.hasOwn(guardedByDefault, table) ? guardedByDefault[table] : undefined;
      const name = known ?? (await setNameOf(table))?.toLowerCase();
      if (set === name) return guarded(table);
    }
    return undefined;
  };

const nameOf = (error: unknown) =>
  error instanceof Error ? `${error.name}: ${error.message}` : "unknown";
