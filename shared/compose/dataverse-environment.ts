import { createCredential } from "../auth/credential";
import { exchangeScope } from "../auth/exchange-audience";
import { createOnBehalfOf } from "../auth/on-behalf-of";
import { createTokenSource, type TokenSource } from "../auth/token-source";
import type { Config } from "../config";
import type { Dataverse, WriteDoor } from "../dataverse";
import { createClient, type RefuseWrite } from "../dataverse/client";
import { exposureLock } from "../dataverse/exposure/lock";
import { ExposedView } from "../dataverse/exposure/view";
import { createMetadataCache } from "../dataverse/metadata/cache";
import { readMetadataChanges } from "../dataverse/metadata/changes";
import { metadataWithin } from "../dataverse/metadata/within";
import { spread } from "../dataverse/spread";
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
import { exposureOf } from "../policy/exposure";
import { guarded, guardedByDefault, setOf } from "../policy/guarded-tables";
import { createProcessAccount, type ProcessAccount } from "../sql";
import type { Trace } from "../trace";

export interface CallOptions {
  /** Judges every write; without it nothing is written. */
  readonly door?: WriteDoor;
  /** Called when nothing of a write has been sent yet; may throw to prevent it. */
  readonly beforeWrite?: () => void;
  /** Waited for before each change, when nothing of it has been sent yet; may throw to prevent it. */
  readonly beforeFirstChange?: () => Promise<void>;
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
};

const serviceOf = (scope: string): string =>
  scope.startsWith("api://AzureADTokenExchange")
    ? "the sign-in of the approval page or the exchange of people's tokens"
    : (services[scope] ?? "Dataverse");

/** The alert on identities looks for the beginning of these words. */
export const renewalWarning = (error: unknown, scope: string): string =>
  `The token for ${serviceOf(scope)} could not be renewed: ${nameOf(error)}`;

/** @param warn told of a token renewal that failed; the token in hand goes on being used */
export function createDataverseEnvironment(
  config: Config,
  warn: (message: string) => void,
): DataverseEnvironment {
  const tokens = createTokenSource({
    credential: () => createCredential(config),
    onRenewalFailed: (error, scope) => warn(renewalWarning(error, scope)),
  });
  const senderBy = (own: TokenSource) =>
    createSender({
      url: config.dataverseUrl,
      tokens: own,
      tokensOf: config.personBy === "on-behalf-of" ? onBehalfOf(config, tokens) : undefined,
      // Dataverse counts each of its users apart, so each has places and a pace of its own.
      gate: createGate({ places: config.maxConcurrency }),
      retryWaitSeconds: config.retryWaitSeconds,
    });
  const others = config.moreClientIds.map((identityClientId) =>
    createTokenSource({
      credential: () => createCredential({ ...config, identityClientId }),
      onRenewalFailed: (error, scope) => warn(renewalWarning(error, scope)),
    }),
  );
  const send = spread([senderBy(tokens), ...others.map(senderBy)]);

  const metadata = createMetadataCache(readMetadataChanges(send));
  const refuseWrite = guardOf([
    ...config.guardedTables,
    ...(config.auditTable === undefined ? [] : [config.auditTable]),
  ]);
  const exposure = exposureOf(config.exposure);
  const view = exposure.isWhole ? undefined : new ExposedView(exposure);
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
    as(identity, signal, trace, { beforeWrite, beforeFirstChange, budget, door } = {}) {
      const whole = metadataWithin(metadata, identity, signal);
      // What the app does for itself is no caller's: it keeps the record of what they did.
      const own = identity === "app" ? undefined : view;
      return createClient({
        send,
        context: {
          identity,
          signal,
          trace,
          beforeWrite,
          budget: budget ?? RequestBudget.ofCall(config.maxRequests),
        },
        metadata: own?.within(whole) ?? whole,
        onMetadataVersion: (version) => metadata.sawVersion(version),
        refuseWrite: identity === "app" ? undefined : refuseWrite,
        door,
        beforeFirstChange,
        exposure: own && exposureLock(own, whole),
      });
    },
    batchBudget: () => RequestBudget.ofBatch(config.maxRequests),
    callBudget: (batch) => RequestBudget.ofCall(config.maxRequests, batch),
  };
}

const onBehalfOf = (config: Config, tokens: TokenSource) =>
  createOnBehalfOf({
    authority: config.authority,
    tenantId: config.tenantId ?? "",
    clientId: config.audiences.find((audience) => guid.test(audience)) ?? "",
    clientAssertion: async () => (await tokens.getToken(exchangeScope(config.authority))).token,
  });

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

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
