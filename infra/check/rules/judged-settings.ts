import type { SettingName } from "../../../shared/config/settings";

/**
 * How a setting is judged in an evaluated deployment.
 * - a parameter: it is what that parameter of `main.bicep` asks for, and absent where nothing is asked: the app's own default holds
 * - `fixed`: the rule of the app settings knows the one right value, from the resources
 * - `sign-in`: the rule of the sign-in compares it with the registration
 * - `laptop`: it has no business in Azure
 */
export type Judgement =
  | { readonly parameter: string }
  | { readonly by: "fixed" | "sign-in" | "laptop" };

const asked = (parameter: string): Judgement => ({ parameter });
const by = (rule: "fixed" | "sign-in" | "laptop"): Judgement => ({ by: rule });

/** Every setting there is: one that is missing here does not compile, and one that nobody judges fails its test. */
export const judgedSettings: Readonly<Record<SettingName, Judgement>> = {
  AI_BUDGET_SECONDS: asked("aiBudgetSeconds"),
  AI_PROVIDERS: asked("aiProviders"),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: by("fixed"),
  APPLICATIONINSIGHTS_CONNECTION_STRING: by("fixed"),
  AZURE_CLIENT_ID: by("fixed"),
  AZURE_OPENAI_DEPLOYMENT: by("fixed"),
  AZURE_OPENAI_ENDPOINT: by("fixed"),
  AZURE_OPENAI_REASONING_EFFORT: by("fixed"),
  CASE_FIELDS: asked("caseFields"),
  CONSENT: asked("consent"),
  CONSENT_CLIENT_ID: by("fixed"),
  CONSENT_GRADES: asked("consentGrades"),
  CONSENT_STEP_UP: asked("consentStepUp"),
  CONSENT_STORE: by("fixed"),
  DATAVERSE_CREDENTIAL: by("fixed"),
  DATAVERSE_MAX_CONCURRENCY: asked("dataverseMaxConcurrency"),
  DATAVERSE_MORE_CLIENT_IDS: by("fixed"),
  DATAVERSE_PERSON_BY: asked("personBy"),
  DATAVERSE_RETRY_WAIT_SECONDS: asked("dataverseRetryWaitSeconds"),
  DATAVERSE_URL: by("fixed"),
  DRAFT_LINK_HOSTS: asked("draftLinkHosts"),
  KNOWLEDGE_ARTICLE_URL: asked("knowledgeArticleUrl"),
  MCP_ALLOWED_CLIENTS: by("sign-in"),
  MCP_ALLOWED_ORIGINS: by("fixed"),
  MCP_AUDIENCES: by("sign-in"),
  MCP_AUTH_MODE: by("fixed"),
  MCP_AUTHORITY: by("sign-in"),
  MCP_DEV_USER_NAME: by("laptop"),
  MCP_DEV_USER_OBJECT_ID: by("laptop"),
  MCP_DEV_USER_ROLES: by("laptop"),
  MCP_GUARDED_TABLES: asked("guardedTables"),
  MCP_AUDIT_TABLE: asked("auditTable"),
  MCP_HIDDEN_COLUMNS: asked("hiddenColumns"),
  MCP_HIDDEN_TABLES: asked("hiddenTables"),
  MCP_MAX_ANSWER_CHARACTERS: asked("maxAnswerCharacters"),
  MCP_MAX_BODY_MEGABYTES: asked("maxBodyMegabytes"),
  MCP_MAX_CALLS: asked("maxCalls"),
  MCP_MAX_DATAVERSE_REQUESTS: asked("maxDataverseRequests"),
  MCP_MAX_ROWS: asked("maxRows"),
  MCP_MAX_WAITING_CALLS: asked("maxWaitingCalls"),
  MCP_NO_ROLE: asked("noRole"),
  MCP_PROFILE: asked("toolProfile"),
  MCP_PUBLIC_URL: asked("publicUrl"),
  MCP_READ_ONLY: asked("readOnly"),
  MCP_REQUIRED_SCOPE: by("sign-in"),
  MCP_ROLES: by("fixed"),
  MCP_SHOWN_COLUMNS: asked("shownColumns"),
  MCP_SHOWN_TABLES: asked("shownTables"),
  MCP_TENANT_ID: by("sign-in"),
  MCP_TOOL_TIMEOUT_SECONDS: asked("toolTimeoutSeconds"),
};

/** The settings that parameters ask for: name and parameter. */
export const askedSettings: readonly (readonly [setting: string, parameter: string])[] =
  Object.entries(judgedSettings).flatMap(([name, judgement]) =>
    "parameter" in judgement ? [[name, judgement.parameter] as const] : [],
  );

/** The settings that a laptop alone has. */
export const laptopSettings: readonly string[] = Object.entries(judgedSettings).flatMap(
  ([name, judgement]) => ("by" in judgement && judgement.by === "laptop" ? [name] : []),
);
