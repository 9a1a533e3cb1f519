import {
  columnExpr,
  conjunction,
  constant,
  type Expr,
  hasPart,
  operandOf,
  type PlanColumn,
  type Scalar,
} from "../../expression/expression";
import type { ComparisonOperator, Expression, QueryExpression, Span } from "../../parser/ast";
import type { ApplyMode, Parameter, Plan, SortKey } from "../../plan/nodes";
import { type BinaryOperator, bindBinary, bindUnary } from "../../types/arithmetic";
import { wrongCollation } from "../../types/collation/collation";
import { numberLiteral, textLiteral } from "../../types/literal";
import { bit, isText, nullType, nvarchar, withCollation } from "../../types/sql-type";
import type { BindQuery, BoundRows } from "../bound-rows";
import type { Correlation, Scope } from "../names/scope";
import { Correlation as NewCorrelation } from "../names/scope";
import type { QueryFacts } from "../query-facts";
import {
  type AggregateCall,
  type AggregateCollector,
  type AggregateNode,
  aggregateCall,
  isAggregate,
  jsonName,
} from "./aggregates";
import { bindScalarCall, callOf } from "./bind-call";
import { bindCase, bindCast, bindParseCall, bindShorthand } from "./bind-case";
import { bindPredicate, isPredicateNode } from "./bind-predicate";
import {
  type Binding,
  castTo,
  fail,
  type Node,
  orFail,
  placeOf,
  type SubqueryUse,
  settled,
} from "./binding";
import { containsCall } from "./choices";
import { comparison } from "./coerce";
import { serviceCondition } from "./service-condition";
import type { WindowCollector } from "./windows";

/** A subquery of an expression, to be applied to the rows that the expression is computed over. */
export interface PendingApply {
  readonly inner: Plan;
  readonly correlation: Correlation;
  readonly mode: ApplyMode;
  /** The rows that need it; all of them when left out. */
  readonly when: Expr | undefined;
}

/** What may stand in expressions of a clause besides columns and functions. */
export interface Clause {
  /** As it is called in messages: `WHERE`, `an aggregate`. */
  readonly name: string;
  readonly aggregates?: AggregateCollector | undefined;
  readonly windows?: WindowCollector | undefined;
  /** Where subqueries are put; they are refused without. */
  readonly applies?: PendingApply[] | undefined;
  /** Where subqueries in arguments of aggregates are put: below the groups. */
  readonly argumentApplies?: PendingApply[] | undefined;
  /** Subqueries that are known already, such as keys of GROUP BY, by their texts. */
  readonly subqueries?: Map<string, Expr> | undefined;
  /** Are those that are bound here known to the other clauses? */
  readonly keepsSubqueries?: true | undefined;
  /** GROUPING(key): the column that says whether a row is of a set without the key. */
  readonly grouping?: ((node: Node<"call">, key: Scalar) => PlanColumn) | undefined;
}

const nullConstant = constant(null, nullType);

/** A value or a condition of a query inside. */
const isSubquery = ({ kind }: Expression): boolean =>
  kind === "subquery" || kind === "exists" || kind === "inQuery" || kind === "quantified";

/** Turns parsed expressions into bound ones: names to columns, types checked, constants computed. */
export class ExpressionBinder implements Binding {
  readonly facts: QueryFacts;
  readonly #scope: Scope;
  readonly #clause: Clause;
  readonly #bindQuery: BindQuery;
  /** NULLIF, BETWEEN and CASE x WHEN bind an operand more than once; inside each other that would double each time. */
  readonly #bound = new WeakMap<Expression, Expr>();
  /** What must be true of a row for what is being bound to be computed at all. */
  readonly #guards: (() => Expr)[] = [];

  constructor(scope: Scope, clause: Clause, bindQuery: BindQuery) {
    this.facts = scope.facts;
    this.#scope = scope;
    this.#clause = clause;
    this.#bindQuery = bindQuery;
  }

  value(node: Expression): Scalar {
    const bound = this.#bind(node);
    if (bound.type !== "predicate") return bound;
    throw fail(this, node, "type", "A condition stands where a value is needed", {
      hint: "Write CASE WHEN condition THEN 1 ELSE 0 END.",
    });
  }

  condition(node: Expression): Expr {
    const bound = this.#bind(node);
    if (bound.type === "predicate") return bound;
    const name = bound.kind === "column" ? bound.column.name : undefined;
    throw fail(this, node, "type", "A value stands where a condition is needed", {
      hint: name && `Compare it: ${name} = ${bound.type.kind === "bit" ? "1" : "…"}.`,
    });
  }

  compare(at: Span, operator: ComparisonOperator, left: Expression, right: Expression): Expr {
    const condition =
      containsCall(this, at, operator, left, right) ??
      serviceCondition(this, at, operator, left, right);
    if (condition) return condition;
    const places = { start: at.start, end: at.end, left, right };
    return comparison(this, places, operator, this.value(left), this.value(right));
  }

  guarded<T>(when: () => Expr, bind: () => T): T {
    this.#guards.push(when);
    try {
      return bind();
    } finally {
      this.#guards.pop();
    }
  }

  /** What is drawn anew each time cannot be asked twice. */
  #guard(): Expr | undefined {
    const guard = conjunction(this.#guards.map((one) => one()));
    const isVolatile = (part: Expr) => part.kind === "call" && part.isVolatile === true;
    return guard && hasPart(guard, isVolatile) ? undefined : guard;
  }

  subquery(at: Span, query: QueryExpression): SubqueryUse {
    const { applies, name } = this.#clause;
    if (!applies) {
      throw fail(this, at, "unsupported", `A subquery inside ${name} is not allowed`, {
        hint: "Compute it in a derived table first: FROM (SELECT …, (SELECT …) AS x FROM …) t.",
      });
    }
    const correlation = new NewCorrelation(this.#scope, this.facts);
    const { plan, columns }: BoundRows = this.#bindQuery(query, correlation);
    return {
      plan,
      columns,
      apply: (mode) => {
        applies.push({ inner: plan, correlation, mode, when: this.#guard() });
      },
    };
  }

  #bind(node: Expression): Expr {
    const text = isSubquery(node) ? this.facts.source.slice(node.start, node.end) : undefined;
    const { subqueries, keepsSubqueries } = this.#clause;
    const known = this.#bound.get(node) ?? (text && subqueries?.get(text));
    if (known) return known;
    const bound = isPredicateNode(node) ? bindPredicate(this, node) : this.#scalar(node);
    this.facts.check(bound, node);
    this.#bound.set(node, bound);
    if (text !== undefined && keepsSubqueries) subqueries?.set(text, bound);
    return bound;
  }

  #scalar(node: Exclude<Expression, Parameters<typeof bindPredicate>[1]>): Scalar {
    switch (node.kind) {
      case "name":
        return this.#name(node);
      case "string": {
        const { type, value } = textLiteral(node.value, node.national === true);
        return constant(value, type);
      }
      case "number": {
        const text = node.form === "money" ? `$${node.value}` : node.value;
        const { type, value } = orFail(this, node, numberLiteral(text));
        return constant(value, type);
      }
      case "binary": {
        const { type, value } = orFail(this, node, numberLiteral(`0x${node.value}`));
        return constant(value, type);
      }
      case "null":
        return nullConstant;
      case "negate":
        return this.#unary(node, "-", this.value(node.operand));
      case "bitNot":
        return this.#unary(node, "~", this.value(node.operand));
      case "arithmetic":
      case "bitwise":
        return this.#binary(node, node.operator, this.value(node.left), this.value(node.right));
      case "concat":
        return this.#concat(node);
      case "call":
        return this.#call(node);
      case "withinGroup":
      case "jsonObjectAgg":
      case "jsonArrayAgg":
        return this.#aggregate(node, aggregateCall(node));
      case "over":
        return this.#over(node);
      case "trim": {
        const side = { leading: "TRIM LEADING", trailing: "TRIM TRAILING", both: "TRIM" }[
          node.side
        ];
        const parts = [node.operand, node.characters];
        return callOf(
          this,
          node,
          side,
          parts.map((part) => this.value(part)),
          parts,
        );
      }
      case "jsonObject": {
        const parts = node.members.flatMap(({ key, value }) => [key, value]);
        const name = jsonName("JSON_OBJECT", node.nulls ?? "null");
        return callOf(
          this,
          node,
          name,
          parts.map((part) => this.value(part)),
          parts,
        );
      }
      case "jsonArray": {
        const name = jsonName("JSON_ARRAY", node.nulls ?? "absent");
        return callOf(
          this,
          node,
          name,
          node.items.map((part) => this.value(part)),
          node.items,
        );
      }
      case "case":
        return bindCase(this, node);
      case "cast":
      case "tryCast":
        return bindCast(this, node);
      case "parse":
        return bindParseCall(this, node);
      case "collate":
        return this.#collate(node);
      case "atTimeZone": {
        const parts = [node.operand, node.zone];
        return callOf(
          this,
          node,
          "AT TIME ZONE",
          parts.map((part) => this.value(part)),
          parts,
        );
      }
      case "subquery":
        return this.#scalarSubquery(node);
    }
  }

  #name(node: Node<"name">): Scalar {
    const truth = this.#truth(node);
    if (truth !== undefined) return truth;
    const found = this.#scope.column(node.parts);
    if (found.kind === "column" || found.kind === "parameter")
      this.facts.places.set(found.column.id, node);
    return found;
  }

  /** `true` and `false` are no T-SQL, but every model writes them; a column of that name wins. */
  #truth({ parts }: Node<"name">): Scalar | undefined {
    const [only] = parts;
    if (only === undefined || parts.length > 1 || !/^(true|false)$/i.test(only.name))
      return undefined;
    return this.#scope.has(only.name) ? undefined : constant(/^true$/i.test(only.name), bit);
  }

  #unary(at: Span, operator: "-" | "~", operand: Scalar): Scalar {
    const bound = orFail(this, at, bindUnary(operator, operandOf(operand)));
    return settled(
      {
        kind: "unary",
        type: bound.type,
        operator,
        operand: castTo(this, operand, bound.takes, at),
        bound,
        place: placeOf(this, at),
      },
      this,
    );
  }

  #binary(at: Span, operator: BinaryOperator, left: Scalar, right: Scalar): Scalar {
    const bound = orFail(this, at, bindBinary(operator, operandOf(left), operandOf(right)));
    const [a = left.type, b = right.type] = bound.takes;
    return settled(
      {
        kind: "binary",
        type: bound.type,
        operator,
        left: castTo(this, left, a, at),
        right: castTo(this, right, b, at),
        bound,
        place: placeOf(this, at),
      },
      this,
    );
  }

  /** `a || b` */
  #concat(node: Node<"concat">): Scalar {
    const asText = (part: Expression) => {
      const value = this.value(part);
      return isText(value.type) || value.type.kind === "null"
        ? value
        : castTo(this, value, nvarchar(4000), part, "explicit");
    };
    return this.#binary(node, "+", asText(node.left), asText(node.right));
  }

  #collate(node: Node<"collate">): Scalar {
    const operand = this.value(node.operand);
    const { name } = node.collation;
    if (!isText(operand.type))
      throw fail(this, node, "type", "COLLATE is for texts", {
        hint: "CAST the value AS NVARCHAR(100) first.",
      });
    const wrong = wrongCollation(name);
    if (wrong) throw fail(this, node.collation, wrong.code, wrong.message, { hint: wrong.hint });
    return castTo(this, operand, withCollation(operand.type, name), node, "explicit");
  }

  #call(node: Node<"call">): Scalar {
    if (node.name === "GROUPING" || node.name === "GROUPING_ID") return this.#grouping(node);
    if (isAggregate(node.name)) return this.#aggregate(node, aggregateCall(node));
    return bindShorthand(this, node) ?? bindScalarCall(this, node);
  }

  #aggregate(node: AggregateNode, call: AggregateCall): Scalar {
    const { aggregates, name } = this.#clause;
    if (!aggregates) {
      throw fail(this, node, "group_by", `${call.name} is not allowed inside ${name}`, {
        hint: "Aggregates go into SELECT, HAVING or ORDER BY; a condition on one goes into HAVING.",
      });
    }
    // An aggregate of an aggregate is refused: its argument is bound without a collector.
    const inner = new ExpressionBinder(
      this.#scope,
      { name: "an aggregate", applies: this.#clause.argumentApplies },
      this.#bindQuery,
    );
    const args = call.args.map((arg) => inner.value(arg));
    const order = call.orderBy.map(
      ({ expression, descending }): SortKey => ({ expr: inner.value(expression), descending }),
    );
    const columns = args.filter((arg) => arg.kind === "column");
    if (columns.length === 0 && args.length > 0 && args.every((arg) => arg.kind === "parameter"))
      throw fail(
        this,
        node,
        "unsupported",
        "An aggregate of a column of the query around is not available",
        {
          hint: "Aggregate it in the query around, or in a derived table.",
        },
      );
    return columnExpr(aggregates.add(node, call, args, order));
  }

  #over(node: Node<"over">): Scalar {
    const { windows, name } = this.#clause;
    if (!windows) {
      throw fail(
        this,
        node,
        "syntax",
        `Windowed functions cannot be used inside ${name} (SQL Server error 4108)`,
        {
          hint: "Compute it in a derived table and filter outside: SELECT … FROM (SELECT …, ROW_NUMBER() OVER (…) AS n FROM …) t WHERE n = 1.",
        },
      );
    }
    const inside = new ExpressionBinder(
      this.#scope,
      { ...this.#clause, name: "another windowed function", windows: undefined },
      this.#bindQuery,
    );
    return columnExpr(windows.add(inside, node));
  }

  #grouping(node: Node<"call">): Scalar {
    const { grouping } = this.#clause;
    if (!grouping)
      throw fail(
        this,
        node,
        "group_by",
        `${node.name} needs GROUP BY with ROLLUP, CUBE or GROUPING SETS`,
      );
    const bits = node.args.map((arg) => columnExpr(grouping(node, this.value(arg))));
    const [first] = bits;
    if (!first || (node.name === "GROUPING" && bits.length !== 1))
      throw fail(
        this,
        node,
        "syntax",
        `${node.name} takes ${node.name === "GROUPING" ? "one key" : "keys"} of GROUP BY`,
      );
    return bits.slice(1).reduce<Scalar>((all, one) => {
      const doubled = this.#binary(node, "*", all, constant(2, one.type));
      return this.#binary(node, "+", doubled, one);
    }, first);
  }

  #scalarSubquery(node: Node<"subquery">): Scalar {
    const use = this.subquery(node, node.query);
    const [only, ...more] = use.columns;
    if (!only || more.length > 0)
      throw fail(
        this,
        node,
        "syntax",
        "A subquery that stands for one value selects one column (SQL Server error 116)",
      );
    const { column: inner } = only;
    const column: PlanColumn = {
      ...this.facts.column(inner.name, inner.type),
      ...(inner.isJson && { isJson: true }),
    };
    use.apply({ type: "scalar", column });
    return columnExpr(column);
  }
}

/** Puts the subqueries of a clause below it. */
export const applied = (
  input: Plan,
  applies: readonly PendingApply[],
  change: <E extends Expr>(expr: E) => E = (expr) => expr,
): Plan =>
  applies.reduce<Plan>(
    (below, { inner, correlation, mode, when }) => ({
      kind: "apply",
      input: below,
      inner,
      parameters: correlation.parameters.map(
        ({ column, expr }): Parameter => ({ column, expr: change(expr) }),
      ),
      mode: mode.type === "quantified" ? { ...mode, test: change(mode.test) } : mode,
      ...(when && { when: change(when) }),
    }),
    input,
  );
