import type { FlowLimits } from "../../shared/mcp/flow";

/** As an app has it that sets nothing: tests of something else never meet a bound. */
export const roomy: FlowLimits = {
  running: 32,
  waiting: 400,
  bodyBytes: 16 * 1_048_576,
  bodyMs: 30_000,
};
