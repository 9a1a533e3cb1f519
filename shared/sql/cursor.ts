import { createHash } from "node:crypto";
import { errorOfQuery } from "./errors";

/** Where an answer goes on: nothing is kept between calls. */
export interface Cursor {
  /** Rows of the result that were already given. */
  readonly offset: number;
  /** GETDATE() of the first call, in milliseconds, so that every part sees one moment. */
  readonly now: number;
}

/** Of the text without the differences that change nothing: blanks around it and the last semicolon. */
const digest = (sql: string): string =>
  createHash("sha256").update(sql.trim().replace(/;\s*$/, "")).digest("base64url").slice(0, 16);

export const writeCursor = (sql: string, { offset, now }: Cursor): string =>
  Buffer.from(JSON.stringify(["1", digest(sql), offset, now])).toString("base64url");

/** Throws SqlError `cursor` when it is damaged or of another query. */
export function readCursor(sql: string, text: string): Cursor {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text.trim(), "base64url").toString("utf8"));
  } catch {
    parts = undefined;
  }
  const [version, query, offset, now] = Array.isArray(parts) ? parts : [];
  const isCount = (value: unknown): value is number =>
    Number.isSafeInteger(value) && Number(value) >= 0;
  if (
    version !== "1" ||
    typeof query !== "string" ||
    !isCount(offset) ||
    !isCount(now) ||
    now > 8.64e15
  ) {
    throw errorOfQuery("cursor", "The cursor is damaged.", {
      hint: "Copy nextCursor of the last answer exactly, or leave cursor out to start again.",
    });
  }
  if (query !== digest(sql)) {
    throw errorOfQuery("cursor", "The cursor belongs to another query.", {
      hint: "Send exactly the query text that returned this cursor, or leave cursor out to start again.",
    });
  }
  return { offset, now };
}
