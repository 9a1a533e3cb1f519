import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { addMonths, bordersBetween, partOf } from "../../../shared/sql/functions/date/calendar";
import { placeInZone, zoneByName } from "../../../shared/sql/functions/date/zones";
import { bindBinary } from "../../../shared/sql/types/arithmetic";
import { resultDigits } from "../../../shared/sql/types/arithmetic-type";
import { powerOfTen, printScaled, readScaled, rescale } from "../../../shared/sql/types/decimal";
import { Failure } from "../../../shared/sql/types/failure";
import { decimal } from "../../../shared/sql/types/sql-type";
import { civilOf, dayOf, msToTicks, ticksToMs } from "../../../shared/sql/types/time/moment";
import { readTime } from "../../../shared/sql/types/time/read";
import { printStyle } from "../../../shared/sql/types/time/styles";

/** A number as a fraction of two whole ones: the plain way to reckon exactly. */
interface Rational {
  readonly over: bigint;
  readonly under: bigint;
}

const rational = (value: bigint, scale: number): Rational => ({
  over: value,
  under: powerOfTen(scale),
});
const calculated: Readonly<Record<string, (a: Rational, b: Rational) => Rational>> = {
  "+": (a, b) => ({ over: a.over * b.under + b.over * a.under, under: a.under * b.under }),
  "-": (a, b) => ({ over: a.over * b.under - b.over * a.under, under: a.under * b.under }),
  "*": (a, b) => ({ over: a.over * b.over, under: a.under * b.under }),
  "/": (a, b) => ({ over: a.over * b.under, under: a.under * b.over }),
};

/** Rounded half away from zero, or cut, to a scale. */
function atScale({ over, under }: Rational, scale: number, cuts: boolean): bigint {
  const sign = over < 0n === under < 0n ? 1n : -1n;
  const size = (value: bigint) => (value < 0n ? -value : value);
  const doubled = size(over) * powerOfTen(scale) * 2n + (cuts ? 0n : size(under));
  return (sign * doubled) / (size(under) * 2n);
}

const exact = fc
  .tuple(fc.integer({ min: 1, max: 38 }), fc.nat(38), fc.boolean())
  .chain(([precision, some, negative]) => {
    const scale = some % (precision + 1);
    return fc
      .bigInt({ min: 0n, max: powerOfTen(precision) - 1n })
      .map((value) => ({ type: decimal(precision, scale), value: negative ? -value : value }));
  });

describe("exact numbers", () => {
  test.each(["+", "-", "*", "/"] as const)("a %s b is what fractions give", (operator) => {
    let compared = 0;
    fc.assert(
      fc.property(exact, exact, (a, b) => {
        fc.pre(operator !== "/" || b.value !== 0n);
        const bound = bindBinary(
          operator,
          { type: a.type, nullable: false },
          { type: b.type, nullable: false },
        );
        if (bound instanceof Failure) throw new Error(bound.message);
        const { precision, scale } = bound.type;
        expect({ precision, scale }).toEqual(resultDigits(operator, a.type, b.type));
        const wanted = atScale(
          calculated[operator]!(rational(a.value, a.type.scale), rational(b.value, b.type.scale)),
          scale,
          operator === "/",
        );
        const size = wanted < 0n ? -wanted : wanted;
        const run = () => bound.run(a.value, b.value, () => {});
        if (size >= powerOfTen(precision)) expect(run).toThrow("8115");
        else expect(run()).toBe(wanted);
        compared += 1;
      }),
      { numRuns: 400, seed: 14 },
    );
    expect(compared).toBeGreaterThan(350);
  });

  test("what is printed reads the same", () => {
    fc.assert(
      fc.property(exact, ({ type, value }) => {
        expect(readScaled(printScaled(value, type.scale))).toEqual({ value, scale: type.scale });
      }),
      { numRuns: 300, seed: 14 },
    );
  });

  test("a smaller scale is the nearest number, halves away from zero", () => {
    fc.assert(
      fc.property(exact, fc.nat(38), ({ type, value }, scale) => {
        const wanted = atScale(rational(value, type.scale), scale, false);
        expect(rescale(value, type.scale, scale)).toBe(wanted);
      }),
      { numRuns: 300, seed: 14 },
    );
  });
});

const moment = fc
  .integer({ min: Date.UTC(1, 0, 1) - 59_958_230_400_000, max: Date.UTC(9999, 11, 31) })
  .filter((ms) => ms >= -62_135_596_800_000);

describe("the calendar", () => {
  test("parts are those of Date", () => {
    fc.assert(
      fc.property(moment, (ms) => {
        const date = new Date(ms);
        expect(partOf("year", ms, 0)).toBe(date.getUTCFullYear());
        expect(partOf("month", ms, 0)).toBe(date.getUTCMonth() + 1);
        expect(partOf("day", ms, 0)).toBe(date.getUTCDate());
        expect(partOf("weekday", ms, 0)).toBe(date.getUTCDay() + 1);
        expect(dayOf(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())).toBe(
          Math.floor(ms / 86_400_000) * 86_400_000,
        );
        expect(ticksToMs(msToTicks(ms))).toBe(ms);
      }),
      { numRuns: 300, seed: 14 },
    );
  });

  test("months added keep the day, or the last one of a shorter month", () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: -2000, max: 2000 }), (ms, months) => {
        const added = addMonths(ms, months);
        if (added === undefined) return;
        expect(bordersBetween("month", ms, added)).toBe(months);
        const [before, after] = [new Date(ms).getUTCDate(), new Date(added).getUTCDate()];
        expect(after <= before).toBe(true);
        if (after < before) expect(new Date(added + 86_400_000).getUTCDate()).toBe(1);
      }),
      { numRuns: 300, seed: 14 },
    );
  });

  test("what style 121 prints reads the same", () => {
    fc.assert(
      fc.property(moment, (ms) => {
        const text = printStyle(121, civilOf(msToTicks(ms)), {
          date: true,
          time: true,
          scale: 7,
          old: false,
        });
        const read = readTime(text ?? "", "mdy");
        if (typeof read === "string") throw new Error(text);
        expect((read.day ?? 0) + (read.ticks ?? 0) / 10_000).toBe(ms);
      }),
      { numRuns: 300, seed: 14 },
    );
  });

  test.each([
    ["W. Europe Standard Time", "Europe/Berlin"],
    ["Eastern Standard Time", "America/New_York"],
    ["India Standard Time", "Asia/Calcutta"],
    ["New Zealand Standard Time", "Pacific/Auckland"],
  ])("%s is %s of Intl", (windows, iana) => {
    const zone = zoneByName(windows);
    const format = new Intl.DateTimeFormat("sv-SE", {
      timeZone: iana,
      dateStyle: "short",
      timeStyle: "medium",
    });
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1971, 0, 1), max: Date.UTC(2037, 0, 1) }), (given) => {
        const ms = Math.floor(given / 1000) * 1000;
        const local = ms + (zone?.offsetAt(ms) ?? Number.NaN) * 60_000;
        expect(new Date(local).toISOString().replace("T", " ").slice(0, 19)).toBe(
          format.format(ms),
        );
        // A clock's time that exists leads back to a moment that shows it.
        const placed = placeInZone(zone!, local);
        expect(placed.localMs).toBe(local);
        expect(zone?.offsetAt(local - placed.offset * 60_000)).toBe(placed.offset);
      }),
      { numRuns: 150, seed: 14 },
    );
  });
});
