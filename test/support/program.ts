import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { resolve } from "node:path";
import { applicationUser, personas } from "../../packages/dataverse-emulator/src/sample/identities";

/** A built program of ours in a process of its own, as a person at a terminal sees it. */
export interface Program {
  readonly child: ChildProcess;
  /** Everything that it wrote, so far. */
  readonly words: () => string;
  /** Address of the embedded Dataverse; rejects when the program ended before. */
  readonly url: Promise<string>;
  readonly ended: Promise<number | null>;
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ProgramOptions extends Pick<SpawnOptions, "uid" | "gid"> {
  readonly environment?: Readonly<Record<string, string>>;
  /** Largest file that it may write, in blocks of 1,024 bytes. */
  readonly fileLimit?: number;
}

export const programs = {
  main: "packages/dataverse-emulator/dist/main.mjs",
  start: "dist/dev/start.mjs",
} as const;

/** `main` is `npm run emulator`, `start` is `npm start`, after their build. */
export function runProgram(
  name: keyof typeof programs,
  args: readonly string[],
  { environment = {}, fileLimit, ...identity }: ProgramOptions = {},
): Program {
  const { PATH = "", HOME = "", SystemRoot = "" } = process.env;
  const command = [
    process.execPath,
    "--disable-warning=ExperimentalWarning",
    resolve(programs[name]),
    ...args,
  ];
  const limited =
    fileLimit === undefined
      ? command
      : ["bash", "-c", `ulimit -f ${fileLimit}; exec "$@"`, "bash", ...command];
  const [program = "", ...rest] = limited;
  const child = spawn(program, rest, {
    env: { PATH, HOME, SystemRoot, PORT: "0", DATAVERSE_PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    ...identity,
  });
  let words = "";
  let foundUrl: (url: string) => void = () => {};
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (part: string) => {
      words += part;
      const [, url] = /^(?:Embedded )?Dataverse: (http:\/\/[^/\s]+)/m.exec(words) ?? [];
      if (url !== undefined) foundUrl(url);
    });
  const ended = new Promise<number | null>((done) => child.once("close", done));
  const url = new Promise<string>((done, fail) => {
    foundUrl = done;
    void ended.then((code) => fail(new Error(`It ended with ${code}: ${words}`)));
  });
  // Whoever expects it to fail does not ask for its address.
  url.catch(() => {});
  return {
    child,
    words: () => words,
    url,
    ended,
    end(signal = "SIGTERM") {
      child.kill(signal);
      return ended;
    },
  };
}

/** Sends as the administrator of the sample. */
export async function administratorOf(url: string) {
  const token = await fetch(
    `${url}/msi/token?api-version=2019-08-01&resource=${url}&client_id=${applicationUser.applicationId}`,
    { headers: { "X-IDENTITY-HEADER": "x" } },
  );
  const { access_token } = (await token.json()) as { access_token: string };
  const headers = {
    Authorization: `Bearer ${access_token}`,
    CallerObjectId: personas.find(({ key }) => key === "administrator")?.objectId ?? "",
    "Content-Type": "application/json",
  };
  return async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${url}/api/data/v9.2/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, text };
  };
}
