import { quicken } from "../support/fast-time";
import { readingUses, type ToolUse, toolUses } from "./calls";
import type { Cell, FaultSet } from "./cells";
import { type Lane, startLane } from "./lane";
import { type Result, tryUse } from "./try-use";

/**
 * So much faster time runs while nothing is done: a deadline of 45 seconds passes in 2.3. No more, or a busy machine would let
 * deadlines pass that nothing of ours came near.
 */
export const faster = 20;

export interface MatrixOptions {
  /** Desks that are tried at the same time: while one waits for a deadline, others work. */
  readonly lanes: number;
  readonly isWanted?: (use: ToolUse, cell: Cell) => boolean;
  /** Cases of a desk; predictions are sure from the usual number on. */
  readonly cases?: number;
  readonly set?: FaultSet;
  readonly uses?: readonly ToolUse[];
  readonly onResult?: (result: Result) => void;
}

/** Runs the cells, and gives what each showed, in the order of the uses. */
export async function runMatrix({
  lanes: count,
  isWanted = () => true,
  uses = toolUses,
  cases = 180,
  set = "list",
  onResult,
}: MatrixOptions): Promise<readonly Result[]> {
  const results = new Map<ToolUse, Result[]>(uses.map((use) => [use, []]));
  const reading = uses.filter((use) => readingUses.includes(use));
  const acting = uses.filter((use) => !readingUses.includes(use));
  const lanes: Lane[] = [];
  // One use that cannot be tried does not stop the others.
  const failures: unknown[] = [];
  for (let n = 0; n < count; n++) lanes.push(await startLane(cases));
  const usualPace = quicken(faster);
  try {
    await Promise.all(
      lanes.map(async (lane, at) => {
        const tryAll = async (queue: ToolUse[]) => {
          for (let use = queue.shift(); use !== undefined; use = queue.shift())
            await tryUse(
              lane,
              use,
              set,
              (cell) => isWanted(use, cell),
              (result) => {
                results.get(use)?.push(result);
                onResult?.(result);
              },
            ).catch((error: unknown) => failures.push(error));
        };
        // What acts changes what is read, so a desk that has been written to is read no more.
        if (at === 0) await tryAll(reading);
        await tryAll(acting);
      }),
    );
  } finally {
    usualPace();
    for (const lane of lanes) await lane.close();
  }
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join("\n"));
  return [...results.values()].flat();
}
