import { columnExpr, constant, type Expr, type PlanColumn } from "../../expression/expression";
import { columnsOf, type Plan, type PlanOf, type SortKey } from "../nodes";
import type { Rule } from "../rule";

/** More options than these would take more queries than one reading of the rows. */
const mostOptions = 40;

/** The values of a choice or a yes/no column, in order; undefined where they are not known or too many. */
function valuesOf({ origin }: PlanColumn): readonly number[] | undefined {
  if (origin?.part !== "value") return undefined;
  if (origin.meta.type === "boolean") return [0, 1];
  if (origin.meta.type !== "choice") return undefined;
  const values = (origin.meta.options ?? []).map((option) => option.value);
  return values.length === 0 || values.length > mostOptions
    ? undefined
    : [...new Set(values)].sort((a, b) => a - b);
}

interface Branch {
  readonly condition: Expr;
  /** All its rows have one value, so that it needs no sorting by it. */
  readonly isOne: boolean;
}

/** One branch for each value in order, and for what lies between: NULL, and numbers that are no option any more. */
function branchesOf(column: PlanColumn, values: readonly number[]): readonly Branch[] {
  const operand = columnExpr(column);
  const isBoolean = column.type.kind === "bit";
  const compare = (operator: "=" | "<" | ">", value: number): Expr => ({
    kind: "compare",
    type: "predicate",
    operator,
    left: operand,
    right: constant(isBoolean ? value === 1 : value, column.type),
  });
  const branches: Branch[] = [
    { condition: { kind: "isNull", type: "predicate", operand, negated: false }, isOne: true },
  ];
  for (const [at, value] of values.entries()) {
    const before = values[at - 1];
    const hasGap = !isBoolean && before !== value - 1;
    const below = compare("<", value);
    if (hasGap)
      branches.push({
        condition:
          before === undefined
            ? below
            : {
                kind: "logic",
                type: "predicate",
                operator: "and",
                operands: [compare(">", before), below],
              },
        isOne: false,
      });
    branches.push({ condition: compare("=", value), isOne: true });
  }
  const last = values.at(-1);
  if (!isBoolean && last !== undefined)
    branches.push({ condition: compare(">", last), isOne: false });
  return branches;
}

const isSortable = ({ expr }: SortKey): boolean => expr.kind === "column";

function branchPlan(
  { condition, isOne }: Branch,
  { input, keys }: PlanOf<"sort">,
  count: number,
): Plan {
  const left = isOne ? keys.slice(1) : keys;
  const filtered: Plan = { kind: "filter", input, predicate: condition };
  const sorted: Plan = left.length === 0 ? filtered : { kind: "sort", input: filtered, keys: left };
  // What is no option is sorted here, all of it, and is next to nothing.
  return isOne ? { kind: "limit", input: sorted, offset: 0, count } : sorted;
}

const isPlainInput = (plan: Plan): boolean =>
  plan.kind === "scan" || (plan.kind === "filter" && isPlainInput(plan.input));

/**
 * TOP by a choice's number: the service sorts choices by their labels, so it is asked for the rows of one value after the other,
 * until there are enough.
 */
export const sortByOption: Rule = {
  name: "sort-by-option",
  apply(plan) {
    if (plan.kind !== "limit" || plan.input.kind !== "sort" || plan.ties || plan.given)
      return undefined;
    const { count, offset } = plan;
    const sort = plan.input;
    if (count === undefined || plan.percent !== undefined) return undefined;
    if (!isPlainInput(sort.input) || !sort.keys.every(isSortable)) return undefined;
    const [first] = sort.keys;
    const column = first?.expr.kind === "column" ? first.expr.column : undefined;
    const values = column && valuesOf(column);
    if (!first || !column || !values) return undefined;
    const known = new Set(columnsOf(sort.input).map(({ id }) => id));
    if (!known.has(column.id)) return undefined;
    const branches = branchesOf(column, values);
    const ordered = first.descending ? [...branches].reverse() : branches;
    return {
      kind: "limit",
      offset,
      count,
      input: {
        kind: "set",
        operator: "union all",
        inputs: ordered.map((branch) => branchPlan(branch, sort, offset + count)),
        columns: columnsOf(sort.input),
      },
    };
  },
};
