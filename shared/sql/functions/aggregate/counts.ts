import { comparatorOf, hashKeyOf } from "../../types/compare";
import type { Failure } from "../../types/failure";
import { bigint, int, type SqlType, type Value } from "../../types/sql-type";
import { anyValue } from "../define";
import type { Accumulator, BoundAggregate, SqlAggregate } from "./aggregate";
import { invalidOperand } from "./sums";

const counting = (name: string, type: SqlType): SqlAggregate => ({
  name,
  syntax: `${name}(* | [DISTINCT] value)`,
  arguments: [1, 1],
  star: true,
  distinct: true,
  withinGroup: "no",
  over: "may",
  bind: (args): BoundAggregate => ({
    type,
    nullable: false,
    takes: args.map((one) => anyValue(one.type)),
    start: () => {
      let count = 0;
      const rows = args.length === 0;
      return {
        add: ([value]) => {
          if (rows || (value !== null && value !== undefined)) count += 1;
        },
        remove: ([value]) => {
          if (rows || (value !== null && value !== undefined)) count -= 1;
        },
        result: () => (type.kind === "bigint" ? BigInt(count) : count),
      };
    },
  }),
});

const extreme = (name: string, sign: 1 | -1): SqlAggregate => ({
  name,
  syntax: `${name}(value)`,
  arguments: [1, 1],
  distinct: true,
  withinGroup: "no",
  over: "may",
  bind([argument]): BoundAggregate | Failure {
    const type = anyValue(argument?.type ?? int);
    if (type.kind === "bit") return invalidOperand(type, name);
    const compare = comparatorOf(type);
    return {
      type,
      nullable: true,
      takes: [type],
      ignoresDistinct: true,
      start: (): Accumulator => {
        let best: Value = null;
        return {
          add: ([value]) => {
            if (value === null || value === undefined) return;
            if (best === null || compare(value, best) * sign > 0) best = value;
          },
          result: () => best,
        };
      },
    };
  },
});

/** A key of a set, with what the set needs for it. */
const bytesOfKey = 64;

export const countAggregates: readonly SqlAggregate[] = [
  counting("COUNT", int),
  counting("COUNT_BIG", bigint),
  extreme("MIN", -1),
  extreme("MAX", 1),
  {
    name: "APPROX_COUNT_DISTINCT",
    syntax: "APPROX_COUNT_DISTINCT(value)",
    arguments: [1, 1],
    distinct: false,
    withinGroup: "no",
    over: "no",
    bind: ([argument]): BoundAggregate => {
      const type = anyValue(argument?.type ?? int);
      const key = hashKeyOf(type);
      return {
        type: bigint,
        nullable: false,
        takes: [type],
        start: ({ hold }) => {
          // Exact, which is within what "approximately" promises.
          const seen = new Set<string>();
          return {
            add: ([value]) => {
              if (value === null || value === undefined) return;
              const one = key(value);
              if (seen.has(one)) return;
              seen.add(one);
              hold(bytesOfKey + one.length * 2);
            },
            result: () => BigInt(seen.size),
          };
        },
      };
    },
  },
  {
    name: "CHECKSUM_AGG",
    syntax: "CHECKSUM_AGG([DISTINCT] number)",
    arguments: [1, 1],
    distinct: true,
    withinGroup: "no",
    over: "may",
    bind([argument]): BoundAggregate | Failure {
      const type = argument?.type ?? int;
      if (!["int", "smallint", "tinyint", "null"].includes(type.kind)) {
        return invalidOperand(type, "CHECKSUM_AGG");
      }
      return {
        type: int,
        nullable: true,
        takes: [int],
        start: () => {
          let all = 0;
          let any = false;
          return {
            add: ([value]) => {
              if (value === null || value === undefined) return;
              any = true;
              all ^= value as number;
            },
            result: () => (any ? all : null),
          };
        },
      };
    },
  },
];
