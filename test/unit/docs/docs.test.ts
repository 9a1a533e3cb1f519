import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { sections, withSections } from "../../../docs/generate/sections";
import { functionList } from "../../../docs/generate/sql-functions";
import { platformSettings } from "../../../infra/check/rules/app-settings";
import { readQueries } from "../../../infra/check/rules/operations";
import { settings } from "../../../shared/config/settings";
import { refusals } from "../../../shared/sql/functions/refusals";
import { tools } from "../../../shared/tools";
import { azdOutputs, azdVariables, problemsOf } from "./commands";
import {
  anchorOf,
  codeOf,
  commandsOf,
  filesOf,
  localLinks,
  type Page,
  pages,
  readPage,
  remoteLinks,
  root,
} from "./pages";

const named = pages.map((page) => [page.path, page] as const);
const byPath = new Map(named);
const read = (file: string) => readFileSync(join(root, file), "utf8");

test("the pages that are promised are there, and links lead to each from the README", () => {
  const wanted = [
    ...["deploy", "configure", "operate", "security", "index"].map((name) => `docs/${name}.md`),
    ...["copilot-studio", "vscode", "github-copilot-cli", "claude", "inspector", "errors"].map(
      (name) => `docs/connect/${name}.md`,
    ),
  ];
  expect(wanted.filter((path) => !byPath.has(path))).toEqual([]);
  const reached = new Set<string>();
  const follow = (path: string) => {
    const page = byPath.get(path);
    if (page === undefined || reached.has(path)) return;
    reached.add(path);
    for (const { file } of localLinks(page)) follow(file);
  };
  follow("README.md");
  expect(reached).toContain("docs/index.md");
  const lost = [...byPath.keys()].filter((path) => path.startsWith("docs/") && !reached.has(path));
  expect(lost).toEqual([]);
});

describe("what code says in the pages is as the code is now (npm run docs)", () => {
  test.each(Object.keys(sections))("%s", (path) => {
    const text = read(path).replaceAll("\r\n", "\n");
    expect(withSections(path, text)).toBe(text);
  });

  test("and a page without its place is found out", () => {
    expect(() => withSections("docs/configure.md", "# Nothing")).toThrow(/no place for settings/);
    expect(() => withSections("docs/index.md", "<!-- generated: x (npm run docs) -->")).toThrow(
      /nobody fills x/,
    );
  });
});

/** All that the product can say. */
const source = [
  ...["shared", "functions", "infra/hooks", "dev", "packages"].flatMap(filesOf),
  "infra/modules/alerts.bicep",
]
  .map(read)
  .join("\n");

/** What is wrong with a page, each line with the thing itself. */
const checks: Readonly<Record<string, (page: Page) => string[]>> = {
  links: (page) =>
    localLinks(page).flatMap(({ target, file, anchor }) => {
      if (file !== page.path && !existsSync(join(root, file)))
        return [`${target}: there is no ${file}`];
      const other = file === page.path ? page : byPath.get(file);
      return anchor === "" || other === undefined || other.anchors.has(anchor)
        ? []
        : [`${target}: ${file} has no heading ${anchor}`];
    }),
  "remote links": (page) =>
    remoteLinks(page).filter(
      (link) => !/^https:\/\/[\w.-]+\.[a-z]+(\/[\w./#?=%&~-]*)?$/.test(link),
    ),
  commands: (page) =>
    // A test of its own runs what that page has.
    (page.path === "packages/dataverse-emulator/README.md"
      ? []
      : [
          ...commandsOf(page),
          ...codeOf(page).filter((text) => /^(azd|npm|az|pac|func) \w/.test(text)),
        ]
    ).flatMap((command) => problemsOf(command).map((problem) => `${command}: ${problem}`)),
  paths: (page) =>
    codeOf(page)
      .filter(
        (text) =>
          /^(infra|docs|shared|functions|packages|dev|test|bench)\/[\w./-]*$/.test(text) ||
          /^[\w-]+\.(json|yaml|md|mjs)$/.test(text),
      )
      // What a client keeps on its own machine.
      .filter((text) => !["mcp.json", "mcp-config.json"].includes(text))
      .filter((text) => !existsSync(join(root, text))),
  settings: (page) =>
    codeOf(page)
      // CURRENT_USER and the like are words of the query language.
      .filter((text) => !/\bSELECT\b/.test(text))
      .flatMap((text) =>
        [...text.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)]
          .map(([name]) => name)
          .filter((name) => !isKnown(name)),
      ),
  // A sentence between backticks is what the product says.
  messages: (page) =>
    codeOf(page)
      .filter((text) => /^[A-Z][a-z']+ [a-z]+ [^_$={}]*[a-z.]$/.test(text))
      .filter((text) => !source.includes(text)),
  tools: (page) => {
    const names = new Set(tools.map(({ name }) => name));
    return codeOf(page).filter(
      (text) =>
        /^(list|describe|read|create|update|delete|enrich|get|draft|send|resolve|retrieve)(_[a-z]+)+$/.test(
          text,
        ) && !names.has(text),
    );
  },
};

/** Settings that a person meets on a laptop, not in Azure: of the product's start, of measuring, of the programs that judge it. */
const ofTheLaptop = new Set(
  [
    ...["dev", "test/outside", "bench"].flatMap(filesOf),
    "packages/dataverse-emulator/src/main.ts",
    "local.settings.sample.json",
  ].flatMap((file) =>
    [...read(file).matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)].map(([name]) => name),
  ),
);
const known = new Set<string>([
  ...settings.map(({ name }) => name),
  // Functions of the query language.
  ...functionList.flatMap(({ functions }) => functions.map(({ name }) => name.replace(/^@@/, ""))),
  ...refusals.flatMap(([, names]) => names.split(" ").map((name) => name.replace(/^@@/, ""))),
  ...platformSettings,
  ...azdVariables,
  ...azdOutputs,
  ...ofTheLaptop,
]);
const isKnown = (name: string) => known.has(name);

describe.each(Object.keys(checks))("%s of the pages", (kind) => {
  test.each(named)("%s", (_, page) => {
    expect(checks[kind]?.(page)).toEqual([]);
  });
});

test("CONTRIBUTING or the README names every script of package.json", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const both = `${read("README.md")}${read("CONTRIBUTING.md")}`;
  const missing = Object.keys(scripts).filter(
    (name) => !new RegExp(`npm (run )?${name}(?![\\w:-])`).test(both),
  );
  expect(missing).toEqual([]);
});

test("each check finds its mistake", () => {
  const bad = readPage(
    "docs/bad.md",
    [
      "# A head, with `code` & more",
      "[a](nowhere.md) [b](deploy.md#no-such) [c](#a-head-with-code--more) [d](http://plain.example)",
      "`You may not pass here.` `MCP_AUDIENCE` `infra/maine.bicep` `read_querry` `npm run nothing` `azd env set DATAVERSE_URI x`",
      "```sh",
      "azd env set MCP_TYPO 1",
      "azd hooks run predeploy",
      "npm run infra:chek -- --mutations",
      "PORT=0 npm start && npm ci",
      "az account get-access-token --skope x",
      'curl --header "x: $(azd env get-value MCP_SCOPES)" x',
      "rm -rf /",
      "```",
    ].join("\n"),
  );
  expect(
    Object.fromEntries(Object.entries(checks).map(([kind, check]) => [kind, check(bad)])),
  ).toEqual({
    links: [
      "nowhere.md: there is no docs/nowhere.md",
      "deploy.md#no-such: docs/deploy.md has no heading no-such",
    ],
    "remote links": ["http://plain.example"],
    commands: [
      "azd env set MCP_TYPO 1: azd: nobody reads MCP_TYPO",
      "azd hooks run predeploy: azd: there is no hook predeploy",
      "npm run infra:chek -- --mutations: npm: there is no script infra:chek",
      "az account get-access-token --skope x: az: account get-access-token has no --skope",
      'curl --header "x: $(azd env get-value MCP_SCOPES)" x: azd: there is no output MCP_SCOPES',
      "rm -rf /: rm is not a program that these pages know",
      "npm run nothing: npm: there is no script nothing",
      "azd env set DATAVERSE_URI x: azd: nobody reads DATAVERSE_URI",
    ],
    messages: ["You may not pass here."],
    paths: ["infra/maine.bicep"],
    settings: ["MCP_AUDIENCE", "DATAVERSE_URI"],
    tools: ["read_querry"],
  });
  expect(anchorOf("2a. Add the tools by wizard")).toBe("2a-add-the-tools-by-wizard");
});

describe("the proofs of docs/security.md", () => {
  const page = byPath.get("docs/security.md") as Page;
  const rows = page.prose
    .split("\n")
    .filter(
      (line) => /^\| (?!---|threat|Table|to stop)/.test(line) && line.split(" | ").length === 3,
    );
  const threats = rows.filter((line) => !/^\| `/.test(line));

  test("stand in every row of the threats", () => {
    expect(threats.length).toBeGreaterThan(30);
    expect(threats.filter((line) => !/`test\/[\w./-]+\.test\.ts`: "/.test(line))).toEqual([]);
  });

  test.each(threats)("%s", (line) => {
    const proofs = [...line.matchAll(/`(test\/[\w./-]+\.test\.ts)`: ((?:"[^"]+"(?:; )?)+)/g)];
    const missing = proofs.flatMap(([, file = "", titles = ""]) =>
      [...titles.matchAll(/"([^"]+)"/g)]
        .map(([, title = ""]) => title)
        // As the title stands in the source, in whichever quotes.
        .filter(
          (title) =>
            !['"', "`", "'"].some((quote) => read(file).includes(`${quote}${title}${quote}`)),
        )
        .map((title) => `${file} has no test "${title}"`),
    );
    expect([proofs.length > 0, missing]).toEqual([true, []]);
  });
});

/** Behind an arrow of CONTRIBUTING stands the test that fails until a step is done: its title is one of that file. */
describe("the arrows of CONTRIBUTING.md", () => {
  const text = read("CONTRIBUTING.md").replace(/\s+/g, " ");
  const named = [...text.matchAll(/"([^"]{15,})"\s(?:in `(test\/[\w./-]+\.test\.ts)`|there)/g)];
  let file = "";
  const proofs = named.map(([, title = "", stated], at) => {
    // "there" is the file that was named last, in whichever form.
    const before = text.slice(0, named[at]?.index);
    file =
      stated ??
      [...before.matchAll(/`((?:packages\/[\w-]+\/)?test\/[\w./-]+\.test\.ts)`/g)].at(-1)?.[1] ??
      "";
    return [title, file] as const;
  });

  test("name tests", () => expect(proofs.length).toBeGreaterThan(9));
  test.each(proofs)("%s: %s", (title, path) => {
    expect(['"', "`"].some((quote) => read(path).includes(`${quote}${title}`))).toBe(true);
  });
});

/** All of them, not a few: the README's table is made from the registry, and a number beside it would be one more thing to change with each new tool. */
const toolCount =
  /\b(?:\d{2,}|eleven|twelve|\w+teen|twenty(?:-\w+)?)\s+tools\b|\bthere are (?:\d{2,}|\w+teen) here\b/gi;

test("no page says by hand how many tools there are", () => {
  for (const told of ["the sixteen tools are there", "its 17 tools", "128; there are 16 here"])
    expect(told.match(toolCount)).toHaveLength(1);
  const told = pages.flatMap(({ path, prose }) =>
    (prose.match(toolCount) ?? []).map((words) => `${path} says "${words}": leave the number out`),
  );
  expect(told).toEqual([]);
});

test("the queries of the operator are shown, drawn and watched from one place", () => {
  const workbook = read("infra/modules/workbook.bicep");
  const alerts = read("infra/modules/alerts.bicep");
  const names = readdirSync(join(root, "infra/queries")).sort();
  const loaded = (text: string) =>
    [...text.matchAll(/loadTextContent\('\.\.\/queries\/([\w.-]+)'\)/g)].map(
      ([, name = ""]) => name,
    );
  expect(loaded(workbook).sort()).toEqual(names);
  expect(loaded(alerts).filter((name) => !names.includes(name))).toEqual([]);
  expect(loaded(alerts)).toHaveLength(4);
  expect(Object.keys(readQueries())).toHaveLength(names.length);
  expect(names.length).toBeGreaterThanOrEqual(10);
});
