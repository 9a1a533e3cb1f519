import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readGolden } from "../../infra/check/deployment";
import { readQueries } from "../../infra/check/rules/operations";
import { at, list, ofType } from "../../infra/check/rules/rule";
import { needsOf } from "../../infra/hooks/dataverse/privileges";
import { hookSettings } from "../../infra/hooks/hook";
import { settings } from "../../shared/config/settings";
import { roles, toolAccess } from "../../shared/policy/access";
import { tools } from "../../shared/tools";
import { roomsDrawing } from "./drawing";
import { layersTable } from "./layers";
import { code, table } from "./markdown";
import { conditionsTable, functionsTable, refusalsTable } from "./sql-functions";

/** The parts of the documentation that code already says; each stands between two comments of a page. */

const root = resolve(__dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8").replaceAll("\r\n", "\n");

const settingsTable = () =>
  table(
    ["Setting", "Required", "Default", "What it is"],
    settings.map(({ name, required, fallback, description }) => [
      code(name),
      { always: "always", "mode jwt": "in mode jwt", "mode dev": "in mode dev", never: "" }[
        required
      ],
      code(fallback ?? ""),
      description,
    ]),
  );

/** What Bicep says of a parameter or an output: `kind name type`, with the description above it. */
function described(kind: "param" | "output"): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let text = "";
  for (const line of read("infra/main.bicep").split("\n")) {
    const said = /^@description\('(.*)'\)$/.exec(line)?.[1];
    if (said !== undefined) text = said.replaceAll("\\'", "'");
    const name = new RegExp(`^${kind} (\\w+) `).exec(line)?.[1];
    if (name !== undefined) found.set(name, text);
    if (/^(param|output) /.test(line)) text = "";
  }
  return found;
}

function azdTable(): string {
  const { parameters } = JSON.parse(read("infra/main.parameters.json")) as {
    parameters: Record<string, { value: string }>;
  };
  const words = described("param");
  const rows = Object.entries(parameters).map(([name, { value }]) => {
    const [, variable = "", fallback = ""] = /^\$\{(\w+)(?:=(.*))?\}$/.exec(value) ?? [];
    return [code(variable), code(fallback), words.get(name) ?? ""];
  });
  const ofHooks = hookSettings.map(({ name, fallback, description }) => [
    code(name),
    code(fallback),
    description,
  ]);
  return table(["Variable", "Default", "What it does"], [...rows, ...ofHooks]);
}

const outputsTable = () =>
  table(
    ["Output", "What it is"],
    [...described("output")].map(([name, words]) => [code(name), words]),
  );

const queryText = () =>
  Object.entries(readQueries())
    .map(([name, text]) => {
      const [question = "", ...body] = text.trimEnd().split("\n");
      return `### ${question.replace(/^\/\/ /, "")}\n\n\`infra/queries/${name}.kql\`\n\n\`\`\`kusto\n${body.join("\n")}\n\`\`\``;
    })
    .join("\n\n");

function alertsTable(): string {
  const golden = readGolden(
    join(root, "infra/check/golden/default.generated.json"),
    join(root, "infra/check/scenarios/default.bicepparam"),
  );
  const queries = Object.entries(readQueries());
  return table(
    ["Alert", "Severity", "Told when", "Over", "Query"],
    ofType(golden, "Microsoft.Insights/scheduledQueryRules").map(({ body }) => {
      const [criterion] = list(at(body, "properties.criteria.allOf"));
      const query = String(at(criterion, "query")).replaceAll("\r\n", "\n");
      const file = queries.find(([, text]) => text === query)?.[0] ?? "";
      return [
        String(at(body, "properties.displayName")),
        String(at(body, "properties.severity")),
        `${code(String(at(criterion, "metricMeasureColumn")))} > ${at(criterion, "threshold")}`,
        "15 minutes, looked at every 5",
        code(`infra/queries/${file}.kql`),
      ];
    }),
  );
}

function roleTable(): string {
  const { tables } = needsOf(tools, { schemaTools: false });
  const who = (name: string) =>
    tools
      .filter((tool) => needsOf([tool], { schemaTools: false }).tables.has(name))
      .map((tool) => code(tool.name));
  return table(
    ["Table", "Rights", "For"],
    [...tables.keys()].sort().map((name) => {
      const users = who(name);
      return [
        code(name),
        [...(tables.get(name) ?? [])].join(", "),
        users.length > 4
          ? `${users.slice(0, 3).join(", ")} and ${users.length - 3} more`
          : users.join(", "),
      ];
    }),
  );
}

/** Tool × role and tool × profile, as `shared/policy/access.ts` says. */
function accessTable(): string {
  const yes = (is: boolean) => (is ? "yes" : "");
  return table(
    [
      "Tool",
      "no role, MCP_NO_ROLE=read",
      "CSR",
      "CSR.Manager",
      "Admin",
      "read",
      "service",
      "data",
    ].map((head, at) => (at > 4 ? `/mcp/${head}` : head)),
    Object.entries(toolAccess).map(([name, { role, profiles, withoutRole }]) => [
      code(name),
      yes(withoutRole),
      ...roles.map((each) => yes(roles.indexOf(each) >= roles.indexOf(role))),
      ...(["read", "service", "data"] as const).map((each) => yes(profiles.includes(each))),
    ]),
  );
}

/** Each tool by the first sentence that a model reads of it. */
const toolsTable = () =>
  table(
    ["Tool", "Effect", "What it does"],
    tools.map(({ name, effect, description }) => [
      code(name),
      effect,
      /^.*?\.(?=\s|$)/s.exec(description)?.[0] ?? description,
    ]),
  );

const drawing = () => `\`\`\`mermaid\n${read("docs/resources.generated.mmd").trimEnd()}\n\`\`\``;

/** By page, then by name. */
export const sections: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  "README.md": { tools: toolsTable },
  "docs/architecture.md": { rooms: roomsDrawing, layers: layersTable },
  "docs/configure.md": { settings: settingsTable, azd: azdTable, outputs: outputsTable },
  "docs/deploy.md": { resources: drawing },
  "docs/operate.md": { queries: queryText, alerts: alertsTable },
  "docs/security.md": { access: accessTable, role: roleTable },
  "docs/sql.md": {
    functions: functionsTable,
    conditions: conditionsTable,
    refusals: refusalsTable,
  },
};

const begin = (name: string) => `<!-- generated: ${name} (npm run docs) -->`;
const end = "<!-- end of generated -->";

/**
 * A page with its generated parts made anew.
 *
 * @throws Error when the page has no place for one of them, or a place that nobody fills
 */
export function withSections(page: string, text: string): string {
  const parts = sections[page] ?? {};
  let made = text.replaceAll("\r\n", "\n");
  for (const [name, make] of Object.entries(parts)) {
    const from = made.indexOf(begin(name));
    const to = made.indexOf(end, from);
    if (from < 0 || to < 0)
      throw new Error(`${page} has no place for ${name}: ${begin(name)} … ${end}`);
    made = `${made.slice(0, from)}${begin(name)}\n\n${make()}\n\n${made.slice(to)}`;
  }
  const places = [...made.matchAll(/<!-- generated: ([\w-]+) /g)].map(([, name = ""]) => name);
  const strange = places.filter((name) => parts[name] === undefined);
  if (strange.length > 0) throw new Error(`${page}: nobody fills ${strange.join(", ")}.`);
  return made;
}
