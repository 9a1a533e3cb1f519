import type {
  Expression,
  NamedTable,
  Select,
  SelectStatement,
  TableExpression,
} from "../../parser/ast";
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
  const found = select?.where ? narrowed(select.where, { view, column: "table_name" }) : undefined;
  return found && asNames(found);
}

/**
 * The same for `sys.columns`, whose rows are tied to the name of a table by `object_id` of `sys.tables`: both stand in one FROM, in
 * inner joins alone.
 */
export function namedByObjectId(
  view: NamedTable,
  statement: SelectStatement,
): ReadonlySet<string> | undefined {
  const select = selectOf(view, statement);
  const from = select?.from && innerJoins(select.from);
  if (!select || !from) return undefined;
  const conditions = [...from.conditions, ...(select.where ? [select.where] : [])].flatMap(parts);
  const tied = from.tables.find(
    (table) =>
      /^sys$/i.test(table.schema?.name ?? "") &&
      /^tables$/i.test(table.name.name) &&
      conditions.some((one) => isTie(one, view, table)),
  );
  const name = tied && { view: tied, column: "name" };
  const found = name && conditions.map((one) => narrowed(one, name)).find((one) => one);
  return found && asNames(found);
}

const asNames = (found: readonly string[]): ReadonlySet<string> =>
  new Set(found.map((name) => name.trimEnd().toLowerCase()));

const parts = (node: Expression): readonly Expression[] =>
  node.kind === "logic" && node.operator === "and" ? node.operands.flatMap(parts) : [node];

interface Joined {
  readonly tables: readonly NamedTable[];
  readonly conditions: readonly Expression[];
}

/** Undefined where anything but tables and their inner joins stands in FROM. */
function innerJoins(node: TableExpression): Joined | undefined {
  if (node.kind === "table") return { tables: [node], conditions: [] };
  if (node.kind !== "crossJoin" && !(node.kind === "join" && node.type === "inner"))
    return undefined;
  const [left, right] = [innerJoins(node.left), innerJoins(node.right)];
  if (!left || !right) return undefined;
  const on = node.kind === "join" ? [node.on] : [];
  return {
    tables: [...left.tables, ...right.tables],
    conditions: [...left.conditions, ...right.conditions, ...on],
  };
}

function isTie(node: Expression, view: NamedTable, table: NamedTable): boolean {
  if (node.kind !== "compare" || node.operator !== "=") return false;
  const ids = [view, table].map((one) => ({ view: one, column: "object_id" }));
  return [
    [node.left, node.right],
    [node.right, node.left],
  ].some((sides) => sides.every((side, at) => isColumn(side, ids[at], true)));
}

/** A column of a view. */
interface Wanted {
  readonly view: NamedTable;
  readonly column: string;
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

/** Texts, one of which the column must be where a condition holds; undefined where it may be another. */
function narrowed(node: Expression, wanted: Wanted): readonly string[] | undefined {
  switch (node.kind) {
    case "logic": {
      const parts = node.operands.map((operand) => narrowed(operand, wanted));
      if (node.operator === "and") return parts.find((part) => part !== undefined);
      return parts.every((part) => part !== undefined)
        ? parts.flatMap((part) => part ?? [])
        : undefined;
    }
    case "compare": {
      if (node.operator !== "=") return undefined;
      if (isColumn(node.left, wanted)) return textsOf([node.right]);
      return isColumn(node.right, wanted) ? textsOf([node.left]) : undefined;
    }
    case "in":
      return !node.negated && isColumn(node.operand, wanted) ? textsOf(node.list) : undefined;
    default:
      return undefined;
  }
}

/** @param isPrefixed whether only `alias.column` is sure to mean it, because another table has such a column, too */
function isColumn(node: Expression, wanted: Wanted | undefined, isPrefixed = false): boolean {
  if (node.kind !== "name" || !wanted) return false;
  const names = node.parts.map(({ name }) => name.toLowerCase());
  if (names.at(-1) !== wanted.column) return false;
  const { alias, name } = wanted.view;
  const mustHaveAlias = isPrefixed || wanted.column === "name";
  return (
    (names.length === 1 && !mustHaveAlias) || names.at(-2) === (alias ?? name).name.toLowerCase()
  );
}

const textsOf = (nodes: readonly Expression[]): readonly string[] | undefined => {
  const texts = nodes.flatMap((node) => (node.kind === "string" ? [node.value] : []));
  return texts.length === nodes.length ? texts : undefined;
};
