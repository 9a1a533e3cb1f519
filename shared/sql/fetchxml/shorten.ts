import { escapeLike } from "../../text/markup";
import type { Expr, ExprOf, Scalar } from "../expression/expression";
import { isText, nvarchar } from "../types/sql-type";
import { fromPredicate, withoutEscape } from "./from-predicate";
import {
  and,
  bytesOf,
  bytesOfConditions,
  bytesOfValue,
  encodedBytes,
  type FetchFilter,
  type FetchQuery,
  longestConditions,
} from "./model";

/** Fewer bytes than this are not worth a condition; and names and brackets of one take less. */
const leastRoom = 1000;

/**
 * As much of a condition as the request has room for, such that no row is lost: some values of a NOT IN, the beginning of a
 * pattern or of a text. Undefined where there is no such part, or no room.
 */
export function shortened(expr: Expr, fetch: FetchQuery): FetchFilter | undefined {
  const room = longestConditions - bytesOfConditions(fetch) - leastRoom;
  if (room < leastRoom) return undefined;
  const part = partOf(expr, room - leastRoom);
  const pushed = part && fromPredicate(part);
  return pushed && bytesOf(pushed.filter) <= room ? and(pushed.filter) : undefined;
}

function partOf(expr: Expr, room: number): Expr | undefined {
  if (expr.kind === "in") return expr.negated ? fewerValues(expr, room) : undefined;
  if (expr.kind === "like") {
    const { operand, pattern, escapedBy, negated } = expr;
    const text = negated || pattern.kind !== "constant" ? null : pattern.value;
    if (typeof text !== "string") return undefined;
    return beginsWith(operand, withoutEscape(text, escapedBy), room);
  }
  if (expr.kind !== "compare" || expr.operator !== "=") return undefined;
  const { left, right } = expr;
  const text = right.kind === "constant" && isText(right.type) ? right.value : null;
  return typeof text === "string" ? beginsWith(left, escapeLike(text), room) : undefined;
}

function fewerValues(expr: ExprOf<"in">, room: number): Expr | undefined {
  const list: Scalar[] = [];
  let left = room;
  for (const item of expr.list) {
    left -= bytesOfConstant(item);
    if (left < 0) break;
    list.push(item);
  }
  return list.length > 0 ? { ...expr, list } : undefined;
}

const bytesOfConstant = (item: Scalar): number =>
  bytesOfValue(item.kind === "constant" ? String(item.value) : "");

function beginsWith(operand: Scalar, pattern: string, room: number): Expr | undefined {
  const beginning = cut(pattern, room / 2);
  if (beginning === undefined) return undefined;
  const type = nvarchar(beginning.length + 1);
  return {
    kind: "like",
    type: "predicate",
    operand,
    pattern: { kind: "constant", type, value: `${beginning}%` },
    escapedBy: undefined,
    negated: false,
  };
}

/**
 * A pattern that whatever matches the whole one begins with, within so many bytes. It ends where no collation takes letters of
 * both sides together: behind a blank or comma, or between two Chinese characters.
 */
function cut(pattern: string, room: number): string | undefined {
  let left = room;
  let end = 0;
  let at = 0;
  let before = "";
  // A set of more than one escaped sign ends the part that is looked at.
  for (const [piece] of pattern.matchAll(/\[[%_[]\]|[^[]/gu)) {
    if (!pattern.startsWith(piece, at)) break;
    if (isBorder(before, piece)) end = at;
    left -= encodedBytes(piece);
    if (left < 0) break;
    at += piece.length;
    before = piece;
  }
  const beginning = pattern.slice(0, end);
  return /[^%_\s]/.test(beginning) ? beginning : undefined;
}

const isBorder = (before: string, after: string): boolean =>
  /^[ ,;]$/.test(before) ? !/\p{M}/u.test(after) : isHan(before) && isHan(after);

const isHan = (character: string): boolean => /^\p{Script=Han}$/u.test(character);
