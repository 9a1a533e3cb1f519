import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { answerSearchDoor } from "../actions";
import { portError } from "../command-line";
import { DataverseError, type WebResponse, type World } from "../model";
import { forgetIndexes } from "../search";
import { authenticate } from "../security";
import { createSnapshots, sqliteCode, storageFault } from "../store";
import { contentOf } from "./content";
import { type Doors, openDoor, type TraceEntry } from "./doors";
import { errorResponse } from "./error-response";
import { answerBroken } from "./faults/broken-request";
import { faultResponse } from "./faults/fault-response";
import { createFaults, type Fault } from "./faults/faults";
import { answerIdentity, createTokenIssuer, type TokenIssuer } from "./identity";
import { createRequest, parseQuery } from "./request";
import { type Background, createBackground } from "./routes/background";

export interface RunningServer {
  /** `http://127.0.0.1:7072` */
  readonly url: string;
  readonly trace: readonly TraceEntry[];
  close(): Promise<void>;
}

export interface ServerOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** Opens the doors below `/_emulator/`: faults on demand, reset, snapshots, trace, switches, plug-ins. */
  readonly faults?: boolean;
  /** Empties the database and fills it anew, for `POST /_emulator/reset`. */
  readonly reset?: () => void;
  /** Where the rows are kept, to be named when that fails. */
  readonly file?: string;
}

/** Dataverse takes 128 MB for a file; nothing else comes near. */
const bodyLimit = 134_217_728;
const traceLength = 200;
/** Bytes of a GET's URL. */
const urlLimit = 32_768;
/** Bytes of request line and headers together, beyond which Node itself refuses. */
const headLimit = 131_072;

interface Context {
  readonly world: World;
  readonly issuer: TokenIssuer;
  readonly background: Background;
  readonly trace: TraceEntry[];
  /** Undefined when they are shut. */
  readonly doors: Doors | undefined;
  readonly file: string;
}

/** Serves the Web API on loopback, and beside it the identity endpoint and the doors for tests. */
export async function startServer(world: World, options: ServerOptions): Promise<RunningServer> {
  const trace: TraceEntry[] = [];
  const context: Context = {
    world,
    issuer: createTokenIssuer(),
    background: createBackground(world),
    trace,
    doors: options.faults ? doorsOf(world, options, trace) : undefined,
    file: options.file ?? "the database",
  };
  const server = createServer({ maxHeaderSize: headLimit }, (incoming, outgoing) => {
    serve(context, incoming, outgoing).catch((error: unknown) => {
      // The caller hung up in the middle of his request: there is nobody to answer.
      if (incoming.destroyed && !incoming.complete) return;
      process.emitWarning(
        `The embedded Dataverse failed: ${error instanceof Error ? error.stack : String(error)}`,
      );
      if (!outgoing.headersSent) outgoing.writeHead(500, { "Content-Type": "application/json" });
      outgoing.end(
        JSON.stringify({ error: { code: "0x80040216", message: "An unexpected error occurred." } }),
      );
    });
  });
  server.on("clientError", answerBroken);
  // Neither is spoken here; without a listener Node drops the connection without a word.
  server.on("connect", (_request, socket) => answerBroken(new Error("CONNECT"), socket));
  server.on("upgrade", (_request, socket) => answerBroken(new Error("upgrade"), socket));
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    trace: context.trace,
    close: () =>
      new Promise((done) => {
        context.background.close();
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      fail(portError(error, port, "DATAVERSE_PORT") ?? error),
    );
    server.listen(port, "127.0.0.1", done);
  });
}

function doorsOf(world: World, { reset }: ServerOptions, trace: TraceEntry[]): Doors {
  const catalog = world.catalog as { reload?: () => void };
  return {
    world,
    trace,
    reset,
    faults: createFaults(),
    snapshots: createSnapshots(world.db),
    refresh: () => {
      catalog.reload?.();
      forgetIndexes(world);
    },
  };
}

async function serve(
  context: Context,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const startedAt = performance.now();
  const url = incoming.url ?? "/";
  const method = incoming.method ?? "GET";
  const path = url.split("?")[0] ?? "/";
  const body = await readBody(incoming);
  const isDoor = path.startsWith("/_emulator/");
  const fault = isDoor ? undefined : context.doors?.faults.take(`${method} ${path}`);
  if (fault?.kind === "latency") await wait(fault.ms ?? 1_000);
  if (fault?.kind === "reset-before" || fault?.kind === "stall") {
    note(context, { method, path, status: 0, ms: performance.now() - startedAt }, fault);
    if (fault.kind === "reset-before") incoming.socket.destroy();
    return;
  }
  const response =
    (fault && faultResponse(fault)) ?? respond(context, incoming, method, url, path, body);
  const entry = { method, path, status: response.status, ms: performance.now() - startedAt };
  if (!isDoor) note(context, { ...entry, ...codeOf(response) }, fault);
  if (fault?.kind === "reset-after") {
    incoming.socket.destroy();
    return;
  }
  write(outgoing, response, fault);
}

function note({ trace }: Context, entry: TraceEntry, fault: Fault | undefined): void {
  trace.push(fault === undefined ? entry : { ...entry, fault: fault.kind });
  if (trace.length > traceLength) trace.shift();
}

function codeOf({ status, body }: WebResponse): { code?: string } {
  const code = status < 400 ? undefined : (body as { error?: { code?: unknown } })?.error?.code;
  return typeof code === "string" ? { code } : {};
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    // What is beyond the limit is read and dropped, so that the answer can be.
    if (size <= bodyLimit) chunks.push(chunk as Buffer);
  }
  return size > bodyLimit ? undefined : Buffer.concat(chunks);
}

function respond(
  context: Context,
  incoming: IncomingMessage,
  method: string,
  url: string,
  path: string,
  body: Uint8Array | undefined,
): WebResponse {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(",") : (value ?? ""),
    ]),
  );
  try {
    if (body === undefined)
      throw new DataverseError(413, "0x80060888", "The request is larger than 128 MB.");
    if (Buffer.byteLength(url) > urlLimit)
      throw new DataverseError(
        414,
        "0x80060888",
        `The URL has more than ${urlLimit} bytes: send it inside a $batch request.`,
      );
    const query = () => parseQuery(url.includes("?") ? url.slice(url.indexOf("?") + 1) : "");
    if (path.startsWith("/_emulator/")) {
      const name = `${method} ${path.slice("/_emulator/".length)}`;
      return openDoor(context.doors, incoming, name, body);
    }
    if (path === "/msi/token" && method === "GET")
      return answerIdentity(query(), headers, context.issuer, context.world);
    return api(context, headers, method, url, body);
  } catch (error) {
    if (error instanceof DataverseError) return errorResponse(error);
    return errorResponse(refusalOfStorage(error, context.file));
  }
}

/** The disk is full, or the file is damaged: nothing of the request was kept. Told to the caller and to whoever runs this. */
function refusalOfStorage(error: unknown, file: string): DataverseError {
  const fault = sqliteCode(error) === undefined ? undefined : storageFault(error, file);
  if (fault === undefined) throw error;
  process.stderr.write(`${fault.message}\n`);
  return new DataverseError(500, "0x80044150", `Sql error: ${fault.message}`);
}

function api(
  { world, issuer, background }: Context,
  headers: Readonly<Record<string, string>>,
  method: string,
  url: string,
  body: Uint8Array,
): WebResponse {
  const match =
    /^\/api\/(?:data\/(v8\.[0-2]|v9\.\d+)|search\/v([12]\.0)|(backgroundoperation))\/(.*)$/s.exec(
      url,
    );
  if (match === null)
    throw new DataverseError(
      404,
      "0x80060888",
      `Resource not found for the segment '${url.split("/")[1]?.split("?")[0] ?? ""}'.`,
    );
  const [, version = "v9.2", searchVersion, monitor, target = ""] = match;
  const origin = `${headers["x-forwarded-proto"] ?? "http"}://${headers["x-forwarded-host"] ?? headers.host ?? "127.0.0.1"}`;
  const claims = issuer.verify(headers.authorization, origin, world.now());
  const principal = authenticate(claims, headers, world, /^WhoAmI\b/.test(target));
  const request = createRequest({
    method,
    target,
    headers,
    rawBody: body,
    principal,
    serviceRoot: `${origin}/api/data/${version}/`,
  });
  try {
    if (searchVersion !== undefined)
      return answerSearchDoor(request, world, searchVersion === "1.0" ? "1.0" : "2.0");
    if (monitor !== undefined) return background.monitor(method, target.toLowerCase());
    return background.accept(request, origin) ?? world.dispatch(request);
  } catch (error) {
    if (error instanceof DataverseError) return errorResponse(error, request);
    throw error;
  }
}

/** A header with several lines is a list for Node. */
const linesOf = (headers: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      value.includes("\n") ? value.split("\n") : value,
    ]),
  );

function write(
  outgoing: ServerResponse,
  response: WebResponse,
  fault: Pick<Fault, "kind"> | undefined,
): void {
  const content = contentOf(response);
  outgoing.writeHead(response.status, {
    "Cache-Control": "no-cache",
    Allow: "OPTIONS,GET,HEAD,POST",
    Expires: "-1",
    "OData-Version": "4.0",
    "x-ms-service-request-id": randomUUID(),
    REQ_ID: randomUUID(),
    AuthActivityId: randomUUID(),
    "CRM.ServiceId": "framework",
    "x-ms-dop-hint": "4",
    "x-ms-ratelimit-burst-remaining-xrm-requests": "7999",
    "x-ms-ratelimit-time-remaining-xrm-requests": "1,200.00",
    ...(content.length === 0 ? {} : { "Content-Type": "application/json; odata.metadata=minimal" }),
    ...linesOf(response.headers),
    ...(response.status === 204 || response.status === 304
      ? {}
      : { "Content-Length": content.length }),
  });
  if (fault?.kind !== "cut" && fault?.kind !== "stall-body") {
    outgoing.end(content);
    return;
  }
  outgoing.write(content.subarray(0, Math.floor(content.length / 2)));
  if (fault.kind === "cut") setImmediate(() => outgoing.destroy());
}
