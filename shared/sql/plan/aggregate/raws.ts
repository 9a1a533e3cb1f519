import {
  expressionKey,
  operandOf,
  type PlanColumn,
  type Scalar,
} from "../../expression/expression";
import type { FetchAggregate } from "../../fetchxml/model";
import { aggregateFunction } from "../../functions/aggregate/aggregates";
import { Failure } from "../../types/failure";
import type { Aggregation } from "../nodes";
import type { RuleContext } from "../rule";

/** One aggregate as the service computes it, and as it would be computed here. */
export interface Raw {
  readonly attribute: Pick<FetchAggregate, "ref" | "attribute" | "function" | "distinct">;
  readonly aggregation: Aggregation;
}

/** Aggregates under construction: equal ones are asked for once. */
export class Raws {
  readonly list: Raw[] = [];

  add(raw: Raw): PlanColumn {
    const key = ({ name, distinct, args }: Aggregation) =>
      `${name} ${distinct} ${args.map(expressionKey).join()}`;
    const known = this.list.find((one) => key(one.aggregation) === key(raw.aggregation));
    if (known) return known.aggregation.column;
    this.list.push(raw);
    return raw.aggregation.column;
  }
}

/** A value over the columns of raw aggregates, by the column that stands for each. */
export type MeasureValue = (standsFor: (column: PlanColumn) => Scalar) => Scalar;

/** An aggregate bound anew: the service gives SUM and COUNT where the query has AVG. */
export function aggregation(
  name: "COUNT" | "COUNT_BIG" | "SUM" | "MIN" | "MAX",
  args: readonly Scalar[],
  context: RuleContext,
): Aggregation | undefined {
  const bound = aggregateFunction(name)?.bind(args.map(operandOf));
  if (!bound || bound instanceof Failure) return undefined;
  const column = context.column(name.toLowerCase(), bound.type);
  return { column, name, bound, args, distinct: false, order: [] };
}
