import { randomBytes } from "node:crypto";

/** A text marked as data for a language model: a mark that its writer could not know stands in every gap between words. */
export interface Marked {
  readonly mark: string;
  readonly text: string;
}

/** A mark for one request. From private-use letters that `sanitise` takes out of every text, so no text can hold it. */
export function newMark(): string {
  const bytes = randomBytes(3);
  return `\ue000${bytes.toString("hex")}\ue001`;
}

/**
 * Replaces every gap between words by the mark. Sanitise first.
 *
 * @see https://arxiv.org/abs/2403.14720 spotlighting by datamarking
 */
export function datamark(text: string, mark: string): Marked {
  return { mark, text: mark + text.trim().replace(/\s+/g, mark) + mark };
}

/** The other form: the model is told to decode it, and to obey nothing in it. */
export const encodeAsData = (text: string): string => Buffer.from(text, "utf8").toString("base64");
