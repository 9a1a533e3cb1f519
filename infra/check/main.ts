import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Compiler, CompilerMissing, findCompiler } from "./compiler";
import { asText } from "./deployment";
import { drawResources } from "./drawing";
import { endingModels } from "./models";
import { type Mutation, mutations } from "./mutations";
import { findings } from "./rules";
import { checkSources, hashSources } from "./sources";
import {
  build,
  checkFormat,
  evaluateScenario,
  infraFolder,
  openWorkspace,
  type Workspace,
} from "./workspace";

/**
 * `npm run infra:check`: builds, lints and evaluates infra/ by Microsoft's Bicep compiler and holds the result against
 * the rules and the golden files. `--update` writes the golden files and the drawing, `--mutations` seeds mistakes and
 * demands that each is caught by a rule (`--part=1/3` seeds the first third of them). It warns of models that end within 90 days of `--today=yyyy-MM-dd` (now).
 */
const root = resolve(infraFolder, "..");
const golden = join(infraFolder, "check", "golden");
const drawing = join(root, "docs", "resources.generated.mmd");

const hashes = join(infraFolder, "check", "sources.generated.json");

const goldenFile = (scenario: string) => join(golden, `${scenario}.generated.json`);
const lf = (text: string) => text.replaceAll("\r\n", "\n");

/** Everything but the golden files: what the compiler and the rules say. */
async function inspect(compiler: Compiler, workspace: Workspace, scenarios: readonly string[]) {
  const problems = [...(await build(compiler, workspace)), ...checkSources(workspace.folder, root)];
  const texts = new Map<string, string>();
  if (problems.length > 0) return { problems, texts, drawing: undefined };
  let drawn: string | undefined;
  for (const scenario of scenarios) {
    const deployment = await evaluateScenario(compiler, workspace, scenario);
    if (typeof deployment === "string") {
      problems.push(`${scenario}: ${deployment}`);
      continue;
    }
    problems.push(...findings(deployment).map((text) => `${scenario}: ${text}`));
    texts.set(goldenFile(scenario), asText(deployment));
    if (scenario === "everything") drawn = drawResources(deployment);
  }
  return { problems, texts, drawing: drawn };
}

/** Compares with the files that are kept, or writes them. */
function keepGolden(texts: ReadonlyMap<string, string>, isUpdate: boolean): string[] {
  if (isUpdate) {
    rmSync(golden, { recursive: true, force: true });
    mkdirSync(golden, { recursive: true });
    mkdirSync(join(root, "docs"), { recursive: true });
    for (const [file, text] of texts) writeFileSync(file, text);
    return [];
  }
  const kept = existsSync(golden) ? readdirSync(golden).map((name) => join(golden, name)) : [];
  return [
    ...[...texts].flatMap(([file, text]) => {
      const old = existsSync(file) ? lf(readFileSync(file, "utf8")) : undefined;
      return old === text
        ? []
        : [`${file.slice(root.length + 1)} differs: ${firstDifference(old ?? "", text)}`];
    }),
    ...kept
      .filter((file) => file.startsWith(golden) && !texts.has(file))
      .map((file) => `${file.slice(root.length + 1)} belongs to no scenario.`),
  ];
}

function firstDifference(old: string, now: string): string {
  const before = old.split("\n");
  const after = now.split("\n");
  const line = after.findIndex((text, index) => text !== before[index]);
  return `line ${line + 1} was ${(before[line] ?? "(nothing)").trim().slice(0, 120)}, is ${(after[line] ?? "(nothing)").trim().slice(0, 120)}. If that is meant: npm run infra:check -- --update`;
}

/** What is said against the mistake, without the golden files' help; nothing when it is missed. */
async function judge(
  compiler: Compiler,
  workspace: Workspace,
  { file, from, to, scenario }: Mutation,
): Promise<string[]> {
  const path = join(workspace.folder, file);
  const right = readFileSync(path, "utf8");
  const source = lf(right);
  if (source.split(from).length !== 2)
    throw new Error(`A mutation fits ${source.split(from).length - 1} places of ${file}: ${from}`);
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  try {
    // The quickest first: one word against it is enough.
    const inSources = checkSources(workspace.folder, root);
    if (inSources.length > 0) return inSources;
    const deployment = await evaluateScenario(compiler, workspace, scenario);
    if (typeof deployment === "string") return [deployment];
    const found = findings(deployment).map((text) => `${scenario}: ${text}`);
    return found.length > 0 ? found : await build(compiler, workspace);
  } finally {
    writeFileSync(path, right);
  }
}

/**
 * @param words only mutations whose names have them all
 * @param part of those the first third, say, for `1/3`
 */
async function runMutations(
  compiler: Compiler,
  words: readonly string[],
  part: string,
): Promise<number> {
  const [at = 1, parts = 1] = part.split("/").map(Number);
  const named = mutations.filter(({ name }) => words.every((word) => name.includes(word)));
  const edge = (count: number) => Math.round((count * named.length) / parts);
  const chosen = named.slice(edge(at - 1), edge(at));
  const workspace = await openWorkspace(compiler);
  let missed = 0;
  try {
    for (const mutation of chosen) {
      const problems = await judge(compiler, workspace, mutation);
      if (problems.length === 0) missed++;
      console.log(
        `${problems.length > 0 ? "caught" : "MISSED"}  ${mutation.name}${problems[0] ? `: ${problems[0].replace(/\s+/g, " ").slice(0, 150)}` : ""}`,
      );
    }
  } finally {
    workspace.remove();
  }
  console.log(`${chosen.length - missed} passed, ${missed} failed`);
  // A word that fits none must not look like a success.
  return chosen.length === 0 ? 1 : missed;
}

const now = () => new Date().toISOString().slice(0, 10);

async function run(args: readonly string[]): Promise<number> {
  const settingOf = (name: string) =>
    args.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
  const today = settingOf("today") ?? now();
  const part = settingOf("part") ?? "1/1";
  const flags = new Set(args.filter((word) => /^--(?!today=|part=\d+\/\d+$)/.test(word)));
  const strange = [...flags].filter((flag) => flag !== "--update" && flag !== "--mutations");
  if (strange.length > 0)
    throw new Error(
      `There is no ${strange.join(", ")}: --update, --mutations, --part=1/3, --today=yyyy-MM-dd.`,
    );
  const compiler = findCompiler();
  console.log(`Bicep ${compiler.version} from ${compiler.origin}`);
  if (flags.has("--mutations"))
    return runMutations(
      compiler,
      args.filter((word) => !word.startsWith("--")),
      part,
    );
  const workspace = await openWorkspace(compiler);
  try {
    const result = await inspect(compiler, workspace, workspace.scenarios);
    const files = new Map(result.texts);
    const problems = [...(await checkFormat(compiler, workspace)), ...result.problems];
    if (result.drawing !== undefined) files.set(drawing, result.drawing);
    files.set(hashes, hashSources(infraFolder));
    if (problems.length === 0) problems.push(...keepGolden(files, flags.has("--update")));
    for (const problem of problems) console.error(problem);
    for (const warning of endingModels(today)) console.warn(`Warning: ${warning}`);
    console.log(
      problems.length === 0
        ? `infra/ is sound: built, linted, formatted; ${workspace.scenarios.length} scenarios evaluated.`
        : `${problems.length} problems in infra/.`,
    );
    return problems.length;
  } finally {
    workspace.remove();
  }
}

run(process.argv.slice(2)).then(
  (problems) => {
    process.exitCode = problems === 0 ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error instanceof CompilerMissing ? error.message : error);
    process.exitCode = 1;
  },
);
