import { scaledToNumber } from "../../types/decimal";
import { Failure } from "../../types/failure";
import { float, int, isNumeric, isScaled, type SqlType, type Value } from "../../types/sql-type";
import { anyValue } from "../define";
import type { Argument } from "../function";
import type { BoundAggregate, SqlAggregate } from "./aggregate";
import { invalidOperand } from "./sums";

/** The share that is asked for, a constant from 0 to 1. */
function shareOf(argument: Argument | undefined, name: string): number | Failure {
  const value = argument?.constant?.value;
  const type = argument?.type;
  if (type && isNumeric(type) && value !== null && value !== undefined) {
    const share = isScaled(type) ? scaledToNumber(value as bigint, type.scale) : Number(value);
    if (share >= 0 && share <= 1) return share;
  }
  return new Failure(
    10754,
    `The percentile value of ${name} should be between 0.0 and 1.0`,
    `Write it as a number: ${name}(0.5) WITHIN GROUP (ORDER BY …).`,
  );
}

const bytesOfValue = 32;

function percentile(name: string, continuous: boolean, over: SqlAggregate["over"]): SqlAggregate {
  return {
    name,
    syntax: `${name}(share) WITHIN GROUP (ORDER BY value)${over === "must" ? " OVER (…)" : ""}`,
    arguments: [1, 1],
    distinct: false,
    withinGroup: "required",
    over,
    bind(args): BoundAggregate | Failure {
      const share = shareOf(args[0], name);
      if (share instanceof Failure) return share;
      const given = anyValue(args.at(-1)?.type ?? int) ?? int;
      if (continuous && !isNumeric(given)) return invalidOperand(given, name);
      const type: SqlType = continuous ? float : given;
      return {
        type,
        nullable: true,
        takes: [args[0]?.type ?? float, type],
        start: ({ hold }) => {
          // Rows come in the order of WITHIN GROUP.
          const values: Value[] = [];
          return {
            add: (row) => {
              const value = row.at(-1) ?? null;
              if (value === null) return;
              values.push(value);
              hold(bytesOfValue);
            },
            result: () => {
              if (values.length === 0) return null;
              return continuous ? between(values, share) : first(values, share);
            },
          };
        },
      };
    },
  };
}

/** Between the two values that lie around the place. */
function between(values: readonly Value[], share: number): number {
  const place = share * (values.length - 1);
  const low = Math.floor(place);
  const high = Math.ceil(place);
  const [a, b] = [Number(values[low]), Number(values[high])];
  return low === high ? a : a * (high - place) + b * (place - low);
}

/** The first value up to which at least that share of all lies. */
function first(values: readonly Value[], share: number): Value {
  // What 0.7 * 10 makes too much by binary noise does not count.
  const place = Math.ceil(Number((share * values.length).toPrecision(15)));
  return values[Math.max(0, place - 1)] ?? null;
}

export const percentileAggregates: readonly SqlAggregate[] = [
  percentile("PERCENTILE_CONT", true, "must"),
  percentile("PERCENTILE_DISC", false, "must"),
  percentile("APPROX_PERCENTILE_CONT", true, "no"),
  percentile("APPROX_PERCENTILE_DISC", false, "no"),
];
