import { constant, type Expr, type ExprOf, type Scalar } from "../../expression/expression";
import { bindParse } from "../../functions/format/parse";
import type { DataType, Span } from "../../parser/ast";
import { bindConversion } from "../../types/conversion/convert";
import { declaredType } from "../../types/declared-type";
import { Failure } from "../../types/failure";
import { unify } from "../../types/precedence";
import { bit, int, nullType, nvarchar, type SqlType } from "../../types/sql-type";
import { type Binding, castTo, fail, type Node, orFail, placeOf, settled } from "./binding";

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

const yes = constant(true, bit);
const no = constant(false, bit);

/**
 * Whether a row comes to what stands behind these conditions, of which the last must be true where `isBranch`. Made only where
 * somebody asks, while the conditions are as many as there are then.
 */
const reached = (conditions: readonly Expr[], isBranch: boolean) => (): Expr => {
  const last = conditions.length - 1;
  const whens = conditions.map((when, at) => ({
    when,
    result: isBranch && at === last ? yes : no,
  }));
  return {
    kind: "isTrue",
    type: "predicate",
    operand: { kind: "case", type: bit, whens, otherwise: isBranch ? no : yes },
  };
};

export function bindCase(binding: Binding, node: Node<"case">): Scalar {
  const { operand } = node;
  const whens: When[] = [];
  const conditions: Expr[] = [];
  for (const { when: condition, result } of node.whens) {
    const when = binding.guarded(reached(conditions, false), () =>
      operand ? binding.compare(condition, "=", operand, condition) : binding.condition(condition),
    );
    conditions.push(when);
    const value = binding.guarded(reached(conditions, true), () => binding.value(result));
    whens.push({ when, result: value });
  }
  const { otherwise } = node;
  const last = otherwise
    ? binding.guarded(reached(conditions, false), () => binding.value(otherwise))
    : nullConstant;
  return choose(binding, node, whens, last);
}

/** Functions that are CASE in other words; undefined for all others. */
export function bindShorthand(binding: Binding, node: Node<"call">): Scalar | undefined {
  const { name, args } = node;
  const [a, b, c] = args;
  if (node.star || node.distinct) return undefined;
  if (name === "COALESCE" && args.length > 1) {
    const whens: When[] = [];
    const conditions: Expr[] = [];
    for (const arg of args) {
      const value = binding.guarded(reached(conditions, false), () => binding.value(arg));
      const one = whenNotNull(value);
      whens.push(one);
      conditions.push(one.when);
    }
    const last = whens.pop()?.result ?? nullConstant;
    return choose(binding, node, whens, last);
  }
  if (name === "ISNULL" && a && b && !c) {
    const value = binding.value(a);
    const first = whenNotNull(value);
    const other = binding.guarded(reached([first.when], false), () => binding.value(b));
    const type = value.type.kind === "null" ? other.type : value.type;
    return choose(binding, node, [first], other, type);
  }
  if (name === "NULLIF" && a && b && !c) {
    const when = binding.compare(node, "=", a, b);
    const value = binding.value(a);
    return choose(binding, node, [{ when, result: nullConstant }], value, value.type);
  }
  if (name === "IIF" && a && b && c) {
    const when = binding.condition(a);
    const result = binding.guarded(reached([when], true), () => binding.value(b));
    const otherwise = binding.guarded(reached([when], false), () => binding.value(c));
    return choose(binding, node, [{ when, result }], otherwise);
  }
  if (name === "CHOOSE" && a && b) {
    const index = castTo(binding, binding.value(a), int, a);
    const whens = args.slice(1).map((arg, at): When => {
      const when: Expr = {
        kind: "compare",
        type: "predicate",
        operator: "=",
        left: index,
        right: constant(at + 1, int),
      };
      return { when, result: binding.guarded(reached([when], true), () => binding.value(arg)) };
    });
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
    place: placeOf(binding, node),
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
      place: placeOf(binding, node),
      culture: typeof name === "string" ? name : "en-US",
    },
    binding,
  );
}
