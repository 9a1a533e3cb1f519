import { z } from "zod";
import { type CaseFields, caseFieldsSchema, standardCaseFields } from "./case-settings";
import { AppError } from "./errors";

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
  /** Client application ids that may call; empty means any client that Entra lets through. */
  readonly allowedClients: readonly string[];
  readonly requiredScope: string;
  /** Origin of the token issuer. http only on loopback, for a test issuer. */
  readonly authority: string;
  /** Browser origins that may call. A request without an Origin header is not a browser's and passes. */
  readonly allowedOrigins: readonly string[];
  readonly devUser: { readonly objectId: string; readonly name: string | undefined } | undefined;
  /** Client id of the user-assigned identity. */
  readonly identityClientId: string | undefined;
  readonly credential: "managed-identity" | "developer";
  readonly maxConcurrency: number;
  /** The longest that one call waits for Dataverse's Retry-After, in seconds. */
  readonly retryWaitSeconds: number;
  readonly toolTimeoutSeconds: number;
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

export interface Setting {
  readonly name: string;
  readonly required: "always" | "mode jwt" | "mode dev" | "never";
  readonly fallback: string | undefined;
  readonly description: string;
}

/** Every setting there is; the documentation and the infrastructure are checked against this list. */
export const settings = [
  {
    name: "DATAVERSE_URL",
    required: "always",
    fallback: undefined,
    description: "Dataverse environment, for example https://contoso.crm.dynamics.com",
  },
  {
    name: "MCP_AUTH_MODE",
    required: "always",
    fallback: undefined,
    description: "jwt (verify bearer tokens) or dev (one persona, loopback only)",
  },
  {
    name: "MCP_TENANT_ID",
    required: "mode jwt",
    fallback: undefined,
    description: "Entra tenant id; tokens of any other tenant are refused",
  },
  {
    name: "MCP_AUDIENCES",
    required: "mode jwt",
    fallback: undefined,
    description:
      "Accepted audiences, separated by commas: client id and identifier URI of the API's registration",
  },
  {
    name: "MCP_ALLOWED_CLIENTS",
    required: "never",
    fallback: "",
    description:
      "Client application ids that may call, separated by commas; empty lets every client of the tenant in",
  },
  {
    name: "MCP_REQUIRED_SCOPE",
    required: "never",
    fallback: "user_impersonation",
    description: "Delegated scope that a token must carry",
  },
  {
    name: "MCP_AUTHORITY",
    required: "never",
    fallback: "https://login.microsoftonline.com",
    description: "Origin of the token issuer",
  },
  {
    name: "MCP_ALLOWED_ORIGINS",
    required: "never",
    fallback: "",
    description: "Browser origins that may call, separated by commas",
  },
  {
    name: "MCP_DEV_USER_OBJECT_ID",
    required: "mode dev",
    fallback: undefined,
    description: "Entra object id of the persona of mode dev",
  },
  {
    name: "MCP_DEV_USER_NAME",
    required: "never",
    fallback: "",
    description: "Display name of the persona of mode dev",
  },
  {
    name: "AZURE_CLIENT_ID",
    required: "never",
    fallback: "",
    description: "Client id of the user-assigned managed identity",
  },
  {
    name: "DATAVERSE_CREDENTIAL",
    required: "never",
    fallback: "",
    description:
      "managed-identity or developer (Azure CLI); managed-identity where the platform offers one",
  },
  {
    name: "DATAVERSE_MAX_CONCURRENCY",
    required: "never",
    fallback: "24",
    description:
      "Requests to Dataverse at the same time, 1 to 50 (Dataverse refuses more than 52 of one user)",
  },
  {
    name: "DATAVERSE_RETRY_WAIT_SECONDS",
    required: "never",
    fallback: "20",
    description: "Longest wait for Dataverse's Retry-After, 0 to 120 seconds",
  },
  {
    name: "MCP_TOOL_TIMEOUT_SECONDS",
    required: "never",
    fallback: "45",
    description: "Deadline of a tool call, 1 to 200 seconds",
  },
  {
    name: "CASE_FIELDS",
    required: "never",
    fallback: "",
    description:
      'Fields that enrich_case may fill, as JSON: {"incident": {"subjectid": {"mode": "auto", "selectAt": 0.6, "autoAt": "calibrated"}}}; empty takes subject, type, product, serial number (auto) and priority (recommend)',
  },
  {
    name: "AI_PROVIDERS",
    required: "never",
    fallback: "auto",
    description:
      "auto, or the order of embedded, azure-openai and dataverse-ai, separated by commas; embedded is always the last resort",
  },
  {
    name: "AZURE_OPENAI_ENDPOINT",
    required: "never",
    fallback: "",
    description:
      "Azure OpenAI resource, for example https://contoso.openai.azure.com; empty is off",
  },
  {
    name: "AZURE_OPENAI_DEPLOYMENT",
    required: "never",
    fallback: "",
    description: "Name of the model deployment, needed with AZURE_OPENAI_ENDPOINT",
  },
  {
    name: "AI_BUDGET_SECONDS",
    required: "never",
    fallback: "25",
    description: "Longest time for one answer of all providers together, 1 to 120 seconds",
  },
  {
    name: "DRAFT_LINK_HOSTS",
    required: "never",
    fallback: "",
    description: "Hosts that drafted mails may link to, separated by commas",
  },
  {
    name: "KNOWLEDGE_ARTICLE_URL",
    required: "never",
    fallback: "",
    description:
      "Address of a published article for customers, with {number} or {id}, for example https://help.contoso.com/articles/{number}",
  },
  {
    name: "APPLICATIONINSIGHTS_CONNECTION_STRING",
    required: "never",
    fallback: "",
    description: "Application Insights component that telemetry is sent to; empty is off",
  },
  {
    name: "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    required: "never",
    fallback: "",
    description:
      "Identity that sends telemetry: ClientId=<client id of the managed identity>;Authorization=AAD",
  },
] as const satisfies readonly Setting[];

type Name = (typeof settings)[number]["name"];
type Environment = Readonly<Record<string, string | undefined>>;

const guid = z.guid("must be a GUID");
const list = (text: string) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** True for an address that only this machine can reach. */
export const isLoopback = (url: URL): boolean => loopback.has(url.hostname);

/** Marks that the platform sets on a running instance; mode dev has no business there. */
const azureMarks = ["WEBSITE_INSTANCE_ID", "WEBSITE_SITE_NAME", "CONTAINER_APP_NAME"] as const;

/** Reads settings and gathers every problem, so that one look mends them all. */
class Reader {
  readonly problems: string[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  text(name: Name): string {
    const fallback = settings.find((setting) => setting.name === name)?.fallback ?? "";
    return this.#environment[name]?.trim() || fallback;
  }

  required(name: Name, why = ""): string {
    const value = this.text(name);
    if (value === "") this.problems.push(`${name} is missing${why}.`);
    return value;
  }

  parse<T>(name: Name, schema: z.ZodType<T>, value: string, otherwise: T): T {
    if (value === "") return otherwise;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    this.problems.push(`${name} ${parsed.error.issues[0]?.message ?? "is not understood"}.`);
    return otherwise;
  }

  whole(name: Name, low: number, high: number): number {
    const text = this.text(name);
    const value = Number(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    this.problems.push(`${name} must be a whole number from ${low} to ${high}.`);
    return low;
  }

  /** An origin without path: https anywhere, http on loopback only. */
  origin(name: Name, text: string): string {
    if (text === "") return "";
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url));
    if (url && isSafe && url.pathname === "/" && url.search === "") return url.origin;
    this.problems.push(`${name} must be an https address without a path (http only on loopback).`);
    return "";
  }
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
    toolTimeoutSeconds: read.whole("MCP_TOOL_TIMEOUT_SECONDS", 1, 200),
    caseFields: readCaseFields(read),
    articleUrl: readArticleUrl(read),
    intelligence: readIntelligence(read),
    telemetry: readTelemetry(read),
    devUser: authMode === "dev" ? readDevUser(read, environment) : undefined,
  };
  if (authMode === "jwt") {
    read.required("MCP_TENANT_ID", " (mode jwt accepts tokens of one tenant only)");
    read.required("MCP_AUDIENCES", " (mode jwt accepts tokens made for this API only)");
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

function readDevUser(read: Reader, environment: Environment): Config["devUser"] {
  const mark = azureMarks.find((name) => environment[name]);
  if (mark)
    read.problems.push(
      `MCP_AUTH_MODE dev is for one's own machine only; ${mark} says that this is Azure.`,
    );
  const url = read.text("DATAVERSE_URL");
  if (URL.canParse(url) && !isLoopback(new URL(url))) {
    read.problems.push(
      "MCP_AUTH_MODE dev works against a Dataverse on loopback only, and DATAVERSE_URL is elsewhere.",
    );
  }
  const id = read.required("MCP_DEV_USER_OBJECT_ID", " (who is calling in mode dev?)");
  const objectId = read.parse("MCP_DEV_USER_OBJECT_ID", guid, id, "").toLowerCase();
  return { objectId, name: read.text("MCP_DEV_USER_NAME") || undefined };
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
