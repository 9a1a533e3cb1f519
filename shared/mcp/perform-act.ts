import type { Act, Asker, Performed, Performer } from "../approval";
import { AppError } from "../errors";
import { DryRun, type Permit } from "../policy/consent";
import { currentTrace, restsOn } from "../trace";
import { sizeOf } from "./call/call-facts";
import { type CallOutcome, callTool, failure } from "./call/call-tool";
import { Call } from "./flow/call";
import type { ToolRuntime } from "./tool-handler";

/** What the approval page shows and does: the tools themselves, called for the person who asked. */
export const createPerformer = (runtime: ToolRuntime): Performer => ({
  async show(act, asker) {
    const { stopped, outcome } = await run(runtime, act, asker, undefined);
    if (isPassing(outcome))
      throw new AppError("upstream", "What would be done cannot be looked up just now.");
    const isSame = stopped instanceof DryRun && stopped.digest === act.digest;
    return isSame ? stopped.previews : undefined;
  },
  async perform(act, asker, id) {
    let isUsed = false;
    const permit: Permit = {
      grade: "person",
      id,
      digest: act.digest,
      // The page has used it up before.
      async claim() {
        isUsed = true;
        restsOn(id);
      },
    };
    const { result, stopped, outcome } = await run(runtime, act, asker, permit);
    const text = result.content[0]?.text ?? "";
    if (stopped !== undefined) return changed;
    const isChanged = !isUsed && !isPassing(outcome);
    const is = result.isError !== true ? "done" : isChanged ? "changed" : "failed";
    return { is, text, result: JSON.stringify(result) };
  },
});

/** How a call ends that says nothing of what it is about. */
const passing: ReadonlySet<string> = new Set([
  "upstream",
  "timeout",
  "throttled",
  "cancelled",
  "bug",
]);
const isPassing = (outcome: string): boolean => passing.has(outcome);

/** The call came to another change than the one that was shown. */
const changed: Performed = {
  is: "changed",
  text: "What was shown has changed meanwhile. Nothing was done.",
  result: JSON.stringify({
    content: [{ type: "text", text: "What was shown has changed meanwhile. Nothing was done." }],
    isError: true,
  }),
};

async function run(
  runtime: ToolRuntime,
  { tool: name, args }: Act,
  caller: Asker,
  permit: Permit | undefined,
): Promise<CallOutcome> {
  const { tools, permissionOf, consent, flow, timeoutMs, contextFor, onBug, onCall } = runtime;
  const tool = tools.find((each) => each.name === name);
  if (tool === undefined)
    return failure(new AppError("not_found", "There is no such tool any more."));
  // Whoever may no longer use a tool does not do it by an older question either.
  const refusal = permissionOf(caller).refuse(tool);
  if (refusal !== undefined) return failure(refusal);
  const startedAt = Date.now();
  const start = performance.now();
  const call = new Call(timeoutMs(tool), 0);
  try {
    const isDry = permit === undefined;
    const door = consent.doorFor({ caller, permit, isOneOfSeveral: false, isDry });
    const { context, trace } = contextFor(caller, tool, call, door);
    const leave = await flow.places.enter(caller.objectId, call.signal);
    try {
      const ran = await currentTrace.run(trace, () =>
        callTool({ tool, arguments: args, context, onBug }),
      );
      if (permit !== undefined)
        await onCall(
          {
            tool: tool.name,
            era: "page",
            caller: caller.objectId,
            startedAt,
            durationMs: performance.now() - start,
            queuedMs: 0,
            outcome: ran.outcome,
            givenUp: call.givenUp,
            trace,
            ...sizeOf(ran.result),
            consent: "given",
            clientParent: undefined,
          },
          caller,
        );
      return ran;
    } finally {
      leave();
    }
  } catch (error) {
    if (error instanceof AppError) return failure(error);
    throw error;
  } finally {
    call.end();
  }
}
