import { errorOfQuery } from "../errors";
import type { TextRoom } from "../plan/text-type";

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

/** Lower-case letters that stand for another one when case does not count; all others are what toLowerCase gives. */
const variants: Readonly<Record<string, string>> = {
  ς: "σ",
  ſ: "s",
  ϐ: "β",
  ϑ: "θ",
  ϕ: "φ",
  ϖ: "π",
  ϰ: "κ",
  ϱ: "ρ",
  ϵ: "ε",
  ẛ: "ṡ",
  "\u00B5": "μ",
  "\u1FBE": "ι",
  "\u0345": "ι",
};
const anyVariant = /[ςſϐϑϕϖϰϱϵẛ\u00B5\u1FBE]|\u0345/g;

/** The text without case, character for character as long as it was. */
function withoutCase(text: string): string {
  const lower = text.toLowerCase();
  const aligned =
    lower.length === text.length
      ? lower
      : Array.from(text, (character) => {
          const one = character.toLowerCase();
          return one.length === character.length ? one : character;
        }).join("");
  return aligned.replace(anyVariant, (character) => variants[character] ?? character);
}

/** REPLACE: without regard to case, and no further than there is room. */
export function replaceText(text: string, search: string, by: string, room: TextRoom): string {
  if (search === "") return text;
  const haystack = withoutCase(text);
  const needle = withoutCase(search);
  const parts: string[] = [];
  let length = 0;
  let at = 0;
  for (let hit = haystack.indexOf(needle); hit >= 0; hit = haystack.indexOf(needle, at)) {
    parts.push(text.slice(at, hit), by);
    length += hit - at + by.length;
    at = hit + search.length;
    if (length > room.characters) return concatenate(parts, room);
  }
  if (at === 0) return text;
  parts.push(text.slice(at));
  return concatenate(parts, room);
}

/** Code of the blank: other white space stays, as in T-SQL. */
const blank = 32;

const firstKept = (text: string): number => {
  let at = 0;
  while (at < text.length && text.charCodeAt(at) === blank) at += 1;
  return at;
};
const lastKept = (text: string): number => {
  let at = text.length;
  while (at > 0 && text.charCodeAt(at - 1) === blank) at -= 1;
  return at;
};

export const trimStart = (text: string): string => pieceOf(text, firstKept(text), text.length);
export const trimEnd = (text: string): string => pieceOf(text, 0, lastKept(text));
export const trimBoth = (text: string): string => pieceOf(text, firstKept(text), lastKept(text));
