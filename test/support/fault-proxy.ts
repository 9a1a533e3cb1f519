import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as open,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** What a request is for: `look` is a read, whatever its verb. */
export type Purpose = "definitions" | "look" | "write";

/** One request, as it came to the proxy. */
export interface Passing {
  readonly purpose: Purpose;
  /** Verb, and address without keys and query: `PATCH incidents(*)`. */
  readonly name: string;
  /** Status that Dataverse gave; undefined as long as it has not been asked. */
  reached: number | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One request, in the hands of a fault. */
export interface Exchange {
  readonly passing: Passing;
  /** Hands the request on; it may be called when the client is gone. */
  reach(): Promise<Answer>;
  answer(status: number, headers: Readonly<Record<string, string>>, body: string | Buffer): void;
  give(answer: Answer): void;
  /** Cuts the connection, after `bytes` of what would have been said. */
  cut(bytes?: string): void;
  /** Work that goes on behind an answer. */
  later(work: () => Promise<unknown>): void;
}

/** Does what is to become of a request; undefined lets it pass. */
export type Strike = (passing: Passing) => ((exchange: Exchange) => Promise<void>) | undefined;

export interface FaultProxy {
  /** What DATAVERSE_URL is set to. */
  readonly url: string;
  /** All requests since it was emptied, in the order of coming. */
  seen: Passing[];
  strike: Strike | undefined;
  /** Another address of the same service: for it nobody has a token yet. */
  move(): Promise<void>;
  /** Resolves when all that goes on behind answers is done. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const api = "/api/data/v9.2/";
/** POST that changes nothing. */
const readingPost =
  /^(?:POST )(?:AIClassify|AIReply|FullTextSearchKnowledgeArticle|InstantiateTemplate|searchquery)/;

/**
 * A real server on loopback between the app and the embedded Dataverse. It hands every request on, under the address by which
 * it was asked, unless `strike` has something else in mind for it.
 */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { port: targetPort } = new URL(target);
  // A connection that is kept may be closed by the other side at the moment of its next use: a fault that nobody ordered.
  const agent = new Agent({ keepAlive: false });
  const behind = new Set<Promise<unknown>>();
  const proxy: Pick<FaultProxy, "seen" | "strike"> = { seen: [], strike: undefined };

  const reach = (incoming: IncomingMessage, body: Buffer): Promise<Answer> =>
    new Promise((done, fail) => {
      const { method = "GET", url = "/", headers } = incoming;
      const asked = open(
        { host: "127.0.0.1", port: targetPort, agent, method, path: url, headers },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", fail);
          response.on("end", () =>
            done({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks),
            }),
          );
        },
      );
      asked.on("error", fail);
      asked.end(body);
    });

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const passing = passingOf(incoming, body);
    proxy.seen.push(passing);
    const exchange: Exchange = {
      passing,
      async reach() {
        const answer = await reach(incoming, body);
        passing.reached = answer.status;
        return answer;
      },
      answer: (status, headers, text) => void outgoing.writeHead(status, headers).end(text),
      give: ({ status, headers, body: text }) => void outgoing.writeHead(status, headers).end(text),
      cut(bytes) {
        if (bytes === undefined) incoming.socket.destroy();
        else incoming.socket.write(bytes, () => incoming.socket.destroy());
      },
      later(work) {
        const whole: Promise<unknown> = work()
          .catch(() => undefined)
          .finally(() => behind.delete(whole));
        behind.add(whole);
      },
    };
    const struck = proxy.strike?.(passing);
    if (struck === undefined) exchange.give(await exchange.reach());
    else await struck(exchange);
  }

  const listen = async (): Promise<Server> => {
    const server = createServer({ maxHeaderSize: 131_072 }, (incoming, outgoing) => {
      // Whoever asked may be gone, and so may Dataverse when all is over.
      serve(incoming, outgoing).catch(() => incoming.socket.destroy());
    });
    server.keepAliveTimeout = 0;
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return server;
  };
  const shut = (server: Server) =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  let server = await listen();
  return Object.defineProperties(
    Object.assign(proxy, {
      async move() {
        const before = server;
        server = await listen();
        await shut(before);
      },
      async settled() {
        while (behind.size > 0) await Promise.all(behind);
      },
      async close() {
        await shut(server);
        agent.destroy();
      },
    }),
    { url: { get: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}` } },
  ) as unknown as FaultProxy;
}

function passingOf({ method = "GET", url = "/" }: IncomingMessage, body: Buffer): Passing {
  const path = decodeURIComponent(url.split("?")[0] ?? "").replace(api, "");
  const open = path.indexOf("(");
  const name = `${method} ${open < 0 ? path : `${path.slice(0, open)}(*)${path.slice(path.lastIndexOf(")") + 1)}`}`;
  return { name, purpose: purposeOf(name, body), reached: undefined };
}

function purposeOf(name: string, body: Buffer): Purpose {
  if (name.startsWith("GET RetrieveMetadataChanges")) return "definitions";
  if (name.startsWith("GET ") || readingPost.test(name)) return "look";
  const isReadingBatch = name === "POST $batch" && /^GET .* HTTP\/1\.1/m.test(body.toString());
  return isReadingBatch ? "look" : "write";
}
