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

// As many connections as there are calls: a flood does not queue at the sender.
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
let ids = 0;

/** Calls one tool. Never throws: what goes wrong is an answer, too. */
export function call(
  url: string,
  token: string,
  [tool, args]: Wish,
  onRequest?: (request: ClientRequest) => void,
): Promise<CallAnswer> {
  const startedAt = performance.now();
  const body = Buffer.from(
    JSON.stringify({
      method: "tools/call",
      params: { name: tool, arguments: args },
      jsonrpc: "2.0",
      id: ++ids,
    }),
  );
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
          "content-length": body.length,
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
    outgoing.end(body);
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
