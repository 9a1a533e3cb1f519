import { z } from "zod";
import { AppError } from "../errors";
import { type CaseFields, caseFieldsSchema, standardCaseFields } from "./case-fields";
import { platformMark, platformUrl } from "./hosting";
import { type Environment, guid, isLoopback, list, objectId, Reader } from "./setting-reader";
import { settings } from "./settings";

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
  readonly devUser: { readonly objectId: string; readonly name: string | undefined } | undefined;
  /** Client id of the user-assigned identity. */
  readonly identityClientId: string | undefined;
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

export interface TelemetryConfig {
  /** Names the Application Insights component; sending takes an Entra token beside it. */
  readonly connectionString: string;
  /** The identity that sends; undefined where the component takes telemetry without a token. */
  readonly identity: { readonly clientId: string | undefined } | undefined;
}

export type ProviderChoice = "embedded" | "azure-openai" | "dataverse-ai";

export interface IntelligenceConfig {
  /** `auto`: the language model when one is configured, and the embedded provider beside and after it. */
  readonly order: readonly ProviderChoice[] | "auto";
  readonly azureOpenAI: { readonly endpoint: string; readonly deployment: string } | undefined;
  /** For one answer, all providers together. */
  readonly budgetSeconds: number;
  /** Hosts that a drafted mail may link to, beside those of the articles themselves. */
  readonly linkHosts: readonly string[];
}
/** The configuration as far as it can be read, and what is wrong with it: one problem a setting, which it begins with. */
export interface Inspection {
  /** Undefined when there is no saying who may call. */
  readonly config: Config | undefined;
  readonly problems: readonly string[];
  /** Names of the settings that have a value of their own. */
  readonly set: ReadonlySet<string>;
}

/**
 * Checks the environment. Values are never repeated in the problems: one may be a secret that was put into the wrong
 * setting.
 */
export function inspectConfig(environment: Environment): Inspection {
  const read = new Reader(environment);
  const authMode = read.parse<AuthMode | "">(
    "MCP_AUTH_MODE",
    z.enum(["jwt", "dev"], "must be jwt or dev"),
    read.required("MCP_AUTH_MODE", ": without it every call is refused"),
    "",
  );
  const config = {
    dataverseUrl: read.origin("DATAVERSE_URL", read.required("DATAVERSE_URL")),
    audiences: list(read.text("MCP_AUDIENCES")),
    allowedClients: list(read.text("MCP_ALLOWED_CLIENTS")).map((id) => id.toLowerCase()),
    requiredScope: read.text("MCP_REQUIRED_SCOPE"),
    authority: read.origin("MCP_AUTHORITY", read.text("MCP_AUTHORITY")),
    publicUrl: readPublicUrl(read, environment),
    allowedOrigins: list(read.text("MCP_ALLOWED_ORIGINS")),
    tenantId: read
      .parse("MCP_TENANT_ID", guid, read.text("MCP_TENANT_ID"), undefined as string | undefined)
      ?.toLowerCase(),
    identityClientId: read.parse(
      "AZURE_CLIENT_ID",
      guid,
      read.text("AZURE_CLIENT_ID"),
      undefined as string | undefined,
    ),
    credential: read.parse(
      "DATAVERSE_CREDENTIAL",
      z.enum(["managed-identity", "developer"], "must be managed-identity or developer"),
      read.text("DATAVERSE_CREDENTIAL"),
      environment.IDENTITY_ENDPOINT ? "managed-identity" : "developer",
    ),
    maxConcurrency: read.whole("DATAVERSE_MAX_CONCURRENCY", 1, 50),
    retryWaitSeconds: read.whole("DATAVERSE_RETRY_WAIT_SECONDS", 0, 120),
    maxRequests: read.whole("MCP_MAX_DATAVERSE_REQUESTS", 20, 5_000),
    toolTimeoutSeconds: read.whole("MCP_TOOL_TIMEOUT_SECONDS", 1, 200),
    maxCalls: read.whole("MCP_MAX_CALLS", 1, 1_000),
    maxWaitingCalls: read.whole("MCP_MAX_WAITING_CALLS", 0, 10_000),
    maxBodyMegabytes: read.whole("MCP_MAX_BODY_MEGABYTES", 2, 1_024),
    caseFields: readCaseFields(read),
    articleUrl: readArticleUrl(read),
    intelligence: readIntelligence(read),
    telemetry: readTelemetry(read),
    devUser: authMode === "dev" ? readDevUser(read, environment) : undefined,
  };
  if (authMode === "jwt") {
    read.required("MCP_TENANT_ID", " (mode jwt accepts tokens of one tenant only)");
    if (config.audiences.length === 0)
      read.problems.push(
        "MCP_AUDIENCES is missing (mode jwt accepts tokens made for this API only).",
      );
    if (config.allowedClients.length === 0)
      read.problems.push(
        "MCP_ALLOWED_CLIENTS is missing (mode jwt lets listed clients in and no other: their application ids, separated by commas).",
      );
  }
  return {
    config: authMode === "" ? undefined : { ...config, authMode },
    problems: read.problems,
    set: new Set(settings.flatMap(({ name }) => (environment[name]?.trim() ? [name] : []))),
  };
}

/**
 * The configuration of an endpoint that may serve.
 *
 * @throws AppError `invalid`, with one problem for each setting to mend
 */
export const readConfig = (environment: Environment): Config =>
  approved(inspectConfig(environment));

function approved({ config, problems }: Inspection): Config {
  if (config === undefined || problems.length > 0) {
    throw new AppError("invalid", "The endpoint is not configured, so it refuses every call.", {
      problems,
      hint: "Set the application settings named and restart; docs and local.settings.sample.json show each of them.",
    });
  }
  return config;
}

function readPublicUrl(read: Reader, environment: Environment): string | undefined {
  const own = read.origin("MCP_PUBLIC_URL", read.text("MCP_PUBLIC_URL"));
  return own === "" ? platformUrl(environment)?.origin : own;
}

function readDevUser(read: Reader, environment: Environment): Config["devUser"] {
  const mark = platformMark(environment);
  if (mark)
    read.problems.push(
      `MCP_AUTH_MODE dev is for one's own machine only; ${mark} says that this is Azure or a cluster.`,
    );
  const url = read.text("DATAVERSE_URL");
  if (URL.canParse(url) && !isLoopback(new URL(url))) {
    read.problems.push(
      "MCP_AUTH_MODE dev works against a Dataverse on loopback only, and DATAVERSE_URL is elsewhere.",
    );
  }
  const id = read.required("MCP_DEV_USER_OBJECT_ID", " (who is calling in mode dev?)");
  return {
    objectId: read.parse("MCP_DEV_USER_OBJECT_ID", objectId, id, "").toLowerCase(),
    name: read.text("MCP_DEV_USER_NAME") || undefined,
  };
}

function readCaseFields(read: Reader): CaseFields {
  const text = read.text("CASE_FIELDS");
  if (text === "") return standardCaseFields;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    read.problems.push("CASE_FIELDS is not JSON.");
    return standardCaseFields;
  }
  const parsed = caseFieldsSchema.safeParse(json);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues.slice(0, 10)) {
      read.problems.push(`CASE_FIELDS ${path.join(".")}: ${message}.`);
    }
    return standardCaseFields;
  }
  for (const [table, fields] of Object.entries(parsed.data)) {
    for (const [field, { autoAt, selectAt }] of Object.entries(fields)) {
      if (autoAt !== "calibrated" && autoAt < selectAt) {
        read.problems.push(`CASE_FIELDS ${table}.${field}: autoAt is below selectAt.`);
      }
    }
  }
  return parsed.data;
}

function readArticleUrl(read: Reader): string | undefined {
  const text = read.text("KNOWLEDGE_ARTICLE_URL");
  if (text === "") return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url));
  if (!isSafe || !/\{(number|id)\}/.test(text)) {
    read.problems.push("KNOWLEDGE_ARTICLE_URL must be an https address with {number} or {id}.");
    return undefined;
  }
  return text;
}

const providers: readonly ProviderChoice[] = ["embedded", "azure-openai", "dataverse-ai"];

function readIntelligence(read: Reader): IntelligenceConfig {
  const endpoint = read.origin("AZURE_OPENAI_ENDPOINT", read.text("AZURE_OPENAI_ENDPOINT"));
  const deployment = read.text("AZURE_OPENAI_DEPLOYMENT");
  if (endpoint !== "" && deployment === "")
    read.problems.push("AZURE_OPENAI_DEPLOYMENT is missing (AZURE_OPENAI_ENDPOINT is set).");
  if (deployment !== "" && read.text("AZURE_OPENAI_ENDPOINT") === "")
    read.problems.push("AZURE_OPENAI_ENDPOINT is missing (AZURE_OPENAI_DEPLOYMENT is set).");
  const words = list(read.text("AI_PROVIDERS").toLowerCase());
  const order = providers.filter((name) => words.includes(name));
  if (words.join() !== "auto" && order.length !== words.length)
    read.problems.push(`AI_PROVIDERS must be auto or a list of ${providers.join(", ")}.`);
  return {
    order:
      words.join() === "auto"
        ? "auto"
        : words.flatMap((word) => order.find((name) => name === word) ?? []),
    azureOpenAI: endpoint === "" ? undefined : { endpoint, deployment },
    budgetSeconds: read.whole("AI_BUDGET_SECONDS", 1, 120),
    linkHosts: list(read.text("DRAFT_LINK_HOSTS").toLowerCase()),
  };
}

/** The form that the Functions host reads as well: `ClientId=<guid>;Authorization=AAD`, the first part only for a user-assigned identity. */
function readTelemetry(read: Reader): TelemetryConfig | undefined {
  const connectionString = read.text("APPLICATIONINSIGHTS_CONNECTION_STRING");
  if (connectionString === "") return undefined;
  const name = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";
  const parts = new Map(
    read
      .text(name)
      .split(";")
      .filter((part) => part.trim() !== "")
      .map((part): [string, string] => {
        const equals = part.indexOf("=");
        return [part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim()];
      }),
  );
  if (parts.size === 0) return { connectionString, identity: undefined };
  if (parts.get("authorization")?.toUpperCase() !== "AAD")
    read.problems.push(`${name} must read ClientId=<guid>;Authorization=AAD.`);
  return { connectionString, identity: { clientId: parts.get("clientid") || undefined } };
}

/** Microsoft's library sends figures about itself to Microsoft, and about the machine to the component, unless told not to. */
function tellOnlyTheComponent(environment: NodeJS.ProcessEnv): void {
  environment.APPLICATION_INSIGHTS_NO_STATSBEAT ??= "true";
  environment.APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED ??= "true";
}

let inspected: Inspection | undefined;

/** What is set and what is wrong in this process, read at the first call. */
export function inspectProcess(): Inspection {
  inspected ??= inspectConfig(process.env);
  return inspected;
}

let cached: Config | undefined;

/** The configuration of this process, read at the first call: a bad setting must not keep the function from registering. */
export function loadConfig(): Config {
  cached ??= approved(inspectProcess());
  if (cached.telemetry) tellOnlyTheComponent(process.env);
  return cached;
}
