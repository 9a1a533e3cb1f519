import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, request as forward } from "node:http";
import { dirname } from "node:path";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { FunctionRpc } from "./protocol.mjs";

const longestMessage = 2_147_483_647;
const patienceMs = 30_000;

/**
 * Stands in for the Functions host: starts a Node language worker, speaks the host's side of the gRPC protocol with it,
 * and leads HTTP requests to the port that the app streams on (capability HttpUri).
 *
 * @param worker script of the worker
 * @param node program that runs it
 * @param placeholder start without an app and hand it over afterwards, as Azure does with a warm instance
 */
export async function startHost({
  worker,
  node,
  appFolder,
  emptyFolder,
  environment,
  placeholder,
}) {
  const logs = [];
  const output = [];
  const waiting = new Map();
  let stream;
  let started;
  const isStarted = new Promise((done) => {
    started = done;
  });
  const grpc = new Server({ "grpc.max_receive_message_length": longestMessage });
  grpc.addService(FunctionRpc.service, {
    eventStream(call) {
      stream = call;
      call.on("data", (message) => {
        if (message.content === "startStream") started(message);
        else if (message.content === "rpcLog") logs.push(message.rpcLog);
        else settle(message);
      });
      call.on("error", () => {});
      call.on("end", () => call.end());
    },
  });
  function settle(message) {
    const key =
      message.content === "invocationResponse"
        ? message.invocationResponse.invocationId
        : message.requestId;
    waiting.get(key)?.(message);
    waiting.delete(key);
  }
  const port = await new Promise((done, fail) =>
    grpc.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? fail(error) : done(bound),
    ),
  );

  const given = [
    ["functions-uri", `http://127.0.0.1:${port}/`],
    ["functions-worker-id", randomUUID()],
    ["functions-request-id", randomUUID()],
    ["functions-grpc-max-message-length", longestMessage],
  ];
  const child = spawn(
    node,
    [worker, ...given.flatMap(([name, value]) => [`--${name}`, String(value)])],
    {
      cwd: emptyFolder,
      env: placeholder ? { PATH: process.env.PATH, WEBSITE_PLACEHOLDER_MODE: "1" } : environment,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  for (const pipe of [child.stdout, child.stderr])
    pipe.setEncoding("utf8").on("data", (text) => output.push(text));
  const ended = new Promise((done) => child.once("exit", (code) => done(code)));

  /** Waits, but not for a worker that has ended or says nothing. */
  function soon(promise, what) {
    let timer;
    const late = new Promise((_, fail) => {
      const say = (why) => fail(new Error(`${what}: ${why}\n${output.join("")}\n${words()}`));
      timer = setTimeout(say, patienceMs, `no answer within ${patienceMs} ms`);
      void ended.then((code) => say(`the worker ended with ${code}`));
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  }
  const words = () => logs.map(({ level, message }) => `${level}: ${message}`).join("\n");

  async function ask(content, body) {
    const requestId = randomUUID();
    const answer = new Promise((done) => waiting.set(requestId, done));
    stream.write({ requestId, [content]: body });
    const message = await soon(answer, content);
    const response = message[message.content];
    if (response.result?.status !== "Success")
      throw new Error(`${content} failed: ${JSON.stringify(response.result)}\n${words()}`);
    return response;
  }

  await soon(isStarted, "startStream");
  const first = await ask("workerInitRequest", {
    hostVersion: "4.1040.0",
    workerDirectory: dirname(worker),
    functionAppDirectory: placeholder ? emptyFolder : appFolder,
    capabilities: {},
  });
  let { capabilities } = first;
  if (placeholder) {
    const again = await ask("functionEnvironmentReloadRequest", {
      environmentVariables: environment,
      functionAppDirectory: appFolder,
    });
    const isReplaced = again.capabilitiesUpdateStrategy === "replace";
    capabilities = isReplaced ? again.capabilities : { ...capabilities, ...again.capabilities };
  }
  const { functionMetadataResults: found } = await ask("functionsMetadataRequest", {
    functionAppDirectory: appFolder,
  });
  for (const metadata of found)
    await ask("functionLoadRequest", { functionId: metadata.functionId, metadata });
  const functions = found.map(readFunction);
  const running = new Set();
  const streamPort = Number(new URL(capabilities.HttpUri).port);
  const http = createServer((incoming, outgoing) => serve(incoming, outgoing));
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const url = `http://127.0.0.1:${http.address().port}`;

  async function invoke({ functionId, binding }, incoming, address, invocationId, params) {
    const answer = new Promise((done) => waiting.set(invocationId, done));
    const json = (value) => ({ json: JSON.stringify(value) });
    stream.write({
      requestId: randomUUID(),
      invocationRequest: {
        invocationId,
        functionId,
        inputData: [{ name: binding, data: { http: {} } }],
        triggerMetadata: {
          Headers: json(incoming.headers),
          Query: json(Object.fromEntries(address.searchParams)),
          ...Object.fromEntries(
            Object.entries(params).map(([name, value]) => [name, { string: value }]),
          ),
        },
        traceContext: {
          traceParent: `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`,
          traceState: "",
        },
      },
    });
    return (await soon(answer, "invocationRequest")).invocationResponse.result;
  }

  /** As the real host: the answer is what the app streams; it is waited for before the result of the invocation is looked at. */
  function serve(incoming, outgoing) {
    const address = new URL(incoming.url, url);
    const target = functions
      .map((each) => ({ each, params: each.match(address.pathname) }))
      .find(({ each, params }) => params && each.methods.includes(incoming.method));
    if (target === undefined) {
      outgoing.writeHead(404).end();
      return;
    }
    const invocationId = randomUUID();
    // Belongs to the caller's connection, not to this one.
    const { connection: _, "keep-alive": __, ...own } = incoming.headers;
    const upstream = forward({
      host: "127.0.0.1",
      port: streamPort,
      method: incoming.method,
      path: incoming.url,
      headers: {
        ...own,
        "x-ms-invocation-id": invocationId,
        "x-forwarded-host": address.host,
        "x-forwarded-proto": "http",
      },
    });
    upstream.on("response", (answer) => {
      const { connection: ___, "transfer-encoding": ____, ...headers } = answer.headers;
      outgoing.writeHead(answer.statusCode, headers);
      answer.pipe(outgoing);
    });
    const fail = (error) => {
      output.push(`${error.message}\n`);
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end();
    };
    upstream.on("error", (error) => {
      if (!outgoing.headersSent) fail(error);
      // An app may answer a long body before it has read it; the caller's rest then goes nowhere.
      incoming.unpipe(upstream);
      incoming.resume();
    });
    outgoing.on("close", () => upstream.destroy());
    incoming.pipe(upstream);
    const invocation = invoke(target.each, incoming, address, invocationId, target.params)
      .then((result) => {
        if (result.status !== "Success") fail(new Error(JSON.stringify(result)));
      })
      .catch(fail)
      .finally(() => running.delete(invocation));
    running.add(invocation);
  }

  return {
    url,
    functions,
    capabilities,
    /** Of the worker: `{ level, message, logCategory }`. */
    logs,
    /** What it wrote to its standard streams. */
    output: () => output.join(""),
    /** Resolves when every invocation has its result, and with it all that the app logged. */
    settled: () => Promise.all(running),
    /** Asks the worker to end; resolves with its exit code, or undefined when it had to be killed. */
    async terminate(graceSeconds = 10) {
      stream.write({ workerTerminate: { gracePeriod: { seconds: graceSeconds } } });
      let timer;
      const late = new Promise((done) => {
        timer = setTimeout(done, graceSeconds * 1_000);
      });
      const code = await Promise.race([ended, late]);
      clearTimeout(timer);
      if (code === undefined) child.kill("SIGKILL");
      http.close();
      http.closeAllConnections();
      grpc.forceShutdown();
      return code;
    },
  };
}

function readFunction({ functionId, name, rawBindings }) {
  const bindings = rawBindings.map((text) => JSON.parse(text));
  const trigger = bindings.find(({ type }) => type.toLowerCase() === "httptrigger");
  return {
    functionId,
    name,
    binding: trigger.name,
    route: trigger.route,
    methods: trigger.methods.map((method) => method.toUpperCase()),
    match: matcher(trigger.route),
  };
}

/** Routes are plain words, with `{*rest}` or `{name?}` at the end at most. */
function matcher(route) {
  const [, fixed, star, name] = /^([^{]*?)\/?(?:\{(\*?)(\w+)\??\})?$/.exec(route);
  return (path) => {
    const own = path.replace(/^\//, "");
    if (own === fixed) return star ? { [name]: "" } : {};
    if (!name || !own.startsWith(`${fixed}/`)) return undefined;
    const rest = own.slice(fixed.length + 1);
    return star || !rest.includes("/") ? { [name]: rest } : undefined;
  };
}
