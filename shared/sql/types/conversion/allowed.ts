import { Failure } from "../failure";
import {
  isBinary,
  isNumeric,
  isOldDateTime,
  isText,
  isTime,
  kindName,
  type SqlType,
} from "../sql-type";
import type { Strictness } from "./conversion";

/**
 * May values of the one type become values of the other?
 *
 * @returns the refusal in SQL Server's words (206, 257, 529), or undefined
 * @see https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql#implicit-conversions
 */
export function refusalOf(from: SqlType, to: SqlType, strictness: Strictness): Failure | undefined {
  const rule = ruleOf(from, to);
  if (rule === "implicit" || (rule === "explicit" && strictness === "explicit")) return undefined;
  if (strictness === "explicit") {
    return new Failure(
      529,
      `Explicit conversion from data type ${kindName(from)} to ${kindName(to)} is not allowed`,
    );
  }
  if (rule === "explicit") {
    return new Failure(
      257,
      `Implicit conversion from data type ${kindName(from)} to ${kindName(to)} is not allowed`,
      "Use CAST or CONVERT.",
    );
  }
  return new Failure(
    206,
    `Operand type clash: ${kindName(from)} is incompatible with ${kindName(to)}`,
  );
}

type Rule = Strictness | "never";

function ruleOf(from: SqlType, to: SqlType): Rule {
  if (from.kind === "null" || from.kind === to.kind) return "implicit";
  if (isText(from)) return isBinary(to) ? "explicit" : "implicit";
  if (isText(to)) return "implicit";
  if (isNumeric(from)) return fromNumber(from, to);
  if (isTime(from)) return fromTime(from, to);
  if (isBinary(from)) {
    if (isBinary(to) || to.kind === "uniqueidentifier") return "implicit";
    return isNumeric(to) && !["real", "float", "decimal"].includes(to.kind) ? "implicit" : "never";
  }
  return isBinary(to) ? "implicit" : "never";
}

function fromNumber(from: SqlType, to: SqlType): Rule {
  if (isNumeric(to) || isOldDateTime(to)) return "implicit";
  return isBinary(to) && from.kind !== "decimal" ? "implicit" : "never";
}

function fromTime(from: SqlType, to: SqlType): Rule {
  if (isNumeric(to)) return isOldDateTime(from) ? "explicit" : "never";
  if (!isTime(to)) return "never";
  const apart = (a: string, b: string) => from.kind === a && to.kind === b;
  return apart("date", "time") || apart("time", "date") ? "never" : "implicit";
}
