import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { hookSettings } from "../../../infra/hooks/hook";
import { root } from "./pages";

const json = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8"));
const scripts = new Set(Object.keys(json("package.json").scripts));
const outsideScripts = new Set(["ci", "install", "version"]);
const azdHooks = new Set(
  Object.keys((parse(readFileSync(join(root, "azure.yaml"), "utf8")) as { hooks: object }).hooks),
);

/** What `azd env set` may name: what Bicep is handed, and what hooks read. */
export const azdVariables: ReadonlySet<string> = new Set([
  ...Object.values<{ value: string }>(json("infra/main.parameters.json").parameters).flatMap(
    ({ value }) => /^\$\{(\w+)/.exec(value)?.[1] ?? [],
  ),
  ...hookSettings.map(({ name }) => name),
]);

export const azdOutputs: ReadonlySet<string> = new Set(
  [...readFileSync(join(root, "infra/main.bicep"), "utf8").matchAll(/^output (\w+) /gm)].map(
    ([, name = ""]) => name,
  ),
);

type Judge = (words: readonly string[]) => string | undefined;

/** Sub-commands with the options that each takes; `=` marks one that is followed by a value. */
const options =
  (known: Readonly<Record<string, readonly string[]>>): Judge =>
  (words) => {
    const name = Object.keys(known)
      .sort((left, right) => right.length - left.length)
      .find((each) => words.slice(0, each.split(" ").length).join(" ") === each);
    if (name === undefined) return `there is no ${words.slice(0, 3).join(" ")}`;
    const rest = words.slice(name.split(" ").length);
    const strange = rest.filter((word) => word.startsWith("--") && !known[name]?.includes(word));
    return strange.length > 0 ? `${name} has no ${strange.join(", ")}` : undefined;
  };

const azd: Judge = (words) => {
  const [first, second, third] = words;
  if (first === "env" && second === "set" && third === undefined) return undefined;
  if (first === "env" && second === "set")
    return azdVariables.has(third ?? "") ? undefined : `nobody reads ${third}`;
  if (first === "env" && second === "get-value")
    return azdOutputs.has(third ?? "") ? undefined : `there is no output ${third}`;
  if (first === "hooks" && second === "run")
    return azdHooks.has(third ?? "") ? undefined : `there is no hook ${third}`;
  return options({
    "auth login": [],
    deploy: ["--no-prompt"],
    package: [],
    "pipeline config": ["--provider"],
    version: [],
    down: ["--purge", "--force"],
    "env get-values": [],
    "env new": [],
    provision: ["--preview", "--no-prompt"],
    up: [],
  })(words);
};

const npm: Judge = (words) => {
  const [first, second] = words;
  if (first === "run")
    return scripts.has(second ?? "") ? undefined : `there is no script ${second}`;
  if (first === "start" || first === "test")
    return scripts.has(first) ? undefined : `there is no script ${first}`;
  if (outsideScripts.has(first ?? "")) return undefined;
  return `npm ${first} is not known`;
};

/** Every program that the pages may name, and what it takes. */
const programs: Readonly<Record<string, Judge>> = {
  azd,
  npm,
  az: options({
    "ad app credential reset": ["--id", "--append", "--end-date", "--display-name"],
    "identity federated-credential create": ["--subject"],
    "ad app permission admin-consent": ["--id"],
    "account get-access-token": ["--scope", "--resource", "--query", "--output"],
    "functionapp list-flexconsumption-locations": ["--output"],
    "functionapp stop": ["--name", "--resource-group"],
    login: ["--tenant"],
    "provider register": ["--namespace"],
  }),
  claude: options({
    "mcp add": ["--transport", "--header", "--client-id", "--client-secret", "--callback-port"],
  }),
  curl: options({ "": [], "--header": ["--header"] }),
  func: options({ start: [] }),
  git: options({ clone: [], pull: [] }),
  npx: (words) =>
    words[0] === "@modelcontextprotocol/inspector" ? undefined : `npx ${words[0]} is not known`,
  pac: options({
    "auth create": ["--environment"],
    "connector create": ["--api-definition-file", "--api-properties-file", "--icon-file"],
  }),
};

/** Splits at blanks outside quotes and `$(…)`, which stays one word. */
export function wordsOf(command: string): string[] {
  const words: string[] = [];
  let word = "";
  let depth = 0;
  let quote = "";
  for (const [index, letter] of [...command].entries()) {
    if (letter === "(" && command[index - 1] === "$") depth++;
    else if (letter === ")" && depth > 0) depth--;
    else if (
      depth === 0 &&
      (letter === '"' || letter === "'") &&
      (quote === "" || quote === letter)
    )
      quote = quote === "" ? letter : "";
    if (letter === " " && depth === 0 && quote === "") {
      if (word !== "") words.push(word);
      word = "";
    } else word += letter;
  }
  return word === "" ? words : [...words, word];
}

/** What is wrong with a command of a page, and with those inside it (`$(…)`, `&&`); nothing when all is known. */
export function problemsOf(command: string): string[] {
  const inner = [...command.matchAll(/\$\(((?:[^()]|\([^()]*\))*)\)/g)].map(
    ([, text = ""]) => text,
  );
  const parts = command.replace(/^\w+=\$\(.*\)$/, "").split(/\s&&\s/);
  return [
    ...parts.flatMap((part) => {
      const words = wordsOf(part.trim());
      // Settings before a command: `PORT=0 npm start`.
      while (/^[A-Z_]+=/.test(words[0] ?? "")) words.shift();
      const [program = "", ...rest] = words;
      if (program === "") return [];
      const judge = programs[program];
      if (judge === undefined) return [`${program} is not a program that these pages know`];
      const problem = judge(rest);
      return problem === undefined ? [] : [`${program}: ${problem}`];
    }),
    ...inner.flatMap(problemsOf),
  ];
}
