/** What of another layer a layer may import: all of it, its door (the room's `index.ts`) alone, or its types alone. */
export interface Allowed {
  readonly path: string;
  readonly only?: "door" | "types";
}

export interface Layer {
  /** A folder, or a file without its ending, from the root of the project. The first that fits a file wins. */
  readonly path: string;
  /** What stands there, in a few words. */
  readonly what: string;
  readonly imports: readonly Allowed[];
  /** Packages, by name; those of Node are everybody's, but for `connections` below. */
  readonly packages: readonly string[];
}

const all = (...paths: readonly string[]): Allowed[] => paths.map((path) => ({ path }));
const door = (...paths: readonly string[]): Allowed[] =>
  paths.map((path) => ({ path, only: "door" }));
const types = (...paths: readonly string[]): Allowed[] =>
  paths.map((path) => ({ path, only: "types" }));

/** The layers of the product, from the outside in. */
export const layers: readonly Layer[] = [
  {
    path: "functions",
    what: "triggers, and nothing else",
    imports: [...door("shared/compose", "shared/health", "shared/mcp"), ...types("shared/log")],
    packages: ["@azure/functions"],
  },
  {
    path: "shared/health",
    what: "what an operator may know of a deployment",
    imports: [
      ...door("shared/auth", "shared/compose", "shared/config"),
      ...all("shared/errors", "shared/log", "shared/mcp/server-info", "shared/trace"),
    ],
    packages: [],
  },
  {
    path: "shared/compose",
    what: "wires a process together: the one place that puts tokens, Dataverse, policy and tools together",
    imports: [
      ...all("shared/auth", "shared/dataverse", "shared/intelligence", "shared/policy"),
      ...door("shared/approval", "shared/config", "shared/mcp", "shared/operations"),
      ...door("shared/sql", "shared/storage", "shared/telemetry", "shared/tools"),
      ...all("shared/errors", "shared/log", "shared/loopback", "shared/mcp/list", "shared/trace"),
      ...types("shared/context"),
    ],
    packages: [],
  },
  {
    path: "shared/mcp",
    what: "the protocol of both eras: envelopes, the tool list, results and refusals in words",
    imports: [
      ...all("shared/errors", "shared/loopback", "shared/policy", "shared/text", "shared/trace"),
      ...all("shared/turns"),
      ...door("shared/approval", "shared/tools"),
      ...types("shared/context", "shared/dataverse", "shared/tools/define"),
      // The version stands there, once.
      ...all("package.json"),
    ],
    packages: ["@modelcontextprotocol/sdk", "@modelcontextprotocol/server", "zod"],
  },
  {
    path: "shared/tools",
    what: "what a model can call: one tool, one file",
    imports: [
      ...all("shared/errors", "shared/policy", "shared/service", "shared/text"),
      ...door("shared/intelligence", "shared/sql"),
      ...types("shared/context", "shared/dataverse"),
    ],
    packages: ["zod"],
  },
  {
    path: "shared/service",
    what: "what a record, a table, a case, an enrichment, an article, a mail is",
    imports: [
      ...all("shared/errors", "shared/policy", "shared/text"),
      ...door("shared/intelligence", "shared/sql"),
      ...types("shared/config", "shared/dataverse"),
      // Names and spellings of the Web API, and the nearest name: pure, and nobody's connection.
      ...all(
        "shared/dataverse/annotations",
        "shared/dataverse/odata-literal",
        "shared/sql/nearest",
      ),
    ],
    packages: ["zod"],
  },
  {
    path: "shared/operations",
    what: "the door between tools and what is stored: judges every write, shows it, lets it pass",
    imports: [
      ...all("shared/errors", "shared/policy", "shared/dataverse/annotations"),
      ...door("shared/approval", "shared/text"),
      ...types("shared/dataverse", "shared/storage"),
    ],
    packages: [],
  },
  {
    path: "shared/approval",
    what: "a person's yes: seals, what became of it, and the page with its one form",
    imports: [...all("shared/errors", "shared/policy", "shared/text"), ...types("shared/storage")],
    packages: [],
  },
  {
    path: "shared/storage",
    what: "what has to be true across instances: a folder, or a container of blobs",
    imports: all("shared/errors"),
    packages: ["@azure/core-rest-pipeline"],
  },
  {
    path: "shared/policy",
    what: "what is never automatic, and what needs whose yes",
    imports: all("shared/errors"),
    packages: [],
  },
  {
    path: "shared/intelligence/providers/azure-openai",
    what: "the provider that asks a language model",
    imports: all("shared/intelligence", "shared/text"),
    packages: ["openai", "zod"],
  },
  {
    path: "shared/intelligence",
    what: "predicts fields, suggests next steps, drafts replies: the interface, the chain, three equal providers",
    imports: all("shared/errors", "shared/text", "shared/turns"),
    packages: [],
  },
  {
    path: "shared/sql",
    what: "T-SQL SELECT, as FetchXML and what is left to work out here",
    imports: all("shared/text", "shared/turns"),
    packages: ["windows-iana"],
  },
  {
    path: "shared/dataverse",
    what: "the only way to Dataverse",
    imports: all(
      "shared/errors",
      "shared/text/markup",
      "shared/trace",
      "shared/turns",
      "shared/until-aborted",
    ),
    packages: ["@azure/core-rest-pipeline"],
  },
  {
    path: "shared/auth",
    what: "who is calling, and the tokens of the app itself",
    imports: [
      ...all("shared/errors", "shared/loopback"),
      ...types("shared/approval", "shared/config", "shared/context"),
    ],
    packages: ["@azure/core-auth", "@azure/identity", "@azure/msal-node", "jose", "openid-client"],
  },
  {
    path: "shared/telemetry",
    what: "spans and measures, loaded on first use",
    imports: types("shared/config", "shared/policy", "shared/trace"),
    packages: [
      "@azure/core-auth",
      "@opentelemetry/api",
      "@opentelemetry/api-logs",
      "applicationinsights",
    ],
  },
  {
    path: "shared/config",
    what: "the settings: what each is, what is set, what is wrong with it",
    // The names of roles and profiles are the policy's.
    imports: all("shared/errors", "shared/loopback", "shared/policy"),
    packages: ["zod"],
  },
  {
    path: "shared/text",
    what: "reads and cleans strangers' text",
    imports: all("shared/turns"),
    packages: ["entities", "htmlparser2", "xss"],
  },
  {
    path: "shared/context",
    what: "what one tool call may touch",
    imports: types("shared/config", "shared/dataverse", "shared/intelligence", "shared/sql"),
    packages: [],
  },
  { path: "shared/errors", what: "the one type of error", imports: [], packages: [] },
  { path: "shared/log", what: "what is written to the log", imports: [], packages: [] },
  {
    path: "shared/loopback",
    what: "what only this machine can reach",
    imports: [],
    packages: [],
  },
  {
    path: "shared/until-aborted",
    what: "waiting that ends with a call, for work that does not",
    imports: [],
    packages: [],
  },
  {
    path: "shared/trace",
    what: "what one call cost and changed",
    imports: types("shared/policy"),
    packages: [],
  },
  {
    path: "shared/turns",
    what: "one piece of work in each round of the event loop",
    imports: [],
    packages: [],
  },
  {
    path: "packages/dataverse-emulator",
    what: "the embedded Dataverse; shares no code with the product, so that the two cannot be wrong together",
    imports: [],
    packages: ["@photostructure/sqlite", "esbuild", "saxes"],
  },
  {
    path: "dev",
    what: "the laptop: `npm start` and the stand-in of the Functions host, around the built product",
    imports: [],
    packages: ["dataverse-emulator"],
  },
];

/** May import anything, and nobody of the above may import them. */
export const anything: readonly string[] = ["bench", "docs/generate", "infra"];

/** Modules of Node by which a process reaches another; what talks to others does so by the packages of its layer. */
export const connections: readonly string[] = [
  "node:child_process",
  "node:dgram",
  "node:http",
  "node:http2",
  "node:https",
  "node:net",
  "node:tls",
];

const isBelow = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

/** The layer of a file; undefined for what may import anything, and for what stands nowhere. */
export const layerOf = (file: string): Layer | undefined =>
  layers.find(({ path }) => isBelow(file.replace(/\.(ts|mjs)$/, ""), path));

/** Why a file may not import this; undefined where it may. */
export function objection(
  file: string,
  {
    to,
    isPackage,
    isType,
  }: { readonly to: string; readonly isPackage: boolean; readonly isType: boolean },
): string | undefined {
  const layer = layerOf(file);
  if (layer === undefined)
    return anything.some((folder) => isBelow(file, folder))
      ? undefined
      : `${file} stands in no layer`;
  const sentence = `${file} (${layer.path}) may not import ${to}`;
  if (isPackage) {
    const isProduct = isBelow(file, "shared") || isBelow(file, "functions");
    if (to.startsWith("node:"))
      return isProduct && !isType && connections.includes(to) ? sentence : undefined;
    return layer.packages.includes(to) ? undefined : sentence;
  }
  if (isBelow(to, layer.path)) return undefined;
  const reasons = layer.imports
    .filter(({ path }) => isBelow(to, path))
    .map(({ path, only }) => {
      if (only === "types" && !isType) return ", but for its types";
      return only === "door" && to !== path ? `, but for its door ${path}` : undefined;
    });
  if (reasons.includes(undefined)) return undefined;
  return `${sentence}${reasons[0] ?? ""}`;
}
