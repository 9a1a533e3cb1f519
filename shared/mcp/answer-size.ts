import { fenceAnswer } from "../text/records/fence-answer";
import { marks } from "../text/records/record-text";

/**
 * What every tool promises: so many UTF-16 units of text (all blocks together), and so many of `structuredContent` as JSON. Tools
 * keep it by pages of their own, which lose nothing (`read_query`, `describe_table`, `list_tables`); what is longer all the same
 * is cut here, and says so.
 */
export const longestAnswer = 40_000;

/** Of the note behind the fence, and of the sentence that tells of a cut. */
const reserve = 600;

interface SizedText {
  /** With its marks, as the tool gave it or as far as it fits. */
  readonly marked: string;
  readonly isCut: boolean;
}

/** As much of a marked text as is within the limit once its marks are written out; what is open at the cut is closed. */
export function sizeText(marked: string, words: string, limit = longestAnswer): SizedText {
  const room = limit - reserve;
  if (shownLength(marked) <= room) return { marked, isCut: false };
  let end = Math.min(marked.length, room);
  let kept = closed(marked, end);
  // What is taken away shortens the shown text by at least as much, so that this ends at once.
  for (let over = shownLength(kept) - room; over > 0 && end > 0; over = shownLength(kept) - room) {
    end = Math.max(0, end - over);
    kept = closed(marked, end);
  }
  return { marked: `${kept}\n${words}`, isCut: true };
}

function shownLength(marked: string): number {
  const { text, details = "" } = fenceAnswer(marked, () => "00000000");
  return text.length + details.length;
}

/** Ends with a line where one ends near, and never within a character. */
function closed(marked: string, end: number): string {
  const line = marked.lastIndexOf("\n", end);
  const part = marked.slice(0, line > end - 500 ? line : end).toWellFormed();
  const isOpen = part.lastIndexOf(marks.open) > part.lastIndexOf(marks.close);
  return isOpen ? `${part}…${marks.close}` : part;
}

/** Texts are not cut shorter than this before lists lose members: ids, names and cursors stay whole. */
const shortestText = 200;

/**
 * The same value within the limit, or undefined when that cannot be: long texts are cut to one length, then long lists. Types
 * and members stay, so that it still is what the tool's schema says.
 */
export function sizeStructured<T>(value: T, limit = longestAnswer): T | undefined {
  const whole = Number.MAX_SAFE_INTEGER;
  const fits = (text: number, list: number) => roomLeft(value, { text, list }, limit) >= 0;
  if (fits(whole, whole)) return value;
  const text = largest(shortestText, limit, (each) => fits(each, whole));
  if (text !== undefined) return shorten(value, { text, list: whole }) as T;
  const list = largest(1, limit, (each) => fits(shortestText, each));
  return list === undefined ? undefined : (shorten(value, { text: shortestText, list }) as T);
}

/**
 * A number that fits, where one a thirtieth larger does not; those below a number that fits do, too. Each that is tried costs, and
 * the last thirtieth is worth less.
 */
function largest(
  least: number,
  most: number,
  fits: (number: number) => boolean,
): number | undefined {
  if (!fits(least)) return undefined;
  let low = least;
  let high = most + 1;
  while (high > low + Math.max(1, low / 30)) {
    const middle = Math.max(low + 1, Math.floor(Math.sqrt(low * high)));
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Characters of a text, and members of a list, that are kept. */
interface Kept {
  readonly text: number;
  readonly list: number;
}

const shortenText = (value: string, { text }: Kept): string =>
  value.length <= text ? value : `${value.slice(0, text - 1).toWellFormed()}…`;

function shorten(value: unknown, kept: Kept): unknown {
  if (typeof value === "string") return shortenText(value, kept);
  if (Array.isArray(value)) return value.slice(0, kept.list).map((each) => shorten(each, kept));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shorten(each, kept)]));
}

/**
 * What is left of the room when the shortened value is written as JSON; negative where it is too small. It stops there, so that a
 * value of many megabytes costs no more than one that fits.
 */
function roomLeft(value: unknown, kept: Kept, room: number): number {
  if (typeof value === "string") {
    const isTooLong = Math.min(value.length, kept.text) > room;
    return isTooLong ? -1 : room - JSON.stringify(shortenText(value, kept)).length;
  }
  if (Array.isArray(value)) return roomBehind(value, Math.min(value.length, kept.list), kept, room);
  if (typeof value !== "object" || value === null)
    return room - (JSON.stringify(value) ?? "null").length;
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  return roomBehind(
    members.map(([, each]) => each),
    members.length,
    kept,
    // Names with their colons.
    room - members.reduce((sum, [key]) => sum + JSON.stringify(key).length + 1, 0),
  );
}

/** Behind the first values, with brackets around them and commas between. */
function roomBehind(values: readonly unknown[], count: number, kept: Kept, room: number): number {
  let left = room - 2 - Math.max(0, count - 1);
  for (let at = 0; at < count && left >= 0; at++) left = roomLeft(values[at], kept, left);
  return left;
}
