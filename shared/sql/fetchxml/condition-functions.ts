import type { ColumnKind } from "../catalog";

/**
 * Conditions that only the service can judge, because they depend on who asks, on their time zone, on the organisation's fiscal year or on a
 * hierarchy. A query writes them as functions behind a column: `createdon = LASTXDAYS(7)`, `ownerid = EQUSERTEAMS()`.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/operators
 */
export interface ConditionFunction {
  /** Upper case. */
  readonly name: string;
  readonly operator: string;
  /** How many values it takes, and of what kind. */
  readonly values: readonly ("number" | "guid" | "text" | "date")[];
  readonly columns: readonly ColumnKind[];
}

const times: readonly ColumnKind[] = ["datetime", "date"];
const ids: readonly ColumnKind[] = ["lookup", "guid"];
const texts: readonly ColumnKind[] = ["text", "memo"];

const operators: readonly (readonly [
  columns: readonly ColumnKind[],
  values: ConditionFunction["values"],
  names: string,
])[] = [
  [
    times,
    [],
    "yesterday today tomorrow last-seven-days next-seven-days last-week this-week next-week last-month this-month next-month last-year this-year next-year this-fiscal-year this-fiscal-period next-fiscal-year next-fiscal-period last-fiscal-year last-fiscal-period",
  ],
  [
    times,
    ["number"],
    "last-x-hours next-x-hours last-x-days next-x-days last-x-weeks next-x-weeks last-x-months next-x-months last-x-years next-x-years olderthan-x-minutes olderthan-x-hours olderthan-x-days olderthan-x-weeks olderthan-x-months olderthan-x-years last-x-fiscal-years last-x-fiscal-periods next-x-fiscal-years next-x-fiscal-periods in-fiscal-year in-fiscal-period",
  ],
  [times, ["date"], "on on-or-before on-or-after"],
  [
    times,
    ["number", "number"],
    "in-fiscal-period-and-year in-or-before-fiscal-period-and-year in-or-after-fiscal-period-and-year",
  ],
  [
    ids,
    [],
    "eq-userid ne-userid eq-userteams eq-useroruserteams eq-useroruserhierarchy eq-useroruserhierarchyandteams eq-businessid ne-businessid",
  ],
  [ids, ["guid"], "under eq-or-under not-under above eq-or-above"],
  [["integer", "choice"], [], "eq-userlanguage"],
  [texts, ["text"], "begins-with not-begin-with ends-with not-end-with"],
];

const byName: ReadonlyMap<string, ConditionFunction> = new Map(
  operators.flatMap(([columns, values, names]) =>
    names.split(" ").map((operator) => {
      const name = operator.replaceAll("-", "").toUpperCase();
      return [name, { name, operator, values, columns }] as const;
    }),
  ),
);

/** A condition by its name in any case. */
export const conditionFunction = (name: string): ConditionFunction | undefined =>
  byName.get(name.toUpperCase());

export const conditionFunctions: readonly ConditionFunction[] = [...byName.values()];
