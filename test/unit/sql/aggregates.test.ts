import { describe, expect, test } from "@jest/globals";
import { aggregateFunction, averageOf } from "../../../shared/sql/functions/aggregate/aggregates";
import { bindOpenJsonWith, bindTableFunction } from "../../../shared/sql/functions/table/tables";
import { windowFunction } from "../../../shared/sql/functions/window/windows";
import { casting } from "../../../shared/sql/types/conversion/conversion";
import { bindConversion } from "../../../shared/sql/types/conversion/convert";
import { printScaled } from "../../../shared/sql/types/decimal";
import { Failure } from "../../../shared/sql/types/failure";
import {
  bigint,
  bit,
  decimal,
  float,
  int,
  isScaled,
  money,
  nvarchar,
  type SqlType,
  typeName,
  type Value,
  varchar,
} from "../../../shared/sql/types/sql-type";
import { testEnvironment } from "./support/scalar";

function need<T>(value: T | Failure | undefined): T {
  if (value instanceof Failure) throw value.error();
  if (value === undefined) throw new Error("There is no such function");
  return value;
}

const operand = (type: SqlType, constant?: Value) => ({
  type,
  nullable: true,
  ...(constant !== undefined && { constant: { value: constant } }),
});
const quiet = { work: () => {}, hold: () => {} };

/** `[type, result]` of an aggregate over rows of arguments. */
function aggregate(
  name: string,
  types: readonly SqlType[],
  rows: readonly (readonly Value[])[],
  constants: readonly Value[] = [],
): readonly [string, Value | string] {
  const bound = need(
    need(aggregateFunction(name)).bind(types.map((type, index) => operand(type, constants[index]))),
  );
  const casts = bound.takes.map((to, index) =>
    casting(need(bindConversion(types[index] ?? to, to, "implicit"))),
  );
  const accumulator = bound.start(quiet);
  for (const row of rows) accumulator.add(casts.map((cast, index) => cast(row[index] ?? null)));
  const value = accumulator.result();
  return [
    typeName(bound.type),
    value !== null && isScaled(bound.type) ? printScaled(value as bigint, bound.type.scale) : value,
  ];
}

const column = (...values: readonly Value[]) => values.map((value) => [value]);

describe("aggregates", () => {
  test.each<[string, SqlType, readonly Value[], string, Value | string]>([
    // https://learn.microsoft.com/sql/t-sql/functions/sum-transact-sql
    ["SUM", int, [1, 2, null, 4], "int", 7],
    ["SUM", int, [null, null], "int", null],
    ["SUM", int, [], "int", null],
    ["SUM", bigint, [9_007_199_254_740_993n, 1n], "bigint", 9_007_199_254_740_994n],
    ["SUM", decimal(5, 2), [150n, 225n, null], "decimal(38,2)", "3.75"],
    ["SUM", money, [10_000n, 5000n], "money", "1.5000"],
    ["SUM", float, [0.5, 0.25], "float", 0.75],
    // https://learn.microsoft.com/sql/t-sql/functions/avg-transact-sql
    ["AVG", int, [1, 2, 2], "int", 1],
    ["AVG", int, [-1, -2], "int", -1],
    ["AVG", int, [5, null], "int", 5],
    ["AVG", decimal(2, 1), [10n, 20n, 20n], "decimal(38,6)", "1.666666"],
    ["AVG", decimal(10, 8), [100_000_000n, 200_000_000n], "decimal(38,8)", "1.50000000"],
    ["AVG", money, [10_000n, 20_000n, 20_000n], "money", "1.6666"],
    ["AVG", float, [1, 2], "float", 1.5],
    ["AVG", bigint, [1n, 2n], "bigint", 1n],
    // https://learn.microsoft.com/sql/t-sql/functions/count-transact-sql
    ["COUNT", int, [1, null, 3], "int", 2],
    ["COUNT", int, [], "int", 0],
    ["COUNT_BIG", int, [1, null, 3], "bigint", 2n],
    // https://learn.microsoft.com/sql/t-sql/functions/min-transact-sql
    ["MIN", nvarchar(10), ["b", "A", "c", null], "nvarchar(10)", "A"],
    ["MAX", nvarchar(10), ["b", "A", "C"], "nvarchar(10)", "C"],
    ["MAX", int, [null], "int", null],
    // https://learn.microsoft.com/sql/t-sql/functions/stdev-transact-sql
    ["STDEV", int, [2, 4, 4, 4, 5, 5, 7, 9], "float", Math.sqrt(32 / 7)],
    ["STDEVP", int, [2, 4, 4, 4, 5, 5, 7, 9], "float", 2],
    ["VAR", int, [1, 2, 3, 4], "float", 5 / 3],
    ["VARP", int, [1, 2, 3, 4], "float", 1.25],
    ["STDEV", int, [5], "float", null],
    ["STDEVP", int, [5], "float", 0],
    ["APPROX_COUNT_DISTINCT", nvarchar(5), ["a", "A ", "b", null], "bigint", 2n],
    ["CHECKSUM_AGG", int, [5, 3, null], "int", 6],
  ])("%s of %o %o is %s %s", (name, type, values, resultType, result) => {
    expect(aggregate(name, [type], column(...values))).toEqual([resultType, result]);
  });

  test("COUNT(*) counts rows", () => {
    const count = need(need(aggregateFunction("count")).bind([])).start(quiet);
    count.add([]);
    count.add([]);
    expect(count.result()).toBe(2);
  });

  test.each([
    ["SUM", bit],
    ["SUM", nvarchar(10)],
    ["AVG", bit],
    ["MAX", bit],
    ["STDEV", varchar(3)],
  ] as const)("%s refuses %o by 8117", (name, type) => {
    const refused = need(aggregateFunction(name)).bind([operand(type)]);
    expect(refused).toBeInstanceOf(Failure);
    expect((refused as Failure).number).toBe(8117);
  });

  test("a sum beyond its type is 8115", () => {
    expect(() => aggregate("SUM", [int], column(2_147_483_647, 1))).toThrow("8115");
    expect(() => aggregate("SUM", [bigint], column(9_223_372_036_854_775_807n, 1n))).toThrow(
      "8115",
    );
  });

  test("what is removed is as if it had never been added", () => {
    const sum = need(need(aggregateFunction("SUM")).bind([operand(decimal(5, 2))])).start(quiet);
    for (const value of [100n, 250n, 333n]) sum.add([value]);
    sum.remove?.([100n]);
    expect(sum.result()).toBe(583n);
    sum.remove?.([250n]);
    sum.remove?.([333n]);
    expect(sum.result()).toBeNull();
    expect(
      need(need(aggregateFunction("SUM")).bind([operand(float)])).start(quiet).remove,
    ).toBeUndefined();
  });

  test("an average from sum and count is the aggregate's own", () => {
    expect(averageOf(decimal(2, 1))(50n, 3)).toBe(1_666_666n);
    expect(averageOf(int)(-3, 2)).toBe(-1);
    expect(averageOf(money)(50_000n, 3)).toBe(16_666n);
    expect(averageOf(float)(1, 4)).toBe(0.25);
  });

  test("STRING_AGG joins what is there, and ends at 8,000 bytes", () => {
    const joined = aggregate(
      "STRING_AGG",
      [nvarchar(50), varchar(2)],
      [
        ["a", ", "],
        [null, ", "],
        ["b", ", "],
      ],
    );
    expect(joined).toEqual(["nvarchar(4000)", "a, b"]);
    expect(
      aggregate(
        "STRING_AGG",
        [int, varchar(1)],
        [
          [1, ","],
          [2, ","],
        ],
      ),
    ).toEqual(["nvarchar(4000)", "1,2"]);
    expect(aggregate("STRING_AGG", [int, varchar(1)], [])).toEqual(["nvarchar(4000)", null]);
    const long = Array.from({ length: 5 }, () => ["x".repeat(1000), ","]);
    expect(() => aggregate("STRING_AGG", [nvarchar(1000), varchar(1)], long)).toThrow("9829");
  });

  test("JSON_ARRAYAGG and JSON_OBJECTAGG", () => {
    expect(aggregate("JSON_ARRAYAGG", [int], column(1, null, 3))[1]).toBe("[1,3]");
    expect(aggregate("JSON_ARRAYAGG NULL", [int], column(1, null))[1]).toBe("[1,null]");
    expect(
      aggregate(
        "JSON_OBJECTAGG",
        [varchar(3), int],
        [
          ["a", 1],
          ["b", null],
        ],
      )[1],
    ).toBe('{"a":1,"b":null}');
    expect(
      aggregate(
        "JSON_OBJECTAGG ABSENT",
        [varchar(3), int],
        [
          ["a", 1],
          ["b", null],
        ],
      )[1],
    ).toBe('{"a":1}');
  });

  // https://learn.microsoft.com/sql/t-sql/functions/percentile-cont-transact-sql
  test("percentiles lie between values, or are one of them", () => {
    const rows = [1, 2, 3, 4].map((value) => [5n, value]);
    const half = [5n];
    expect(aggregate("PERCENTILE_CONT", [decimal(1, 1), int], rows, half)).toEqual(["float", 2.5]);
    expect(aggregate("PERCENTILE_DISC", [decimal(1, 1), int], rows, half)).toEqual(["int", 2]);
    expect(aggregate("PERCENTILE_DISC", [decimal(1, 1), int], [], half)).toEqual(["int", null]);
    const wrong = need(aggregateFunction("PERCENTILE_CONT")).bind([
      operand(decimal(2, 1), 15n),
      operand(int),
    ]);
    expect((wrong as Failure).number).toBe(10754);
  });
});

/** Rows of one partition in order: keys that tie are peers, and the frame reaches from the first row to the last peer. */
function windowed(
  name: string,
  types: readonly SqlType[],
  rows: readonly { readonly key: number; readonly args?: readonly Value[] }[],
  ignoreNulls = false,
): readonly Value[] {
  const peers = (row: number): readonly [number, number] => [
    rows.findIndex(({ key }) => key === rows[row]?.key),
    rows.findLastIndex(({ key }) => key === rows[row]?.key) + 1,
  ];
  const bound = need(need(windowFunction(name)).bind(types.map((type) => operand(type))));
  return bound.run(
    {
      size: rows.length,
      args: (row) => rows[row]?.args ?? [],
      peers,
      frame: (row) => [0, peers(row)[1]],
    },
    ignoreNulls,
  );
}

describe("window functions", () => {
  const ties = [10, 20, 20, 30].map((key) => ({ key }));
  test.each<[string, readonly Value[]]>([
    ["ROW_NUMBER", [1n, 2n, 3n, 4n]],
    ["RANK", [1n, 2n, 2n, 4n]],
    ["DENSE_RANK", [1n, 2n, 2n, 3n]],
    ["CUME_DIST", [0.25, 0.75, 0.75, 1]],
    ["PERCENT_RANK", [0, 1 / 3, 1 / 3, 1]],
  ])("%s", (name, wanted) => {
    expect(windowed(name, [], ties)).toEqual(wanted);
  });

  // https://learn.microsoft.com/sql/t-sql/functions/ntile-transact-sql: 53 rows in 5 groups are 11, 11, 11, 10, 10.
  test("NTILE gives the first groups one row more", () => {
    const rows = Array.from({ length: 53 }, (_, key) => ({ key, args: [5n] }));
    const sizes = new Map<Value, number>();
    for (const group of windowed("NTILE", [bigint], rows))
      sizes.set(group, (sizes.get(group) ?? 0) + 1);
    expect([...sizes.values()]).toEqual([11, 11, 11, 10, 10]);
    expect(() => windowed("NTILE", [bigint], [{ key: 1, args: [0n] }])).toThrow("4116");
  });

  const values = [5, null, 7, null].map((value, key) => ({ key, args: [value] }));
  test("LAG and LEAD look around, with a default, and past NULLs where asked", () => {
    expect(windowed("LAG", [int], values)).toEqual([null, 5, null, 7]);
    expect(windowed("LEAD", [int], values)).toEqual([null, 7, null, null]);
    expect(windowed("LAG", [int], values, true)).toEqual([null, 5, 5, 7]);
    expect(windowed("LEAD", [int], values, true)).toEqual([7, 7, null, null]);
    const two = [1, 2, 3].map((value, key) => ({ key, args: [value, 2n, 0] }));
    expect(windowed("LAG", [int, bigint, int], two)).toEqual([0, 0, 1]);
    const negative = [{ key: 1, args: [1, -1n] }];
    expect(() => windowed("LEAD", [int, bigint], negative)).toThrow("8730");
  });

  test("FIRST_VALUE and LAST_VALUE are those of the frame", () => {
    expect(windowed("FIRST_VALUE", [int], values)).toEqual([5, 5, 5, 5]);
    expect(windowed("LAST_VALUE", [int], values)).toEqual([5, null, 7, null]);
    expect(windowed("LAST_VALUE", [int], values, true)).toEqual([5, 5, 7, 7]);
    const late = [null, 4].map((value, key) => ({ key, args: [value] }));
    expect(windowed("FIRST_VALUE", [int], late, true)).toEqual([null, 4]);
  });
});

function rowsOf(
  name: string,
  types: readonly SqlType[],
  values: readonly Value[],
): readonly (readonly Value[])[] {
  const args = types.map((type, index) => operand(type, values[index] ?? null));
  return [...need(bindTableFunction(name, args)).rows(values, testEnvironment)];
}

describe("functions in FROM", () => {
  test("STRING_SPLIT", () => {
    expect(rowsOf("STRING_SPLIT", [varchar(20), varchar(1)], ["a,,b", ","])).toEqual([
      ["a"],
      [""],
      ["b"],
    ]);
    expect(rowsOf("STRING_SPLIT", [varchar(20), varchar(1), int], ["x y", " ", 1])).toEqual([
      ["x", 1n],
      ["y", 2n],
    ]);
    expect(rowsOf("STRING_SPLIT", [varchar(20), varchar(1)], ["", ","])).toEqual([[""]]);
    expect(rowsOf("STRING_SPLIT", [varchar(20), varchar(1)], [null, ","])).toEqual([]);
    expect(() => rowsOf("STRING_SPLIT", [varchar(20), varchar(2)], ["a", ",,"])).toThrow("214");
  });

  test("GENERATE_SERIES", () => {
    expect(rowsOf("GENERATE_SERIES", [int, int], [1, 4])).toEqual([[1], [2], [3], [4]]);
    expect(rowsOf("GENERATE_SERIES", [int, int, int], [1, 10, 4])).toEqual([[1], [5], [9]]);
    expect(rowsOf("GENERATE_SERIES", [int, int], [3, 1])).toEqual([[3], [2], [1]]);
    expect(
      rowsOf("GENERATE_SERIES", [decimal(2, 1), decimal(2, 1), decimal(2, 1)], [0n, 10n, 5n]),
    ).toEqual([[0n], [5n], [10n]]);
    expect(() => rowsOf("GENERATE_SERIES", [int, int, int], [1, 2, 0])).toThrow("4199");
  });

  // https://learn.microsoft.com/sql/t-sql/functions/openjson-transact-sql
  test("OPENJSON", () => {
    const text = '{"s":"John","n":45,"t":true,"a":["C#",1],"o":{"x":null},"z":null}';
    expect(rowsOf("OPENJSON", [varchar(200)], [text])).toEqual([
      ["s", "John", 1],
      ["n", "45", 2],
      ["t", "true", 3],
      ["a", '["C#",1]', 4],
      ["o", '{"x":null}', 5],
      ["z", null, 0],
    ]);
    expect(rowsOf("OPENJSON", [varchar(200), varchar(9)], [text, "$.a"])).toEqual([
      ["0", "C#", 1],
      ["1", "1", 2],
    ]);
    expect(rowsOf("OPENJSON", [varchar(200), varchar(9)], [text, "$.nope"])).toEqual([]);
    expect(() => rowsOf("OPENJSON", [varchar(200), varchar(20)], [text, "strict $.nope"])).toThrow(
      "13608",
    );
    expect(() => rowsOf("OPENJSON", [varchar(200)], ["{oops"])).toThrow("13609");
  });

  test("OPENJSON … WITH", () => {
    const text =
      '[{"id":2,"info":{"name":"John"},"age":25},{"id":5,"info":{"name":"Jane"},"tags":["a"]}]';
    const bound = need(
      bindOpenJsonWith(
        [operand(varchar(500))],
        [
          { name: "id", type: int, path: undefined, asJson: false },
          { name: "first", type: nvarchar(50), path: "$.info.name", asJson: false },
          { name: "age", type: int, path: undefined, asJson: false },
          { name: "tags", type: nvarchar(5000), path: undefined, asJson: true },
        ],
      ),
    );
    expect([...bound.rows([text], testEnvironment)]).toEqual([
      [2, "John", 25, null],
      [5, "Jane", null, '["a"]'],
    ]);
  });
});
