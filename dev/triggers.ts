import { compileRoute, type RouteMatch } from "./route";
import type { Callback, Core, Metadata } from "./worker-core";

/** A function that HTTP starts. */
export interface Trigger {
  readonly metadata: Metadata;
  readonly callback: Callback;
  readonly bindingName: string;
  readonly route: string;
  readonly methods: readonly string[];
  readonly match: RouteMatch;
}

export function httpTriggers(core: Core, prefix: string): Trigger[] {
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

export function findTrigger(triggers: readonly Trigger[], path: string, method: string) {
  for (const trigger of triggers) {
    const params = trigger.match(path);
    if (params !== undefined && trigger.methods.includes(method)) return { trigger, params };
  }
  return undefined;
}
