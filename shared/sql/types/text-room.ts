import { errorOfQuery } from "../errors";
import { isMax, type SqlType } from "./sql-type";

/** Characters of one text of a MAX type that is computed here: twice the longest that Dataverse stores in a memo. */
export const longestMax = 2_097_152;

/** How long a computed text may become, and what happens to a longer one. */
export interface TextRoom {
  readonly characters: number;
  /** T-SQL cuts silently; a text of a MAX type is refused when it becomes too long. */
  readonly cuts: boolean;
}

export const roomOf = (type: SqlType): TextRoom =>
  isMax(type) ? { characters: longestMax, cuts: false } : { characters: type.length, cuts: true };

const tooLong = (room: TextRoom): Error =>
  errorOfQuery(
    "budget",
    `A function makes a text of more than ${room.characters.toLocaleString("en-US")} characters, the limit.`,
    {
      hint: "Either shorten the column first, LEFT(description, 4000), or use a shorter replacement.",
    },
  );

/** A piece of a long text would keep the whole of it in memory; beyond this a copy is made. */
const muchLonger = 4096;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range that V8 stores in one byte
const twoBytes = /[^\u0000-\u00FF]/;

/** `text.slice(start, end)` that does not hold on to the rest. */
export function pieceOf(text: string, start: number, end: number): string {
  const piece = text.slice(start, end);
  if (text.length - piece.length < muchLonger) return piece;
  const encoding = twoBytes.test(piece) ? "utf16le" : "latin1";
  return Buffer.from(piece, encoding).toString(encoding);
}

/** A text that is too long is cut as T-SQL does it, or refused where T-SQL would keep it whole. */
export function cutToRoom(text: string, room: TextRoom): string {
  if (text.length <= room.characters) return text;
  if (!room.cuts) throw tooLong(room);
  return pieceOf(text, 0, room.characters);
}

/** Refuses a text that has not been made yet, by its length. */
export function checkRoom(length: number, room: TextRoom): void {
  if (length > room.characters && !room.cuts) throw tooLong(room);
}

/** The parts one after the other, never longer than there is room. */
export function concatenate(parts: readonly string[], room: TextRoom): string {
  let length = 0;
  for (const part of parts) length += part.length;
  if (length <= room.characters) return parts.join("");
  if (!room.cuts) throw tooLong(room);
  let text = "";
  for (const part of parts) {
    text += part.slice(0, room.characters - text.length);
    if (text.length === room.characters) break;
  }
  return text;
}

/** Texts below this are not worth counting. */
export const shortText = 512;
