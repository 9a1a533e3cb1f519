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
  const fits = (text: number, list: number) => {
    const cut = shorten(value, text, list);
    return JSON.stringify(cut).length <= limit ? (cut as T) : undefined;
  };
  const whole = Number.MAX_SAFE_INTEGER;
  return (
    fits(whole, whole) ??
    largest(shortestText, limit, (text) => fits(text, whole)) ??
    largest(1, limit, (list) => fits(shortestText, list))
  );
}

/** What the largest number gives that gives something; `give` gives for every number below, too. */
function largest<T>(
  least: number,
  most: number,
  give: (number: number) => T | undefined,
): T | undefined {
  let found = give(least);
  if (found === undefined) return undefined;
  let low = least;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const given = give(middle);
    if (given === undefined) high = middle - 1;
    else {
      found = given;
      low = middle;
    }
  }
  return found;
}

function shorten(value: unknown, text: number, list: number): unknown {
  if (typeof value === "string")
    return value.length <= text ? value : `${value.slice(0, text - 1).toWellFormed()}…`;
  if (Array.isArray(value)) return value.slice(0, list).map((each) => shorten(each, text, list));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, shorten(each, text, list)]),
  );
}
