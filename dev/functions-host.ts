import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import {
  Agent,
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import Module, { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { portError } from "dataverse-emulator/command-line";
import { addressOf, BadRequestError } from "./address";
import { endAfterBody } from "./early-answer";
import { admitLoopbackOnly, listeningOnLoopback } from "./loopback";
import { compileRoute, type RouteMatch } from "./route";
import { createTurns } from "./turns";

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

// The part of the worker's contract that the library uses (its own typings are internal).
interface Metadata {
  readonly name: string;
  readonly bindings: Readonly<
    Record<string, { readonly type: string; readonly route?: string; readonly methods?: string[] }>
  >;
}
type Callback = (...inputs: unknown[]) => unknown;
interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: Callback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<unknown>;
}
interface ProgrammingModel {
  getInvocationModel(context: object): Promise<InvocationModel> | InvocationModel;
  getCapabilities?(capabilities: object): Promise<Record<string, string>> | Record<string, string>;
}
interface Trigger {
  readonly metadata: Metadata;
  readonly callback: Callback;
  readonly bindingName: string;
  readonly route: string;
  readonly methods: readonly string[];
  readonly match: RouteMatch;
}

const hookNames = ["appStart", "appTerminate", "preInvocation", "postInvocation", "log"] as const;
type HookName = (typeof hookNames)[number];
type Hook = (context: object) => unknown;

/** What `require("@azure/functions-core")` gives inside the worker. */
class Core {
  readonly version = "4.0.0-local";
  readonly hostVersion = "4.0.0-local";
  readonly Disposable = Disposable;
  readonly hooks = new Map<HookName, Hook[]>(hookNames.map((name) => [name, []]));
  readonly functions: { metadata: Metadata; callback: Callback }[] = [];
  model: ProgrammingModel | undefined;
  readonly #log: (line: string) => void;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  readonly log = (_level: string, _category: string, message: string): void => this.#log(message);
  readonly setProgrammingModel = (model: ProgrammingModel): void => {
    this.model = model;
  };
  readonly getProgrammingModel = (): ProgrammingModel | undefined => this.model;
  readonly registerHook = (name: HookName, callback: Hook): Disposable => {
    const hooks = this.hooks.get(name);
    if (hooks === undefined) throw new RangeError(`There is no hook ${name}.`);
    hooks.push(callback);
    return new Disposable(() => hooks.splice(hooks.indexOf(callback), 1));
  };
  readonly registerFunction = (metadata: Metadata, callback: Callback): Disposable => {
    if (this.functions.some((each) => each.metadata.name === metadata.name)) {
      throw new Error(`A function with the name ${metadata.name} has already been registered.`);
    }
    this.functions.push({ metadata, callback });
    return new Disposable();
  };

  async run(name: HookName, context: object): Promise<void> {
    for (const hook of this.hooks.get(name) ?? []) await hook(context);
  }
}

class Disposable {
  readonly #work: (() => unknown) | undefined;

  constructor(work?: () => unknown) {
    this.#work = work;
  }

  dispose(): void {
    this.#work?.();
  }
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
      const url = addressOf(incoming.url, incoming.headers.host);
      const found = findTrigger(triggers, url.pathname, incoming.method ?? "GET");
      if (found === undefined) outgoing.writeHead(404).end();
      else
        turns.await(incoming, () => serve(core, found, url, streamPort, incoming, outgoing, log));
    } catch (error) {
      const isBad = error instanceof BadRequestError;
      const words = error instanceof Error ? error.message : String(error);
      log(`${isBad ? "Refused" : "Failed"}: ${words}`);
      if (!outgoing.headersSent)
        outgoing.writeHead(isBad ? 400 : 500, {
          Connection: "close",
          "Content-Type": "text/plain; charset=utf-8",
          "Content-Length": isBad ? Buffer.byteLength(words) : 0,
        });
      outgoing.end(isBad ? words : undefined);
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

/** The worker patches `require` in the same way; outside a worker the module does not exist. */
function answerRequire(core: Core): () => void {
  const prototype = Module.prototype as unknown as { require(id: string): unknown };
  const original = prototype.require;
  prototype.require = function patched(this: unknown, id: string): unknown {
    return id === "@azure/functions-core" ? core : original.call(this, id);
  };
  return () => {
    prototype.require = original;
  };
}

async function loadApp(folder: string, log: (line: string) => void): Promise<void> {
  const { main, type } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    main?: string;
    type?: string;
  };
  const files = main === undefined ? [] : expand(folder, main);
  if (files.length === 0)
    throw new Error(`"main" of package.json (${main ?? "missing"}) matches no file: build first.`);
  for (const file of files) {
    const isModule = file.endsWith(".mjs") || (type === "module" && !file.endsWith(".cjs"));
    if (isModule) await import(pathToFileURL(file).href);
    else createRequire(join(folder, "package.json"))(file);
    log(`Loaded ${file.slice(folder.length + 1)}`);
  }
}

/** `main` may be a pattern; `*` within one part of the path is all that Node 20 needs here. */
function expand(folder: string, pattern: string): string[] {
  let level = [folder];
  for (const part of pattern.split("/")) {
    const matcher = new RegExp(
      `^${part.replace(/[.+^$()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`,
    );
    level = level
      .filter((path) => existsSync(path) && statSync(path).isDirectory())
      .flatMap((path) =>
        readdirSync(path)
          .filter((name) => matcher.test(name))
          .map((name) => join(path, name)),
      );
  }
  return level.sort();
}

function routePrefix(folder: string): string {
  const file = join(folder, "host.json");
  const host = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as {
        extensions?: { http?: { routePrefix?: string } };
      })
    : {};
  return host.extensions?.http?.routePrefix ?? "api";
}

function httpTriggers(core: Core, prefix: string): Trigger[] {
  return core.functions.flatMap(({ metadata, callback }) => {
    const binding = Object.entries(metadata.bindings).find(
      ([, each]) => each.type.toLowerCase() === "httptrigger",
    );
    if (binding === undefined) return [];
    const [bindingName, { route: own = metadata.name, methods = ["GET", "POST"] }] = binding;
    const route = [prefix, own].filter((part) => part !== "").join("/");
    return [
      {
        metadata,
        callback,
        bindingName,
        route,
        methods: methods.map((each) => each.toUpperCase()),
        match: compileRoute(route),
      },
    ];
  });
}

function findTrigger(triggers: readonly Trigger[], path: string, method: string) {
  for (const trigger of triggers) {
    const params = trigger.match(path);
    if (params !== undefined && trigger.methods.includes(method)) return { trigger, params };
  }
  return undefined;
}

/** Every value of a header, as the host joins them: Node drops the second Authorization without a word. */
const headersOf = ({ headers, headersDistinct }: IncomingMessage): IncomingMessage["headers"] => ({
  ...headers,
  ...Object.fromEntries(
    ["authorization", "content-type", "origin"].flatMap((name) => {
      const values = headersDistinct[name] ?? [];
      return values.length > 1 ? [[name, values.join(",")]] : [];
    }),
  ),
});

const ofConnection: ReadonlySet<string> = new Set([
  "connection",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "upgrade",
]);

/** Forwards the request to the library's own stream server, as the host does, and invokes the function that answers there. */
function serve(
  core: Core,
  { trigger, params }: { trigger: Trigger; params: Record<string, string> },
  url: URL,
  streamPort: number,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  log: (line: string) => void,
): void {
  const invocationId = randomUUID();
  // A caller must not be able to pose as one whom the platform has checked; and some headers are about this connection alone.
  const headers = Object.fromEntries(
    Object.entries(headersOf(incoming)).filter(
      ([name]) =>
        !/^x-ms-(client-principal|token-aad|invocation-id)/.test(name) && !ofConnection.has(name),
    ),
  );
  // A connection that is kept may be closed by the other end while the next request goes into it, which then is lost.
  const agent = new Agent({ keepAlive: true });
  agent.maxFreeSockets = 0;
  const upstream = forward({
    agent,
    host: "127.0.0.1",
    port: streamPort,
    method: incoming.method,
    path: `${url.pathname}${url.search}`,
    headers: {
      ...headers,
      // Else the other end would close behind an early answer, and a body that is still being sent would take it along.
      connection: "keep-alive",
      "x-ms-invocation-id": invocationId,
      "x-forwarded-host": url.host,
      "x-forwarded-proto": "http",
    },
  });
  const fail = (error: unknown) => {
    log(
      `${trigger.metadata.name} failed: ${error instanceof Error ? error.message : String(error)}`,
    );
    if (!outgoing.headersSent) outgoing.writeHead(500);
    outgoing.end();
    upstream.destroy();
  };
  upstream.on("response", (answer) => {
    const { connection: _, "transfer-encoding": __, ...kept } = answer.headers;
    outgoing.writeHead(answer.statusCode ?? 500, {
      ...kept,
      ...(incoming.complete ? {} : { connection: "close" }),
    });
    answer.on("error", fail);
    answer.pipe(outgoing, { end: false });
    answer.on("end", () => endAfterBody(incoming, outgoing));
  });
  upstream.on("error", (error) => (outgoing.writableEnded ? undefined : fail(error)));
  outgoing.on("close", () => upstream.destroy());
  // Who hangs up in the middle of a request gets no answer.
  incoming.on("error", () => upstream.destroy());
  incoming.pipe(upstream);
  invoke(core, trigger, invocationId, headers, url, params).catch(fail);
}

/** 32 digits. */
const hex = () => randomUUID().replaceAll("-", "");

async function invoke(
  core: Core,
  { metadata, callback, bindingName }: Trigger,
  invocationId: string,
  headers: Readonly<Record<string, unknown>>,
  url: URL,
  params: Readonly<Record<string, string>>,
): Promise<void> {
  const json = (value: unknown) => ({ json: JSON.stringify(value) });
  const traceParent = headers.traceparent ?? `00-${hex()}-${hex().slice(16)}-01`;
  const request = {
    invocationId,
    functionId: metadata.name,
    inputData: [{ name: bindingName, data: { http: {} } }],
    traceContext: { traceParent, traceState: "", attributes: {} },
    triggerMetadata: {
      Headers: json(headers),
      Query: json(Object.fromEntries(url.searchParams)),
      ...Object.fromEntries(
        Object.entries(params).map(([name, value]) => [name, { string: value }]),
      ),
    },
  };
  const coreContext = { invocationId, request, metadata, state: "invocation", log: core.log };
  const model = await core.model?.getInvocationModel(coreContext);
  if (model === undefined) throw new Error("The app set no programming model.");
  const { context, inputs } = await model.getArguments();
  const hook = {
    hookData: {},
    appHookData: {},
    invocationContext: context,
    functionCallback: callback,
    inputs,
  };
  await core.run("preInvocation", hook);
  const result = await model.invokeFunction(context, hook.inputs, hook.functionCallback);
  await core.run("postInvocation", { ...hook, result, error: null });
  await model.getResponse(context, result);
}
