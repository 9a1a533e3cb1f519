import { createHash } from "node:crypto";
import { errorOfQuery } from "../errors";

/** A value of a row by which the next rows are found. */
export type KeyValue = string | number | null;

/** Where an answer goes on: nothing is kept between calls. */
export interface Cursor {
  /** Rows of the result that were already given. */
  readonly offset: number;
  /** GETDATE() of the first call, in milliseconds, so that every part sees one moment. */
  readonly now: number;
  /** What the last row that was given has in the columns of its order; undefined where rows are counted instead. */
  readonly after?: readonly KeyValue[];
}

/** Who asks, and what. */
export interface Asked {
  readonly sql: string;
  readonly person: string;
}

/** Of the text without the differences that change nothing: blanks around it and the last semicolon. */
const digest = ({ sql, person }: Asked): string =>
  createHash("sha256")
    .update(JSON.stringify([person, sql.trim().replace(/;\s*$/, "")]))
    .digest("base64url")
    .slice(0, 16);

export const writeCursor = (asked: Asked, { offset, now, after }: Cursor): string =>
  Buffer.from(
    JSON.stringify(["2", digest(asked), offset, now, ...(after ? [after] : [])]),
  ).toString("base64url");

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

const areKeys = (value: unknown): value is readonly KeyValue[] | undefined =>
  value === undefined ||
  (Array.isArray(value) &&
    value.every((one) => one === null || typeof one === "string" || Number.isFinite(one)));

/**
 * What it says is only where to go on: the rows are asked for anew, as the person who asks.
 *
 * @throws SqlError `cursor` when it is damaged, of another query or of another person
 */
export function readCursor(asked: Asked, text: string): Cursor {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text.trim(), "base64url").toString("utf8"));
  } catch {
    parts = undefined;
  }
  const [version, query, offset, now, after]: unknown[] = Array.isArray(parts) ? parts : [];
  if (
    version !== "2" ||
    typeof query !== "string" ||
    !isCount(offset) ||
    !isCount(now) ||
    now > 8.64e15 ||
    !areKeys(after)
  ) {
    throw damaged();
  }
  if (query !== digest(asked)) {
    throw errorOfQuery("cursor", "The cursor belongs to another query or another person.", {
      hint: "Send exactly the query text that returned this cursor, or leave cursor out to start again.",
    });
  }
  return { offset, now, ...(after !== undefined && { after }) };
}

export const damaged = () =>
  errorOfQuery("cursor", "The cursor is damaged.", {
    hint: "Copy nextCursor of the last answer exactly, or leave cursor out to start again.",
  });
