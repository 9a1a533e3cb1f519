import { execFileSync } from "node:child_process";
import { AzureCliError } from "./azure-cli";
import type { Patience } from "./patience";

/** What a hook is given: the azd environment, and where its words go. */
export interface HookInput {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (line: string) => void;
  /** First wait before another try, in milliseconds; tests wait less. */
  readonly waitMs?: number;
  /** Keeps a value in the azd environment; an empty one takes it away. */
  readonly keep?: (name: string, value: string) => void;
}

/** Tries of a step against a service that may be young or throttled: some five minutes in all. */
const tries = 8;
export const patienceOf = ({ waitMs = 10_000, print }: HookInput): Patience => ({
  tries,
  waitMs,
  print,
});

/** Something is missing that only a person can give; the words say what and how. */
export class HookProblem extends Error {}

/** What the hooks read of the azd environment that Bicep does not. */
export const hookSettings = [
  {
    name: "DATAVERSE_ROLE_NAME",
    fallback: "Customer Service MCP endpoint",
    description: "Name of the security role that the hook makes for the application user.",
  },
  {
    name: "DATAVERSE_TABLES",
    fallback: "",
    description:
      "Tables of the organisation's own, by logical name, separated by commas, that the tools for records and queries may work with.",
  },
  {
    name: "DATAVERSE_PRIVILEGES",
    fallback: "",
    description:
      "Further privileges, by name, separated by commas, that the role gets: for what an environment demands that none of the tools says.",
  },
  {
    name: "SCHEMA_TOOLS",
    fallback: "false",
    description:
      "true gives the role what create_table, update_table and delete_table need. Without it they are refused, whoever calls.",
  },
] as const;

export function need({ environment }: HookInput, name: string, how: string): string {
  const value = environment[name]?.trim();
  if (!value) throw new HookProblem(`${name} is not set. ${how}`);
  return value;
}

/** The Azure CLI, or what stands in for it (`MCP_AZURE_CLI`, used by tests). */
export const cliOf = ({ environment }: HookInput) => environment.MCP_AZURE_CLI || "az";

/** Runs a hook as azd does: the environment is the process's, a problem is a line and an exit code. */
export function runHook(hook: (input: HookInput) => Promise<void>): void {
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  const keep = (name: string, value: string) =>
    void execFileSync("azd", ["env", "set", name, value], { stdio: "inherit" });
  hook({ environment: process.env, print, keep }).catch((error: unknown) => {
    const isExpected = error instanceof HookProblem || error instanceof AzureCliError;
    process.stderr.write(
      `${isExpected ? error.message : String((error as Error)?.stack ?? error)}\n`,
    );
    process.exitCode = 1;
  });
}
