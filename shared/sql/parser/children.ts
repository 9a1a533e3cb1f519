import type {
  Expression,
  GroupingItem,
  OrderItem,
  QueryExpression,
  SelectStatement,
  TableExpression,
  Window,
} from "./ast";

/** Any node that holds others. */
export type Node =
  | { readonly is: "expression"; readonly node: Expression }
  | { readonly is: "query"; readonly node: QueryExpression }
  | { readonly is: "table"; readonly node: TableExpression };

const value = (node: Expression): Node => ({ is: "expression", node });
const query = (node: QueryExpression): Node => ({ is: "query", node });
const table = (node: TableExpression): Node => ({ is: "table", node });
const values = (...nodes: readonly (Expression | undefined)[]): readonly Node[] =>
  nodes.flatMap((node) => (node ? [value(node)] : []));
const keys = (items: readonly OrderItem[]): readonly Node[] =>
  items.map((item) => value(item.expression));

/** The nodes directly below a node. A kind without its line here does not compile. */
export function childrenOf(parent: Node): readonly Node[] {
  switch (parent.is) {
    case "expression":
      return ofExpression(parent.node);
    case "query":
      return ofQuery(parent.node);
    case "table":
      return ofTable(parent.node);
  }
}

export const rootsOf = (statement: SelectStatement): readonly Node[] => [
  ...statement.with.map((one) => query(one.query)),
  query(statement.query),
];

function ofExpression(node: Expression): readonly Node[] {
  switch (node.kind) {
    case "name":
    case "string":
    case "number":
    case "binary":
    case "null":
      return [];
    case "arithmetic":
    case "bitwise":
    case "concat":
    case "compare":
    case "distinctFrom":
      return values(node.left, node.right);
    case "logic":
      return values(...node.operands);
    case "negate":
    case "bitNot":
    case "not":
    case "isNull":
    case "collate":
      return values(node.operand);
    case "quantified":
    case "inQuery":
      return [value(node.operand), query(node.query)];
    case "subquery":
    case "exists":
      return [query(node.query)];
    case "in":
    case "containValues":
      return values(node.operand, ...node.list);
    case "between":
      return values(node.operand, node.low, node.high);
    case "like":
      return values(node.operand, node.pattern, node.escapedBy);
    case "call":
      return values(...node.args);
    case "withinGroup":
      return [value(node.function), ...keys(node.orderBy)];
    case "over":
      return [value(node.function), ...ofWindow(node.window)];
    case "trim":
      return values(node.characters, node.operand);
    case "jsonObject":
      return node.members.flatMap((member) => values(member.key, member.value));
    case "jsonArray":
      return values(...node.items);
    case "jsonObjectAgg":
      return values(node.member.key, node.member.value);
    case "jsonArrayAgg":
      return [value(node.item), ...keys(node.orderBy)];
    case "case":
      return values(
        node.operand,
        ...node.whens.flatMap((one) => [one.when, one.result]),
        node.otherwise,
      );
    case "cast":
    case "tryCast":
      return values(node.operand, node.style);
    case "parse":
      return values(node.operand, node.culture);
    case "atTimeZone":
      return values(node.operand, node.zone);
  }
}

const ofWindow = (window: Window): readonly Node[] => [
  ...values(...window.partitionBy),
  ...keys(window.orderBy),
];

function ofGrouping(item: GroupingItem): readonly Node[] {
  switch (item.kind) {
    case "expression":
      return [value(item.expression)];
    case "rollup":
    case "cube":
      return item.items.flatMap((one) => values(...one));
    case "sets":
      return item.sets.flatMap((set) => set.flatMap(ofGrouping));
    case "grandTotal":
      return [];
  }
}

function ofQuery(node: QueryExpression): readonly Node[] {
  const end = [...keys(node.orderBy), ...values(node.offset, node.fetch)];
  if (node.kind === "set") return [query(node.left), query(node.right), ...end];
  return [
    ...values(node.top?.count),
    ...node.items.flatMap((item) => (item.kind === "expression" ? [value(item.expression)] : [])),
    ...(node.from ? [table(node.from)] : []),
    ...values(node.where),
    ...node.groupBy.flatMap(ofGrouping),
    ...values(node.having),
    ...node.windows.flatMap((one) => ofWindow(one.window)),
    ...end,
  ];
}

function ofTable(node: TableExpression): readonly Node[] {
  switch (node.kind) {
    case "table":
      return [];
    case "join":
      return [table(node.left), table(node.right), value(node.on)];
    case "crossJoin":
    case "apply":
      return [table(node.left), table(node.right)];
    case "derived":
      return [query(node.query)];
    case "values":
      return node.rows.flatMap((row) => values(...row));
    case "function":
      return values(...node.args);
    case "openJson":
      return values(node.json, node.path);
    case "pivot":
    case "unpivot":
      return [table(node.input)];
  }
}
