import { Failure } from "../../types/failure";
import { bigint, float, int, type Value } from "../../types/sql-type";
import { aBig, anyValue } from "../define";
import type { BoundWindow, SqlWindowFunction, WindowRows } from "./window";

type RowNumbers = (rows: WindowRows) => readonly Value[];

const map = (size: number, value: (row: number) => Value): readonly Value[] =>
  Array.from({ length: size }, (_, row) => value(row));

const ranking = (name: string, type: typeof bigint, run: RowNumbers): SqlWindowFunction => ({
  name,
  syntax: `${name}() OVER (… ORDER BY …)`,
  arguments: [0, 0],
  order: "required",
  frame: false,
  ignoresNulls: false,
  bind: (): BoundWindow => ({ type, nullable: false, takes: [], run }),
});

function denseRank(rows: WindowRows): readonly Value[] {
  let rank = 0;
  let end = 0;
  return map(rows.size, (row) => {
    if (row >= end) {
      rank += 1;
      end = rows.peers(row)[1];
    }
    return BigInt(rank);
  });
}

const ntile: SqlWindowFunction = {
  name: "NTILE",
  syntax: "NTILE(count) OVER (… ORDER BY …)",
  arguments: [1, 1],
  order: "required",
  frame: false,
  ignoresNulls: false,
  bind: (): BoundWindow => ({
    type: bigint,
    nullable: false,
    takes: [bigint],
    run: (rows) => {
      if (rows.size === 0) return [];
      const given = rows.args(0)[0];
      const count = Number(given ?? 0);
      if (count < 1) {
        throw new Failure(
          4116,
          "The function NTILE takes only a positive int or bigint expression as its input",
        ).error();
      }
      // The first groups have one row more.
      const small = Math.floor(rows.size / count);
      const larger = rows.size % count;
      const edge = larger * (small + 1);
      return map(rows.size, (row) =>
        BigInt(
          row < edge
            ? Math.floor(row / (small + 1)) + 1
            : larger + Math.floor((row - edge) / small) + 1,
        ),
      );
    },
  }),
};

/** Values of the first argument that are not NULL: their rows, and for each row how many of them lie before it. */
function present(rows: WindowRows): {
  readonly at: readonly number[];
  readonly before: readonly number[];
} {
  const at: number[] = [];
  const before: number[] = [];
  for (let row = 0; row < rows.size; row += 1) {
    before.push(at.length);
    if ((rows.args(row)[0] ?? null) !== null) at.push(row);
  }
  before.push(at.length);
  return { at, before };
}

const distance = (name: string, sign: 1 | -1): SqlWindowFunction => ({
  name,
  syntax: `${name}(value[, offset[, default]]) [IGNORE NULLS] OVER (… ORDER BY …)`,
  arguments: [1, 3],
  order: "required",
  frame: false,
  ignoresNulls: true,
  bind(args): BoundWindow | Failure {
    const type = anyValue(args[0]?.type ?? int);
    const offsetType = args[1] ? aBig(args[1].type) : bigint;
    if (!offsetType)
      return new Failure(
        8116,
        `Argument data type ${args[1]?.type.kind} is invalid for argument 2 of ${name.toLowerCase()} function`,
      );
    return {
      type,
      nullable: true,
      takes: [type, offsetType, type].slice(0, Math.max(1, args.length)),
      run: (rows, ignoreNulls) => {
        const some = ignoreNulls ? present(rows) : undefined;
        return map(rows.size, (row) => {
          const [, offset = 1n, otherwise = null] = rows.args(row);
          const steps = offsetOf(offset, name) * sign;
          const target = some ? skip(some, row, steps) : row + steps;
          if (target === undefined || target < 0 || target >= rows.size) return otherwise;
          return rows.args(target)[0] ?? null;
        });
      },
    };
  },
});

function offsetOf(offset: Value, name: string): number {
  if (offset !== null && Number(offset) >= 0) return Number(offset);
  throw new Failure(
    8730,
    `Offset parameter for Lag and Lead functions cannot be a negative value, and ${name} was given one`,
  ).error();
}

/** The row so many present values away. */
function skip(
  { at, before }: ReturnType<typeof present>,
  row: number,
  steps: number,
): number | undefined {
  if (steps === 0) return row;
  const here = before[row] ?? 0;
  const own = at[here] === row ? 1 : 0;
  return steps < 0 ? at[here + steps] : at[here + own + steps - 1];
}

/** The first or the last row from one to another, of those that count. */
function edgeRow(
  some: ReturnType<typeof present> | undefined,
  [first, end]: readonly [number, number],
  last: boolean,
): number | undefined {
  if (first >= end) return undefined;
  if (!some) return last ? end - 1 : first;
  const from = some.before[first] ?? 0;
  const to = some.before[end] ?? 0;
  return from === to ? undefined : some.at[last ? to - 1 : from];
}

const edge = (name: string, last: boolean): SqlWindowFunction => ({
  name,
  syntax: `${name}(value) [IGNORE NULLS] OVER (… ORDER BY … [ROWS | RANGE …])`,
  arguments: [1, 1],
  order: "required",
  frame: true,
  ignoresNulls: true,
  bind: (args): BoundWindow => {
    const type = anyValue(args[0]?.type ?? int);
    return {
      type,
      nullable: true,
      takes: [type],
      run: (rows, ignoreNulls) => {
        const some = ignoreNulls ? present(rows) : undefined;
        return map(rows.size, (row) => {
          const target = edgeRow(some, rows.frame(row), last);
          return target === undefined ? null : (rows.args(target)[0] ?? null);
        });
      },
    };
  },
});

export const windowFunctions: readonly SqlWindowFunction[] = [
  ranking("ROW_NUMBER", bigint, (rows) => map(rows.size, (row) => BigInt(row + 1))),
  ranking("RANK", bigint, (rows) => map(rows.size, (row) => BigInt(rows.peers(row)[0] + 1))),
  ranking("DENSE_RANK", bigint, denseRank),
  ntile,
  ranking("CUME_DIST", float, (rows) => map(rows.size, (row) => rows.peers(row)[1] / rows.size)),
  ranking("PERCENT_RANK", float, (rows) =>
    map(rows.size, (row) => (rows.size === 1 ? 0 : rows.peers(row)[0] / (rows.size - 1))),
  ),
  distance("LAG", -1),
  distance("LEAD", 1),
  edge("FIRST_VALUE", false),
  edge("LAST_VALUE", true),
];

const byName: ReadonlyMap<string, SqlWindowFunction> = new Map(
  windowFunctions.map((one) => [one.name, one]),
);

/** A window function by its name in any case. */
export const windowFunction = (name: string): SqlWindowFunction | undefined =>
  byName.get(name.toUpperCase());
