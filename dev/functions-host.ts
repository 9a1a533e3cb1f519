import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { portError } from "dataverse-emulator/command-line";
import { addressOf, BadRequestError, refuseHeaders } from "./address";
import { serve } from "./forward";
import { loadApp, routePrefix } from "./load-app";
import { admitLoopbackOnly, listeningOnLoopback } from "./loopback";
import { findTrigger, httpTriggers } from "./triggers";
import { createTurns } from "./turns";
import { answerRequire, Core } from "./worker-core";

/**
 * Stands in for `func start`: loads a function app as the Node language worker does, and serves its HTTP triggers on
 * loopback through the real `@azure/functions` library in stream mode. Only the worker's own core module is ours.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-reference-node
 */
export interface FunctionsHost {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly functions: readonly {
    readonly name: string;
    readonly route: string;
    readonly methods: readonly string[];
  }[];
  close(): Promise<void>;
}

export interface FunctionsHostOptions {
  /** Folder with package.json (`main`) and host.json. */
  readonly appFolder: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Told every line that the app or the host logs. */
  readonly log: (line: string) => void;
}

export async function startFunctionsHost({
  appFolder,
  port,
  log,
}: FunctionsHostOptions): Promise<FunctionsHost> {
  const folder = resolve(appFolder);
  const core = new Core(log);
  const restore = answerRequire(core);
  try {
    await loadApp(folder, log);
  } catch (error) {
    restore();
    throw error;
  }
  await core.run("appStart", { hookData: {}, appHookData: {}, functionAppDirectory: folder });
  const capabilities = (await listeningOnLoopback(() => core.model?.getCapabilities?.({}))) ?? {};
  const streamPort =
    capabilities.HttpUri === undefined ? undefined : Number(new URL(capabilities.HttpUri).port);
  if (streamPort === undefined)
    throw new Error("The app does not stream: call app.setup({ enableHttpStream: true }) first.");
  const triggers = httpTriggers(core, routePrefix(folder));
  const turns = createTurns(bodiesAtATime);
  const server = createServer((incoming, outgoing) => {
    // Whatever a request does, the next one is answered.
    try {
      refuseHeaders(incoming);
      const url = addressOf(incoming.url, incoming.headers.host);
      const found = findTrigger(triggers, url.pathname, incoming.method ?? "GET");
      if (found === undefined) outgoing.writeHead(404).end();
      else
        turns.await(incoming, () => serve(core, found, url, streamPort, incoming, outgoing, log));
    } catch (error) {
      const bad = error instanceof BadRequestError ? error.status : undefined;
      const words = error instanceof Error ? error.message : String(error);
      log(`${bad ? "Refused" : "Failed"}: ${words}`);
      if (!outgoing.headersSent)
        outgoing.writeHead(bad ?? 500, {
          Connection: "close",
          "Content-Type": "text/plain; charset=utf-8",
          "Content-Length": bad ? Buffer.byteLength(words) : 0,
        });
      outgoing.end(bad ? words : undefined);
    }
  });
  admitLoopbackOnly(server);
  await listen(server, port);
  const answering = countAnswers(server);
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  // As `func start` does; a name that stands there already is a platform's, or a test's.
  process.env.WEBSITE_HOSTNAME ||= host;
  return {
    url: `http://${host}`,
    functions: triggers.map(({ metadata, route, methods }) => ({
      name: metadata.name,
      route,
      methods,
    })),
    async close() {
      // As the platform does it: the app is told first and may take its time, then nobody new comes in.
      await core.run("appTerminate", { hookData: {}, appHookData: {} });
      const closed = new Promise<void>((done) => void server.close(() => done()));
      server.closeIdleConnections();
      await answering.done(lastAnswersMs);
      server.closeAllConnections();
      await closed;
      restore();
    },
  };
}

/** Time for the last answers to reach their clients, in milliseconds. */
const lastAnswersMs = 1_000;

/** Knows when the last answer has gone out. */
function countAnswers(server: Server): { done(milliseconds: number): Promise<void> } {
  let open = 0;
  let whenDone: (() => void) | undefined;
  server.on("request", (_incoming: IncomingMessage, outgoing: ServerResponse) => {
    open++;
    outgoing.once("close", () => {
      if (--open === 0) whenDone?.();
    });
  });
  return {
    done: (milliseconds) =>
      new Promise((done) => {
        const timer = setTimeout(done, milliseconds);
        whenDone = () => {
          clearTimeout(timer);
          done();
        };
        if (open === 0) whenDone();
      }),
  };
}

/** Large bodies that are forwarded at the same time. */
const bodiesAtATime = 32;

/** Connections that may wait to be taken. One that finds no room is tried again after 1, 3, 7, 15 seconds, as TCP has it. */
const backlog = 4_096;

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      fail(portError(error, port, "PORT") ?? error),
    );
    server.listen({ port, host: "127.0.0.1", backlog }, done);
  });
}
