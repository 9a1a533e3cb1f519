import type { Environment } from "../exec/evaluate";
import type { ComparisonOperator as Comparison, Expression, Span } from "../parser/ast";
import { columnExpr, constant, type Expr } from "../plan/expression";
import { textOf } from "../plan/text-type";
import { classOf, type SqlType } from "../types";
import { type AggregateCollector, aggregateNames } from "./aggregates";
import { bindCall } from "./bind-call";
import { bindCase, bindCast } from "./bind-case";
import { type Binding, fail, type Node, settle } from "./binding";
import { coerceConstant, coercePair, commonType, nullConstant, typeNames } from "./coerce";
import { refuseExpression } from "./not-run-yet";
import type { QueryFacts } from "./query-facts";
import type { Scope } from "./scope";

/** Turns parsed expressions into bound ones: names to columns, types checked, constants computed. */
export class ExpressionBinder implements Binding {
  readonly #scope: Scope;
  readonly #facts: QueryFacts;
  readonly source: string;
  readonly now: Date;
  readonly environment: Environment;
  /** Undefined where aggregates are not allowed: WHERE, ON, GROUP BY. */
  readonly #aggregates: AggregateCollector | undefined;
  /** NULLIF, BETWEEN and CASE x WHEN bind an operand more than once; inside each other that would double each time. */
  readonly #bound = new WeakMap<Expression, Expr>();

  constructor(scope: Scope, facts: QueryFacts, aggregates?: AggregateCollector) {
    this.#scope = scope;
    this.#facts = facts;
    this.source = scope.source;
    this.now = facts.now;
    this.environment = facts.environment;
    this.#aggregates = aggregates;
  }

  /** A value. A bare condition is not one in T-SQL. */
  value(node: Expression): Expr {
    const bound = this.#bind(node);
    if (bound.type !== "predicate") return bound;
    throw fail(this, node, "type", "A condition stands where a value is needed", {
      hint: "Write CASE WHEN condition THEN 1 ELSE 0 END.",
    });
  }

  /** A condition. A bare value is not one in T-SQL. */
  condition(node: Expression): Expr {
    const bound = this.#bind(node);
    if (bound.type === "predicate") return bound;
    const name = bound.kind === "column" ? bound.column.name : undefined;
    throw fail(this, node, "type", "A value stands where a condition is needed", {
      hint: name && `Compare it: ${name} = ${bound.type === "boolean" ? "1" : "…"}.`,
    });
  }

  #bind(node: Expression): Expr {
    const known = this.#bound.get(node);
    if (known) return known;
    const bound = this.#bindNew(node);
    this.#facts.check(bound, node);
    this.#bound.set(node, bound);
    return bound;
  }

  #bindNew(node: Expression): Expr {
    switch (node.kind) {
      case "name":
        return this.#name(node);
      case "string":
        return {
          kind: "constant",
          type: "text",
          value: node.value,
          ...(node.national && { unicode: true }),
        };
      case "number": {
        const value = Number(node.value);
        const isWhole = /^\d+$/.test(node.value) && Number.isSafeInteger(value);
        return constant(value, isWhole ? "integer" : "decimal");
      }
      case "null":
        return nullConstant;
      case "negate":
        return this.#arithmetic(node, "-", constant(0, "integer"), this.value(node.operand));
      case "arithmetic":
        return this.#arithmetic(node, node.operator, this.value(node.left), this.value(node.right));
      case "compare":
        return this.compare(node, node.operator, node.left, node.right);
      case "logic":
        return {
          kind: "logic",
          type: "predicate",
          operator: node.operator,
          operands: node.operands.map((operand) => this.condition(operand)),
        };
      case "not":
        return { kind: "not", type: "predicate", operand: this.condition(node.operand) };
      case "isNull":
        return {
          kind: "isNull",
          type: "predicate",
          operand: this.value(node.operand),
          negated: node.negated,
        };
      case "between":
        return this.#between(node);
      case "in":
        return this.#in(node);
      case "like":
        return this.#like(node);
      case "call":
        return this.#call(node);
      case "case":
        return bindCase(this, node);
      case "cast":
        return bindCast(this, node);
      case "binary":
      case "bitNot":
      case "bitwise":
      case "concat":
      case "withinGroup":
      case "over":
      case "trim":
      case "jsonObject":
      case "jsonArray":
      case "jsonObjectAgg":
      case "jsonArrayAgg":
      case "tryCast":
      case "parse":
      case "collate":
      case "atTimeZone":
      case "subquery":
      case "quantified":
      case "distinctFrom":
      case "inQuery":
      case "exists":
        return refuseExpression(node, this.source);
    }
  }

  #name(node: Node<"name">): Expr {
    const truth = this.#truth(node);
    if (truth !== undefined) return truth;
    const column = this.#scope.column(node.parts);
    this.#facts.places.set(column.id, node);
    return columnExpr(column);
  }

  /** `true` and `false` are no T-SQL, but every model writes them; a column of that name wins. */
  #truth({ parts }: Node<"name">): Expr | undefined {
    const [only] = parts;
    if (only === undefined || parts.length > 1 || !/^(true|false)$/i.test(only.name))
      return undefined;
    const isColumn = this.#scope.tables.some(({ byName }) => byName.has(only.name.toLowerCase()));
    return isColumn ? undefined : constant(/^true$/i.test(only.name), "boolean");
  }

  #arithmetic(at: Span, operator: "+" | "-" | "*" | "/" | "%", left: Expr, right: Expr): Expr {
    const classes = [classOf(left.type), classOf(right.type)];
    if (
      operator === "+" &&
      classes.includes("text") &&
      classes.every((one) => one === "text" || one === "null")
    ) {
      const type = textOf([left, right]);
      return settle({ kind: "arithmetic", type, operator, left, right }, this);
    }
    const days = this.#dayArithmetic(operator, left, right);
    if (days) return days;
    for (const side of [left, right]) {
      if (!["number", "boolean", "null"].includes(classOf(side.type))) {
        const what = `${typeNames[left.type]} ${operator} ${typeNames[right.type]}`;
        throw fail(this, at, "type", `Cannot calculate ${what}`, {
          hint: classes.includes("time")
            ? "Use DATEADD(day, n, date) or DATEDIFF(day, a, b)."
            : "Use CONCAT(a, b) to join texts, or CAST(value AS type).",
        });
      }
    }
    const type = commonType([left.type, right.type]) ?? "decimal";
    const result: SqlType = type === "choice" || type === "boolean" ? "integer" : type;
    return settle({ kind: "arithmetic", type: result, operator, left, right }, this);
  }

  /** `GETDATE() - 7`: a date plus or minus a whole number of days. */
  #dayArithmetic(operator: string, left: Expr, right: Expr): Expr | undefined {
    if (left.type !== "datetime" || classOf(right.type) !== "number") return undefined;
    if (operator !== "+" && operator !== "-") return undefined;
    const days: Expr =
      operator === "+"
        ? right
        : settle(
            {
              kind: "arithmetic",
              type: "integer",
              operator: "-",
              left: constant(0, "integer"),
              right,
            },
            this,
          );
    const args = [constant("day", "text"), days, left];
    return settle({ kind: "call", type: "datetime", name: "DATEADD", args }, this);
  }

  compare(at: Span, operator: Comparison, leftNode: Expression, rightNode: Expression): Expr {
    const left = this.value(leftNode);
    const right = this.value(rightNode);
    if (left.kind !== "constant" && right.kind === "constant") {
      return this.#compareConstant(operator, left, right, rightNode);
    }
    if (left.kind === "constant" && right.kind !== "constant") {
      const mirrored = ({ "<": ">", ">": "<", "<=": ">=", ">=": "<=" } as const)[operator as "<"];
      return this.#compareConstant(mirrored ?? operator, right, left, leftNode);
    }
    this.#checkUser(left, right, at);
    const [a, b] = coercePair(left, right, this.source, at);
    return { kind: "compare", type: "predicate", operator, left: a, right: b };
  }

  #checkUser(left: Expr, right: Expr, at: Span): void {
    const other =
      left.kind === "currentUser" ? right : right.kind === "currentUser" ? left : undefined;
    if (!other || classOf(other.type) === "guid") return;
    throw fail(this, at, "type", "CURRENT_USER is the id of a user", {
      hint: "Compare it with a column that holds users: ownerid = CURRENT_USER.",
    });
  }

  #compareConstant(
    operator: Comparison,
    operand: Expr,
    value: Extract<Expr, { kind: "constant" }>,
    at: Span,
  ): Expr {
    const exact = operator === "=" || operator === "<>";
    const isLabel = operand.kind === "column" && operand.column.origin?.part === "label";
    const values = isLabel && !exact ? [value] : coerceConstant(value, operand, this.source, at);
    const [first = value] = values;
    if (values.length > 1 && exact) {
      const negated = operator === "<>";
      return { kind: "in", type: "predicate", operand, list: values, negated };
    }
    return { kind: "compare", type: "predicate", operator, left: operand, right: first };
  }

  #between(node: Node<"between">): Expr {
    const low = this.compare(node, node.negated ? "<" : ">=", node.operand, node.low);
    const high = this.compare(node, node.negated ? ">" : "<=", node.operand, node.high);
    const operator = node.negated ? "or" : "and";
    return { kind: "logic", type: "predicate", operator, operands: [low, high] };
  }

  #in(node: Node<"in">): Expr {
    const operand = this.value(node.operand);
    const list = node.list.flatMap((item): readonly Expr[] => {
      const value = this.value(item);
      if (value.kind === "constant" && operand.kind !== "constant") {
        return coerceConstant(value, operand, this.source, item);
      }
      this.#checkUser(operand, value, item);
      return [coercePair(operand, value, this.source, item)[1]];
    });
    return { kind: "in", type: "predicate", operand, list, negated: node.negated };
  }

  #like(node: Node<"like">): Expr {
    const operand = this.#asText(this.value(node.operand), node.operand);
    const pattern = this.#asText(this.value(node.pattern), node.pattern);
    let escapedBy: string | undefined;
    if (node.escapedBy) {
      if (node.escapedBy.kind !== "string" || [...node.escapedBy.value].length !== 1) {
        throw fail(this, node.escapedBy, "type", "ESCAPE needs one character, such as '!'");
      }
      escapedBy = node.escapedBy.value;
    }
    return { kind: "like", type: "predicate", operand, pattern, escapedBy, negated: node.negated };
  }

  #asText(expr: Expr, at: Span): Expr {
    const kind = classOf(expr.type);
    if (kind === "text" || kind === "null") return expr;
    const meta = expr.kind === "column" ? expr.column.origin?.meta : undefined;
    if (meta && (expr.type === "choice" || expr.type === "lookup")) {
      throw fail(this, at, "type", `${meta.name} is a ${typeNames[expr.type]}; LIKE needs text`, {
        hint: `Write ${meta.name}name LIKE '…'.`,
        suggestions: [`${meta.name}name`],
      });
    }
    return settle({ kind: "cast", type: "text", operand: expr }, this);
  }

  #call(node: Node<"call">): Expr {
    const { name } = node;
    if (aggregateNames.has(name)) return this.#aggregate(node);
    if (node.star || node.distinct) {
      throw fail(this, node, "syntax", `${name} takes neither * nor DISTINCT`);
    }
    return bindCall(this, node);
  }

  #aggregate(node: Node<"call">): Expr {
    if (!this.#aggregates) {
      throw fail(this, node, "group_by", `${node.name} is not allowed here`, {
        hint: "Aggregates go into SELECT, HAVING or ORDER BY; a condition on one goes into HAVING.",
      });
    }
    // An aggregate of an aggregate is refused: its argument is bound without a collector.
    const inner = new ExpressionBinder(this.#scope, this.#facts);
    const args = node.args.map((arg) => inner.value(arg));
    return columnExpr(this.#aggregates.add(node, args, this.#scope));
  }
}
