import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { hookSettings } from "../../../infra/hooks/hook";

const root = resolve(__dirname, "../../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly steps: readonly Step[];
}
const workflow = parse(read(".github/workflows/azure-dev.yml")) as {
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: { readonly "cancel-in-progress": boolean };
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<"preview" | "deploy", Job>>;
};
const project = parse(read("azure.yaml")) as {
  readonly pipeline: { readonly variables: readonly string[]; readonly secrets?: unknown };
};

/** What azd hands over by itself. */
const ofAzd = ["AZURE_ENV_NAME", "AZURE_LOCATION", "AZURE_PRINCIPAL_ID", "AZURE_PRINCIPAL_TYPE"];
const chosen = [
  ...Object.values(
    (
      JSON.parse(read("infra/main.parameters.json")) as {
        parameters: Record<string, { value: string }>;
      }
    ).parameters,
  ).flatMap(({ value }) => /^\$\{([A-Z0-9_]+)/.exec(value)?.[1] ?? []),
  ...hookSettings.map(({ name }) => name),
].filter((name) => !ofAzd.includes(name));

describe("the pipeline", () => {
  test("gets every variable that Bicep and the hooks read, and no secret", () => {
    expect([...project.pipeline.variables].sort()).toEqual([...chosen].sort());
    expect(project.pipeline.secrets).toBeUndefined();
    const given = Object.keys(workflow.env).filter((name) => !/^AZURE_/.test(name));
    expect(given.sort()).toEqual([...chosen].sort());
    for (const name of given) expect(workflow.env[name]).toBe(`\${{ vars.${name} }}`);
    expect(read(".github/workflows/azure-dev.yml")).not.toMatch(/secrets\./);
  });

  test("signs in by OpenID Connect, with no more rights on the repository than to read it", () => {
    expect(workflow.permissions).toEqual({ contents: "read", "id-token": "write" });
    for (const { steps } of Object.values(workflow.jobs)) {
      const commands = steps.map(({ run = "" }) => run).join("\n");
      expect(commands).toMatch(/azd auth login .*--federated-credential-provider github/);
      expect(commands).not.toMatch(/client-secret/);
    }
    expect(workflow.env.AZURE_PRINCIPAL_TYPE).toBe("ServicePrincipal");
  });

  test("says in a pull request what would change, and changes nothing there", () => {
    const { preview, deploy } = workflow.jobs;
    const commands = preview.steps.map(({ run = "" }) => run).join("\n");
    expect(commands).toMatch(/azd provision --preview/);
    expect(commands).not.toMatch(/azd (up|deploy|provision --no-prompt)/);
    expect(preview.if).toContain("head.repo.full_name == github.repository");
    expect(deploy.if).toContain("!= 'pull_request'");
  });

  test("deploys where somebody approves, tries what was deployed, and is never cut off", () => {
    const { deploy } = workflow.jobs;
    expect(deploy.environment).toBe("production");
    const commands = deploy.steps.map(({ run = "" }) => run);
    const order = ["azd provision", "azd deploy", "azd hooks run postdeploy"].map((start) =>
      commands.findIndex((each) => each.startsWith(start)),
    );
    expect(order.every((at) => at >= 0)).toBe(true);
    expect([...order].sort((left, right) => left - right)).toEqual(order);
    expect(workflow.concurrency["cancel-in-progress"]).toBe(false);
  });
});
