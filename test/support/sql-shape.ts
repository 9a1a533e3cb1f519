import { SqlError } from "../../shared/sql/errors";
import type {
  Expression,
  GroupingItem,
  OrderItem,
  QueryExpression,
  SelectItem,
  SelectStatement,
  TableExpression,
} from "../../shared/sql/parser/ast";
import { parse } from "../../shared/sql/parser/parse";

/** What stands in a statement and is not compared. */
class Unknown extends Error {}

const list = (word: string, ...parts: readonly (string | undefined)[]): string =>
  `(${[word, ...parts.filter((part) => part !== undefined)].join(" ")})`;

/**
 * The shape of a statement, in the words in which test/outside/tsql/Shape.cs prints the tree of Microsoft's parser: what binds to
 * what. Undefined where the statement holds something that is not compared.
 */
export function shapeOf(statement: SelectStatement): string | undefined {
  try {
    const tables = statement.with.map(
      ({ name, query }) => `(with ${name.name} ${queryOf(query)}) `,
    );
    return tables.join("") + queryOf(statement.query);
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

export type Verdict =
  | { readonly verdict: "select"; readonly tree: string | undefined }
  /** T-SQL, refused by its name: another statement, or a feature that there is not. */
  | { readonly verdict: "refused"; readonly message: string }
  | {
      readonly verdict: "error";
      readonly line: number;
      readonly column: number;
      readonly message: string;
    };

/** What our parser says of a statement. Errors that are not its own pass through. */
export function judge(sql: string): Verdict {
  try {
    return { verdict: "select", tree: shapeOf(parse(sql)) };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const { code, line, column, message } = error;
    const isNamed = code === "unsupported" || code === "not_select";
    return isNamed ? { verdict: "refused", message } : { verdict: "error", line, column, message };
  }
}

function queryOf(query: QueryExpression): string {
  const inner = query.kind === "set" ? setOf(query) : selectOf(query);
  return query.orderBy.length === 0 ? inner : list("order", inner, ...query.orderBy.map(orderOf));
}

const setOf = (set: Extract<QueryExpression, { kind: "set" }>): string =>
  list(set.operator + (set.all ? "-all" : ""), queryOf(set.left), queryOf(set.right));

const orderOf = (item: OrderItem): string =>
  item.descending ? list("desc", printed(item.expression)) : printed(item.expression);

function selectOf(select: Extract<QueryExpression, { kind: "select" }>): string {
  const { top, from, where, groupBy, having } = select;
  return list(
    "select",
    top && list("top", printed(top.count)),
    ...select.items.map(itemOf),
    from && list("from", tableOf(from)),
    where && list("where", printed(where)),
    groupBy.length > 0 ? list("group", ...groupBy.map(keyOf)) : undefined,
    having && list("having", printed(having)),
  );
}

function itemOf(item: SelectItem): string {
  if (item.kind === "star") return item.table ? `${item.table.name}.*` : "*";
  const value = printed(item.expression);
  return item.alias === undefined ? value : list("as", value, item.alias);
}

function keyOf(item: GroupingItem): string {
  if (item.kind !== "expression") throw new Unknown();
  return printed(item.expression);
}

function tableOf(table: TableExpression): string {
  const aliased = (inner: string, alias: { readonly name: string } | undefined) =>
    alias ? list("as", inner, alias.name) : inner;
  switch (table.kind) {
    case "table":
      return aliased(table.name.name, table.alias);
    case "derived":
      return aliased(queryOf(table.query), table.alias);
    case "join":
      return list(table.type, tableOf(table.left), tableOf(table.right), printed(table.on));
    case "crossJoin":
      return list("cross", tableOf(table.left), tableOf(table.right));
    case "apply":
      return list(`${table.type}-apply`, tableOf(table.left), tableOf(table.right));
    case "pivot":
    case "unpivot":
      return aliased(list(table.kind, tableOf(table.input)), table.alias);
    case "values":
    case "function":
    case "openJson":
      throw new Unknown();
  }
}

const not = (negated: boolean, word: string): string => (negated ? `not-${word}` : word);

function printed(node: Expression): string {
  switch (node.kind) {
    case "name":
      return node.parts.map((part) => part.name).join(".");
    case "string":
      return `'${node.value}'`;
    case "number":
      if (node.form === "money") throw new Unknown();
      return node.value;
    case "null":
      return "null";
    case "negate":
      return list("negate", printed(node.operand));
    case "bitNot":
      return list("bit-not", printed(node.operand));
    case "arithmetic":
    case "bitwise":
    case "compare":
      return list(node.operator, printed(node.left), printed(node.right));
    case "concat":
      return list("||", printed(node.left), printed(node.right));
    case "distinctFrom": {
      if (node.right.kind === "null" && node.right.end === node.end) {
        return list(node.negated ? "is-null" : "is-not-null", printed(node.left));
      }
      const word = node.negated ? "is-not-distinct" : "is-distinct";
      return list(word, printed(node.left), printed(node.right));
    }
    case "logic":
      return list(node.operator, ...node.operands.map(printed));
    case "not":
      return list("not", printed(node.operand));
    case "isNull":
      return list(node.negated ? "is-not-null" : "is-null", printed(node.operand));
    case "in":
      return list(not(node.negated, "in"), printed(node.operand), ...node.list.map(printed));
    case "inQuery":
      return list(not(node.negated, "in"), printed(node.operand), queryOf(node.query));
    case "between":
      return list(
        not(node.negated, "between"),
        printed(node.operand),
        printed(node.low),
        printed(node.high),
      );
    case "containValues":
      throw new Unknown();
    case "like":
      return list(
        not(node.negated, "like"),
        printed(node.operand),
        printed(node.pattern),
        node.escapedBy && printed(node.escapedBy),
      );
    case "exists":
      return list("exists", queryOf(node.query));
    case "quantified": {
      const word = `${node.operator}-${node.quantifier}`;
      return list(word, printed(node.operand), queryOf(node.query));
    }
    case "subquery":
      return list("query", queryOf(node.query));
    case "collate":
      return list("collate", printed(node.operand), node.collation.name);
    case "atTimeZone":
      return list("at-time-zone", printed(node.operand), printed(node.zone));
    case "call":
      return callOf(node);
    case "over":
      return overOf(node);
    case "cast":
      return list("cast", printed(node.operand), node.style && printed(node.style));
    case "case": {
      const whens = node.whens.flatMap((one) => [printed(one.when), printed(one.result)]);
      const otherwise = node.otherwise && list("else", printed(node.otherwise));
      return node.operand
        ? list("case-of", printed(node.operand), ...whens, otherwise)
        : list("case", ...whens, otherwise);
    }
    case "binary":
    case "withinGroup":
    case "trim":
    case "jsonObject":
    case "jsonArray":
    case "jsonObjectAgg":
    case "jsonArrayAgg":
    case "tryCast":
    case "parse":
      throw new Unknown();
  }
}

function callOf(node: Extract<Expression, { kind: "call" }>): string {
  if (/^(@@|TRIM$|CURRENT_|SYSTEM_USER$|SESSION_USER$|USER$)/.test(node.name)) throw new Unknown();
  const args = node.star ? ["*"] : node.args.map(printed);
  return list("call", node.name, node.distinct ? "distinct" : undefined, ...args);
}

function overOf(node: Extract<Expression, { kind: "over" }>): string {
  const { window } = node;
  if (node.function.kind !== "call" || node.nulls || window.base || window.frame) {
    throw new Unknown();
  }
  return list(
    "over",
    callOf(node.function),
    window.partitionBy.length > 0
      ? list("partition", ...window.partitionBy.map(printed))
      : undefined,
    window.orderBy.length > 0 ? list("order", ...window.orderBy.map(orderOf)) : undefined,
  );
}
