import type { Expression, NamedTable, Select, SelectStatement } from "../../parser/ast";
import { childrenOf, type Node, rootsOf } from "../../parser/children";

/**
 * The values to which WHERE narrows TABLE_NAME of a view, in lower case; undefined where it does not. Whatever else the query
 * asks, it can see no row of another table.
 */
export function namedTables(
  view: NamedTable,
  statement: SelectStatement,
): ReadonlySet<string> | undefined {
  const select = selectOf(view, statement);
  const found = select?.where ? narrowed(select.where, view) : undefined;
  return found && new Set(found.map((name) => name.trimEnd().toLowerCase()));
}

/** The SELECT in whose FROM a table stands. */
function selectOf(table: NamedTable, statement: SelectStatement): Select | undefined {
  const open: { readonly node: Node; readonly select: Select | undefined }[] = rootsOf(
    statement,
  ).map((node) => ({ node, select: undefined }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { node } = next;
    if (node.node === table) return next.select;
    const select = node.is === "query" && node.node.kind === "select" ? node.node : next.select;
    for (const child of childrenOf(node)) open.push({ node: child, select });
  }
  return undefined;
}

/** Texts, one of which TABLE_NAME must be where a condition holds; undefined where it may be another. */
function narrowed(node: Expression, view: NamedTable): readonly string[] | undefined {
  switch (node.kind) {
    case "logic": {
      const parts = node.operands.map((operand) => narrowed(operand, view));
      if (node.operator === "and") return parts.find((part) => part !== undefined);
      return parts.every((part) => part !== undefined)
        ? parts.flatMap((part) => part ?? [])
        : undefined;
    }
    case "compare": {
      if (node.operator !== "=") return undefined;
      if (isTableName(node.left, view)) return textsOf([node.right]);
      return isTableName(node.right, view) ? textsOf([node.left]) : undefined;
    }
    case "in":
      return !node.negated && isTableName(node.operand, view) ? textsOf(node.list) : undefined;
    default:
      return undefined;
  }
}

function isTableName(node: Expression, view: NamedTable): boolean {
  if (node.kind !== "name") return false;
  const names = node.parts.map(({ name }) => name.toLowerCase());
  if (names.at(-1) !== "table_name") return false;
  const alias = (view.alias ?? view.name).name.toLowerCase();
  return names.length === 1 || names.at(-2) === alias;
}

const textsOf = (nodes: readonly Expression[]): readonly string[] | undefined => {
  const texts = nodes.flatMap((node) => (node.kind === "string" ? [node.value] : []));
  return texts.length === nodes.length ? texts : undefined;
};
