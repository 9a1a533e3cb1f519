import { errorAt } from "../errors";
import type { SelectStatement } from "./ast";
import { childrenOf, type Node, rootsOf } from "./children";

/** Whoever walks the tree goes one call deeper for each level, and parentheses may hold long chains of operators. */
export const maxDepth = 550;

/**
 * Throws SqlError `too_large` at the place where a statement is deeper than the stack allows. Needs no stack itself, and no look
 * at a statement of fewer words than that.
 */
export function checkDepth(statement: SelectStatement, source: string, words: number): void {
  if (words <= maxDepth) return;
  let level: readonly Node[] = rootsOf(statement);
  for (let depth = 1; level.length > 0; depth += 1) {
    const [first] = level;
    if (depth > maxDepth && first) {
      throw errorAt(source, first.node.start, "too_large", "The expression is too long", {
        hint: `It is more than ${maxDepth} operators deep: shorten it, or split the query.`,
      });
    }
    level = level.flatMap(childrenOf);
  }
}
