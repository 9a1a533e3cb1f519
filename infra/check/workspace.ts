import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Compiler, Output } from "./compiler";
import { type Deployment, readSnapshot, subscriptionId, tenantId } from "./deployment";
import { writeGraphTypes } from "./graph-extension";
import { checkedVersion } from "./rules/names-and-tags";

export const infraFolder = resolve(__dirname, "..");
const registryReference = /"br:[^"]*\/microsoftgraph\/[^"]*"/;

/** A copy of infra/ in which the Graph extension is a file, so that nothing is asked of a registry. */
export interface Workspace {
  readonly folder: string;
  readonly scenarios: readonly string[];
  remove(): void;
}

export async function openWorkspace(compiler: Compiler, source = infraFolder): Promise<Workspace> {
  const project = mkdtempSync(join(tmpdir(), "infra-check-"));
  const folder = join(project, "infra");
  writeFileSync(join(project, "package.json"), JSON.stringify({ version: checkedVersion }));
  cpSync(source, folder, { recursive: true });
  const config = join(folder, "bicepconfig.json");
  const text = readFileSync(config, "utf8");
  if (!registryReference.test(text))
    throw new Error("bicepconfig.json names no Graph extension in a registry.");
  const index = writeGraphTypes(join(folder, "graph-types"));
  const published = await compiler.run(
    ["publish-extension", index, "--target", join(folder, "graph.tgz")],
    folder,
  );
  if (published.code !== 0) throw new Error(published.stderr);
  writeFileSync(config, text.replace(registryReference, '"./graph.tgz"'));
  const scenarios = readdirSync(join(folder, "check", "scenarios"))
    .filter((name) => name.endsWith(".bicepparam"))
    .map((name) => name.replace(".bicepparam", ""))
    .sort();
  return { folder, scenarios, remove: () => rmSync(project, { recursive: true, force: true }) };
}

/** Every .bicep file, by its path from `folder`. */
export const bicepFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".bicep"))
    .sort();

/** Lines of a compiler run that are no mere notice; none when all is well. */
const complaints = ({ code, stdout, stderr }: Output, folder: string): string[] => {
  const lines = `${stdout}\n${stderr}`
    .split("\n")
    .map((line) => line.trim().replaceAll(`${folder}/`, ""))
    .filter((line) => /\b(Error|Warning|Info)\b/.test(line) && !/experimental/i.test(line));
  return code !== 0 && lines.length === 0 ? [`The compiler ended with ${code}: ${stderr}`] : lines;
};

/** Builds and lints main.bicep with all it uses; every warning is an error. */
export async function build(compiler: Compiler, { folder }: Workspace): Promise<string[]> {
  const built = await compiler.run(["build", "main.bicep", "--outfile", "main.json"], folder);
  const linted = await compiler.run(["lint", "main.bicep"], folder);
  return [...new Set([...complaints(built, folder), ...complaints(linted, folder)])];
}

/** Compares every file with what `bicep format` makes of it. */
export async function checkFormat(compiler: Compiler, { folder }: Workspace): Promise<string[]> {
  const found: string[] = [];
  for (const file of bicepFiles(folder)) {
    const { stdout, code, stderr } = await compiler.run(
      ["format", file, "--stdout", "--newline-kind", "LF"],
      folder,
    );
    if (code !== 0) found.push(`${file}: ${stderr}`);
    const source = readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n");
    if (stdout.trimEnd() !== source.trimEnd())
      found.push(`${file} is not formatted: run bicep format ${file}.`);
  }
  return found;
}

/** Evaluates one scenario. A string is the compiler's reason why it cannot be. */
export async function evaluateScenario(
  compiler: Compiler,
  { folder }: Workspace,
  scenario: string,
): Promise<Deployment | string> {
  const file = join(folder, "check", "scenarios", `${scenario}.bicepparam`);
  const output = await compiler.run(
    [
      "snapshot",
      file,
      "--tenant-id",
      tenantId,
      "--subscription-id",
      subscriptionId,
      "--location",
      "westeurope",
      "--deployment-name",
      "check",
    ],
    folder,
  );
  const [first] = complaints(output, folder);
  if (first !== undefined) return first;
  try {
    return readSnapshot(file.replace(".bicepparam", ".snapshot.json"), file);
  } catch (error) {
    // An expression that only Azure could work out (`listKeys(…)`) is a finding, not a crash.
    return (error as Error).message;
  }
}
