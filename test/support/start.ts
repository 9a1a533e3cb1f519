import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export interface StartedProduct {
  /** `http://127.0.0.1:…/mcp` */
  readonly endpoint: string;
  /** Address of the embedded Dataverse. */
  readonly dataverse: string;
  /** Everything that a person saw. */
  readonly output: string;
  /** Presses Ctrl-C; resolves with the exit code. */
  interrupt(): Promise<number | null>;
}

export const temporaryFolder = () => {
  const path = mkdtempSync(join(tmpdir(), "customer-service-mcp-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
};

/** What `npm start` runs after its build, on free ports unless the environment names some. */
export async function startProduct(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<StartedProduct> {
  const { PATH = "", HOME = "", SystemRoot = "" } = process.env;
  const child = spawn(process.execPath, [resolve("dist/dev/start.mjs"), ...args], {
    env: { PATH, HOME, SystemRoot, PORT: "0", DATAVERSE_PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = collect(child);
  const ended = new Promise<number | null>((done) => child.once("exit", done));
  const ready = new Promise<void>((done) => {
    child.stdout?.on("data", () => {
      if (output.text.includes("Ctrl-C")) done();
    });
  });
  const code = await Promise.race([ready.then(() => undefined), ended]);
  if (code !== undefined) throw new Error(output.text);
  const [, endpoint = ""] = /^MCP endpoint: (\S+)$/m.exec(output.text) ?? [];
  const [, dataverse = ""] = /^Embedded Dataverse: (\S+?)\/api\//m.exec(output.text) ?? [];
  return {
    endpoint,
    dataverse,
    get output() {
      return output.text;
    },
    interrupt() {
      child.kill("SIGINT");
      return ended;
    },
  };
}

function collect(child: ChildProcess): { text: string } {
  const output = { text: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (part: string) => {
      output.text += part;
    });
  }
  return output;
}
