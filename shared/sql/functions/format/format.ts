import { clockTicks } from "../../types/conversion/to-time";
import { Failure } from "../../types/failure";
import {
  isNumeric,
  isScaled,
  isTime,
  isWhole,
  nvarchar,
  type Present,
  type SqlType,
} from "../../types/sql-type";
import { civilOf, msToTicks, zoneOf } from "../../types/time/moment";
import { aText, define } from "../define";
import type { SqlFunction } from "../function";
import { type Culture, cultureOf, english } from "./culture";
import { customNumber } from "./custom-number";
import { type FormatMoment, formatDuration, formatMoment } from "./date-pattern";
import { type Exact, exactOf } from "./decimal-text";
import { standardNumber } from "./standard-number";

const standardForm = /^([A-Za-z])(\d{0,2})$/;

function formatNumber(
  format: string,
  value: Present,
  type: SqlType,
  culture: Culture,
): string | null {
  const whole = isWhole(type);
  const exact: Exact = isScaled(type)
    ? { value: value as bigint, scale: type.scale }
    : whole
      ? { value: BigInt(value as number | bigint), scale: 0 }
      : exactOf(value as number);
  if (format === "") return standardNumber("G", undefined, exact, whole, culture);
  const standard = standardForm.exec(format);
  if (!standard) return customNumber(format, exact, culture);
  const [, letter = "", digits = ""] = standard;
  return standardNumber(letter, digits === "" ? undefined : Number(digits), exact, whole, culture);
}

function formatTime(
  format: string,
  value: Present,
  type: SqlType,
  culture: Culture,
): string | null {
  const ticks = type.kind === "datetime" ? msToTicks(value as number) : clockTicks(type)(value);
  const at = civilOf(ticks);
  if (type.kind === "time") return formatDuration(format === "" ? "c" : format, at);
  const day = Number(ticks / 864_000_000_000n);
  const moment: FormatMoment = {
    ...at,
    // 1 January of year 1 was a Monday.
    weekday: (day + 1) % 7,
    zone: type.kind === "datetimeoffset" ? zoneOf(value as bigint) : undefined,
  };
  return formatMoment(format === "" ? "G" : format, moment, culture, english());
}

export function needCulture(name: string): Culture {
  const culture = cultureOf(name);
  if (culture) return culture;
  throw new Failure(
    9818,
    "The culture parameter provided in the function call is not supported",
    "Cultures are named as 'en-US', 'de-DE', 'fr-FR'.",
  ).error();
}

/** FORMAT: numbers and dates in the patterns of .NET. */
export const formatFunctions: readonly SqlFunction[] = [
  define({
    name: "FORMAT",
    syntax: "FORMAT(value, format[, culture])",
    arguments: [2, 3],
    takes: [
      (type) => ((isNumeric(type) && type.kind !== "bit") || isTime(type) ? type : undefined),
      aText,
    ],
    type: nvarchar(4000),
    mayBeNull: true,
    run: ([value = 0, format, culture = "en-US"], { takes: [type] }) => {
      if (!type) return null;
      const known = needCulture(culture as string);
      const text = isTime(type)
        ? formatTime(format as string, value, type, known)
        : formatNumber(format as string, value, type, known);
      return text === null ? null : text.slice(0, 4000);
    },
  }),
];
