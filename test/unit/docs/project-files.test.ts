import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { engines, license } from "../../../package.json";
import { root } from "./pages";

const read = (file: string) => readFileSync(join(root, file), "utf8");
const ci = read(".ci/run");

interface Job {
  steps: { run?: string }[];
  strategy?: { matrix: { os: string[]; node: string[] } };
}
const { jobs } = parse(read(".github/workflows/ci.yml")) as { jobs: Record<string, Job> };
const commands = ({ steps }: Job) => steps.map(({ run = "" }) => run).join("\n");

test("GitHub runs what .ci/run runs, and the two commands on every system and version that the README names", () => {
  const [whole, two] = [jobs.everything, jobs["two-commands"]];
  if (whole === undefined || two === undefined) throw new Error("A job is missing.");
  expect(commands(whole)).toContain(".ci/run");
  for (const command of ["npm ci", "npm test", "npm start"])
    expect(commands(two)).toContain(command);
  expect(two.strategy?.matrix.os).toEqual(["ubuntu-latest", "windows-latest", "macos-latest"]);
  const [, others = ""] = /^for version in ([\d ]+); do$/m.exec(ci) ?? [];
  const oldest = engines.node.replace(">=", "");
  expect(two.strategy?.matrix.node).toEqual([oldest, ...others.split(" ")]);
  expect(others.split(" ")).toContain(read(".nvmrc").trim());
  expect(read("README.md")).toContain(`Node ${oldest} or newer`);
});

test("what is generated is compared before the tests run, and only then", () => {
  const steps = ["npm run generate", "git diff --exit-code", "npm test"].map((step) =>
    ci.indexOf(`\n${step}`),
  );
  expect(steps.every((at) => at > 0)).toBe(true);
  expect([...steps].sort((left, right) => left - right)).toEqual(steps);
});

test("the licence is the one that package.json names, and every folder of packages is watched", () => {
  expect(read("LICENSE")).toMatch(new RegExp(`^${license} License\\n`));
  const { updates } = parse(read(".github/dependabot.yml")) as {
    updates: { directories?: string[]; directory?: string }[];
  };
  const watched = updates.flatMap(({ directories, directory }) => [
    ...(directories ?? []),
    ...(directory === undefined ? [] : [directory]),
  ]);
  expect(watched.length).toBeGreaterThan(5);
  expect(watched.filter((folder) => !existsSync(join(root, folder)))).toEqual([]);
  const packages = ["infra", "test"].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
      .filter(
        (file) =>
          !file.includes("node_modules") &&
          /(?:^|[\\/])(?:package-lock\.json|[^\\/]+\.csproj)$/.test(file),
      )
      .map((file) => `/${room}/${dirname(file).replaceAll("\\", "/")}`),
  );
  expect(packages.length).toBeGreaterThan(4);
  expect(packages.filter((folder) => !watched.includes(folder))).toEqual([]);
});
