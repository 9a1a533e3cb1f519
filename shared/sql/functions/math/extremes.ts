import { comparatorOf } from "../../types/compare";
import { Failure } from "../../types/failure";
import { unify } from "../../types/precedence";
import type { Value } from "../../types/sql-type";
import type { BoundCall, SqlFunction } from "../function";

/** The largest or the smallest of some values; NULLs do not count unless all are. */
const extreme = (name: string, sign: 1 | -1): SqlFunction => ({
  name,
  syntax: `${name}(value[, value, …])`,
  arguments: [1, 254],
  determinism: "always",
  bind: (args): BoundCall | Failure => {
    const type = unify(args.map((one) => one.type));
    if (type instanceof Failure) return type;
    const compare = comparatorOf(type);
    return {
      type,
      nullable: args.every(({ nullable }) => nullable),
      takes: args.map(() => type),
      run: (values) => {
        let best: Value = null;
        for (const value of values) {
          if (value === null) continue;
          if (best === null || compare(value, best) * sign > 0) best = value;
        }
        return best;
      },
    };
  },
});

export const extremeFunctions: readonly SqlFunction[] = [
  extreme("GREATEST", 1),
  extreme("LEAST", -1),
];
