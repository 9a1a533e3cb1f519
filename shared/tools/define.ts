import { z } from "zod";
import type { Context } from "../context";
import type { Effect } from "../policy/effects";
import { withFreshDefinitions } from "./fresh-definitions";
import type { Needs } from "./needs";

export interface ToolResult<O> {
  /**
   * The first block: what was asked for, or what was done, with all that changes how it is to be read (rows left out, an outcome
   * that is not certain). Where Microsoft's server has the same tool, it is what that one answers, to the letter.
   */
  readonly text: string;
  /** The second block: what helps to go on (names, options, hints). */
  readonly details?: string;
  /** Says the same, for programs. */
  readonly structured: O;
}

export interface Tool<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly effect: Effect;
  /** What the application user must be allowed at Dataverse for it; the role of a deployment is made of this. */
  readonly needs: Needs;
  /** Milliseconds until the call is given up; default 45,000. */
  readonly timeoutMs?: number;
  /**
   * True where `structured` gives values as they are stored, characters that nobody sees among them. Elsewhere it is text to be
   * shown, and they are taken out.
   */
  readonly givesStoredValues?: boolean;
  readonly input: I;
  readonly output: O;
  run(input: z.output<I>, context: Context): Promise<ToolResult<z.input<O>>>;
}

/** What every tool that acts takes besides: neither is for the tool itself. Hosts pay for each word of it eleven times. */
const ofConsent = {
  dryRun: z.boolean().optional(),
  approvalId: z.string().optional(),
};

/**
 * Fixes both schema types, so that `run` is typed from them, and lets no tool refuse by definitions that are out of date. What acts
 * can be tried dry, and goes on by the id of an approval.
 */
export const defineTool = <I extends z.ZodObject, O extends z.ZodObject>(
  tool: Tool<I, O>,
): Tool<I, O> => ({
  ...tool,
  input: tool.effect === "read" ? tool.input : (tool.input.extend(ofConsent) as unknown as I),
  run: (input, context) => withFreshDefinitions(context, () => tool.run(input, context)),
});
