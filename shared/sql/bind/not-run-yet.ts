import { errorAt, type SqlError } from "../errors";
import type {
  Expression,
  GroupingItem,
  OrderItem,
  SelectItem,
  SelectStatement,
  Span,
  TableExpression,
} from "../parser/ast";

/** One SELECT as today's binder takes it: no other query stands in it or beside it. */
export interface SimpleSelect extends Span {
  readonly distinct: boolean;
  readonly top: Expression | undefined;
  readonly items: readonly SelectItem[];
  readonly from: TableExpression | undefined;
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | undefined;
  readonly orderBy: readonly OrderItem[];
  readonly offset: Expression | undefined;
  readonly fetch: Expression | undefined;
  readonly notes: readonly string[];
}

/** T-SQL that is parsed and not run: refused by its name, at its place. */
export const notRunYet = (source: string, at: Span, feature: string, hint?: string): SqlError =>
  errorAt(source, at.start, "unsupported", `${feature} is not supported by read_query`, { hint });

/** Throws SqlError `unsupported` for what surrounds a simple SELECT. */
export function simpleSelect(statement: SelectStatement, source: string): SimpleSelect {
  const refuse = (at: Span | undefined, feature: string, hint?: string) => {
    if (at) throw notRunYet(source, at, feature, hint);
  };
  const { query, notes, start, end } = statement;
  refuse(
    statement.with[0],
    "WITH (a common table expression)",
    "Write one SELECT with JOIN, or several queries.",
  );
  if (query.kind === "set") {
    const hint = "Run each SELECT as a query of its own.";
    throw notRunYet(source, query.right, query.operator.toUpperCase(), hint);
  }
  const { forClause, top } = query;
  refuse(query.windows[0], "The WINDOW clause");
  refuse(
    forClause,
    forClause ? `FOR ${forClause.kind.toUpperCase()}` : "",
    "Rows already come as JSON.",
  );
  if (top?.percent) refuse(top, "TOP … PERCENT", "Give the number of rows: TOP 50.");
  if (top?.withTies) refuse(top, "TOP … WITH TIES", "Use plain TOP n with ORDER BY.");
  const { distinct, items, from, where, having, orderBy, offset, fetch } = query;
  const groupBy = query.groupBy.map((item) => plainKey(item, source));
  return {
    distinct,
    top: top?.count,
    items,
    from,
    where,
    groupBy,
    having,
    orderBy,
    offset,
    fetch,
    notes,
    start,
    end,
  };
}

function plainKey(item: GroupingItem, source: string): Expression {
  const hint = "Run one GROUP BY query for each level.";
  switch (item.kind) {
    case "expression":
      return item.expression;
    case "rollup":
      throw notRunYet(source, item, "ROLLUP", hint);
    case "cube":
      throw notRunYet(source, item, "CUBE", hint);
    case "sets":
      throw notRunYet(source, item, "GROUPING SETS", hint);
    case "grandTotal":
      throw notRunYet(source, item, "The grand total () in GROUP BY", hint);
  }
}

type PlainKinds = "name" | "string" | "number" | "null" | "negate" | "arithmetic" | "compare";
type PlainPredicates = "logic" | "not" | "isNull" | "in" | "between" | "like";
type Unrun = Exclude<
  Expression,
  { readonly kind: PlainKinds | PlainPredicates | "call" | "case" | "cast" }
>;

const subqueryHint =
  "Run the inner SELECT first and put its values into the outer query, or use a JOIN.";

/** The name of an expression that is parsed and not run, and what to write instead. */
export function refuseExpression(node: Unrun, source: string): never {
  const [feature, hint] = nameOf(node);
  throw notRunYet(source, node, feature, hint);
}

function nameOf(node: Unrun): readonly [feature: string, hint?: string] {
  switch (node.kind) {
    case "binary":
      return ["A binary literal (0x…)"];
    case "bitNot":
      return ["The operator ~"];
    case "bitwise":
      return [`The operator ${node.operator}`, "Use comparisons, or + - * / and %."];
    case "concat":
      return ["The operator ||", "Use CONCAT(a, b)."];
    case "withinGroup":
      return ["WITHIN GROUP"];
    case "over":
      return ["The window clause OVER", "Use GROUP BY with an aggregate, or ORDER BY with TOP."];
    case "trim":
      return ["TRIM(… FROM …)"];
    case "jsonObject":
    case "jsonArray":
    case "jsonObjectAgg":
    case "jsonArrayAgg":
      return ["Making JSON (JSON_OBJECT and its like)", "Rows already come as JSON."];
    case "tryCast":
      return ["TRY_CAST", "Use CAST(value AS type)."];
    case "parse":
      return ["PARSE", "Use CAST(value AS type)."];
    case "collate":
      return ["COLLATE", "Comparisons ignore case and accents."];
    case "atTimeZone":
      return ["AT TIME ZONE", "All date and time values are UTC."];
    case "subquery":
    case "inQuery":
      return ["A subquery", subqueryHint];
    case "quantified":
      return [`${node.quantifier.toUpperCase()} (subquery)`, subqueryHint];
    case "distinctFrom":
      return ["IS DISTINCT FROM"];
    case "exists":
      return ["EXISTS", "Run the inner SELECT first, and write IN (…) with its values."];
  }
}

type RunTable = Extract<TableExpression, { readonly kind: "table" | "join" }>;

/** Throws SqlError `unsupported` for what FROM may hold and the binder cannot read yet. */
export function refuseTable(node: Exclude<TableExpression, RunTable>, source: string): never {
  switch (node.kind) {
    case "crossJoin":
      throw notRunYet(source, node.right, "A cross join", "Write JOIN … ON a.column = b.column.");
    case "apply":
      throw notRunYet(
        source,
        node.right,
        `${node.type.toUpperCase()} APPLY`,
        "Use LEFT JOIN … ON.",
      );
    case "derived":
    case "values": {
      const hint = "Put its conditions into the outer query, or run it as a query of its own.";
      throw notRunYet(source, node, "A derived table (subquery in FROM)", hint);
    }
    case "function":
      throw notRunYet(
        source,
        node,
        `The table function ${node.name}`,
        "Read a table by its name: FROM incident.",
      );
    case "openJson":
      throw notRunYet(source, node, "OPENJSON", "Read a table by its name: FROM incident.");
    case "pivot":
      throw notRunYet(source, node.alias, "PIVOT", "Use GROUP BY, one row for each value.");
    case "unpivot":
      throw notRunYet(source, node.alias, "UNPIVOT", "Use GROUP BY, one row for each value.");
  }
}
