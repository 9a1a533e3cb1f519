import type { Access } from "../policy/access";
import type { ExposureLists } from "../policy/exposure";
import type { CaseFields } from "./case-fields";
import type { ConsentConfig } from "./consent";
import type { IntelligenceConfig } from "./intelligence";
import type { TelemetryConfig } from "./telemetry";

/** `jwt`: every request carries a bearer token that is verified here. `dev`: one fixed persona, on loopback only. */
export type AuthMode = "jwt" | "dev";

export interface Config {
  /** Origin of the environment, without a trailing slash: `https://contoso.crm.dynamics.com`. */
  readonly dataverseUrl: string;
  readonly authMode: AuthMode;
  /** Required in mode `jwt`. */
  readonly tenantId: string | undefined;
  /** Client id and identifier URI of the API's registration. Required in mode `jwt`. */
  readonly audiences: readonly string[];
  /** Client application ids that may call, in lower case. Required in mode `jwt`: there is no way to say "any". */
  readonly allowedClients: readonly string[];
  readonly requiredScope: string;
  /** Origin of the token issuer. http only on loopback, for a test issuer. */
  readonly authority: string;
  /** Origin that the endpoint is known by; undefined where neither a setting nor the platform says. */
  readonly publicUrl: string | undefined;
  /** Browser origins that may call. A request without an Origin header is not a browser's and passes. */
  readonly allowedOrigins: readonly string[];
  readonly devUser:
    | {
        readonly objectId: string;
        readonly name: string | undefined;
        readonly roles: readonly string[];
      }
    | undefined;
  /** Roles, profile and whether anything may be changed. */
  readonly access: Access;
  /** Logical names of tables that nothing is written to. */
  readonly guardedTables: readonly string[];
  /** How Dataverse is told for whom a request is: by the header CallerObjectId, or by a token of that person. */
  readonly personBy: "impersonation" | "on-behalf-of";
  /** Rows, and their characters, in one answer of a query. */
  readonly maxRows: number;
  readonly maxAnswerCharacters: number;
  /** Logical name of the table that keeps a row of every acting call; undefined keeps none. */
  readonly auditTable: string | undefined;
  /** Tables and columns that are shown, and that are kept back. */
  readonly exposure: ExposureLists;
  /** Whose yes is asked for, and how. */
  readonly consent: ConsentConfig;
  /** Client id of the user-assigned identity. */
  readonly identityClientId: string | undefined;
  /** Client ids of further identities; people are spread over all of them. */
  readonly moreClientIds: readonly string[];
  readonly credential: "managed-identity" | "developer";
  readonly maxConcurrency: number;
  /** The longest that one call waits for Dataverse's Retry-After, in seconds. */
  readonly retryWaitSeconds: number;
  /** Requests to Dataverse that one call may make before its first change. */
  readonly maxRequests: number;
  readonly toolTimeoutSeconds: number;
  /** Calls of tools that run at the same time, and that wait. */
  readonly maxCalls: number;
  readonly maxWaitingCalls: number;
  /** Memory that bodies of requests may take together, in MiB. */
  readonly maxBodyMegabytes: number;
  /** The allow-list of `enrich_case`, with modes and thresholds. */
  readonly caseFields: CaseFields;
  readonly articleUrl: string | undefined;
  readonly intelligence: IntelligenceConfig;
  /** Undefined: nothing is sent, and nothing of it is loaded. */
  readonly telemetry: TelemetryConfig | undefined;
}
