import { type ChildProcess, fork } from "node:child_process";

/** What a measured process tells about itself, over the channel of `fork`. */
export interface Usage {
  /** User and system time since the process began, in seconds. */
  readonly cpuSeconds: number;
  /** Resident memory, in MiB. */
  readonly rssMiB: number;
  /** The most it ever was, where the process tells that. */
  readonly peakRssMiB?: number;
  /** The longest that its event loop was held since the last time it was asked, in milliseconds, where it tells that. */
  readonly longestHoldMs?: number;
  /** The longest call since then, from its arrival to its answer, in milliseconds, where it tells that. */
  readonly longestCallMs?: number;
}

export interface MeasuredProcess {
  readonly url: string;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

type Message =
  | { readonly kind: "ready"; readonly url: string }
  | { readonly kind: "failed"; readonly message: string }
  | ({ readonly kind: "usage" } & Usage);

/** Starts a script that sends `ready` with its URL, and answers `usage`; resolves when it is ready. */
export function startMeasured(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<MeasuredProcess> {
  const child = fork(script, args, {
    execArgv: ["--disable-warning=ExperimentalWarning", ...profiling()],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    // Grouping all rows of a large set is what is measured; Dataverse itself would stop at 50,000.
    env: { ...process.env, EMULATOR_AGGREGATE_LIMIT: "2000000", ...environment },
  });
  return new Promise((done, fail) => {
    child.on("message", (message: Message) => {
      if (message.kind === "failed") fail(new Error(message.message));
      if (message.kind === "ready") done(handleOf(child, message.url));
    });
    child.once("error", fail);
    child.once("exit", (code) => fail(new Error(`${script} ended with exit code ${code}.`)));
  });
}

/** BENCH_PROFILE=<folder> leaves a CPU profile of each measured process there. */
const profiling = () => {
  const folder = process.env.BENCH_PROFILE;
  return folder ? ["--cpu-prof", "--cpu-prof-dir", folder] : [];
};

function handleOf(child: ChildProcess, url: string): MeasuredProcess {
  const next = (kind: Message["kind"]) =>
    new Promise<Message>((done) => {
      const listen = (message: Message) => {
        if (message.kind !== kind) return;
        child.off("message", listen);
        done(message);
      };
      child.on("message", listen);
    });
  return {
    url,
    async usage() {
      const answer = next("usage");
      child.send({ kind: "usage" });
      return (await answer) as Extract<Message, { kind: "usage" }>;
    },
    async stop() {
      if (child.exitCode !== null) return;
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await ended;
    },
  };
}
