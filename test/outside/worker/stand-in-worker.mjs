// Stands in for Microsoft's Node language worker where that is not to be had: the worker's side of the protocol, and the
// module that the Functions library asks it for. The library, the app and the process are the real ones.
import { readdirSync, readFileSync } from "node:fs";
import Module from "node:module";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { credentials } from "@grpc/grpc-js";
import { FunctionRpc, success } from "./protocol.mjs";

const { values: given } = parseArgs({
  options: {
    "functions-uri": { type: "string" },
    "functions-worker-id": { type: "string" },
    "functions-request-id": { type: "string" },
    "functions-grpc-max-message-length": { type: "string" },
  },
});
const longest = Number(given["functions-grpc-max-message-length"]);
const client = new FunctionRpc(new URL(given["functions-uri"]).host, credentials.createInsecure(), {
  "grpc.max_send_message_length": longest,
  "grpc.max_receive_message_length": longest,
});
const stream = client.eventStream();
const levels = {
  trace: "Trace",
  debug: "Debug",
  information: "Information",
  warning: "Warning",
  error: "Error",
  critical: "Critical",
  none: "None",
};

/** What a worker knows of its app; a new app starts from nothing. */
let app = newApp();
function newApp() {
  return { functions: new Map(), hooks: new Map(), model: undefined, isLocked: false };
}

class Disposable {
  #work;
  constructor(work) {
    this.#work = work;
  }
  dispose() {
    this.#work?.();
  }
}

const core = {
  version: "stand-in",
  hostVersion: "4.1040.0",
  Disposable,
  log: (level, category, message) => log(level, category, message),
  setProgrammingModel(model) {
    app.model = model;
  },
  getProgrammingModel: () => app.model,
  registerHook(name, callback) {
    const hooks = app.hooks.get(name) ?? [];
    app.hooks.set(name, hooks);
    hooks.push(callback);
    return new Disposable(() => hooks.splice(hooks.indexOf(callback), 1));
  },
  registerFunction(metadata, callback) {
    if (app.isLocked) throw new Error("A function can only be registered during app startup.");
    const functionId = metadata.functionId || metadata.name;
    if (app.functions.has(functionId))
      throw new Error(`A function with id "${functionId}" has already been registered.`);
    const rawBindings = Object.entries(metadata.bindings).map(([name, binding]) =>
      JSON.stringify({ ...binding, name }),
    );
    app.functions.set(functionId, { metadata: { ...metadata, rawBindings }, callback });
    return new Disposable(() => app.functions.delete(functionId));
  },
};
Module.prototype.require = new Proxy(Module.prototype.require, {
  apply: (target, self, names) =>
    names[0] === "@azure/functions-core" ? core : Reflect.apply(target, self, names),
});

function log(level, category, message, invocationId = "") {
  const logCategory = category === "user" ? "User" : "System";
  stream.write({ rpcLog: { level: levels[level], logCategory, message, invocationId } });
}

async function runHooks(name, context) {
  for (const hook of app.hooks.get(name) ?? []) await hook(context);
}

async function startApp(folder) {
  let main;
  try {
    ({ main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  } catch (error) {
    log("warning", "system", `Worker failed to load package.json: ${error.message}`);
  }
  if (main === undefined) return;
  const parent = join(folder, dirname(main));
  const [before, after] = basename(main).split("*");
  const isEntry = (name) => name.startsWith(before) && name.endsWith(after);
  for (const file of readdirSync(parent).filter(isEntry).sort())
    await import(pathToFileURL(join(parent, file)).href);
  await runHooks("appStart", { hookData: {}, appHookData: {}, functionAppDirectory: folder });
}

const capabilities = async () =>
  (await app.model?.getCapabilities?.({
    RawHttpBodyBytes: "true",
    RpcHttpBodyOnly: "true",
    HandlesWorkerTerminateMessage: "true",
  })) ?? {};

async function invoke(request) {
  const { metadata, callback } = app.functions.get(request.functionId);
  const { invocationId } = request;
  const model = await app.model.getInvocationModel({
    invocationId,
    request,
    metadata,
    log: (level, category, message) => log(level, category, message, invocationId),
  });
  const { context, inputs } = await model.getArguments();
  const hook = { hookData: {}, appHookData: {}, invocationContext: context };
  const before = { ...hook, inputs, functionCallback: callback };
  await runHooks("preInvocation", before);
  const result = await model.invokeFunction(context, before.inputs, before.functionCallback);
  await runHooks("postInvocation", { ...hook, inputs: before.inputs, result, error: null });
  await model.getResponse(context, result);
  return { invocationId };
}

/** Request: name of the response, and what it says beside its result. */
const handlers = {
  workerInitRequest: [
    "workerInitResponse",
    async ({ functionAppDirectory }) => {
      if (functionAppDirectory) await startApp(functionAppDirectory);
      return { capabilities: await capabilities() };
    },
  ],
  functionEnvironmentReloadRequest: [
    "functionEnvironmentReloadResponse",
    async ({ environmentVariables, functionAppDirectory }) => {
      app = newApp();
      for (const name of Object.keys(process.env)) delete process.env[name];
      Object.assign(process.env, environmentVariables);
      process.chdir(functionAppDirectory);
      await startApp(functionAppDirectory);
      return { capabilities: await capabilities(), capabilitiesUpdateStrategy: "replace" };
    },
  ],
  functionsMetadataRequest: [
    "functionMetadataResponse",
    async () => {
      app.isLocked = true;
      const functionMetadataResults = [...app.functions].map(
        ([
          functionId,
          {
            metadata: { name, rawBindings },
          },
        ]) => ({ functionId, name, rawBindings }),
      );
      return { functionMetadataResults };
    },
  ],
  functionLoadRequest: ["functionLoadResponse", async ({ functionId }) => ({ functionId })],
  invocationRequest: ["invocationResponse", invoke],
};

async function answer({ requestId, content, ...message }) {
  if (content === "workerTerminate") {
    await runHooks("appTerminate", { hookData: {}, appHookData: {} });
    stream.end();
    process.exit(0);
  }
  const [name, handle] = handlers[content];
  const request = message[content];
  try {
    stream.write({ requestId, [name]: { ...(await handle(request)), result: success } });
  } catch (error) {
    const exception = { message: error.message, stackTrace: error.stack };
    const result = { status: "Failure", exception };
    const { invocationId, functionId } = request;
    stream.write({ requestId, [name]: { invocationId, functionId, result } });
  }
}

stream.on("data", (message) => void answer(message));
stream.on("end", () => process.exit(0));
stream.write({
  requestId: given["functions-request-id"],
  startStream: { workerId: given["functions-worker-id"] },
});
