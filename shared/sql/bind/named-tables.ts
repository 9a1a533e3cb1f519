import type { NamedTable } from "../parser/ast";

const isNamedTable = (node: object): node is NamedTable =>
  "kind" in node && node.kind === "table" && "schema" in node;

/** Every table that a part of a statement names, in the order of the text. Needs no stack, however deep the statement is. */
export function everyNamedTable(root: object): readonly NamedTable[] {
  const found: NamedTable[] = [];
  const open: object[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (isNamedTable(node)) found.push(node);
    // Every word of a statement is looked at: nothing is built on the way.
    for (const part of Array.isArray(node) ? node : Object.values(node))
      if (typeof part === "object" && part !== null) open.push(part);
  }
  return found.sort((a, b) => a.start - b.start);
}
