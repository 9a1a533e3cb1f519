import type { SqlAggregate } from "./aggregate";
import { countAggregates } from "./counts";
import { percentileAggregates } from "./percentiles";
import { average, spreads, sum } from "./sums";
import { textAggregates } from "./texts";

export { averageOf, averageType } from "./sums";

export const aggregates: readonly SqlAggregate[] = [
  ...countAggregates,
  sum,
  average,
  ...spreads,
  ...textAggregates,
  ...percentileAggregates,
];

const byName: ReadonlyMap<string, SqlAggregate> = new Map(aggregates.map((one) => [one.name, one]));

/** An aggregate by its name in any case. */
export const aggregateFunction = (name: string): SqlAggregate | undefined =>
  byName.get(name.toUpperCase());
