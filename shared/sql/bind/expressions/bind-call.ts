import type { SqlError } from "../../errors";
import { constant, type ExprOf, operandOf, type Scalar } from "../../expression/expression";
import { aggregates } from "../../functions/aggregate/aggregates";
import type { Argument } from "../../functions/function";
import { spelling } from "../../functions/other-dialects";
import { refusal } from "../../functions/refusals";
import { bindCall as bindFunction, functionNames, scalarFunction } from "../../functions/table";
import { windowFunction } from "../../functions/window/windows";
import { nearest } from "../../nearest";
import type { Expression, Span } from "../../parser/ast";
import { nullType, uniqueidentifier } from "../../types/sql-type";
import { type Binding, castTo, fail, type Node, orFail, placeOf, settled } from "./binding";

/** Who asks, under each of its names. */
const users: ReadonlySet<string> = new Set([
  "CURRENT_USER",
  "SESSION_USER",
  "SYSTEM_USER",
  "USER",
  "SUSER_SNAME",
  "SUSER_NAME",
  "USER_NAME",
]);

/** A call of what is neither an aggregate nor CASE in other words. */
export function bindScalarCall(binding: Binding, node: Node<"call">): Scalar {
  const { name, args } = node;
  if (users.has(name) && args.length === 0) return { kind: "currentUser", type: uniqueidentifier };
  if (node.star || node.distinct)
    throw fail(binding, node, "syntax", `${name} takes neither * nor DISTINCT`);
  const known = scalarFunction(name);
  if (!known) throw unknownFunction(binding, node);
  let keyword: string | undefined;
  const values = args.map((arg, at) => {
    if (at !== known.keyword) return binding.value(arg);
    keyword = bareWord(binding, arg);
    return constant(null, nullType);
  });
  return callOf(binding, node, name, values, args, keyword);
}

function bareWord(binding: Binding, node: Expression): string {
  const [part, ...more] = node.kind === "name" ? node.parts : [];
  if (part && more.length === 0) return part.name.toLowerCase();
  throw fail(binding, node, "syntax", "A date part is needed", {
    hint: "Use year, quarter, month, week, day, hour, minute or second, without quotes.",
  });
}

/** A call by name of values that are bound already. `places` are those of the arguments. */
export function callOf(
  binding: Pick<Binding, "facts">,
  at: Span,
  name: string,
  values: readonly Scalar[],
  places: readonly (Span | Expression)[],
  keyword?: string,
): Scalar {
  const position = keyword === undefined ? undefined : scalarFunction(name)?.keyword;
  const bound = orFail(
    binding,
    at,
    bindFunction(
      name,
      values.map((value, index) => ({
        ...argumentOf(value, index === position ? keyword : undefined),
        ...writtenType(places[index]),
      })),
    ),
  );
  const call: ExprOf<"call"> = {
    kind: "call",
    type: bound.type,
    name,
    args: values.map((value, index) => {
      const type = bound.takes[index];
      return index === position || !type
        ? value
        : castTo(binding, value, type, places[index] ?? at);
    }),
    bound,
    place: placeOf(binding, at),
    ...(keyword !== undefined && { keyword }),
    ...(scalarFunction(name)?.determinism === "row" && { isVolatile: true as const }),
  };
  const result = settled(call, binding);
  return result.kind === "constant" && bound.isJson ? { ...result, isJson: true } : result;
}

const writtenType = (place: Span | Expression | undefined): Pick<Argument, "writtenType"> =>
  place && "kind" in place && (place.kind === "cast" || place.kind === "tryCast")
    ? { writtenType: place.type.name }
    : {};

export const argumentOf = (value: Scalar, keyword?: string): Argument => ({
  ...operandOf(value),
  ...(keyword !== undefined && { keyword }),
  ...(isJson(value) && { isJson: true }),
});

/** Is its text JSON, to be put into other JSON as it is? */
export function isJson(value: Scalar): boolean {
  if (value.kind === "call") return value.bound.isJson === true;
  if (value.kind === "column") return value.column.isJson === true;
  return value.kind === "constant" && value.isJson === true;
}

function unknownFunction(binding: Binding, node: Node<"call">): SqlError {
  const why = refusal(node.name);
  if (why !== undefined)
    return fail(binding, node, "unsupported", `The function ${node.name} is not available here`, {
      hint: why,
    });
  const window = windowFunction(node.name);
  if (window)
    return fail(
      binding,
      node,
      "syntax",
      `The function '${window.name}' must have an OVER clause (SQL Server error 10753)`,
      { hint: `Write ${window.syntax}.` },
    );
  const written = spelling(node.name);
  if (written !== undefined)
    return fail(binding, node, "unsupported", `The function ${node.name} is not T-SQL`, {
      hint: `Write ${written}.`,
    });
  const known = [
    ...aggregates.map(({ name: own }) => own).filter((own) => !own.includes(" ")),
    ...functionNames,
    ...["ISNULL", "COALESCE", "NULLIF", "IIF", "CHOOSE"],
  ];
  const near = nearest(node.name, known, 1);
  return fail(
    binding,
    node,
    "unsupported",
    `The function ${node.name} is not supported by read_query`,
    {
      hint: near[0]
        ? `Did you mean ${near[0]}?`
        : "docs/sql.md lists the functions that there are.",
      suggestions: near,
    },
  );
}
