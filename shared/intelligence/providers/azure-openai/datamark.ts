import { randomInt } from "node:crypto";

/**
 * Marks data so that a model can tell it from orders: every space becomes a mark that is drawn anew for each request, so
 * no text can carry it in advance.
 *
 * @see https://arxiv.org/abs/2403.14720
 */
export interface Datamark {
  readonly mark: string;
  apply(text: string): string;
  remove(text: string): string;
}

const letters = "abcdefghijkmnpqrstuvwxyz23456789";

/** @param draw a whole number from 0 to below the one given; for tests */
export function createDatamark(draw: (below: number) => number = randomInt): Datamark {
  const word = Array.from({ length: 3 }, () => letters[draw(letters.length)]).join("");
  const mark = `~${word}~`;
  return {
    mark,
    // Data must not be able to imitate the mark or the end of a marked part.
    apply: (text) =>
      text
        .replaceAll("~", "-")
        .replaceAll(/<(\/?)data/giu, "($1data")
        .trim()
        .split(/\s+/u)
        .join(mark),
    remove: (text) => text.replaceAll(mark, " "),
  };
}
