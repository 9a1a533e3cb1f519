import { errorAt } from "../../errors";
import { columnExpr, columnsIn, hasPart, type Scalar } from "../../expression/expression";
import type { Expression, Top } from "../../parser/ast";
import { columnsOf, type GivenNumbers, type Plan, type SortKey } from "../../plan/nodes";
import { bigint, float, isWhole } from "../../types/sql-type";
import type { BindQuery } from "../bound-rows";
import { applied, ExpressionBinder, type PendingApply } from "../expressions/bind-expression";
import { castTo } from "../expressions/binding";
import { Correlation, type Scope } from "../names/scope";

/** How many rows, from where on. */
export interface RowLimit {
  readonly offset: number;
  readonly count: number | undefined;
  readonly percent: number | undefined;
  readonly withTies: boolean;
  /** What only the run of the query tells: values of a query around, and subqueries. */
  readonly given: GivenNumbers;
  readonly applies: readonly PendingApply[];
  readonly scope: Scope;
}

export interface Limiting {
  readonly top?: Top | undefined;
  readonly offset: Expression | undefined;
  readonly fetch: Expression | undefined;
}

const advice =
  "A number that no row decides: 50, a subquery of one value, or a value of the query around.";

/** TOP, OFFSET and FETCH; `scope` is that of the query, of which they see the queries around alone. */
export function bindLimit(node: Limiting, scope: Scope, bindQuery: BindQuery): RowLimit {
  const { facts } = scope;
  const { source } = facts;
  const applies: PendingApply[] = [];
  const binder = new ExpressionBinder(scope, { name: "TOP and OFFSET", applies }, bindQuery);
  const given: { -readonly [K in keyof GivenNumbers]: GivenNumbers[K] } = {};

  /** A number that is known now; undefined where it is put into `given`. */
  const read = (of: Expression, what: string, key: keyof GivenNumbers): number | undefined => {
    const value = binder.value(of);
    if (readsRows(value, applies))
      throw errorAt(
        source,
        of.start,
        "type",
        `${what} names a column of its own query, whose rows it counts (SQL Server error 4115)`,
        { hint: advice },
      );
    const isShare = key === "percent";
    const fits =
      isShare || isWhole(value.type) || (value.type.kind === "decimal" && value.type.scale === 0);
    if (!fits || (value.kind === "constant" && value.value === null))
      throw errorAt(
        source,
        of.start,
        "type",
        `${what} needs a whole number (SQL Server error 1060)`,
        {
          hint: advice,
        },
      );
    const number = castTo(binder, value, isShare ? float : bigint, of, "explicit");
    if (number.kind !== "constant") {
      given[key] = facts.weigh(number, of);
      return undefined;
    }
    const known = Number(number.value);
    const least = what === "FETCH" ? 1 : 0;
    if (known >= least && (!isShare || known <= 100)) return known;
    throw errorAt(source, of.start, "type", boundsOf(what, isShare));
  };
  if (node.offset && node.top) {
    throw errorAt(source, node.offset.start, "syntax", "TOP and OFFSET do not go together", {
      hint: "Write OFFSET n ROWS FETCH NEXT m ROWS ONLY without TOP.",
    });
  }
  const { top } = node;
  const percent = top?.percent ? read(top.count, "TOP", "percent") : undefined;
  const count = top && !top.percent ? read(top.count, "TOP", "count") : undefined;
  return {
    offset: (node.offset && read(node.offset, "OFFSET", "offset")) ?? 0,
    count: node.fetch ? read(node.fetch, "FETCH", "count") : count,
    percent,
    withTies: top?.withTies === true,
    given,
    applies,
    scope,
  };
}

function boundsOf(what: string, isShare: boolean): string {
  if (isShare) return "TOP … PERCENT is between 0 and 100 (SQL Server error 1031)";
  if (what === "TOP") return "TOP takes a number from 0 on (SQL Server error 1014)";
  return what === "OFFSET"
    ? "OFFSET may not be below zero (SQL Server error 10742)"
    : "FETCH takes a number above zero (SQL Server error 10744)";
}

/** Does the value, or what a subquery in it takes, depend on a row of the query itself? */
function readsRows(value: Scalar, applies: readonly PendingApply[]): boolean {
  const own = new Set(applies.flatMap(({ mode }) => ("column" in mode ? [mode.column.id] : [])));
  const taken = applies.flatMap(({ correlation }) =>
    correlation.parameters.map(({ expr }) => expr),
  );
  const tests = applies.flatMap(({ when }) => (when ? [when] : []));
  return [value, ...taken, ...tests].some((expr) =>
    [...columnsIn(expr)].some(({ id }) => !own.has(id)),
  );
}

export const isLimited = ({ offset, count, percent, given }: RowLimit): boolean =>
  offset > 0 || count !== undefined || percent !== undefined || Object.keys(given).length > 0;

/** Sorts and cuts rows by keys over their columns. */
export function ordered(input: Plan, keys: readonly SortKey[], limit: RowLimit): Plan {
  const sorted: Plan = keys.length > 0 ? { kind: "sort", input, keys } : input;
  if (!isLimited(limit)) return sorted;
  const { offset, count, percent, withTies } = limit;
  const { given, around } = givenTo(limit);
  const cut: Plan = {
    kind: "limit",
    input: sorted,
    offset,
    count,
    ...(percent !== undefined && { percent }),
    ...(Object.keys(given).length > 0 && { given }),
    ...(withTies && { ties: keys }),
  };
  return around ? around(cut) : cut;
}

/** Subqueries of TOP run once, over one row, and what they give is a value of a query around. */
function givenTo({ given, applies, scope }: RowLimit): {
  readonly given: GivenNumbers;
  readonly around?: (cut: Plan) => Plan;
} {
  const isOwn = (part: { readonly kind: string }) => part.kind === "column";
  const numbers = Object.entries(given) as [keyof GivenNumbers, Scalar][];
  if (!numbers.some(([, expr]) => hasPart(expr, isOwn))) return { given };
  const correlation = new Correlation(scope, scope.facts);
  const taken = Object.fromEntries(numbers.map(([key, expr]) => [key, correlation.take(expr)]));
  return {
    given: taken,
    around: (cut) => ({
      kind: "project",
      input: {
        kind: "apply",
        input: applied({ kind: "rows", columns: [], rows: [[]] }, applies),
        inner: cut,
        parameters: correlation.parameters,
        mode: { type: "cross" },
      },
      items: columnsOf(cut).map((column) => ({ column, expr: columnExpr(column) })),
    }),
  };
}
