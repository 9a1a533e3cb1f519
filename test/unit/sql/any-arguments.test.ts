import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { SqlError } from "../../../shared/sql/errors";
import type { Argument } from "../../../shared/sql/functions/function";
import { functionGroups } from "../../../shared/sql/functions/table";
import { casting } from "../../../shared/sql/types/conversion/conversion";
import { bindConversion } from "../../../shared/sql/types/conversion/convert";
import { Failure } from "../../../shared/sql/types/failure";
import {
  bigint,
  bit,
  date,
  datetime,
  datetime2,
  datetimeoffset,
  decimal,
  float,
  int,
  longest,
  money,
  nullType,
  nvarchar,
  type SqlType,
  time,
  uniqueidentifier,
  type Value,
  varbinary,
  varchar,
} from "../../../shared/sql/types/sql-type";
import { msToTicks, withZone } from "../../../shared/sql/types/time/moment";
import { testEnvironment } from "./support/scalar";

/** Values at the borders of each type, and texts that functions read something in. */
const samples: readonly (readonly [SqlType, readonly Value[]])[] = [
  [int, [0, 1, -1, 7, 31, 2_147_483_647, -2_147_483_648]],
  [bigint, [0n, 5n, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n]],
  [bit, [true, false]],
  [decimal(38, 10), [0n, 15_000_000_000n, 10n ** 38n - 1n, -(10n ** 38n) + 1n]],
  [money, [0n, 12_345n, 9_223_372_036_854_775_807n]],
  [float, [0, -0.5, 1e308, 5e-324, 123_456.789]],
  [
    varchar(100),
    [
      "",
      " ",
      "abc",
      "-",
      "12.5",
      "2026-02-30",
      '{"a":[1,2]}',
      "$.a[0]",
      "en-us-us",
      "%%%",
      "+02:00",
      "UTC",
      "sha1",
    ],
  ],
  [
    nvarchar(longest),
    ["é\uD83D", "x".repeat(3000), "[", "%[", "0".repeat(500), "lax $", "yyyy'", "\\"],
  ],
  [date, [-62_135_596_800_000, 253_402_214_400_000, 0]],
  [datetime, [-6_847_804_800_000, 253_402_300_799_997]],
  [time(7), [0, 863_999_999_999]],
  [datetime2(7), [0n, msToTicks(Date.UTC(2026, 10, 30)), 3_155_378_975_999_999_999n]],
  [datetimeoffset(0), [withZone(0n, 0), withZone(msToTicks(0), -840)]],
  [uniqueidentifier, ["00000000-0000-0000-0000-000000000001"]],
  [varbinary(20), ["", "\u0000\u00FF"]],
  [nullType, [null]],
];

const argument = fc
  .constantFrom(...samples)
  .chain(([type, values]) => fc.tuple(fc.constant(type), fc.constantFrom(...values, null)));
const word = fc.constantFrom("day", "month", "WEEK", "iso_week", "ns", "tz", "array", "x");

const functions = functionGroups.flatMap((group) => group.functions);

/** Runs a call with its arguments converted; what is refused, at either time, is undefined. */
function run(
  name: string,
  args: readonly (readonly [SqlType, Value])[],
  keyword: string,
): Value | undefined {
  const found = functions.find((one) => one.name === name)!;
  const given = args.map(
    ([type, value], at): Argument => ({
      type,
      nullable: true,
      constant: { value },
      ...(at === found.keyword && { keyword }),
    }),
  );
  const bound = found.bind(given);
  if (bound instanceof Failure) return undefined;
  try {
    const values = args.map(([type, value], at) => {
      if (at === found.keyword) return null;
      const conversion = bindConversion(type, bound.takes[at] ?? type, "implicit");
      if (conversion instanceof Failure) throw new Error(`${name} takes what cannot be converted`);
      return casting(conversion)(value);
    });
    return bound.run(values, testEnvironment);
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

test.each(functions.map(({ name }) => name))("%s ends in a value or in an error of SQL", (name) => {
  const [least, most] = functions.find((one) => one.name === name)!.arguments;
  const count = { minLength: least, maxLength: Math.min(most, least + 3) };
  let values = 0;
  fc.assert(
    fc.property(fc.array(argument, count), word, (args, keyword) => {
      if (run(name, args, keyword) !== undefined) values += 1;
    }),
    { numRuns: 150, seed: 14 },
  );
  // Seven numbers that make a date, and one of five words, do not come up by chance.
  expect(values > 0 || /FROMPARTS$|^SQL_VARIANT/.test(name)).toBe(true);
});
