import { execFile } from "node:child_process";

/** The Azure CLI is not there, nobody is signed in, or it was refused: words for the person. */
export class AzureCliError extends Error {}

export interface AzureCli {
  /** A token for a resource (`https://org.crm.dynamics.com`) or for a scope (`api://…/user_impersonation`). */
  token(target: { readonly resource: string } | { readonly scope: string }): Promise<string>;
  /** The JSON that a command prints. */
  read(args: readonly string[]): Promise<unknown>;
}

/** @param command the CLI's name or path; a script of Node (`.mjs`) is run by Node */
export function createAzureCli(command = "az"): AzureCli {
  const isScript = command.endsWith(".mjs");
  const run = (
    args: readonly string[],
    explain: (error: { readonly code?: unknown }, stderr: string) => string,
  ) =>
    new Promise<unknown>((done, fail) => {
      const words = [...args, "--output", "json"];
      execFile(
        isScript ? process.execPath : command,
        isScript ? [command, ...words] : words,
        // `az` is a batch file on Windows; nothing in the arguments comes from outside the azd environment.
        { shell: process.platform === "win32" && !isScript, maxBuffer: 16 * 1024 * 1024 },
        (error, stdout, stderr) => {
          if (error) return fail(new AzureCliError(explain(error, stderr)));
          try {
            done(JSON.parse(stdout));
          } catch {
            fail(new AzureCliError(`az ${args.join(" ")} printed no JSON.`));
          }
        },
      );
    });
  return {
    async token(target) {
      const [flag, value] =
        "resource" in target ? ["--resource", target.resource] : ["--scope", target.scope];
      const answer = await run(["account", "get-access-token", flag, value], explain);
      return (answer as { accessToken: string }).accessToken;
    },
    read: (args) =>
      run(args, (error, stderr) =>
        error.code === "ENOENT"
          ? explain(error, stderr)
          : `az ${args.join(" ")} failed: ${(stderr.trim().split("\n")[0] ?? "").slice(0, 300)}`,
      ),
  };
}

function explain(error: { readonly code?: unknown }, stderr: string): string {
  if (error.code === "ENOENT")
    return "The Azure CLI (az) is not installed; it is asked for the token of the person who deploys.";
  if (/AADSTS65001/.test(stderr))
    return "The Azure CLI may not ask for this scope: keep its client id in PRE_AUTHORIZED_CLIENT_IDS, or consent once.";
  const reason = stderr.trim().split("\n")[0] ?? "";
  return `The Azure CLI gave no token: ${reason.slice(0, 300)} Sign in with az login.`;
}
