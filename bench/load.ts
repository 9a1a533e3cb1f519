import { Agent, request } from "node:http";
import type { MeasuredProcess } from "./measured-process";

/** One request of a run; `n` counts them, so that no two need be alike. */
export interface BenchRequest {
  readonly method?: "GET" | "POST";
  /** Path and query, encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const connections = 8;

/** Sends one request and returns its body; any status but 2xx is an error, so that no failure is counted as work. */
function send(
  agent: Agent,
  url: string,
  { method = "GET", path, headers = {}, body }: BenchRequest,
): Promise<string> {
  const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  return new Promise((done, fail) => {
    const outgoing = request(
      `${url}${path}`,
      {
        method,
        agent,
        headers: {
          ...headers,
          ...(content === undefined
            ? {}
            : { "Content-Type": "application/json", "Content-Length": content.length }),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.once("error", fail);
        incoming.once("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const status = incoming.statusCode ?? 0;
          if (status >= 200 && status < 300) done(text);
          else fail(new Error(`${method} ${path} answered ${status}: ${text.slice(0, 300)}`));
        });
      },
    );
    outgoing.once("error", fail);
    outgoing.end(content);
  });
}

export async function fetchText(url: string, wanted: BenchRequest): Promise<string> {
  const agent = new Agent({ keepAlive: false });
  return send(agent, url, wanted);
}

/**
 * Requests that the server answers per second of its own CPU time: the best of three runs of at least `cpuSeconds`
 * each, after a warm-up. The sender's time, and what else the machine does, does not count.
 */
export async function rate(
  server: MeasuredProcess,
  make: (n: number) => BenchRequest,
  { cpuSeconds = 1, runs = 3, warmUp = 200 } = {},
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let sent = 0;
  const some = async (count: number) => {
    const last = sent + count;
    const worker = async () => {
      while (sent < last) await send(agent, server.url, make(sent++));
    };
    await Promise.all(Array.from({ length: connections }, worker));
  };
  await some(warmUp);
  let best = 0;
  for (let run = 0; run < runs; run++) {
    const from = await server.usage();
    const first = sent;
    let used = 0;
    // Chunks grow with what the server has shown it can do, so that asking for its usage costs nothing to speak of.
    for (let chunk = Math.max(8, warmUp); used < cpuSeconds; ) {
      await some(chunk);
      used = (await server.usage()).cpuSeconds - from.cpuSeconds;
      chunk = Math.max(8, Math.ceil(((sent - first) / Math.max(used, 0.01)) * (cpuSeconds / 4)));
    }
    best = Math.max(best, (sent - first) / used);
  }
  agent.destroy();
  return best;
}
