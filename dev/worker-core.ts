import Module from "node:module";

// The part of the worker's contract that the library uses (its own typings are internal).
export interface Metadata {
  readonly name: string;
  readonly bindings: Readonly<
    Record<string, { readonly type: string; readonly route?: string; readonly methods?: string[] }>
  >;
}
export type Callback = (...inputs: unknown[]) => unknown;
interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: Callback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<unknown>;
}
interface ProgrammingModel {
  getInvocationModel(context: object): Promise<InvocationModel> | InvocationModel;
  getCapabilities?(capabilities: object): Promise<Record<string, string>> | Record<string, string>;
}
const hookNames = ["appStart", "appTerminate", "preInvocation", "postInvocation", "log"] as const;
type HookName = (typeof hookNames)[number];
type Hook = (context: object) => unknown;

/** What `require("@azure/functions-core")` gives inside the worker. */
export class Core {
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

/** The worker patches `require` in the same way; outside a worker the module does not exist. */
export function answerRequire(core: Core): () => void {
  const prototype = Module.prototype as unknown as { require(id: string): unknown };
  const original = prototype.require;
  prototype.require = function patched(this: unknown, id: string): unknown {
    return id === "@azure/functions-core" ? core : original.call(this, id);
  };
  return () => {
    prototype.require = original;
  };
}
