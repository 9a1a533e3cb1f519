import { fork } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** The built embedded Dataverse in a process of its own, in memory, with 60 cases of a fixed day. */
export function startEmulator() {
  const child = fork(
    join(root, "packages/dataverse-emulator/dist/main.mjs"),
    ["--port", "0", "--data", ":memory:", "--cases", "60", "--as-of", "2026-11-24"],
    {
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    },
  );
  return new Promise((done, fail) => {
    child.on("message", (message) => {
      if (message.kind === "failed") fail(new Error(message.message));
      if (message.kind === "ready") done({ url: message.url, stop: () => child.kill("SIGTERM") });
    });
    child.once("error", fail);
    child.once("exit", (code) => fail(new Error(`The embedded Dataverse ended with ${code}.`)));
  });
}

/** A token of the identity endpoint, for an application user. */
export async function tokenFor(url, resource = url) {
  const answer = await fetch(
    `${url}/msi/token?api-version=2019-08-01&resource=${encodeURIComponent(resource)}`,
    { headers: { "X-IDENTITY-HEADER": "outside" } },
  );
  return (await answer.json()).access_token;
}

/** Runs named steps one after another; each must finish without throwing. */
export function createSteps(client) {
  const failures = [];
  let count = 0;
  return {
    async step(name, work) {
      count++;
      try {
        return await work();
      } catch (error) {
        failures.push(name);
        console.error(`${client}: ${name}\n    ${describe(error)}`);
        return undefined;
      }
    },
    finish() {
      console.log(`${client}: ${count - failures.length} of ${count} steps passed`);
      return failures.length === 0;
    },
  };
}

const describe = (error) => {
  const text = error instanceof Error ? error.message : JSON.stringify(error);
  const status = error?.status === undefined ? "" : `${error.status} ${error.code ?? ""} `;
  return `${status}${text}`.slice(0, 600).replaceAll("\n", "\n    ");
};
