import { constant, type Expr, type ExprOf, type Scalar } from "../../expression/expression";
import { bindParse } from "../../functions/format/parse";
import type { DataType, Span } from "../../parser/ast";
import { bindConversion } from "../../types/conversion/convert";
import { declaredType } from "../../types/declared-type";
import { Failure } from "../../types/failure";
import { unify } from "../../types/precedence";
import { int, nullType, nvarchar, type SqlType } from "../../types/sql-type";
import { type Binding, castTo, fail, type Node, orFail, settled } from "./binding";

interface When {
  readonly when: Expr;
  readonly result: Scalar;
}

/** CASE over results of one type; results of other types are cast. */
export function choose(
  binding: Binding,
  at: Span,
  whens: readonly When[],
  otherwise: Scalar,
  type = commonType(binding, at, [...whens.map((one) => one.result), otherwise]),
): Scalar {
  const as = (expr: Scalar): Scalar => castTo(binding, expr, type, at);
  const first = whens[0];
  // A condition that is settled decides now.
  if (first?.when.kind === "truth") {
    if (first.when.value === true) return as(first.result);
    const rest = whens.slice(1);
    return rest.length === 0 ? as(otherwise) : choose(binding, at, rest, otherwise, type);
  }
  return {
    kind: "case",
    type,
    whens: whens.map(({ when, result }) => ({ when, result: as(result) })),
    otherwise: as(otherwise),
  };
}

function commonType(binding: Binding, at: Span, results: readonly Scalar[]): SqlType {
  const type = unify(results.map((one) => one.type));
  if (!(type instanceof Failure)) return type;
  throw type.at(binding.facts.source, at.start);
}

const nullConstant = constant(null, nullType);

export function bindCase(binding: Binding, node: Node<"case">): Scalar {
  const { operand } = node;
  const whens = node.whens.map(({ when, result }) => ({
    when: operand ? binding.compare(when, "=", operand, when) : binding.condition(when),
    result: binding.value(result),
  }));
  const otherwise = node.otherwise ? binding.value(node.otherwise) : nullConstant;
  return choose(binding, node, whens, otherwise);
}

/** Functions that are CASE in other words; undefined for all others. */
export function bindShorthand(binding: Binding, node: Node<"call">): Scalar | undefined {
  const { name, args } = node;
  const [a, b, c] = args;
  if (node.star || node.distinct) return undefined;
  if (name === "COALESCE" && args.length > 1) {
    const values = args.map((arg) => binding.value(arg));
    const last = values[values.length - 1] ?? nullConstant;
    return choose(binding, node, values.slice(0, -1).map(whenNotNull), last);
  }
  if (name === "ISNULL" && a && b && !c) {
    const value = binding.value(a);
    const type = value.type.kind === "null" ? binding.value(b).type : value.type;
    return choose(binding, node, [whenNotNull(value)], binding.value(b), type);
  }
  if (name === "NULLIF" && a && b && !c) {
    const when = binding.compare(node, "=", a, b);
    const value = binding.value(a);
    return choose(binding, node, [{ when, result: nullConstant }], value, value.type);
  }
  if (name === "IIF" && a && b && c) {
    const when = binding.condition(a);
    return choose(binding, node, [{ when, result: binding.value(b) }], binding.value(c));
  }
  if (name === "CHOOSE" && a && b) {
    const index = castTo(binding, binding.value(a), int, a);
    const whens = args.slice(1).map(
      (arg, at): When => ({
        when: {
          kind: "compare",
          type: "predicate",
          operator: "=",
          left: index,
          right: constant(at + 1, int),
        },
        result: binding.value(arg),
      }),
    );
    return choose(binding, node, whens, nullConstant);
  }
  return undefined;
}

const whenNotNull = (result: Scalar): When => ({
  when:
    result.kind === "constant"
      ? { kind: "truth", type: "predicate", value: result.value !== null }
      : { kind: "isNull", type: "predicate", operand: result, negated: true },
  result,
});

function typeOf(binding: Binding, node: DataType): SqlType {
  const type = declaredType(node.name, node.args);
  if (!(type instanceof Failure)) return type;
  throw fail(binding, node, "unsupported", type.message, {
    hint:
      type.hint ?? "Use INT, DECIMAL, FLOAT, NVARCHAR, DATE, DATETIME, BIT or UNIQUEIDENTIFIER.",
  });
}

/** CAST, CONVERT, TRY_CAST, TRY_CONVERT */
export function bindCast(binding: Binding, node: Node<"cast"> | Node<"tryCast">): Scalar {
  const type = typeOf(binding, node.type);
  const operand = binding.value(node.operand);
  const style = node.style && styleOf(binding, node.style);
  const conversion = orFail(binding, node, bindConversion(operand.type, type, "explicit"));
  const cast: ExprOf<"cast"> = {
    kind: "cast",
    type,
    operand,
    conversion,
    style,
    isTry: node.kind === "tryCast",
  };
  return settled(cast, binding);
}

function styleOf(binding: Binding, node: Parameters<Binding["value"]>[0]): number {
  const style = binding.value(node);
  if (style.kind === "constant" && typeof style.value === "number") return style.value;
  throw fail(
    binding,
    node,
    "unsupported",
    "A CONVERT style that is no whole number is not available",
    {
      hint: "Write the number of the style, such as 120 for yyyy-mm-dd hh:mi:ss.",
    },
  );
}

/** PARSE and TRY_PARSE */
export function bindParseCall(binding: Binding, node: Node<"parse">): Scalar {
  const type = typeOf(binding, node.type);
  const operand = castTo(binding, binding.value(node.operand), nvarchar(4000), node, "explicit");
  const culture = node.culture && binding.value(node.culture);
  const name = culture?.kind === "constant" ? culture.value : undefined;
  const conversion = orFail(
    binding,
    node,
    bindParse(type, typeof name === "string" ? name : undefined),
  );
  return settled(
    {
      kind: "cast",
      type,
      operand,
      conversion,
      style: undefined,
      isTry: node.isTry,
      culture: typeof name === "string" ? name : "en-US",
    },
    binding,
  );
}
