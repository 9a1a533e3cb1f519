import type { Digits } from "./decimal";
import { mostDigits } from "./sql-type";

/**
 * Precision and scale of what comes out of + - * / % on exact numbers.
 *
 * @see https://learn.microsoft.com/sql/t-sql/data-types/precision-scale-and-length-transact-sql
 */
export function resultDigits(operator: string, left: Digits, right: Digits): Digits {
  const { precision: p1, scale: s1 } = left;
  const { precision: p2, scale: s2 } = right;
  const whole = Math.max(p1 - s1, p2 - s2);
  switch (operator) {
    case "+":
    case "-":
      return sumDigits(Math.max(s1, s2), whole);
    case "*":
      return productDigits(p1 + p2 + 1, s1 + s2);
    case "/": {
      const scale = Math.max(6, s1 + p2 + 1);
      return productDigits(p1 - s1 + s2 + scale, scale);
    }
    default: {
      const scale = Math.max(s1, s2);
      return capped(Math.max(1, Math.min(p1 - s1, p2 - s2) + scale), scale);
    }
  }
}

/** What two exact numbers become when they share a column. */
export function sharedDigits(left: Digits, right: Digits): Digits {
  const scale = Math.max(left.scale, right.scale);
  const whole = Math.max(left.precision - left.scale, right.precision - right.scale);
  if (whole + scale <= mostDigits) return { precision: whole + scale, scale };
  return { precision: mostDigits, scale: mostDigits - whole };
}

function sumDigits(scale: number, whole: number): Digits {
  const precision = scale + whole + 1;
  if (precision <= mostDigits) return { precision, scale };
  return { precision: mostDigits, scale: Math.min(scale, mostDigits - whole) };
}

/** Beyond 38 digits those behind the point go first, but six of them stay. */
function productDigits(precision: number, scale: number): Digits {
  if (precision <= mostDigits) return { precision, scale };
  const whole = precision - scale;
  if (whole < 32) return { precision: mostDigits, scale: Math.min(scale, mostDigits - whole) };
  return { precision: mostDigits, scale: Math.min(scale, 6) };
}

const capped = (precision: number, scale: number): Digits => ({
  precision: Math.min(precision, mostDigits),
  scale,
});
