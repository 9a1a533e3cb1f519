/** The text without the characters of `tail` at its end. A pattern (`[.,]+$`) would look again from each of them. */
export function trimTail(text: string, tail: string): string {
  let end = text.length;
  while (end > 0 && tail.includes(text[end - 1] ?? "")) end -= 1;
  return text.slice(0, end);
}

/** Punctuation that ends a sentence, and is no part of the address before it. */
export const endOfSentence = ".,;:!?";

/** Lines put together by `between`, without the blanks around each and without empty ones. */
export const joinLines = (text: string, between: string): string =>
  text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(between);
