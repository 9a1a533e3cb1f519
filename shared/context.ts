import type { ToolSettings } from "./config/tool-settings";
import type { Dataverse } from "./dataverse";
import type { CaseIntelligence } from "./intelligence";
import type { ProcessAccount } from "./sql";

/** The person on whose behalf a call runs. */
export interface Caller {
  /** Entra object id: what Dataverse is told as `CallerObjectId`. */
  readonly objectId: string;
  readonly tenantId: string;
  readonly name: string | undefined;
  readonly roles: readonly string[];
  /** Client application id (`azp` / `appid`), when known. */
  readonly clientId: string | undefined;
}

/** What one tool call may touch. Made for each call. */
export interface Context {
  readonly caller: Caller;
  /** Acts as `caller`, within `signal`. */
  readonly dataverse: Dataverse;
  readonly settings: ToolSettings;
  /** Predicts, suggests and drafts; writes nothing. */
  readonly intelligence: CaseIntelligence;
  /** What all queries of this process share; left out, the process's standard one. */
  readonly queries?: ProcessAccount;
  /** Aborts at the tool's deadline. */
  readonly signal: AbortSignal;
  /** That deadline on the clock of `performance.now()`, for whoever plans ahead. */
  readonly endsAt?: number;
  now(): Date;
}
