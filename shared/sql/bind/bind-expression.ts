import { errorAt, type SqlError } from "../errors";
import { type DatePart, dateParts } from "../exec/dates";
import { compile } from "../exec/evaluate";
import { scalarFunctions } from "../exec/functions";
import { nearest } from "../nearest";
import type { Expression, Span } from "../parser/ast";
import { childrenOf, columnExpr, constant, type Expr, type Predicate } from "../plan/expression";
import { classOf, type SqlType } from "../types";
import { type AggregateCollector, aggregateNames } from "./aggregates";
import { coerceConstant, coercePair, commonType, nullConstant, typeNames } from "./coerce";
import { castType } from "./data-types";
import type { Scope } from "./scope";

type Node<K extends Expression["kind"]> = Extract<Expression, { readonly kind: K }>;
type Comparison = Extract<Predicate, { readonly kind: "compare" }>["operator"];

/** Turns parsed expressions into bound ones: names to columns, types checked, constants computed. */
export class ExpressionBinder {
  readonly #scope: Scope;
  readonly #now: Date;
  /** Undefined where aggregates are not allowed: WHERE, ON, GROUP BY. */
  readonly #aggregates: AggregateCollector | undefined;
  /** Where each column was last named, for errors that are found later. */
  readonly #places: Map<number, Span>;

  constructor(scope: Scope, now: Date, places: Map<number, Span>, aggregates?: AggregateCollector) {
    this.#scope = scope;
    this.#now = now;
    this.#places = places;
    this.#aggregates = aggregates;
  }

  /** A value. A bare condition is not one in T-SQL. */
  value(node: Expression): Expr {
    const bound = this.#bind(node);
    if (bound.type !== "predicate") return bound;
    throw this.#error(node, "type", "A condition stands where a value is needed", {
      hint: "Write CASE WHEN condition THEN 1 ELSE 0 END.",
    });
  }

  /** A condition. A bare value is not one in T-SQL. */
  condition(node: Expression): Expr {
    const bound = this.#bind(node);
    if (bound.type === "predicate") return bound;
    const name = bound.kind === "column" ? bound.column.name : undefined;
    throw this.#error(node, "type", "A value stands where a condition is needed", {
      hint: name && `Compare it: ${name} = ${bound.type === "boolean" ? "1" : "…"}.`,
    });
  }

  #error(
    at: Span,
    code: SqlError["code"],
    message: string,
    details: { hint?: string | undefined; suggestions?: readonly string[] } = {},
  ): SqlError {
    return errorAt(this.#scope.source, at.start, code, message, details);
  }

  #bind(node: Expression): Expr {
    switch (node.kind) {
      case "name":
        return this.#name(node);
      case "string":
        return constant(node.value, "text");
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
        return this.#comparison(node, node.operator, node.left, node.right);
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
        return this.#case(node);
      case "cast":
        return this.#cast(node);
    }
  }

  #name(node: Node<"name">): Expr {
    const column = this.#scope.column(node.parts);
    this.#places.set(column.id, node);
    return columnExpr(column);
  }

  /** Computes what depends on no row now, once for the query. */
  #settle(expr: Expr): Expr {
    if (!childrenOf(expr).every((child) => child.kind === "constant")) return expr;
    const value = compile(expr, [], { userId: undefined })([]);
    return constant(value, expr.type);
  }

  #arithmetic(at: Span, operator: "+" | "-" | "*" | "/" | "%", left: Expr, right: Expr): Expr {
    const classes = [classOf(left.type), classOf(right.type)];
    if (
      operator === "+" &&
      classes.includes("text") &&
      classes.every((one) => one === "text" || one === "null")
    ) {
      return this.#settle({ kind: "arithmetic", type: "text", operator, left, right });
    }
    const days = this.#dayArithmetic(operator, left, right);
    if (days) return days;
    for (const side of [left, right]) {
      if (!["number", "boolean", "null"].includes(classOf(side.type))) {
        const what = `${typeNames[left.type]} ${operator} ${typeNames[right.type]}`;
        throw this.#error(at, "type", `Cannot calculate ${what}`, {
          hint: classes.includes("time")
            ? "Use DATEADD(day, n, date) or DATEDIFF(day, a, b)."
            : "Use CONCAT(a, b) to join texts, or CAST(value AS type).",
        });
      }
    }
    const type = commonType([left.type, right.type]) ?? "decimal";
    const result: SqlType = type === "choice" || type === "boolean" ? "integer" : type;
    return this.#settle({ kind: "arithmetic", type: result, operator, left, right });
  }

  /** `GETDATE() - 7`: a date plus or minus a whole number of days. */
  #dayArithmetic(operator: string, left: Expr, right: Expr): Expr | undefined {
    if (left.type !== "datetime" || classOf(right.type) !== "number") return undefined;
    if (operator !== "+" && operator !== "-") return undefined;
    const days: Expr =
      operator === "+"
        ? right
        : this.#settle({
            kind: "arithmetic",
            type: "integer",
            operator: "-",
            left: constant(0, "integer"),
            right,
          });
    const args = [constant("day", "text"), days, left];
    return this.#settle({ kind: "call", type: "datetime", name: "DATEADD", args });
  }

  #comparison(at: Span, operator: Comparison, leftNode: Expression, rightNode: Expression): Expr {
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
    const [a, b] = coercePair(left, right, this.#scope.source, at);
    return { kind: "compare", type: "predicate", operator, left: a, right: b };
  }

  #checkUser(left: Expr, right: Expr, at: Span): void {
    const other =
      left.kind === "currentUser" ? right : right.kind === "currentUser" ? left : undefined;
    if (!other || classOf(other.type) === "guid") return;
    throw this.#error(at, "type", "CURRENT_USER is the id of a user", {
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
    const values =
      isLabel && !exact ? [value] : coerceConstant(value, operand, this.#scope.source, at);
    const [first = value] = values;
    if (values.length > 1 && exact) {
      const negated = operator === "<>";
      return { kind: "in", type: "predicate", operand, list: values, negated };
    }
    return { kind: "compare", type: "predicate", operator, left: operand, right: first };
  }

  #between(node: Node<"between">): Expr {
    const low = this.#comparison(node, node.negated ? "<" : ">=", node.operand, node.low);
    const high = this.#comparison(node, node.negated ? ">" : "<=", node.operand, node.high);
    const operator = node.negated ? "or" : "and";
    return { kind: "logic", type: "predicate", operator, operands: [low, high] };
  }

  #in(node: Node<"in">): Expr {
    const operand = this.value(node.operand);
    const list = node.list.flatMap((item): readonly Expr[] => {
      const value = this.value(item);
      if (value.kind === "constant" && operand.kind !== "constant") {
        return coerceConstant(value, operand, this.#scope.source, item);
      }
      this.#checkUser(operand, value, item);
      return [coercePair(operand, value, this.#scope.source, item)[1]];
    });
    return { kind: "in", type: "predicate", operand, list, negated: node.negated };
  }

  #like(node: Node<"like">): Expr {
    const operand = this.#asText(this.value(node.operand), node.operand);
    const pattern = this.#asText(this.value(node.pattern), node.pattern);
    let escapedBy: string | undefined;
    if (node.escapedBy) {
      if (node.escapedBy.kind !== "string" || [...node.escapedBy.value].length !== 1) {
        throw this.#error(node.escapedBy, "type", "ESCAPE needs one character, such as '!'");
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
      throw this.#error(at, "type", `${meta.name} is a ${typeNames[expr.type]}; LIKE needs text`, {
        hint: `Write ${meta.name}name LIKE '…'.`,
        suggestions: [`${meta.name}name`],
      });
    }
    return this.#settle({ kind: "cast", type: "text", operand: expr });
  }

  #call(node: Node<"call">): Expr {
    const { name } = node;
    if (aggregateNames.has(name)) return this.#aggregate(node);
    if (node.star || node.distinct) {
      throw this.#error(node, "syntax", `${name} takes neither * nor DISTINCT`);
    }
    return this.#constantCall(node) ?? this.#shorthand(node) ?? this.#scalar(node);
  }

  #aggregate(node: Node<"call">): Expr {
    if (!this.#aggregates) {
      throw this.#error(node, "group_by", `${node.name} is not allowed here`, {
        hint: "Aggregates go into SELECT, HAVING or ORDER BY; a condition on one goes into HAVING.",
      });
    }
    // An aggregate of an aggregate is refused: its argument is bound without a collector.
    const inner = new ExpressionBinder(this.#scope, this.#now, this.#places);
    const args = node.args.map((arg) => inner.value(arg));
    return columnExpr(this.#aggregates.add(node, args, this.#scope));
  }

  #constantCall({ name, args }: Node<"call">): Expr | undefined {
    if (
      ["GETDATE", "GETUTCDATE", "SYSDATETIME", "SYSUTCDATETIME", "CURRENT_TIMESTAMP"].includes(name)
    ) {
      return args.length === 0 ? constant(this.#now.getTime(), "datetime") : undefined;
    }
    const users = [
      "CURRENT_USER",
      "SESSION_USER",
      "SYSTEM_USER",
      "SUSER_SNAME",
      "SUSER_NAME",
      "USER_NAME",
    ];
    return users.includes(name) && args.length === 0
      ? { kind: "currentUser", type: "guid" }
      : undefined;
  }

  /** Functions that are CASE in other words. */
  #shorthand(node: Node<"call">): Expr | undefined {
    const { name, args } = node;
    const [a, b, c] = args;
    if ((name === "ISNULL" && args.length === 2) || (name === "COALESCE" && args.length > 1)) {
      const values = args.map((arg) => this.value(arg));
      const last = values[values.length - 1] ?? nullConstant;
      const whens = values.slice(0, -1).map((result): { when: Expr; result: Expr } => ({
        when: { kind: "isNull", type: "predicate", operand: result, negated: true },
        result,
      }));
      return this.#choose(node, whens, last);
    }
    if (name === "NULLIF" && a && b && !c) {
      const when = this.#comparison(node, "=", a, b);
      return this.#choose(node, [{ when, result: nullConstant }], this.value(a));
    }
    if (name === "IIF" && a && b && c) {
      return this.#choose(
        node,
        [{ when: this.condition(a), result: this.value(b) }],
        this.value(c),
      );
    }
    return undefined;
  }

  #choose(at: Span, whens: readonly { when: Expr; result: Expr }[], otherwise: Expr): Expr {
    const type = commonType([...whens.map((one) => one.result.type), otherwise.type]);
    if (!type) throw this.#error(at, "type", "The results have types that do not go together");
    const as = (expr: Expr): Expr =>
      classOf(expr.type) === classOf(type) || expr.type === "null"
        ? expr
        : this.#settle({ kind: "cast", type, operand: expr });
    return {
      kind: "case",
      type,
      whens: whens.map(({ when, result }) => ({ when, result: as(result) })),
      otherwise: as(otherwise),
    };
  }

  #case(node: Node<"case">): Expr {
    const { operand } = node;
    const whens = node.whens.map(({ when, result }) => ({
      when: operand ? this.#comparison(when, "=", operand, when) : this.condition(when),
      result: this.value(result),
    }));
    const otherwise = node.otherwise ? this.value(node.otherwise) : nullConstant;
    return this.#choose(node, whens, otherwise);
  }

  #scalar(node: Node<"call">): Expr {
    const definition = Object.hasOwn(scalarFunctions, node.name)
      ? scalarFunctions[node.name]
      : undefined;
    if (!definition) throw this.#unknownFunction(node);
    const [minimum, maximum] = definition.arguments;
    if (node.args.length < minimum || node.args.length > maximum) {
      const wanted = minimum === maximum ? `${minimum}` : `${minimum} to ${maximum}`;
      const message = `${node.name} takes ${wanted} arguments, not ${node.args.length}`;
      throw this.#error(node, "syntax", message);
    }
    const args = node.args.map((arg, index): Expr => {
      if (definition.datePart && index === 0) return constant(this.#datePart(arg), "text");
      const value = this.value(arg);
      const wanted = definition.takes?.[Math.min(index, definition.takes.length - 1)];
      return wanted ? this.#argument(value, wanted, arg) : this.#argument(value, "float", arg);
    });
    const type = definition.type(args.map((arg) => arg.type));
    return this.#settle({ kind: "call", type, name: node.name, args });
  }

  #argument(value: Expr, wanted: SqlType, at: Span): Expr {
    if (classOf(value.type) === classOf(wanted) || value.type === "null") return value;
    const kinds = [classOf(value.type), classOf(wanted)];
    const hopeless =
      kinds[1] === "time" ? kinds[0] !== "text" : kinds[1] === "number" && kinds[0] === "time";
    if (hopeless) {
      const message = `${typeNames[value.type]} given where ${typeNames[wanted]} is needed`;
      throw this.#error(at, "type", message);
    }
    if (value.kind === "constant")
      return coerceConstant(value, constant(null, wanted), this.#scope.source, at)[0] ?? value;
    return { kind: "cast", type: wanted, operand: value };
  }

  #datePart(node: Expression): DatePart {
    const name = node.kind === "name" && node.parts.length === 1 ? node.parts[0]?.name : undefined;
    const part = name === undefined ? undefined : dateParts[name.toUpperCase()];
    if (part) return part;
    throw this.#error(node, "syntax", "A date part is needed", {
      hint: "Use year, quarter, month, week, day, hour, minute or second, without quotes.",
    });
  }

  #unknownFunction(node: Node<"call">): SqlError {
    const known = [
      ...aggregateNames,
      ...Object.keys(scalarFunctions),
      "GETDATE",
      "GETUTCDATE",
      "ISNULL",
      "COALESCE",
      "NULLIF",
      "IIF",
    ];
    const near = nearest(node.name, known, 1);
    return this.#error(
      node,
      "unsupported",
      `The function ${node.name} is not supported by read_query`,
      {
        hint: near[0] ? `Did you mean ${near[0]}?` : `Available: ${known.sort().join(", ")}.`,
        suggestions: near,
      },
    );
  }

  #cast(node: Node<"cast">): Expr {
    const operand = this.value(node.operand);
    const type = castType(node.type);
    if (!type) {
      throw this.#error(
        node.type,
        "unsupported",
        `The data type ${node.type.name} is not supported by read_query`,
        {
          hint: "Use INT, DECIMAL, FLOAT, NVARCHAR, DATE, DATETIME, BIT or UNIQUEIDENTIFIER.",
        },
      );
    }
    if (node.style) {
      throw this.#error(
        node.style,
        "unsupported",
        "A CONVERT style is not supported by read_query",
        {
          hint: "Use CAST(value AS type); dates come as ISO 8601.",
        },
      );
    }
    if (operand.kind === "constant") {
      const [value] = coerceConstant(
        operand,
        constant(null, type),
        this.#scope.source,
        node.operand,
      );
      if (value) return this.#settle({ kind: "cast", type, operand: value });
    }
    return { kind: "cast", type, operand };
  }
}
