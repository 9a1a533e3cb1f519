import { conjuncts } from "../../expression/expression";
import { asPair } from "../joined-columns";
import { linked } from "../linked";
import type { Plan, PlanOf, Scan } from "../nodes";
import { isPlainScan } from "../scan";

/** Rows that are grouped: one scan, or a join of two that the service can do where no pages come of it. */
export interface Grouped {
  /** As one query of the service. */
  readonly scan: Scan;
  /** As they are worked out here. */
  readonly rows: Plan;
}

/** A join from one row to many: groups come in one page, so that none can be lost between pages. */
function groupedJoin(join: PlanOf<"join">): Grouped | undefined {
  const { left, right, type, on } = join;
  if (type !== "inner" && type !== "left") return undefined;
  if (!isPlainScan(left) || !isPlainScan(right)) return undefined;
  const [part, ...more] = conjuncts(on);
  const pair = part && more.length === 0 ? asPair(part, left, right) : undefined;
  // What must be judged here as well cannot be judged of groups.
  if (!pair || left.alsoAbove.length + right.alsoAbove.length > 0) return undefined;
  const link = type === "left" ? "outer" : "inner";
  const scan = linked(left, right, link, { to: pair.left, from: pair.right }, true);
  return scan && { scan, rows: join };
}

export function groupedOf(input: Plan): Grouped | undefined {
  if (isPlainScan(input)) return { scan: input, rows: input };
  return input.kind === "join" ? groupedJoin(input) : undefined;
}
