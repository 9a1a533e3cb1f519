import { setMaxListeners } from "node:events";
import type { Batch } from "../approval";
import type { Caller, Context } from "../context";
import type { WriteDoor } from "../dataverse";
import { AppError } from "../errors";
import type { Permission } from "../policy/access";
import { escapeHidden } from "../text/records/hidden-characters";
import type { Tool } from "../tools/define";
import { type CallRecord, createTrace, currentTrace, readTraceParent, type Trace } from "../trace";
import { sizeOf } from "./call/call-facts";
import type { CallRound } from "./call/call-round";
import { bug, type CallOutcome, type CallResult, callTool, failure } from "./call/call-tool";
import type { ConsentRuntime } from "./consent/consent-runtime";
import { planCall } from "./consent/plan-call";
import type { Flow, RequestId, Sender } from "./flow";
import { Call } from "./flow/call";
import { busy } from "./flow/places";
import { instructions } from "./server-info";
import type { PublishedTool } from "./surface";

/** The HTTP request that calls come in. */
export interface Exchange {
  /** On the clock of `performance.now()`: deadlines count from here. */
  readonly arrivedAt: number;
  /** Aborts when the client is gone. */
  readonly hangUp: AbortSignal;
  readonly sender: Sender;
  /** The body was not held, for want of room: its calls are refused. */
  readonly isAbridged: boolean;
  /** Set for the calls of a batch in which several act: they are answered for together. */
  readonly batch?: Batch | undefined;
}

/** What both eras need: the list, and a way to run a tool (undefined: no such tool). */
export interface ToolHandler {
  /** What the caller may use, and no other. */
  readonly list: readonly PublishedTool[];
  /** What hosts show the model of this server, once. */
  readonly instructions: string;
  call(name: string, args: unknown, round: CallRound): Promise<CallResult | undefined>;
  /** Gives up the call under way that was sent with this id. */
  cancel(id: RequestId): void;
  unknownTool(name: string): string;
}

export interface ToolRuntime {
  readonly tools: readonly Tool[];
  /** What `tools/list` says; made by `buildSurface`. */
  readonly list: readonly PublishedTool[];
  readonly flow: Flow;
  /** Which of the tools this caller may use, at the address that was called. */
  permissionOf(caller: Caller): Permission;
  /** Longest time of a call of this tool, in milliseconds. */
  timeoutMs(tool: Tool): number;
  /** What one call of a tool may touch, as long as the call goes on. */
  contextFor(
    caller: Caller,
    tool: Tool,
    call: Call,
    door: WriteDoor,
  ): { readonly context: Context; readonly trace: Trace };
  readonly consent: ConsentRuntime;
  /** Told of every call when it is over. */
  onCall(record: CallRecord, caller: Caller): void | Promise<void>;
  /** Told of every error that was not thrown on purpose. */
  onBug(error: unknown, correlationId: string): void;
}

/** One call, from its place in the queue to the line in the log. */
async function run(
  { contextFor, permissionOf, onCall, onBug, flow, consent }: ToolRuntime,
  tool: Tool,
  call: Call,
  { arrivedAt, sender: { caller }, isAbridged, batch }: Exchange,
  round: CallRound,
  args: unknown,
): Promise<CallResult> {
  const start = performance.now();
  // The call began when its request came, though its body may have taken a while.
  const startedAt = Date.now() - Math.round(start - arrivedAt);
  let trace = createTrace();
  let queuedMs = 0;
  const inPlace = async (): Promise<CallOutcome> => {
    const refusal = permissionOf(caller).refuse(tool);
    if (refusal !== undefined) return failure(refusal);
    if (isAbridged) return failure(busy(flow.places.retrySeconds()));
    let leave: () => void;
    try {
      leave = await flow.places.enter(caller.objectId, call.signal);
    } catch (error) {
      return error instanceof AppError ? failure(error) : bug(error, onBug);
    }
    queuedMs = performance.now() - start;
    try {
      const plan = await planCall(consent, { tool, args, caller, round, batch });
      if ("result" in plan) return plan;
      const made = contextFor(caller, tool, call, plan.door);
      trace = made.trace;
      const context = made.context;
      const ran = await currentTrace.run(trace, () =>
        callTool({ tool, arguments: plan.args, context, onBug }),
      );
      return await plan.settle(ran);
    } catch (error) {
      return error instanceof AppError ? failure(error) : bug(error, onBug);
    } finally {
      leave();
    }
  };
  const { result, outcome, consent: yes } = await inPlace();
  await onCall(
    {
      tool: tool.name,
      era: round.era,
      caller: caller.objectId,
      startedAt,
      durationMs: performance.now() - arrivedAt,
      queuedMs,
      outcome,
      givenUp: call.givenUp,
      trace,
      ...sizeOf(result),
      consent: yes,
      clientParent: readTraceParent(round.meta?.traceparent),
    },
    caller,
  );
  return result;
}

/** The tools as the sender of one request uses them. */
export function createToolHandler(runtime: ToolRuntime, exchange: Exchange): ToolHandler {
  const { tools, onBug, flow, timeoutMs } = runtime;
  const { arrivedAt, hangUp, sender } = exchange;
  const permission = runtime.permissionOf(sender.caller);
  const mayUse = tools.filter((tool) => permission.refuse(tool) === undefined);
  const names = new Set(mayUse.map(({ name }) => name));
  // All calls of a batch listen to it.
  if (hangUp !== undefined) setMaxListeners(0, hangUp);
  return {
    list: runtime.list.filter(({ name }) => names.has(name)),
    instructions: permission.lack ?? instructions,
    async call(name, args, round) {
      const tool = tools.find((each) => each.name === name);
      if (tool === undefined) return undefined;
      const call = new Call(timeoutMs(tool), performance.now() - arrivedAt);
      const leave = () => call.giveUp("hang-up");
      flow.calls.add(call, sender, round.era === "legacy" ? round.requestId : undefined);
      hangUp.addEventListener("abort", leave, { once: true });
      if (hangUp.aborted) leave();
      try {
        return await run(runtime, tool, call, exchange, round, args);
      } catch (error) {
        // What is thrown from here the SDKs put on the wire, message and all.
        return bug(error, onBug).result;
      } finally {
        hangUp.removeEventListener("abort", leave);
        flow.calls.delete(call);
        call.end();
      }
    },
    cancel: (id) => flow.calls.cancel(sender, id),
    unknownTool: (name) =>
      `There is no tool ${escapeHidden(JSON.stringify(name.slice(0, 80).toWellFormed()))}. Tools: ${mayUse.map((tool) => tool.name).join(", ") || "none for you"}.`,
  };
}
