import {
  answerPage,
  createApprovals,
  createKeyRing,
  createSeals,
  type PageOptions,
  type Performer,
} from "../approval";
import { createApprovalSignIn } from "../auth/approval-sign-in";
import { exchangeScope } from "../auth/exchange-audience";
import type { Config } from "../config";
import { isLoopback } from "../loopback";
import type { ConsentRuntime } from "../mcp";
import { createCounts, Door } from "../operations";
import { gradesOf } from "../policy/grades";
import { createBlobStore, createFileStore, createMemoryStore, type Store } from "../storage";

/** All that asks for somebody's yes in this process, and the page that takes it. */
export interface ConsentDesk {
  readonly runtime: ConsentRuntime;
  /** The answer to a request to the approval page; undefined where the deployment has none. */
  answerPage(request: Request, performer: Performer): Promise<Response> | undefined;
}

const storageScope = "https://storage.azure.com/.default";

export interface ConsentDeskOptions {
  readonly config: Config;
  /** A token of the app's own identity. */
  token(scope: string): Promise<string>;
  readonly warn: (message: string) => void;
  readonly now?: () => number;
  /** In place of the one that the settings name. */
  readonly store?: Store;
}

export function createConsentDesk(options: ConsentDeskOptions): ConsentDesk {
  const { config, token, warn, now = Date.now } = options;
  const { consent, tenantId = "", authority, authMode } = config;
  const isDeveloper = authMode === "dev";
  const store = options.store ?? storeOf(config, () => token(storageScope));
  const origin = pageOrigin(config);
  const deployment = JSON.stringify([origin ?? "", config.dataverseUrl, tenantId]);
  const seals = createSeals(createKeyRing(store, now), deployment, now);
  const approvals = createApprovals(store, seals, now);
  const grades = gradesOf(consent.grades, consent.trustsClient);
  const counts = createCounts(store, now);
  const { clientId } = consent;
  // A page that had no token of the person's own could act for nobody.
  const canAct = config.personBy === "impersonation";
  const hasPage = canAct && clientId !== undefined && origin !== undefined && tenantId !== "";
  const signIn = hasPage
    ? createApprovalSignIn({
        authority,
        tenantId,
        clientId,
        stepUp: consent.stepUp,
        assertion: isDeveloper ? undefined : () => token(exchangeScope(authority)),
        report: warn,
        now,
      })
    : undefined;
  return {
    runtime: {
      approvals,
      trustsClient: consent.trustsClient,
      pageNote: isDeveloper
        ? "(This is a developer's machine: its sign-in proves nobody, and a program on it can answer as well as a person.)"
        : undefined,
      now,
      linkTo: (approvalId) => (hasPage ? `${origin}/approve?p=${approvalId}` : undefined),
      doorFor: ({ caller, permit, isOneOfSeveral, isDry }) =>
        new Door({ grades, counts, person: caller.objectId, permit, isOneOfSeveral, isDry }),
    },
    answerPage(request, performer) {
      if (signIn === undefined || origin === undefined) return undefined;
      const page: PageOptions = { origin, approvals, seals, signIn, performer, isDeveloper, now };
      return answerPage(request, page);
    },
  };
}

function storeOf({ consent: { store } }: Config, getToken: () => Promise<string>): Store {
  if (store === undefined) return createMemoryStore();
  return /^https?:/i.test(store)
    ? createBlobStore({ container: store, getToken })
    : createFileStore(store);
}

/** On a developer's machine the page is at `localhost`: another site than the issuer, as it is in a deployment. */
function pageOrigin({ publicUrl }: Config): string | undefined {
  if (publicUrl === undefined || publicUrl === "") return undefined;
  const url = new URL(publicUrl);
  if (isLoopback(url)) url.hostname = "localhost";
  return url.origin;
}
