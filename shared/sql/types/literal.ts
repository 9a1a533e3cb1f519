import { digitsOf, fits, readScaled, rescale } from "./decimal";
import { Failure } from "./failure";
import {
  decimal,
  float,
  int,
  money,
  mostDigits,
  nvarchar,
  type SqlType,
  type Value,
  varbinary,
  varchar,
} from "./sql-type";

export interface Literal {
  readonly type: SqlType;
  readonly value: Value;
}

const mostInt = 2_147_483_647n;

/**
 * A number as it is written in a query: 5 is an int, 2147483648 and 1.50 are exact numbers of just their digits, 1e3 is a float, $1.5 is
 * money, 0x1F is binary. A sign is an operator, not part of it.
 *
 * @see https://learn.microsoft.com/sql/t-sql/data-types/constants-transact-sql
 */
export function numberLiteral(text: string): Literal | Failure {
  if (/^0x/i.test(text)) return binaryLiteral(text.slice(2));
  if (text.startsWith("$")) return moneyLiteral(text.slice(1));
  if (/e/i.test(text)) return floatLiteral(text);
  const read = readScaled(text);
  if (!read) return new Failure(102, `Incorrect syntax near ${text}`);
  if (!text.includes(".") && read.value <= mostInt) return { type: int, value: Number(read.value) };
  const { precision, scale } = digitsOf(read.value, read.scale);
  if (scale > mostDigits || !fits(read.value, mostDigits)) {
    return new Failure(
      1007,
      `The number ${text.slice(0, 60)} is out of the range for numeric representation (maximum precision ${mostDigits})`,
    );
  }
  return { type: decimal(precision, scale), value: read.value };
}

/** `1e3`, and `1e`, which is 1. */
function floatLiteral(text: string): Literal | Failure {
  const value = Number(/e[+-]?$/i.test(text) ? `${text}0` : text);
  if (Number.isFinite(value)) return { type: float, value };
  return new Failure(
    168,
    `The floating point value '${text.slice(0, 60)}' is out of the range of computer representation (8 bytes)`,
    "A float goes up to 1.79e308.",
  );
}

function moneyLiteral(digits: string): Literal | Failure {
  const read = readScaled(digits === "" ? "0" : digits.replaceAll(",", ""));
  const scaled = read && rescale(read.value, read.scale, 4);
  if (scaled === undefined || scaled > 9_223_372_036_854_775_807n) {
    return new Failure(
      293,
      `$${digits.slice(0, 60)} is no amount of money`,
      "Money has four digits behind the point.",
    );
  }
  return { type: money, value: scaled };
}

function binaryLiteral(hex: string): Literal {
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  const value = Buffer.from(even, "hex").toString("latin1");
  return { type: varbinary(value.length), value };
}

/** `'…'` is varchar and `N'…'` nvarchar, of its own length. */
export const textLiteral = (value: string, national: boolean): Literal => ({
  type: (national ? nvarchar : varchar)(value.length),
  value,
});
