import { Agent, type ClientRequest, request } from "node:http";

export interface CallAnswer {
  /** 0: the connection was lost. */
  readonly status: number;
  readonly ms: number;
  readonly isError: boolean;
  /** Text of the tool's answer, or of the error. */
  readonly text: string;
}

/** A tool and its arguments. */
export type Wish = readonly [tool: string, args: Readonly<Record<string, unknown>>];

// As many connections as there are calls: a flood does not queue at the sender. None is used again after two seconds,
// because the server closes what is idle for five.
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, timeout: 2_000 });
let ids = 0;

const rests = new WeakMap<Wish, Buffer>();

/** The message but for its id; made once for all calls of a wish, or a flood would be a test of the sender. */
function restOf(wish: Wish): Buffer {
  const [name, args] = wish;
  const made =
    rests.get(wish) ??
    Buffer.from(
      JSON.stringify({ method: "tools/call", params: { name, arguments: args } }).slice(1),
    );
  rests.set(wish, made);
  return made;
}

/** Calls one tool. Never throws: what goes wrong is an answer, too. */
export function call(
  url: string,
  token: string,
  wish: Wish,
  onRequest?: (request: ClientRequest) => void,
): Promise<CallAnswer> {
  const rest = restOf(wish);
  const start = Buffer.from(`{"jsonrpc":"2.0","id":${++ids},`);
  const startedAt = performance.now();
  return new Promise((done) => {
    const finish = (status: number, text: string, isError: boolean) =>
      done({ status, ms: performance.now() - startedAt, isError, text });
    const outgoing = request(
      `${url}/mcp`,
      {
        method: "POST",
        agent,
        headers: {
          "content-type": "application/json",
          "content-length": start.length + rest.length,
          authorization: `Bearer ${token}`,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.once("error", (error) => finish(0, error.message, true));
        incoming.once("end", () => {
          const { text, isError } = read(Buffer.concat(chunks).toString("utf8"));
          finish(incoming.statusCode ?? 0, text, isError);
        });
      },
    );
    outgoing.once("error", (error) => finish(0, error.message, true));
    onRequest?.(outgoing);
    outgoing.write(start);
    outgoing.end(rest);
  });
}

function read(body: string): { text: string; isError: boolean } {
  try {
    const { result, error } = JSON.parse(body) as {
      result?: { isError?: boolean; content: { text: string }[] };
      error?: { message: string };
    };
    if (error) return { text: error.message, isError: true };
    return { text: result?.content[0]?.text ?? "", isError: result?.isError === true };
  } catch {
    return { text: body, isError: true };
  }
}

export const isBusy = ({ text }: CallAnswer) => /^The server is busy/.test(text);

/** Nearest rank. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

/** Calls one after the other until the moment comes. */
export async function loop(until: number, next: () => Promise<unknown>): Promise<void> {
  while (performance.now() < until) await next();
}
