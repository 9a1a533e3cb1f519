import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkProject } from "./project";
import { askedSettings } from "./rules/judged-settings";

/** Files that no snapshot shows: parameters, linter settings, azure.yaml. */
export function checkSources(infra: string, root: string): string[] {
  return [
    ...checkDescriptions(infra),
    ...checkParameters(infra),
    ...checkLinter(infra),
    ...checkVersions(infra),
    ...checkOrder(infra),
    ...checkProject(root),
    ...checkHost(root),
    ...checkConnector(infra),
  ];
}

/**
 * What the golden files were made from, as hashes. Whoever has no compiler still sees, in `npm test`, that a source was
 * changed and not evaluated since.
 */
export function hashSources(infra: string): string {
  const files = [
    ...bicep(infra),
    "abbreviations.json",
    ...["queries", "check/scenarios"].flatMap((folder) =>
      readdirSync(join(infra, folder))
        .filter((name) => /\.(kql|bicepparam)$/.test(name))
        .map((name) => `${folder}/${name}`),
    ),
  ].sort();
  const hashes = files.map((file) => {
    const text = readFileSync(join(infra, file), "utf8").replaceAll("\r\n", "\n");
    return [file, createHash("sha256").update(text).digest("hex").slice(0, 16)];
  });
  return `${JSON.stringify(Object.fromEntries(hashes), null, 2)}\n`;
}

const bicep = (infra: string) => [
  "main.bicep",
  ...readdirSync(join(infra, "modules")).map((name) => `modules/${name}`),
];

/** Every parameter and output of every file says what it is for. */
function checkDescriptions(infra: string): string[] {
  return bicep(infra).flatMap((file) => {
    const lines = readFileSync(join(infra, file), "utf8").split("\n");
    return lines.flatMap((line, index) => {
      const name = /^(?:param|output) (\w+)/.exec(line)?.[1];
      if (name === undefined) return [];
      let above = index - 1;
      while (lines[above]?.startsWith("@") && !lines[above]?.startsWith("@description(")) above--;
      return /^@description\('.{10,}'\)$/.test(lines[above] ?? "")
        ? []
        : [`${file}: ${name} has no description.`];
    });
  });
}

interface ParameterFile {
  readonly parameters: Readonly<Record<string, { readonly value: string }>>;
}

/** Variables of azd's own, and settings of the app, which are called as the app calls them. */
const otherwiseCalled: Readonly<Record<string, string>> = {
  allowedOrigins: "MCP_ALLOWED_ORIGINS",
  environmentName: "AZURE_ENV_NAME",
  location: "AZURE_LOCATION",
  principalId: "AZURE_PRINCIPAL_ID",
  principalType: "AZURE_PRINCIPAL_TYPE",
  ...Object.fromEntries(askedSettings.map(([setting, parameter]) => [parameter, setting])),
};

/** `openAiCapacity` is OPENAI_CAPACITY, `instanceMemoryMB` INSTANCE_MEMORY_MB. */
const variableOf = (parameter: string): string =>
  otherwiseCalled[parameter] ??
  parameter
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .replace("OPEN_AI", "OPENAI");

/**
 * What images of containers export: azd reads the environment of its process before its own, so that a parameter fed by
 * one of these takes whatever the image of a pipeline or a dev container says.
 */
const exportedByContainers =
  /^(?:NODE_VERSION|YARN_VERSION|NPM_.*|NODE_.*|PYTHON_VERSION|PHP_VERSION|RUBY_VERSION|JAVA_VERSION|JAVA_HOME|GO_VERSION|GOLANG_VERSION|RUST_VERSION|DOTNET_.*|POSTGRES_.*|REDIS_.*|NGINX_VERSION|LANG|LC_.*|TZ|PATH|HOME|HOST|HOSTNAME|PORT|USER|SHELL|TERM|PWD|CI|GITHUB_.*|RUNNER_.*|AGENT_.*|BUILD_.*|SYSTEM_.*|CODESPACES.*|REMOTE_.*|KUBERNETES_.*)$/;

/** What no snapshot shows: EasyAuth reads a setting that must stand before it. */
function checkOrder(infra: string): string[] {
  const source = readFileSync(join(infra, "modules/function-app.bicep"), "utf8");
  const auth = /resource auth 'config' = \{([\s\S]*?)\n {4}properties/.exec(source)?.[1] ?? "";
  return /dependsOn: \[settings\]/.test(auth)
    ? []
    : ["modules/function-app.bicep: EasyAuth must come after the settings (dependsOn)."];
}

/** main.parameters.json hands over every parameter, with the defaults that main.bicep has. */
function checkParameters(infra: string): string[] {
  const source = readFileSync(join(infra, "main.bicep"), "utf8");
  const { parameters } = JSON.parse(
    readFileSync(join(infra, "main.parameters.json"), "utf8"),
  ) as ParameterFile;
  const declared = new Map(
    [...source.matchAll(/^param (\w+) (?:string|int|bool)(?: = (.*))?$/gm)].map(
      ([, name = "", fallback]) => [name, fallback?.replace(/^'(.*)'$/, "$1")],
    ),
  );
  const variables = Object.entries(parameters).map(([name, { value }]) => {
    const match = /^\$\{([A-Z][A-Z0-9_]*)(?:=(.*))?\}$/.exec(value);
    return { name, value, variable: match?.[1], fallback: match?.[2] };
  });
  const used = variables.map(({ variable }) => variable);
  return [
    ...[...declared.keys()]
      .filter((name) => parameters[name] === undefined)
      .map((name) => `main.parameters.json does not set ${name}.`),
    ...variables.flatMap(({ name, value, variable, fallback }) => {
      if (!declared.has(name))
        return [`main.parameters.json sets ${name}, which main.bicep lacks.`];
      if (variable === undefined) return [`${name}: ${value} is not of the form \${NAME=default}.`];
      const own = declared.get(name);
      // A moving default (today's month) cannot be written down twice.
      if (own?.includes("(")) return [];
      return own === fallback
        ? []
        : [`${name}: the default is ${fallback} in main.parameters.json and ${own} in main.bicep.`];
    }),
    ...variables
      .filter(({ name, variable }) => variable !== undefined && variable !== variableOf(name))
      .map(({ name, variable }) => `${name} is fed by ${variable}, must be ${variableOf(name)}.`),
    ...variables
      .filter(({ variable }) => exportedByContainers.test(variable ?? ""))
      .map(
        ({ name, variable }) =>
          `${name} is fed by ${variable}, which images of containers export; call it otherwise.`,
      ),
    ...used
      .filter((variable, index) => used.indexOf(variable) !== index)
      .map((variable) => `${variable} feeds two parameters.`),
  ];
}

/** No rule of the linter may be lowered; the one that compares with today's date would fail by the calendar. */
function checkLinter(infra: string): string[] {
  const { analyzers } = JSON.parse(readFileSync(join(infra, "bicepconfig.json"), "utf8")) as {
    analyzers: { core: { enabled: boolean; rules: Record<string, { level: string }> } };
  };
  const { enabled, rules } = analyzers.core;
  const raised = Object.entries(rules).filter(([name]) => name !== "use-recent-api-versions");
  return [
    ...(enabled ? [] : ["The linter is off."]),
    ...(raised.length >= 30 ? [] : [`Only ${raised.length} rules of the linter are set.`]),
    ...raised
      .filter(([, { level }]) => level !== "error")
      .map(([name, { level }]) => `The linter's rule ${name} is lowered to ${level}.`),
    ...bicep(infra)
      .filter((file) => /#disable/.test(readFileSync(join(infra, file), "utf8")))
      .map((file) => `${file} switches a rule of the linter off.`),
  ];
}

/** Preview versions change under one's feet. */
function checkVersions(infra: string): string[] {
  return bicep(infra).flatMap((file) =>
    [...readFileSync(join(infra, file), "utf8").matchAll(/'[\w.]+\/[\w./]+@([\w.-]+)'/g)]
      .filter(([, version = ""]) => !/^(\d{4}-\d{2}-\d{2}|v1\.0)$/.test(version))
      .map(([type]) => `${file}: ${type} is of a preview version.`),
  );
}

interface Host {
  readonly functionTimeout?: string;
  readonly extensions?: {
    readonly http?: {
      readonly routePrefix?: string;
      readonly maxConcurrentRequests?: number;
      readonly maxOutstandingRequests?: number;
    };
  };
  readonly logging?: {
    readonly logLevel?: Readonly<Record<string, string>>;
    readonly applicationInsights?: {
      readonly samplingSettings?: { readonly isEnabled?: boolean; readonly excludedTypes?: string };
    };
  };
}

/** Requests at a time that the host must let through: the app's own bounds lie below. */
const leastRequests = 1_000;

/** host.json: the addresses that are put out, an end before the load balancer's (230 s), and what the queries read. */
function checkHost(root: string): string[] {
  const host = JSON.parse(readFileSync(join(root, "host.json"), "utf8")) as Host;
  const [hours = 9, minutes = 0, seconds = 0] = (host.functionTimeout ?? "").split(":").map(Number);
  const limit = hours * 3600 + minutes * 60 + seconds;
  const levels = Object.entries(host.logging?.logLevel ?? {});
  const sampling = host.logging?.applicationInsights?.samplingSettings;
  const kept = (sampling?.excludedTypes ?? "").split(";");
  return [
    ...levels
      .filter(([, level]) => level !== "Information")
      .map(([name, level]) => `host.json: the log of ${name} is at ${level}, must be Information.`),
    ...(sampling?.isEnabled === false ||
    ["Request", "Exception"].every((type) => kept.includes(type))
      ? []
      : ["host.json: requests and exceptions must be left out of sampling (excludedTypes)."]),
    ...(host.extensions?.http?.routePrefix === ""
      ? []
      : ['host.json: routePrefix must be "", or the endpoint is not /mcp.']),
    ...(["maxConcurrentRequests", "maxOutstandingRequests"] as const)
      .filter((name) => (host.extensions?.http?.[name] ?? 0) < leastRequests)
      .map(
        (name) =>
          `host.json: ${name} must be at least ${leastRequests}, or the host turns calls away without a word before the app does it in words.`,
      ),
    ...(limit > 0 && limit <= 230
      ? []
      : ["host.json: functionTimeout must be at most 00:03:50, when the load balancer hangs up."]),
  ];
}

/** The connector's templates, as the platform takes them (the filled ones are judged by a test with a Swagger parser). */
function checkConnector(infra: string): string[] {
  const read = (name: string) =>
    JSON.parse(readFileSync(join(infra, "connector", name), "utf8")) as Record<string, never>;
  const definition = read("apiDefinition.swagger.json") as unknown as {
    swagger: string;
    host: string;
    schemes: string[];
    security: unknown;
    paths: Record<string, Record<string, Record<string, unknown>>>;
  };
  const properties = JSON.stringify(read("apiProperties.json"));
  const operations = Object.entries(definition.paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => ({ name: `${verb} ${path}`, operation })),
  );
  const [only] = operations;
  const demands: readonly (readonly [boolean, string])[] = [
    [definition.swagger === "2.0", "is not Swagger 2.0"],
    [/^\$\{HOST\}$/.test(definition.host), "names a host; it is filled in from the outputs"],
    [definition.schemes.join() === "https", "must be https alone"],
    [
      operations.length === 1 && only?.name === "post /mcp",
      `has ${operations.map(({ name }) => name).join(", ")}; the platform takes POST /mcp alone`,
    ],
    [
      only?.operation["x-ms-agentic-protocol"] === "mcp-streamable-1.0",
      "must say x-ms-agentic-protocol: mcp-streamable-1.0",
    ],
    [!/secret/i.test(properties), "apiProperties.json must hold no secret"],
    [/"IsOnbehalfofLoginSupported":true/.test(properties), "must sign in on behalf of the person"],
    [
      /^\[\{"oauth2-auth":\["\$\{SCOPE\}"\]\}\]$/.test(JSON.stringify(definition.security)) &&
        /"scopes":\["\$\{SCOPE\}","offline_access"\]/.test(properties),
      "must ask for the API's scope alone, and to be kept signed in (offline_access)",
    ],
    [
      /"AzureActiveDirectoryResourceId":"\$\{IDENTIFIER_URI\}"/.test(properties) &&
        /"resourceUri":\{"value":"\$\{IDENTIFIER_URI\}"\}/.test(properties),
      "must name the API's identifier URI as its resource",
    ],
    [/\$\{CONNECTOR_CLIENT_ID\}/.test(properties), "must use the connector's own registration"],
  ];
  return demands.filter(([isRight]) => !isRight).map(([, what]) => `The connector ${what}.`);
}
