import { errorAt } from "../../errors";
import type { Expression, Top } from "../../parser/ast";
import type { Plan, SortKey } from "../../plan/nodes";
import { bigint, float } from "../../types/sql-type";
import type { ExpressionBinder } from "../expressions/bind-expression";
import { castTo } from "../expressions/binding";

/** How many rows, from where on. */
export interface RowLimit {
  readonly offset: number;
  readonly count: number | undefined;
  readonly percent: number | undefined;
  readonly withTies: boolean;
}

export interface Limiting {
  readonly top?: Top | undefined;
  readonly offset: Expression | undefined;
  readonly fetch: Expression | undefined;
}

export function bindLimit(node: Limiting, binder: ExpressionBinder): RowLimit {
  const { source } = binder.facts;
  const number = (of: Expression, what: string, type: typeof float | typeof bigint): number => {
    const value = castTo(binder, binder.value(of), type, of, "explicit");
    const given =
      value.kind === "constant" && value.value !== null ? Number(value.value) : Number.NaN;
    if (Number.isFinite(given) && given >= 0) return given;
    throw errorAt(source, of.start, "type", `${what} needs a whole number`, {
      hint: `Write ${what} 50, a number that no row decides.`,
    });
  };
  const whole = (of: Expression, what: string): number => {
    const value = binder.value(of);
    const isWhole =
      value.kind === "constant" &&
      ["int", "bigint", "smallint", "tinyint"].includes(value.type.kind);
    const isLarge =
      value.kind === "constant" && value.type.kind === "decimal" && value.type.scale === 0;
    if (isWhole || isLarge) return number(of, what, bigint);
    throw errorAt(source, of.start, "type", `${what} needs a whole number`);
  };
  if (node.offset && node.top) {
    throw errorAt(source, node.offset.start, "syntax", "TOP and OFFSET do not go together", {
      hint: "Write OFFSET n ROWS FETCH NEXT m ROWS ONLY without TOP.",
    });
  }
  const { top } = node;
  const percent = top?.percent ? number(top.count, "TOP", float) : undefined;
  if (percent !== undefined && percent > 100)
    throw errorAt(source, top?.count.start ?? 0, "type", "TOP … PERCENT is 100 at most");
  const count = top && !top.percent ? whole(top.count, "TOP") : undefined;
  return {
    offset: node.offset ? whole(node.offset, "OFFSET") : 0,
    count: node.fetch ? whole(node.fetch, "FETCH") : count,
    percent,
    withTies: top?.withTies === true,
  };
}

export const isLimited = ({ offset, count, percent }: RowLimit): boolean =>
  offset > 0 || count !== undefined || percent !== undefined;

/** Sorts and cuts rows by keys over their columns. */
export function ordered(input: Plan, keys: readonly SortKey[], limit: RowLimit): Plan {
  const sorted: Plan = keys.length > 0 ? { kind: "sort", input, keys } : input;
  if (!isLimited(limit)) return sorted;
  const { offset, count, percent, withTies } = limit;
  return {
    kind: "limit",
    input: sorted,
    offset,
    count,
    ...(percent !== undefined && { percent }),
    ...(withTies && { ties: keys }),
  };
}
