import { operations } from "../../src/actions";
import type { Operation } from "../../src/actions/operation";
import { usage } from "../../src/command-line";
import {
  AGGREGATES,
  DATE_GROUPINGS,
  FILTER_LINK_TYPES,
  JOIN_TYPES,
  OPERATORS,
} from "../../src/fetchxml/parse/vocabulary";
import thin from "../../src/metadata/definitions/generated/heads.json";
import type { Catalog } from "../../src/model";
import { queryFunctionNames } from "../../src/odata/query/query-functions";
import { applicationUser, personas } from "../../src/sample/identities";
import { switchMeanings } from "../../src/switches";
import { doorNames } from "../../src/web/doors";
import { faultMeanings } from "../../src/web/faults/faults";
import { routes } from "../../src/web/routes/router";
import { differences } from "./differences";

const code = (text: string) => `\`${text}\``;
const list = (names: Iterable<string>) => [...names].map(code).join(" ");
/** A pipe would end the cell. */
const cell = (text: string) => text.replaceAll("|", "\\|");
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...rows]
    .map((row) => `| ${row.map(cell).join(" | ")} |`)
    .join("\n");

/** Tables of which only the head is there, since nothing but lookups leads to them. */
const heads = new Set(thin.map((line) => line.split("\t")[0]?.toLowerCase()));

function boundTo({ boundTo: table, onCollection, alsoBoundTo = [] }: Operation): string {
  if (table === undefined) return "";
  return `${[table, ...alsoBoundTo].join(", ")}${onCollection ? " (the set)" : ""}`;
}

function tables(catalog: Catalog): string {
  const names = catalog
    .entities()
    .filter((entity) => !entity.isIntersect)
    .map((entity) => entity.logicalName)
    .sort();
  const full = names.filter((name) => !heads.has(name));
  return `${full.length} tables with their columns: ${list(full)}.\n\n${names.length - full.length} heads that lookups lead to, and intersect tables beside them.`;
}

/** The parts of `packages/dataverse-emulator/README.md` that are worked out from the code, by name. */
export const renderParts = (catalog: Catalog): Readonly<Record<string, string>> => ({
  options: `\`\`\`text\n${usage}\n\`\`\``,
  requests: table(
    ["request", "what"],
    routes.map(({ forms, what }) => [forms.map((form) => code(form.trim())).join("<br>"), what]),
  ),
  operations: table(
    ["name", "kind", "bound to", "parameters (`!`: demanded)"],
    Object.entries(operations)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, operation]) => [
        code(name),
        operation.kind.toLowerCase(),
        boundTo(operation),
        Object.entries(operation.parameters)
          .map(([parameter, type]) => `${parameter}${type.endsWith("!") ? "!" : ""}`)
          .join(", "),
      ]),
  ),
  words: [
    `**Query functions** (\`Microsoft.Dynamics.CRM.\`): ${list(queryFunctionNames)}`,
    `**FetchXML operators**: ${list([...OPERATORS.keys()].sort())}`,
    `**Link types**: ${list([...JOIN_TYPES, ...FILTER_LINK_TYPES])}. **Aggregates**: ${list(AGGREGATES)}. **Date groupings**: ${list(DATE_GROUPINGS)}.`,
  ].join("\n\n"),
  tables: tables(catalog),
  people: table(
    ["person", "name", "Entra object id (`CallerObjectId`)", "roles"],
    [
      ...personas.map((each) => [
        each.key,
        `${each.firstName} ${each.lastName}`,
        code(each.objectId),
        each.isDisabled ? "disabled" : each.roles.join(", ") || "none",
      ]),
      [
        "application",
        applicationUser.name,
        code(applicationUser.objectId),
        `client id ${code(applicationUser.applicationId)}`,
      ],
    ],
  ),
  doors: list(doorNames),
  faults: table(
    ["kind", "what it does"],
    Object.entries(faultMeanings).map(([kind, meaning]) => [code(kind), meaning]),
  ),
  switches: table(
    ["switch", "at the start", "what it means"],
    switchMeanings.map(([name, start, meaning]) => [code(name), code(String(start)), meaning]),
  ),
  differences: Object.values(differences)
    .map((text) => `- ${text}`)
    .join("\n"),
});

/**
 * The text with each part between `<!-- generated: name -->` and `<!-- end -->` made anew.
 * @throws Error for a part that nobody makes, or one that has no place
 */
export function fillIn(readme: string, parts: Readonly<Record<string, string>>): string {
  const missing = new Set(Object.keys(parts));
  const filled = readme.replace(
    /(<!-- generated: (\w+) -->\n).*?(<!-- end -->)/gs,
    (_all, head: string, name: string, end: string) => {
      const part = parts[name];
      if (part === undefined) throw new Error(`Nothing makes the part ${name}.`);
      missing.delete(name);
      return `${head}\n${part}\n\n${end}`;
    },
  );
  if (missing.size > 0) throw new Error(`There is no place for: ${[...missing].join(", ")}.`);
  return filled;
}
