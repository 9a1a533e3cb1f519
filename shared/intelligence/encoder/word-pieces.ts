/** Longer words are no words of a language. */
const longestWord = 60;

/** A text as places in the encoder's list of tokens: words, and parts of words that the list has not as a whole (WordPiece). */
export class WordPieces {
  readonly #place: ReadonlyMap<string, number>;
  readonly #unknown: number;
  readonly #begin: number;
  readonly #end: number;

  constructor(tokens: readonly string[]) {
    this.#place = new Map(tokens.map((token, at) => [token, at]));
    this.#unknown = this.#of("[UNK]");
    this.#begin = this.#of("[CLS]");
    this.#end = this.#of("[SEP]");
  }

  #of(token: string): number {
    const place = this.#place.get(token);
    if (place === undefined) throw new RangeError(`The sentence encoder has no token ${token}.`);
    return place;
  }

  /**
   * Places of the tokens of a text between those for its begin and end.
   *
   * @param most tokens in all; what is behind them is left out
   */
  places(text: string, most: number): readonly number[] {
    const places = [this.#begin];
    const plain = text
      .normalize("NFD")
      .replace(/\p{Mn}+/gu, "")
      .toLowerCase();
    for (const [word] of plain.matchAll(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}\p{C}]/gu)) {
      if (places.length >= most - 1) break;
      places.push(...this.#parts(word));
    }
    return [...places.slice(0, most - 1), this.#end];
  }

  /** The longest parts from the front; a word with a part that is not in the list is unknown as a whole. */
  #parts(word: string): readonly number[] {
    if (word.length > longestWord) return [this.#unknown];
    const parts: number[] = [];
    for (let from = 0; from < word.length; ) {
      let to = word.length;
      let place: number | undefined;
      for (; to > from; to--) {
        place = this.#place.get((from === 0 ? "" : "##") + word.slice(from, to));
        if (place !== undefined) break;
      }
      if (place === undefined) return [this.#unknown];
      parts.push(place);
      from = to;
    }
    return parts;
  }
}
