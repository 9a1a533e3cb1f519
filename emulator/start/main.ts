import { type ChildProcess, fork } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { applicationUser, demoCases, personas, tenantId } from "../sample/identities";
import { type FunctionsHost, PortTakenError, startFunctionsHost } from "./functions-host";

/**
 * `npm start`: the embedded Dataverse in a process of its own, the function app in this one, both on loopback.
 * PORT (7071) and DATAVERSE_PORT (7072) choose the ports, MCP_PERSONA the person; arguments go to the embedded Dataverse.
 */
const here = dirname(fileURLToPath(import.meta.url));
const appFolder = resolve(here, "../..");

/** What the embedded Dataverse tells its parent. */
type Message =
  | { readonly kind: "progress"; readonly text: string }
  | { readonly kind: "ready"; readonly url: string }
  | { readonly kind: "failed"; readonly message: string };

class StartError extends Error {}

function readPort(name: string, fallback: number): number {
  const text = process.env[name]?.trim() || String(fallback);
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new StartError(`${name} must be a whole number from 0 to 65535 (0 picks a free port).`);
}

function readPersona() {
  const wanted = process.env.MCP_PERSONA?.trim() || "representative";
  const persona = personas.find((each) => each.key === wanted);
  if (persona) return persona;
  throw new StartError(
    `MCP_PERSONA must be one of: ${personas.map((each) => each.key).join(", ")}.`,
  );
}

function startDataverse(
  port: number,
  args: readonly string[],
): { child: ChildProcess; ready: Promise<string> } {
  const child = fork(join(here, "main.mjs"), ["--port", String(port), ...args], {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    // Ctrl-C goes to every process of a terminal's group, and this one must outlive the calls that the other still runs.
    detached: process.platform !== "win32",
  });
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

/** The settings that Azure would give the app, for the identity endpoint that the embedded Dataverse serves. */
function setEnvironment(dataverseUrl: string, persona: ReturnType<typeof readPersona>): void {
  Object.assign(process.env, {
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

function greet(
  endpoint: string,
  dataverseUrl: string,
  persona: ReturnType<typeof readPersona>,
): void {
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
      `  - Resolve case ${demoCases[0].ticketNumber} with the note: solved on the phone.`,
      "",
      "Ctrl-C ends it. Data is kept; npm start -- --reset begins anew.",
    ].join("\n"),
  );
}

async function main(): Promise<void> {
  const persona = readPersona();
  const port = readPort("PORT", 7071);
  const { child, ready } = startDataverse(readPort("DATAVERSE_PORT", 7072), process.argv.slice(2));
  let host: FunctionsHost | undefined;
  const stop = async (code: number) => {
    child.removeAllListeners("exit");
    // The endpoint first: calls under way still need their Dataverse.
    await host?.close();
    child.kill("SIGTERM");
    process.exit(code);
  };
  process.once("SIGINT", () => void stop(0));
  process.once("SIGTERM", () => void stop(0));
  try {
    const dataverseUrl = await ready;
    setEnvironment(dataverseUrl, persona);
    const log =
      process.env.MCP_LOG === "1" ? (line: string) => process.stderr.write(`${line}\n`) : () => {};
    host = await startFunctionsHost({ appFolder, port, log });
    greet(`${host.url}/mcp`, dataverseUrl, persona);
    child.once("exit", () => {
      process.stderr.write("The embedded Dataverse stopped, so the endpoint ends, too.\n");
      void stop(1);
    });
  } catch (error) {
    if (!(error instanceof StartError || error instanceof PortTakenError)) throw error;
    process.stderr.write(`${error.message}\n`);
    await stop(1);
  }
}

await main();
