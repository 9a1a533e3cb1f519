import type { Failure } from "../failure";
import {
  isApproximate,
  isBinary,
  isScaled,
  isText,
  isTime,
  isWhole,
  type SqlType,
  sameType,
} from "../sql-type";
import { refusalOf } from "./allowed";
import type { Conversion, Convert, Strictness } from "./conversion";
import { toBinary, toGuid } from "./to-binary";
import { toBit, toFloat, toScaled, toWhole } from "./to-number";
import { toText } from "./to-text";
import { toTime } from "./to-time";

/**
 * A conversion between two types, or the refusal in SQL Server's words.
 *
 * @see https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql
 */
export function bindConversion(
  from: SqlType,
  to: SqlType,
  strictness: Strictness,
): Conversion | Failure {
  return refusalOf(from, to, strictness) ?? { type: to, run: runnerOf(from, to) };
}

function runnerOf(from: SqlType, to: SqlType): Convert {
  if (from.kind === "null" || isIdentity(from, to)) return (value) => value;
  if (isText(to)) return toText(from, to);
  if (to.kind === "bit") return toBit(from);
  if (isWhole(to)) return toWhole(from, to);
  if (isScaled(to)) return toScaled(from, to);
  if (isApproximate(to)) return toFloat(from, to);
  if (isTime(to)) return toTime(from, to);
  if (isBinary(to)) return toBinary(from, to);
  return toGuid(from);
}

/** Is every value of the one type already one of the other? */
export function isIdentity(from: SqlType, to: SqlType): boolean {
  if (sameType(from, to)) return true;
  // A text of another collation is the same text, and compares otherwise.
  if (from.collation !== to.collation) return false;
  if (from.kind === "varchar" || from.kind === "nvarchar") {
    return (to.kind === "varchar" || to.kind === "nvarchar") && from.length <= to.length;
  }
  if (from.kind === to.kind) {
    if (from.kind === "decimal") return from.scale === to.scale && from.precision <= to.precision;
    if (isTime(from)) return from.scale <= to.scale;
    return from.kind === "varbinary" && from.length <= to.length;
  }
  return isWhole(from) && isWhole(to) && to.kind !== "bigint" && from.precision <= to.precision;
}
