import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Connection {
  /** POSTs on the one connection, or on a new one when the server closed that. */
  post(
    url: string,
    body: string | Uint8Array,
    headers?: Record<string, string | string[]>,
    method?: string,
  ): Promise<RawAnswer>;
  close(): void;
}

/** A client that keeps one connection, as the HTTP clients of agents do. */
export function keepConnection(): Connection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    post: (url, body, headers = {}, method = "POST") =>
      new Promise((done, fail) => {
        const outgoing = request(url, { method, agent, headers, timeout: 20_000 }, (answer) => {
          let text = "";
          answer.setEncoding("utf8").on("data", (part: string) => {
            text += part;
          });
          answer.on("end", () =>
            done({ status: answer.statusCode ?? 0, headers: answer.headers, text }),
          );
          answer.on("error", fail);
        });
        outgoing.on("timeout", () => outgoing.destroy(new Error("There was no answer.")));
        outgoing.on("error", fail);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** Sends bytes as they are and gives all that comes until the server closes, or until `enough` is seen. */
export function sendBytes(url: string, bytes: string, enough?: RegExp): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((done, fail) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = "";
    socket.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (enough?.test(text)) socket.destroy();
    });
    socket.on("close", () => done(text));
    socket.on("error", fail);
    socket.setTimeout(20_000, () => socket.destroy(new Error(`Nothing more came after: ${text}`)));
  });
}
