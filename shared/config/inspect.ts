import { z } from "zod";
import { AppError } from "../errors";
import { isLoopback } from "../loopback";
import { readAccess, readAuditTable, readGuardedTables } from "./access";
import { readCaseFields } from "./case-fields";
import type { AuthMode, Config } from "./config";
import { readConsent } from "./consent";
import { readExposure } from "./exposure";
import { platformMark, platformUrl } from "./hosting";
import { readIntelligence } from "./intelligence";
import { readMoreIdentities } from "./more-identities";
import { guid, list, objectId, type Problem, Reader, type Variables } from "./setting-reader";
import { type SettingName, settings } from "./settings";
import { readTelemetry } from "./telemetry";

/** The configuration as far as it can be read, and what is wrong with it: one problem a setting, which it begins with. */
export interface Inspection {
  /** Undefined when there is no saying who may call. */
  readonly config: Config | undefined;
  readonly problems: readonly Problem[];
  /** Names of the settings that have a value of their own. */
  readonly set: ReadonlySet<SettingName>;
}

/**
 * Checks the variables of a process. Values are never repeated in the problems: one may be a secret that was put into the wrong
 * setting.
 */
export function inspectConfig(variables: Variables): Inspection {
  const read = new Reader(variables);
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
    publicUrl: readPublicUrl(read, variables),
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
    moreClientIds: readMoreIdentities(read),
    credential: read.parse(
      "DATAVERSE_CREDENTIAL",
      z.enum(["managed-identity", "developer"], "must be managed-identity or developer"),
      read.text("DATAVERSE_CREDENTIAL"),
      variables.IDENTITY_ENDPOINT ? "managed-identity" : "developer",
    ),
    maxConcurrency: read.whole("DATAVERSE_MAX_CONCURRENCY", 1, 50),
    retryWaitSeconds: read.whole("DATAVERSE_RETRY_WAIT_SECONDS", 0, 120),
    maxRequests: read.whole("MCP_MAX_DATAVERSE_REQUESTS", 20, 5_000),
    toolTimeoutSeconds: read.whole("MCP_TOOL_TIMEOUT_SECONDS", 1, 200),
    maxCalls: read.whole("MCP_MAX_CALLS", 1, 1_000),
    maxWaitingCalls: read.whole("MCP_MAX_WAITING_CALLS", 0, 10_000),
    maxBodyMegabytes: read.whole("MCP_MAX_BODY_MEGABYTES", 2, 1_024),
    access: readAccess(read),
    guardedTables: readGuardedTables(read),
    exposure: readExposure(read),
    auditTable: readAuditTable(read),
    personBy: readPersonBy(read, authMode),
    maxRows: read.whole("MCP_MAX_ROWS", 1, 1_000),
    maxAnswerCharacters: read.whole("MCP_MAX_ANSWER_CHARACTERS", 2_000, 36_000),
    consent: readConsent(read, authMode === "dev"),
    caseFields: readCaseFields(read),
    articleUrl: readArticleUrl(read),
    intelligence: readIntelligence(read),
    telemetry: readTelemetry(read),
    devUser: authMode === "dev" ? readDevUser(read, variables) : undefined,
  };
  if (authMode === "jwt") {
    read.required("MCP_TENANT_ID", " (mode jwt accepts tokens of one tenant only)");
    if (config.audiences.length === 0)
      read.report("MCP_AUDIENCES", "is missing (mode jwt accepts tokens made for this API only).");
    if (config.allowedClients.length === 0)
      read.report(
        "MCP_ALLOWED_CLIENTS",
        "is missing (mode jwt lets listed clients in and no other: their application ids, separated by commas).",
      );
  }
  return {
    config: authMode === "" ? undefined : { ...config, authMode },
    problems: read.problems,
    set: new Set(settings.flatMap(({ name }) => (variables[name]?.trim() ? [name] : []))),
  };
}

/**
 * The configuration of an endpoint that may serve.
 *
 * @throws AppError `invalid`, with one problem for each setting to mend
 */
export const readConfig = (variables: Variables): Config => approved(inspectConfig(variables));

export function approved({ config, problems }: Inspection): Config {
  if (config === undefined || problems.length > 0) {
    throw new AppError("invalid", "The endpoint is not configured, so it refuses every call.", {
      problems: problems.map(({ message }) => message),
      hint: "Set the application settings named and restart; docs and local.settings.sample.json show each of them.",
    });
  }
  return config;
}

/** Who calls in mode dev brings no token that could be exchanged. */
function readPersonBy(read: Reader, mode: AuthMode | ""): Config["personBy"] {
  const personBy = read.parse<Config["personBy"]>(
    "DATAVERSE_PERSON_BY",
    z.enum(["impersonation", "on-behalf-of"], "must be impersonation or on-behalf-of"),
    read.text("DATAVERSE_PERSON_BY"),
    "impersonation",
  );
  if (personBy === "on-behalf-of" && mode === "dev")
    read.report("DATAVERSE_PERSON_BY", "can be on-behalf-of in mode jwt only.");
  const names = list(read.text("MCP_AUDIENCES"));
  if (personBy === "on-behalf-of" && !names.some((name) => guid.safeParse(name).success))
    read.report(
      "DATAVERSE_PERSON_BY",
      "needs the client id of the API's registration among MCP_AUDIENCES to be on-behalf-of.",
    );
  return personBy;
}

function readPublicUrl(read: Reader, variables: Variables): string | undefined {
  const own = read.origin("MCP_PUBLIC_URL", read.text("MCP_PUBLIC_URL"));
  return own === "" ? platformUrl(variables)?.origin : own;
}

function readDevUser(read: Reader, variables: Variables): Config["devUser"] {
  const mark = platformMark(variables);
  if (mark)
    read.report(
      "MCP_AUTH_MODE",
      `dev is for one's own machine only; ${mark} says that this is Azure or a cluster.`,
    );
  const url = read.text("DATAVERSE_URL");
  if (URL.canParse(url) && !isLoopback(new URL(url))) {
    read.report(
      "MCP_AUTH_MODE",
      "dev works against a Dataverse on loopback only, and DATAVERSE_URL is elsewhere.",
    );
  }
  const id = read.required("MCP_DEV_USER_OBJECT_ID", " (who is calling in mode dev?)");
  return {
    objectId: read.parse("MCP_DEV_USER_OBJECT_ID", objectId, id, "").toLowerCase(),
    name: read.text("MCP_DEV_USER_NAME") || undefined,
    roles: list(read.text("MCP_DEV_USER_ROLES")),
  };
}

function readArticleUrl(read: Reader): string | undefined {
  const text = read.text("KNOWLEDGE_ARTICLE_URL");
  if (text === "") return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url));
  if (!isSafe || !/\{(number|id)\}/.test(text)) {
    read.report("KNOWLEDGE_ARTICLE_URL", "must be an https address with {number} or {id}.");
    return undefined;
  }
  return text;
}
