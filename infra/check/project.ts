import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { serviceName } from "./rules/names-and-tags";

interface Hook {
  readonly run?: string;
  readonly windows?: { readonly run?: string };
  readonly continueOnError?: boolean;
}

interface Project {
  readonly requiredVersions?: { readonly azd?: string };
  readonly infra?: { readonly path?: string; readonly provider?: string };
  readonly services?: Record<
    string,
    Record<string, unknown> & { readonly hooks?: Record<string, Hook> }
  >;
  readonly hooks?: Record<string, Hook>;
}

/** The first azd that runs what this file asks for. */
const leastAzd = ">= 1.23.15";

const projectHooks = [
  "preprovision",
  "postprovision",
  "postdeploy",
  "predown",
  "postdown",
] as const;
const packageCommand = "npm run package";

/** azure.yaml: one service, deployed as built here, and hooks that exist; `.funcignore` beside it. */
export function checkProject(root: string): string[] {
  const project = parse(readFileSync(join(root, "azure.yaml"), "utf8")) as Project;
  return [
    ...(project.infra?.path === "infra" && project.infra.provider === "bicep"
      ? []
      : ["azure.yaml: infra must be the folder infra, by Bicep."]),
    ...(project.requiredVersions?.azd === leastAzd
      ? []
      : [`azure.yaml: requiredVersions.azd must be "${leastAzd}".`]),
    ...checkService(project),
    ...checkHooks(project, root),
    ...checkIgnored(root),
  ];
}

function checkService(project: Project): string[] {
  const services = Object.keys(project.services ?? {});
  const service = project.services?.[serviceName] ?? {};
  const expected = {
    host: "function",
    language: "ts",
    // Where azd installs and builds; what it ships is `dist`, from there.
    project: ".",
    dist: "out/package",
    remoteBuild: false,
  };
  const { prepackage, ...others } = service.hooks ?? {};
  return [
    ...(services.join() === serviceName
      ? []
      : [`azure.yaml must have one service, ${serviceName}.`]),
    ...Object.entries(expected)
      .filter(([name, value]) => service[name] !== value)
      .map(([name, value]) => `azure.yaml: ${name} of the service must be ${value}.`),
    ...[prepackage?.run, ...(prepackage?.windows ? [prepackage.windows.run] : [])]
      .filter((run) => run !== packageCommand)
      .map(
        (run) =>
          `azure.yaml: the hook prepackage of the service must run ${packageCommand}; it runs ${run ?? "nothing"}. A hook of the project does not run for azd deploy.`,
      ),
    ...(prepackage?.continueOnError === true
      ? ["azure.yaml: a failure of the hook prepackage would be passed over."]
      : []),
    ...Object.keys(others).map((name) => `azure.yaml: nobody judges the service's hook ${name}.`),
  ];
}

function checkHooks(project: Project, root: string): string[] {
  const hooks = Object.entries(project.hooks ?? {});
  return [
    ...hooks
      // What was deployed stands, whatever the smoke test says; elsewhere a failure must stop the way.
      .filter(([name, { continueOnError }]) => continueOnError === true && name !== "postdeploy")
      .map(([name]) => `azure.yaml: a failure of the hook ${name} would be passed over.`),
    ...projectHooks
      .filter((name) => project.hooks?.[name] === undefined)
      .map((name) => `azure.yaml lacks the hook ${name}.`),
    ...hooks.flatMap(([name, hook]) => {
      const expected = `./infra/hooks/${name}.ts`;
      const wrong = [hook.run, ...(hook.windows ? [hook.windows.run] : [])].filter(
        (run) => run !== expected,
      );
      return wrong.length === 0 && existsSync(join(root, expected))
        ? []
        : [`azure.yaml: the hook ${name} must run ${expected}; it runs ${wrong.join(", ")}.`];
    }),
  ];
}

/** azd takes a package that is not built in Azure and leaves node_modules out for a mistake, and stops. */
function checkIgnored(root: string): string[] {
  const file = join(root, ".funcignore");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) =>
      /^\/?(?:\*\*?|(?:\*\*\/)?node_modules|(?:\*\*\/)?out(?:\/package)?)(?:\/\*{0,2})?$/.test(
        line,
      ),
    )
    .map((line) => `.funcignore: ${line} hides what azd deploys, or makes it refuse to.`);
}
