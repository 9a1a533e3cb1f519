export interface Setting {
  readonly name: string;
  readonly required: "always" | "mode jwt" | "mode dev" | "never";
  readonly fallback: string | undefined;
  readonly description: string;
  /** True where a wrong value leaves open who is calling: then nobody is told anything. */
  readonly decidesWhoCalls?: true;
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
    decidesWhoCalls: true,
  },
  {
    name: "MCP_TENANT_ID",
    required: "mode jwt",
    fallback: undefined,
    description: "Entra tenant id; tokens of any other tenant are refused",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_AUDIENCES",
    required: "mode jwt",
    fallback: undefined,
    description:
      "Accepted audiences, separated by commas: client id and identifier URI of the API's registration",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_ALLOWED_CLIENTS",
    required: "mode jwt",
    fallback: undefined,
    description: "Client application ids that may call, separated by commas; any other is refused",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_REQUIRED_SCOPE",
    required: "never",
    fallback: "user_impersonation",
    description: "Delegated scope that a token must carry",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_AUTHORITY",
    required: "never",
    fallback: "https://login.microsoftonline.com",
    description: "Origin of the token issuer",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_PUBLIC_URL",
    required: "never",
    fallback: "",
    description:
      "Origin by which clients reach the endpoint, for example https://mcp.contoso.com; empty takes the host name that the platform gives (WEBSITE_HOSTNAME)",
  },
  {
    name: "MCP_ALLOWED_ORIGINS",
    required: "never",
    fallback: "",
    description: "Browser origins that may call, separated by commas",
  },
  {
    name: "MCP_ROLES",
    required: "never",
    fallback: "",
    description:
      "Names of the Entra app roles that decide which tools a caller may use: csr=CSR,manager=CSR.Manager,admin=Admin; empty leaves it to Dataverse alone",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_NO_ROLE",
    required: "never",
    fallback: "none",
    description:
      "What a caller without any of these roles gets: none, or read (the tools that only read)",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_PROFILE",
    required: "never",
    fallback: "full",
    description:
      "Tools that are offered at most: read, service, data or full. A client asks for fewer by the address: /mcp/read, /mcp/service, /mcp/data",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_READ_ONLY",
    required: "never",
    fallback: "false",
    description: "true: nothing is changed by this endpoint, whoever asks",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_GUARDED_TABLES",
    required: "never",
    fallback: "default",
    description:
      "Tables that nothing is written to, by logical name, separated by commas: default stands for those of rights, identity and automation; none guards nothing",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_SHOWN_TABLES",
    required: "never",
    fallback: "",
    description:
      "Tables that are shown, by logical name, separated by commas, and no other; empty shows all that are not hidden",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_HIDDEN_TABLES",
    required: "never",
    fallback: "",
    description:
      "Tables that no tool reads, joins, searches, names or writes, by logical name, separated by commas",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_SHOWN_COLUMNS",
    required: "never",
    fallback: "",
    description:
      "Columns that are shown of the tables named here, and no other of those: contact.fullname,contact.emailaddress1. The id of a row is always shown",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_HIDDEN_COLUMNS",
    required: "never",
    fallback: "",
    description:
      "Columns that no tool reads, compares, sorts by, searches, names or writes: contact.birthdate, or *.birthdate for every table",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_AUDIT_TABLE",
    required: "never",
    fallback: "",
    description:
      "Custom table that keeps a row of every call that acts, by logical name, for example contoso_mcpact; empty keeps them in the log and Application Insights alone",
  },
  {
    name: "MCP_MAX_ROWS",
    required: "never",
    fallback: "1000",
    description: "Rows in one answer of read_query, 1 to 1,000; more come with its cursor",
  },
  {
    name: "MCP_MAX_ANSWER_CHARACTERS",
    required: "never",
    fallback: "36000",
    description:
      "Characters of rows in one answer of read_query, 2,000 to 36,000; more come with its cursor",
  },
  {
    name: "DATAVERSE_PERSON_BY",
    required: "never",
    fallback: "impersonation",
    description:
      "How Dataverse is told who calls: impersonation (the app's token with CallerObjectId) or on-behalf-of (a token of the person's own; mode jwt only)",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_DEV_USER_OBJECT_ID",
    required: "mode dev",
    fallback: undefined,
    description: "Entra object id of the persona of mode dev",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_DEV_USER_NAME",
    required: "never",
    fallback: "",
    description: "Display name of the persona of mode dev",
    decidesWhoCalls: true,
  },
  {
    name: "MCP_DEV_USER_ROLES",
    required: "never",
    fallback: "",
    description: "App roles of the persona of mode dev, separated by commas",
    decidesWhoCalls: true,
  },
  {
    name: "AZURE_CLIENT_ID",
    required: "never",
    fallback: "",
    description: "Client id of the user-assigned managed identity",
  },
  {
    name: "DATAVERSE_MORE_CLIENT_IDS",
    required: "never",
    fallback: "",
    description:
      "Client ids of further managed identities, separated by commas, that are application users as well: people are spread over all of them, and each has Dataverse's limits to itself",
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
    name: "MCP_MAX_DATAVERSE_REQUESTS",
    required: "never",
    fallback: "200",
    description:
      "Requests to Dataverse that a tool call may make before its first change, 20 to 5,000; calls of one batch share five times as many",
  },
  {
    name: "MCP_TOOL_TIMEOUT_SECONDS",
    required: "never",
    fallback: "45",
    description: "Deadline of a tool call, 1 to 200 seconds",
  },
  {
    name: "MCP_MAX_CALLS",
    required: "never",
    fallback: "32",
    description: "Tool calls of one instance that run at the same time, 1 to 1,000",
  },
  {
    name: "MCP_MAX_WAITING_CALLS",
    required: "never",
    fallback: "400",
    description:
      "Tool calls of one instance that wait for a place, 0 to 10,000; one more is told to come again",
  },
  {
    name: "MCP_MAX_BODY_MEGABYTES",
    required: "never",
    fallback: "16",
    description:
      "Memory for the bodies of requests of one instance together, 2 to 1,024 MiB; beyond it callers are told to come again",
  },
  {
    name: "CONSENT",
    required: "never",
    fallback: "ask",
    description:
      "ask (the approval page, the client or the model, by what a call does) or trust-client (the model's yes is enough for all but rights, because every client asks its user)",
  },
  {
    name: "CONSENT_GRADES",
    required: "never",
    fallback: "",
    description:
      "Whose yes an effect takes where that differs from the default, for example delete=client,reply=model; none may be below its lowest grade",
  },
  {
    name: "CONSENT_STORE",
    required: "never",
    fallback: "",
    description:
      "Container of blobs for approvals, for example https://contoso.blob.core.windows.net/consent; in mode dev a folder. Empty keeps them in the process, without an approval page",
  },
  {
    name: "CONSENT_CLIENT_ID",
    required: "never",
    fallback: "",
    description:
      "Client id of the approval page's own Entra registration; empty: there is no page, and what needs a person's yes is refused",
  },
  {
    name: "CONSENT_STEP_UP",
    required: "never",
    fallback: "",
    description:
      "Authentication context that the sign-in of the approval page has to satisfy, for example c1; empty asks for none",
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
    name: "AZURE_OPENAI_REASONING_EFFORT",
    required: "never",
    fallback: "",
    description:
      "How long the model thinks before it answers: none, minimal, low, medium or high; empty says nothing, for a model that cannot be told",
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

export type SettingName = (typeof settings)[number]["name"];
