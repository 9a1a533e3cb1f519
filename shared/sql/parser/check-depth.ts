import { errorAt } from "../errors";
import type { Expression, SelectStatement, TableExpression } from "./ast";

/** Whoever walks the tree goes one call deeper for each level, and parentheses may hold long chains of operators. */
export const maxDepth = 550;

function childrenOf(node: Expression): readonly (Expression | undefined)[] {
  switch (node.kind) {
    case "name":
    case "string":
    case "number":
    case "null":
      return [];
    case "arithmetic":
    case "compare":
      return [node.left, node.right];
    case "logic":
      return node.operands;
    case "negate":
    case "not":
    case "isNull":
      return [node.operand];
    case "in":
      return [node.operand, ...node.list];
    case "between":
      return [node.operand, node.low, node.high];
    case "like":
      return [node.operand, node.pattern, node.escapedBy];
    case "call":
      return node.args;
    case "case":
      return [node.operand, ...node.whens.flatMap((one) => [one.when, one.result]), node.otherwise];
    case "cast":
      return [node.operand, node.style];
  }
}

/** Conditions of joins; the joins themselves are counted as tables where they are read. */
function onsOf(from: TableExpression | undefined): readonly Expression[] {
  const found: Expression[] = [];
  const open = [from];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === "join") {
      found.push(node.on);
      open.push(node.left, node.right);
    }
  }
  return found;
}

/** Throws SqlError `too_large` at the place where a statement is deeper than the stack allows. Needs no stack itself. */
export function checkDepth(statement: SelectStatement, source: string): void {
  const open: { readonly node: Expression | undefined; readonly depth: number }[] = [
    ...statement.items.map((item) => (item.kind === "expression" ? item.expression : undefined)),
    statement.top,
    ...onsOf(statement.from),
    statement.where,
    ...statement.groupBy,
    statement.having,
    ...statement.orderBy.map((item) => item.expression),
    statement.offset,
    statement.fetch,
  ].map((node) => ({ node, depth: 1 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, depth } = next;
    if (node === undefined) continue;
    if (depth > maxDepth) {
      throw errorAt(source, node.start, "too_large", "The expression is too long", {
        hint: `It is more than ${maxDepth} operators deep: shorten it, or split the query.`,
      });
    }
    for (const child of childrenOf(node)) open.push({ node: child, depth: depth + 1 });
  }
}
