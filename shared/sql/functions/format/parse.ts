import type { Conversion } from "../../types/conversion/conversion";
import { bindConversion } from "../../types/conversion/convert";
import { Failure, shown } from "../../types/failure";
import {
  isNumeric,
  isTime,
  kindName,
  type Present,
  type SqlType,
  type Value,
  varchar,
} from "../../types/sql-type";
import { type Culture, cultureOf } from "./culture";

const anyText = varchar(8000);

/** A number as it is written in a culture, in T-SQL's own spelling; undefined for none. */
function plainNumber(text: string, culture: Culture, isMoney: boolean): string | undefined {
  let rest = text.trim().replace(/[\u00A0\u202F]/g, " ");
  let sign = "";
  if (isMoney) {
    rest = rest.replace(culture.currency.symbol, "").trim();
    if (/^\(.*\)$/.test(rest)) {
      sign = "-";
      rest = rest.slice(1, -1).trim();
    }
  }
  const group = culture.group.replace(/\u00A0/g, " ");
  rest = rest.split(group).join("");
  // A decimal point of another culture is none.
  if (culture.decimal !== "." && rest.includes(".")) return undefined;
  const plain = rest.replace(culture.decimal, ".").trim();
  const before = /^[+-]/.exec(plain)?.[0] ?? "";
  const after = /[+-]$/.exec(plain)?.[0] ?? "";
  const digits = plain.slice(before.length, plain.length - after.length).trim();
  if (digits === "" || (before !== "" && after !== "")) return undefined;
  return `${sign || before || after}${digits}`;
}

/** Numbers as dates write them, by the order of the culture's short date. */
function plainDate(text: string, culture: Culture): string {
  const names = (list: readonly string[]) => list.map((name) => name.toLowerCase());
  const weekdays = new Set([...names(culture.days), ...names(culture.shortDays)]);
  const months = [names(culture.months), names(culture.shortMonths)];
  const english = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
  ];
  let named = false;
  const words = text.replace(/[\p{L}]+\.?/gu, (word) => {
    const name = word.toLowerCase().replace(/\.$/, "");
    if (weekdays.has(name)) return "";
    const month = months.map((list) => list.indexOf(name)).find((index) => index >= 0);
    if (month === undefined) return word;
    named = true;
    return english[month] ?? word;
  });
  const clean = words.replace(/^[\s,]+/, "").replace(/\s+/g, " ");
  return named ? clean.replace(/(\d)\.(?=\s|[A-Z])/g, "$1 ") : clean;
}

/** The style of CONVERT that reads the culture's order of day, month and year. */
function styleOf({ shortDate }: Culture): number {
  const order = shortDate.replace(/[^dMy]/g, "").replace(/(.)\1+/g, "$1");
  return order === "dMy" ? 103 : order === "yMd" ? 111 : 101;
}

/**
 * PARSE and TRY_PARSE: a text as people of a culture write numbers and dates.
 *
 * @see https://learn.microsoft.com/sql/t-sql/functions/parse-transact-sql
 */
export function bindParse(to: SqlType, name: string | undefined): Conversion | Failure {
  const culture = cultureOf(name ?? "en-US");
  if (!culture) {
    return new Failure(
      9818,
      "The culture parameter provided in the function call is not supported",
      "Cultures are named as 'en-US', 'de-DE', 'fr-FR'.",
    );
  }
  if (!isTime(to) && (!isNumeric(to) || to.kind === "bit")) {
    return new Failure(
      10761,
      `Invalid data type ${kindName(to)} in function PARSE`,
      "PARSE makes numbers and dates; CAST makes everything else.",
    );
  }
  const conversion = bindConversion(anyText, to, "explicit");
  if (conversion instanceof Failure) return conversion;
  return isTime(to) ? timeParser(to, conversion, culture) : numberParser(to, conversion, culture);
}

const failed = (text: Present, to: SqlType, culture: Culture): Failure =>
  new Failure(
    9819,
    () =>
      `Error converting string value ${shown(text as string)} into data type ${kindName(to)} using culture '${culture.tag}'`,
    "TRY_PARSE gives NULL where a text is no such value.",
  );

function numberParser(to: SqlType, conversion: Conversion, culture: Culture): Conversion {
  const isMoney = to.kind === "money" || to.kind === "smallmoney";
  return {
    type: to,
    run: (value): Value | Failure => {
      const plain = plainNumber(value as string, culture, isMoney);
      const result = plain === undefined ? undefined : conversion.run(plain);
      return result === undefined || result instanceof Failure
        ? failed(value, to, culture)
        : result;
    },
  };
}

function timeParser(to: SqlType, conversion: Conversion, culture: Culture): Conversion {
  const style = styleOf(culture);
  return {
    type: to,
    run: (value): Value | Failure => {
      const plain = plainDate(value as string, culture);
      const result = plain === "" ? undefined : conversion.run(plain, style);
      return result === undefined || result instanceof Failure
        ? failed(value, to, culture)
        : result;
    },
  };
}
