import {
  binary,
  char,
  isBinary,
  isMax,
  isUnicode,
  longest,
  mostBytes,
  mostWide,
  nchar,
  nvarchar,
  type SqlType,
  varbinary,
  varchar,
  withCollation,
} from "../sql-type";
import { concatenate, roomOf, shortText } from "../text-room";
import type { RunBinary } from "./operator";

/** Type of two texts (or two pieces of binary data) one after the other: as long as both, at most 8,000 bytes unless one is of a MAX type. */
export function concatenationType(left: SqlType, right: SqlType): SqlType {
  const varying = left.kind.includes("var") || right.kind.includes("var");
  const most = isMax(left) || isMax(right);
  if (isBinary(left)) {
    const length = most ? longest : Math.min(mostBytes, left.length + right.length);
    return varying ? varbinary(length) : binary(length);
  }
  const wide = isUnicode(left) || isUnicode(right);
  const limit = wide ? mostWide : mostBytes;
  const length = most ? longest : Math.min(limit, left.length + right.length);
  const make = wide ? (varying ? nvarchar : nchar) : varying ? varchar : char;
  return withCollation(make(length), left.collation ?? right.collation);
}

export function runConcatenation(type: SqlType): RunBinary {
  const room = roomOf(type);
  return (a, b, work) => {
    const text = concatenate([a as string, b as string], room);
    if (text.length > shortText) work(text.length);
    return text;
  };
}
