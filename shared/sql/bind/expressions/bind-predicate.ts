import { columnExpr, type Expr, expressionKey, type Scalar } from "../../expression/expression";
import { choicesPart } from "../../expression/options";
import { conditionFunction } from "../../fetchxml/condition-functions";
import type {
  ComparisonOperator,
  Expression,
  Predicate,
  QueryExpression,
  Span,
} from "../../parser/ast";
import { commonCollation } from "../../types/precedence";
import { bit, isText, isTime, nvarchar, type SqlType, withCollation } from "../../types/sql-type";
import { tellOfExists, tellOfMembership } from "../row-security";
import { type Binding, castTo, fail, type Node, orFail, settle } from "./binding";
import { containsOptions } from "./choices";
import { comparablePair, comparison, membership, nameInWords, typeWords } from "./coerce";

const kinds: ReadonlySet<Expression["kind"]> = new Set<Predicate["kind"]>([
  "compare",
  "quantified",
  "distinctFrom",
  "logic",
  "not",
  "isNull",
  "in",
  "inQuery",
  "exists",
  "between",
  "like",
  "containValues",
]);

export const isPredicateNode = (node: Expression): node is Predicate => kinds.has(node.kind);

export function bindPredicate(binding: Binding, node: Predicate): Expr {
  switch (node.kind) {
    case "compare":
      return binding.compare(node, node.operator, node.left, node.right);
    case "logic":
      return logic(
        node.operator,
        node.operands.map((operand) => binding.condition(operand)),
      );
    case "not":
      return { kind: "not", type: "predicate", operand: binding.condition(node.operand) };
    case "isNull": {
      const operand = binding.value(node.operand);
      return settle({ kind: "isNull", type: "predicate", operand, negated: node.negated }, binding);
    }
    case "distinctFrom": {
      const [left, right] = comparablePair(
        binding,
        binding.value(node.left),
        binding.value(node.right),
        node,
      );
      return settle(
        { kind: "distinct", type: "predicate", left, right, negated: node.negated },
        binding,
      );
    }
    case "between":
      return between(binding, node);
    case "in":
      if (!node.negated && node.list.some(isConditionOfService))
        return logic(
          "or",
          node.list.map((item) => binding.compare(item, "=", node.operand, item)),
        );
      return membership(
        binding,
        binding.value(node.operand),
        node.list.map((item) => ({ value: binding.value(item), at: item })),
        node.negated,
      );
    case "like":
      return like(binding, node);
    case "containValues":
      return containsOptions(binding, node, node.operand, node.list, node.isFullText);
    case "exists":
      return exists(binding, node);
    case "inQuery":
      return node.negated
        ? quantified(binding, node, "<>", "all", node.operand, node.query)
        : quantified(binding, node, "=", "any", node.operand, node.query);
    case "quantified":
      return quantified(binding, node, node.operator, node.quantifier, node.operand, node.query);
  }
}

/** `createdon IN (TODAY(), YESTERDAY())` */
const isConditionOfService = (node: Expression): boolean =>
  node.kind === "call" && conditionFunction(node.name) !== undefined;

/** So many alternatives for one value are looked up in a set. */
const manyAlternatives = 8;

/** `x = 1 OR x = 2 OR …` is `x IN (1, 2, …)`, which for thousands of them is a look into a set instead of thousands of tests. */
function logic(operator: "and" | "or", operands: readonly Expr[]): Expr {
  const whole: Expr = { kind: "logic", type: "predicate", operator, operands };
  if (operands.length < manyAlternatives) return whole;
  const wanted = operator === "or" ? "=" : "<>";
  const lists = new Map<string, { readonly operand: Scalar; readonly list: Scalar[] }>();
  const others: Expr[] = [];
  for (const one of operands) {
    if (one.kind !== "compare" || one.operator !== wanted || one.right.kind !== "constant") {
      others.push(one);
      continue;
    }
    const key = expressionKey(one.left);
    const known = lists.get(key) ?? { operand: one.left, list: [] };
    known.list.push(one.right);
    lists.set(key, known);
  }
  const sets = [...lists.values()].map(
    ({ operand, list }): Expr => ({
      kind: "in",
      type: "predicate",
      operand,
      list,
      negated: operator === "and",
    }),
  );
  const [only] = sets;
  if (sets.length + others.length > operands.length / 2) return whole;
  return only && sets.length === 1 && others.length === 0
    ? only
    : { ...whole, operands: [...sets, ...others] };
}

function between(binding: Binding, node: Node<"between">): Expr {
  const low = binding.compare(node, node.negated ? "<" : ">=", node.operand, node.low);
  const high = binding.compare(node, node.negated ? ">" : "<=", node.operand, node.high);
  const operator = node.negated ? "or" : "and";
  return { kind: "logic", type: "predicate", operator, operands: [low, high] };
}

function like(binding: Binding, node: Node<"like">): Expr {
  const text = asText(binding, binding.value(node.operand), node.operand);
  const pattern = asText(binding, binding.value(node.pattern), node.pattern);
  const collation = orFail(binding, node, commonCollation(text.type, pattern.type));
  const operand = isText(text.type)
    ? castTo(binding, text, withCollation(text.type, collation), node, "explicit")
    : text;
  let escapedBy: string | undefined;
  if (node.escapedBy) {
    const given = binding.value(node.escapedBy);
    const text = given.kind === "constant" ? given.value : undefined;
    if (typeof text !== "string" || [...text].length !== 1)
      throw fail(binding, node.escapedBy, "type", "ESCAPE needs one character, such as '!'");
    escapedBy = text;
  }
  return settle(
    { kind: "like", type: "predicate", operand, pattern, escapedBy, negated: node.negated },
    binding,
  );
}

function asText(binding: Binding, expr: Scalar, at: Span): Scalar {
  if (choicesPart(expr) === "value")
    throw fail(binding, at, "type", `${nameInWords(expr)} is ${typeWords(expr)}; LIKE needs text`, {
      hint: `Write ${nameInWords(expr)}name LIKE '%…%', or CONTAINVALUES(${nameInWords(expr)}, '…') for rows that have an option.`,
      suggestions: [`${nameInWords(expr)}name`],
    });
  if (isText(expr.type) || expr.type.kind === "null") return expr;
  const meta = expr.kind === "column" ? expr.column.origin?.meta : undefined;
  if (meta?.part === "value" && (meta.type === "choice" || meta.type === "lookup")) {
    throw fail(binding, at, "type", `${nameInWords(expr)} is ${typeWords(expr)}; LIKE needs text`, {
      hint: `Write ${meta.name}name LIKE '…'.`,
      suggestions: [`${meta.name}name`],
    });
  }
  if (isTime(expr.type) && expr.kind !== "constant")
    binding.facts.notes.add(
      `LIKE compares the text that CAST makes of ${nameInWords(expr)}, such as ${example(expr.type)}; YEAR(…), MONTH(…) or a range of dates say it plainly.`,
    );
  return castTo(binding, expr, nvarchar(4000), at, "explicit");
}

/** How CAST writes a date or time. */
function example({ kind }: SqlType): string {
  if (kind === "time") return "14:05:06";
  return kind === "datetime" || kind === "smalldatetime" ? "'Nov 30 2026  2:05PM'" : "'2026-11-30'";
}

function exists(binding: Binding, node: Node<"exists">): Expr {
  const column = binding.facts.column("exists", bit);
  const use = binding.subquery(node, node.query);
  use.apply({ type: "exists", column });
  tellOfExists(use.plan, binding.facts.notes);
  return { kind: "isTrue", type: "predicate", operand: columnExpr(column) };
}

function quantified(
  binding: Binding,
  at: Span,
  operator: ComparisonOperator,
  quantifier: "any" | "all",
  operandNode: Expression,
  query: QueryExpression,
): Expr {
  const operand = binding.value(operandNode);
  const use = binding.subquery(at, query);
  const [only, ...more] = use.columns;
  if (!only || more.length > 0)
    throw fail(
      binding,
      query,
      "syntax",
      "A subquery behind IN, ANY or ALL selects one column (SQL Server error 116)",
      { hint: "Name one column after SELECT, or use EXISTS." },
    );
  const column = binding.facts.column(operator === "=" ? "in" : quantifier, bit);
  const test = comparison(binding, at, operator, operand, columnExpr(only.column));
  use.apply({ type: "quantified", column, test, quantifier });
  tellOfMembership(operand, columnExpr(only.column), binding.facts.notes);
  return { kind: "isTrue", type: "predicate", operand: columnExpr(column) };
}
