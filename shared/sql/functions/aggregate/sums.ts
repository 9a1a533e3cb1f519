import { inRange } from "../../types/conversion/to-number";
import { powerOfTen } from "../../types/decimal";
import { Failure } from "../../types/failure";
import {
  bigint,
  decimal,
  float,
  int,
  isApproximate,
  isMoney,
  isNumeric,
  isScaled,
  kindName,
  money,
  nullType,
  type Present,
  type SqlType,
  type Value,
} from "../../types/sql-type";
import type { Accumulator, BoundAggregate, SqlAggregate } from "./aggregate";

export const invalidOperand = (type: SqlType, name: string): Failure =>
  new Failure(
    8117,
    `Operand data type ${kindName(type)} is invalid for ${name.toLowerCase()} operator`,
    type.kind === "bit"
      ? "CAST the yes/no column to INT first."
      : "CAST it to a number first, where its values are numbers.",
  );

const overflow = (type: SqlType): Error =>
  new Failure(
    8115,
    `Arithmetic overflow error converting expression to data type ${kindName(type)}`,
    "CAST the argument to BIGINT, or to a larger decimal, first.",
  ).error();

/** The type of a sum: int for the smaller whole numbers, 38 digits for decimals. */
export function sumType({ kind, scale }: SqlType): SqlType {
  if (kind === "decimal") return decimal(38, scale);
  if (kind === "money" || kind === "smallmoney") return money;
  if (kind === "real" || kind === "float") return float;
  return kind === "bigint" ? bigint : int;
}

/** The argument as a sum takes it, or why it takes none. */
function takenBy(name: string, type: SqlType | undefined): SqlType | Failure {
  if (!type || type.kind === "null") return int;
  return isNumeric(type) && type.kind !== "bit" ? type : invalidOperand(type, name);
}

/** A running sum, exact but for floats. */
interface Sum {
  readonly count: number;
  readonly total: bigint | number;
}

function summing(type: SqlType, result: (sum: Sum) => Value): Accumulator {
  let count = 0;
  if (isScaled(type) || type.kind === "bigint") {
    let total = 0n;
    return {
      add: ([value]) => {
        if (value === null || value === undefined) return;
        total += value as bigint;
        count += 1;
      },
      remove: ([value]) => {
        if (value === null || value === undefined) return;
        total -= value as bigint;
        count -= 1;
      },
      result: () => (count === 0 ? null : result({ count, total })),
    };
  }
  let total = 0;
  const exact = !isApproximate(type);
  const add: Accumulator["add"] = ([value]) => {
    if (value === null || value === undefined) return;
    total += value as number;
    count += 1;
  };
  const remove: Accumulator["add"] = ([value]) => {
    if (value === null || value === undefined) return;
    total -= value as number;
    count -= 1;
  };
  return {
    add,
    ...(exact && { remove }),
    result: () => (count === 0 ? null : result({ count, total })),
  };
}

/** The sum as its type has it. Throws SqlError 8115 when it is too large for that. */
export function checkedTotal(total: bigint | number, type: SqlType): Value {
  if (isApproximate(type)) {
    if (!Number.isFinite(total as number)) throw overflow(type);
    return total;
  }
  if (!inRange(BigInt(total), type)) throw overflow(type);
  return total;
}

export const sum: SqlAggregate = {
  name: "SUM",
  syntax: "SUM([DISTINCT] number)",
  arguments: [1, 1],
  distinct: true,
  withinGroup: "no",
  over: "may",
  bind([argument]): BoundAggregate | Failure {
    const taken = takenBy("SUM", argument?.type);
    if (taken instanceof Failure) return taken;
    const type = sumType(taken);
    return {
      type,
      nullable: true,
      takes: [taken],
      start: () => summing(taken, ({ total }) => checkedTotal(total, type)),
    };
  },
};

/** The type of an average: that of the sum, with at least six digits behind the point for decimals. */
export function averageType(argument: SqlType): SqlType {
  const type = sumType(argument);
  return type.kind === "decimal" ? decimal(38, Math.max(6, type.scale)) : type;
}

/** A sum (typed as SUM has it) and a count as AVG gives it: whole numbers and exact ones are cut, never rounded. */
export function averageOf(argument: SqlType): (sum: Present, count: number) => Value {
  if (isApproximate(argument)) return (total, count) => (total as number) / count;
  if (argument.kind === "decimal") {
    const factor = powerOfTen(averageType(argument).scale - argument.scale);
    return (total, count) => ((total as bigint) * factor) / BigInt(count);
  }
  if (argument.kind === "bigint" || isMoney(argument)) {
    return (total, count) => (total as bigint) / BigInt(count);
  }
  return (total, count) => Math.trunc((total as number) / count) + 0;
}

export const average: SqlAggregate = {
  name: "AVG",
  syntax: "AVG([DISTINCT] number)",
  arguments: [1, 1],
  distinct: true,
  withinGroup: "no",
  over: "may",
  bind([argument]): BoundAggregate | Failure {
    const taken = takenBy("AVG", argument?.type);
    if (taken instanceof Failure) return taken;
    const divide = averageOf(taken);
    const sumOf = sumType(taken);
    return {
      type: averageType(taken),
      nullable: true,
      takes: [taken],
      start: () =>
        summing(taken, ({ total, count }) => divide(checkedTotal(total, sumOf) as Present, count)),
    };
  },
};

/** Deviation and variance, of a sample or of the whole population, by Welford's method. */
const spread = (name: string, sample: boolean, root: boolean): SqlAggregate => ({
  name,
  syntax: `${name}([DISTINCT] number)`,
  arguments: [1, 1],
  distinct: true,
  withinGroup: "no",
  over: "may",
  bind([argument]): BoundAggregate | Failure {
    const taken = takenBy(name, argument?.type ?? nullType);
    if (taken instanceof Failure) return taken;
    return {
      type: float,
      nullable: true,
      takes: [float],
      start: () => {
        let count = 0;
        let mean = 0;
        let squares = 0;
        return {
          add: ([value]) => {
            if (value === null || value === undefined) return;
            count += 1;
            const distance = (value as number) - mean;
            mean += distance / count;
            squares += distance * ((value as number) - mean);
          },
          result: () => {
            const divisor = sample ? count - 1 : count;
            if (divisor < 1) return null;
            const variance = squares / divisor;
            if (!Number.isFinite(variance)) throw overflow(float);
            return root ? Math.sqrt(variance) : variance;
          },
        };
      },
    };
  },
});

export const spreads: readonly SqlAggregate[] = [
  spread("STDEV", true, true),
  spread("STDEVP", false, true),
  spread("VAR", true, false),
  spread("VARP", false, false),
];
