import { fork } from "node:child_process";
import { resolve } from "node:path";

export interface Usage {
  /** User and system time. */
  readonly cpuMs: number;
  /** Most CPU that passed between two ticks of the event loop: what one piece of work held it for. */
  readonly longestHoldMs: number;
}

export interface RunningHost {
  readonly url: string;
  readonly functions: readonly { name: string; route: string; methods: string[] }[];
  readonly log: string[];
  /** The first line of the log that holds the text, now or later: an answer may overtake the line that it is logged by. */
  logged(text: string): Promise<string>;
  /** What the process took since it was asked last. */
  usage(): Promise<Usage>;
  close(): Promise<void>;
}

type Message =
  | { kind: "log"; line: string }
  | { kind: "ready"; url: string; functions: RunningHost["functions"] }
  | ({ kind: "usage" } & Usage)
  | { kind: "failed"; message: string };

/** The built function app, loaded through the real Functions library in a process of its own. */
export async function startHost(environment: Record<string, string>): Promise<RunningHost> {
  const { PATH = "", HOME = "", SystemRoot = "" } = process.env;
  const child = fork(resolve(__dirname, "run-host.mjs"), {
    env: { PATH, HOME, SystemRoot, ...environment },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const log: string[] = [];
  const waiting: { readonly text: string; readonly done: (line: string) => void }[] = [];
  const keep = (line: string) => {
    log.push(line);
    for (const { text, done } of waiting) if (line.includes(text)) done(line);
  };
  const ready = await new Promise<Extract<Message, { kind: "ready" }>>((done, fail) => {
    child.on("message", (message: Message) => {
      if (message.kind === "log") keep(message.line);
      else if (message.kind === "ready") done(message);
      else if (message.kind === "failed") fail(new Error(message.message));
    });
    child.once("exit", (code) => fail(new Error(`The host stopped with ${code}.`)));
  });
  return {
    url: ready.url,
    functions: ready.functions,
    log,
    logged(text) {
      const line = log.find((each) => each.includes(text));
      return line === undefined
        ? new Promise((done) => waiting.push({ text, done }))
        : Promise.resolve(line);
    },
    usage: () =>
      new Promise((done) => {
        const listen = (message: Message) => {
          if (message.kind !== "usage") return;
          child.off("message", listen);
          done(message);
        };
        child.on("message", listen);
        child.send({ kind: "usage" });
      }),
    close: () =>
      new Promise((done) => {
        child.once("exit", () => done());
        child.kill();
      }),
  };
}
