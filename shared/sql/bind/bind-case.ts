import type { Span } from "../parser/ast";
import { constant, type Expr } from "../plan/expression";
import { isMax } from "../plan/text-type";
import { classOf } from "../types";
import { type Binding, fail, type Node, settle } from "./binding";
import { coerceConstant, commonType, nullConstant } from "./coerce";
import { castType, isNational, textLength } from "./data-types";

/** CASE over results of one type; results of other types are cast. */
export function choose(
  binding: Binding,
  at: Span,
  whens: readonly { when: Expr; result: Expr }[],
  otherwise: Expr,
): Expr {
  const results = [...whens.map((one) => one.result), otherwise];
  const type = commonType(results.map((one) => (isMax(one) ? "memo" : one.type)));
  if (!type) throw fail(binding, at, "type", "The results have types that do not go together");
  const as = (expr: Expr): Expr =>
    classOf(expr.type) === classOf(type) || expr.type === "null"
      ? expr
      : settle({ kind: "cast", type, operand: expr }, binding);
  return {
    kind: "case",
    type,
    whens: whens.map(({ when, result }) => ({ when, result: as(result) })),
    otherwise: as(otherwise),
  };
}

export function bindCase(binding: Binding, node: Node<"case">): Expr {
  const { operand } = node;
  const whens = node.whens.map(({ when, result }) => ({
    when: operand ? binding.compare(when, "=", operand, when) : binding.condition(when),
    result: binding.value(result),
  }));
  const otherwise = node.otherwise ? binding.value(node.otherwise) : nullConstant;
  return choose(binding, node, whens, otherwise);
}

export function bindCast(binding: Binding, node: Node<"cast">): Expr {
  const operand = binding.value(node.operand);
  const type = castType(node.type);
  if (!type) {
    throw fail(
      binding,
      node.type,
      "unsupported",
      `The data type ${node.type.name} is not supported by read_query`,
      {
        hint: "Use INT, DECIMAL, FLOAT, NVARCHAR, DATE, DATETIME, BIT or UNIQUEIDENTIFIER.",
      },
    );
  }
  if (node.style) {
    throw fail(
      binding,
      node.style,
      "unsupported",
      "A CONVERT style is not supported by read_query",
      {
        hint: "Use CAST(value AS type); dates come as ISO 8601.",
      },
    );
  }
  const unicode = isNational(node.type) && ({ unicode: true } as const);
  const cast = (expr: Expr): Expr => ({ kind: "cast", type, operand: expr, ...unicode });
  const length = textLength(node.type);
  const cut = (expr: Expr): Expr =>
    length === undefined
      ? expr
      : settle(
          {
            kind: "call",
            type: "text",
            name: "LEFT",
            args: [expr, constant(length, "integer")],
          },
          binding,
        );
  if (operand.kind === "constant") {
    const to = constant(null, type);
    const [value] = coerceConstant(operand, to, binding.source, node.operand);
    if (value) return cut(settle(cast(value), binding));
  }
  return cut(cast(operand));
}
