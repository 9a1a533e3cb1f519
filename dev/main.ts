import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { applicationUser, demoCases, tenantId } from "dataverse-emulator";
import { PortError, tryPort, UsageError } from "dataverse-emulator/command-line";
import { type ApprovalIssuer, startApprovalIssuer } from "./approval-issuer";
import { type FunctionsHost, startFunctionsHost } from "./functions-host";
import { readStartSettings, type StartSettings, usage } from "./settings";

/**
 * `npm start`: the embedded Dataverse in a process of its own, the function app in this one, both on loopback.
 * Arguments go to the embedded Dataverse; settings.ts says what there is.
 */
const here = dirname(fileURLToPath(import.meta.url));
const appFolder = resolve(here, "../..");

/** What the embedded Dataverse tells its parent. */
type Message =
  | { readonly kind: "progress"; readonly text: string }
  | { readonly kind: "ready"; readonly url: string }
  | { readonly kind: "failed"; readonly message: string };

class StartError extends Error {}

function startDataverse(
  port: number,
  args: readonly string[],
): { child: ChildProcess; ready: Promise<string> } {
  const child = fork(
    join(appFolder, "packages/dataverse-emulator/dist/main.mjs"),
    ["--port", String(port), ...args],
    {
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      // Ctrl-C goes to every process of a terminal's group, and this one must outlive the calls that the other still runs.
      detached: process.platform !== "win32",
    },
  );
  const ready = new Promise<string>((done, fail) => {
    child.on("message", (message: Message) => {
      if (message.kind === "progress") process.stderr.write(`${message.text}\n`);
      if (message.kind === "ready") done(message.url);
      if (message.kind === "failed") fail(new StartError(message.message));
    });
    child.once("error", fail);
    child.once("exit", (code) =>
      fail(
        new StartError(
          `The embedded Dataverse stopped (exit code ${code}); its words stand above.`,
        ),
      ),
    );
  });
  return { child, ready };
}

/** The approval page's own registration, as the stand-in of Entra knows it. */
const approvalClientId = "0c000000-0000-4000-8000-0000000000c2";

/** The settings that Azure would give the app, for the identity endpoint that the embedded Dataverse serves. */
function setEnvironment(
  dataverseUrl: string,
  persona: StartSettings["persona"],
  approvals: { readonly authority: string; readonly folder: string },
): void {
  Object.assign(process.env, {
    MCP_AUTHORITY: approvals.authority,
    CONSENT_CLIENT_ID: approvalClientId,
    CONSENT_STORE: approvals.folder,
    DATAVERSE_URL: dataverseUrl,
    MCP_AUTH_MODE: "dev",
    MCP_TENANT_ID: tenantId,
    MCP_DEV_USER_OBJECT_ID: persona.objectId,
    MCP_DEV_USER_NAME: `${persona.firstName} ${persona.lastName}`,
    AZURE_CLIENT_ID: applicationUser.applicationId,
    IDENTITY_ENDPOINT: `${dataverseUrl}/msi/token`,
    IDENTITY_HEADER: "local-development-only",
  });
}

function greet(endpoint: string, dataverseUrl: string, persona: StartSettings["persona"]): void {
  const entry = { servers: { "customer-service": { type: "http", url: endpoint } } };
  console.log(
    [
      `MCP endpoint: ${endpoint}`,
      "",
      `Signed in as ${persona.firstName} ${persona.lastName} (${persona.key}); MCP_PERSONA chooses another.`,
      `Embedded Dataverse: ${dataverseUrl}/api/data/v9.2/`,
      "",
      "VS Code, .vscode/mcp.json:",
      JSON.stringify(entry, null, 2),
      "",
      `Inspector: npx @modelcontextprotocol/inspector --cli ${endpoint} --transport http --method tools/list`,
      "",
      "Things to ask:",
      "  - List my open cases, the oldest first.",
      "  - Which five customers have the most open cases?",
      "  - Delete that case. (It asks you at a page of its own before it does.)",
      `  - Resolve case ${demoCases[0].ticketNumber} with the note: solved on the phone.`,
      "",
      "Ctrl-C ends it. Data is kept; npm start -- --reset begins anew.",
    ].join("\n"),
  );
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const settings = readStartSettings(args, process.env);
  if (settings === undefined) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const { port, persona } = settings;
  await tryPort(port, "PORT");
  const { child, ready } = startDataverse(settings.dataversePort, args);
  let host: FunctionsHost | undefined;
  let issuer: ApprovalIssuer | undefined;
  const folder = mkdtempSync(join(tmpdir(), "customer-service-mcp-approvals-"));
  const stop = async (code: number) => {
    child.removeAllListeners("exit");
    // The endpoint first: calls under way still need their Dataverse.
    await host?.close();
    issuer?.close();
    rmSync(folder, { recursive: true, force: true });
    child.kill("SIGTERM");
    process.exit(code);
  };
  process.once("SIGINT", () => void stop(0));
  process.once("SIGTERM", () => void stop(0));
  try {
    const dataverseUrl = await ready;
    const name = `${persona.firstName} ${persona.lastName}`;
    issuer = await startApprovalIssuer({
      tenantId,
      clientId: approvalClientId,
      person: { objectId: persona.objectId, name },
    });
    setEnvironment(dataverseUrl, persona, { authority: issuer.authority, folder });
    const log =
      process.env.MCP_LOG === "1" ? (line: string) => process.stderr.write(`${line}\n`) : () => {};
    host = await startFunctionsHost({ appFolder, port, log });
    greet(`${host.url}/mcp`, dataverseUrl, persona);
    child.once("exit", () => {
      process.stderr.write("The embedded Dataverse stopped, so the endpoint ends, too.\n");
      void stop(1);
    });
  } catch (error) {
    process.stderr.write(`${wordsOf(error)}\n`);
    await stop(1);
  }
}

/** One sentence for what whoever started the program can mend; the whole story for a bug. */
function wordsOf(error: unknown): string {
  const isExpected =
    error instanceof StartError || error instanceof UsageError || error instanceof PortError;
  if (isExpected) return error.message;
  return `The product could not start: ${error instanceof Error ? error.stack : String(error)}`;
}

await main().catch((error: unknown) => {
  process.stderr.write(`${wordsOf(error)}\n`);
  process.exitCode = 1;
});
