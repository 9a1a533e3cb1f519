import { setMaxListeners } from "node:events";
import type { Caller, Context } from "../context";
import type { Tool } from "../tools/define";
import { type CallRecord, currentTrace, readTraceParent, type Trace } from "../trace";
import { consentOf, sizeOf } from "./call-facts";
import { bug, type CallResult, callTool } from "./call-tool";
import type { PublishedTool } from "./surface";

/** What a call of a tool brings beside its arguments. All of it comes from the client, unchecked. */
export interface CallRound {
  readonly era: "legacy" | "modern";
  /** Answers to what an earlier result asked for (2026-07-28). */
  readonly inputResponses?: Readonly<Record<string, unknown>> | undefined;
  /** The sealed state of that earlier result. */
  readonly requestState?: string | undefined;
  readonly clientCapabilities?: unknown;
  /** `_meta` of the request, which may carry a W3C trace context (SEP-414). */
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
}

/** What both eras need: the list, and a way to run a tool (undefined: no such tool). */
export interface Leg {
  readonly list: readonly PublishedTool[];
  call(name: string, args: unknown, round: CallRound): Promise<CallResult | undefined>;
  unknownTool(name: string): string;
}

export interface Toolbox {
  readonly tools: readonly Tool[];
  /** What `tools/list` says; made by `buildSurface`. */
  readonly list: readonly PublishedTool[];
  /** What one call of a tool may touch, within the tool's deadline. */
  contextFor(caller: Caller, tool: Tool): { readonly context: Context; readonly trace: Trace };
  /** Told of every call when it is over. */
  onCall(record: CallRecord): void;
  /** Told of every error that was not thrown on purpose. */
  onBug(error: unknown, correlationId: string): void;
}

async function run(
  { contextFor, onCall, onBug }: Toolbox,
  caller: Caller,
  tool: Tool,
  { era, meta }: CallRound,
  args: unknown,
): Promise<CallResult> {
  const startedAt = Date.now();
  const start = performance.now();
  const { context, trace } = contextFor(caller, tool);
  // One deadline covers all requests of a call, and a call may well have more than ten under way.
  setMaxListeners(0, context.signal);
  const { result, outcome } = await currentTrace.run(trace, () =>
    callTool({ tool, arguments: args, context, onBug }),
  );
  onCall({
    tool: tool.name,
    era,
    caller: caller.objectId,
    startedAt,
    durationMs: performance.now() - start,
    outcome,
    trace,
    ...sizeOf(result),
    consent: consentOf(tool, args, result),
    clientParent: readTraceParent(meta?.traceparent),
  });
  return result;
}

/** The tools as one caller uses them. */
export function createLeg(toolbox: Toolbox, caller: Caller): Leg {
  const { tools, list, onBug } = toolbox;
  return {
    list,
    async call(name, args, round) {
      const tool = tools.find((each) => each.name === name);
      if (tool === undefined) return undefined;
      try {
        return await run(toolbox, caller, tool, round, args);
      } catch (error) {
        // What is thrown from here the SDKs put on the wire, message and all.
        return bug(error, onBug).result;
      }
    },
    unknownTool: (name) =>
      `There is no tool ${JSON.stringify(name.slice(0, 80))}. Tools: ${tools.map((tool) => tool.name).join(", ")}.`,
  };
}
