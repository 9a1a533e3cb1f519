const quote = 0x22;
const backslash = 0x5c;
const letterU = 0x75;

/** Most bytes kept of one text, and of the whole. */
const longestText = 512;
const longestWhole = 4_096;

/**
 * Reads JSON as it comes and keeps its shape, with long texts cut. A body for which there is no room still has to be
 * refused in words, and the refusal bears an id that may stand behind the body's largest part.
 */
export class Abridger {
  readonly #kept = Buffer.allocUnsafe(longestWhole);
  #size = 0;
  #isInText = false;
  /** The present text is long enough: what follows of it is dropped. */
  #isCut = false;
  /** Bytes of the present text so far. */
  #length = 0;
  /** Bytes that may still belong to the present escape: `\n` or `\u0041` must not be cut in the middle. */
  #escape = 0;

  add(chunk: Uint8Array): void {
    // Where the next of each stands from here on; looked up by the engine's own search, which is a hundred times quicker.
    let nextQuote = -1;
    let nextBackslash = -1;
    const find = (byte: number, from: number) => {
      const found = chunk.indexOf(byte, from);
      return found === -1 ? chunk.length : found;
    };
    for (let at = 0; at < chunk.length; at++) {
      if (this.#isInText && this.#isCut && this.#escape === 0) {
        if (nextQuote < at) nextQuote = find(quote, at);
        if (nextBackslash < at) nextBackslash = find(backslash, at);
        at = Math.min(nextQuote, nextBackslash);
        if (at === chunk.length) return;
      }
      this.#step(chunk[at] ?? 0);
    }
  }

  /** The shortened JSON, or undefined when even that is long. */
  end(): Buffer | undefined {
    return this.#size > longestWhole ? undefined : Buffer.from(this.#kept.subarray(0, this.#size));
  }

  #step(byte: number): void {
    if (!this.#isInText) {
      if (byte === quote) {
        this.#isInText = true;
        this.#isCut = false;
        this.#length = 0;
      }
      this.#keep(byte);
    } else if (this.#escape > 0) {
      // The letter behind the backslash says how long the escape is.
      this.#escape = this.#escape === 5 && byte !== letterU ? 0 : this.#escape - 1;
      this.#keepOfText(byte);
    } else if (byte === quote) {
      this.#isInText = false;
      this.#keep(byte);
    } else {
      if (byte === backslash) this.#escape = 5;
      // A text is cut where a character or an escape begins.
      if (this.#length >= longestText && (byte & 0xc0) !== 0x80) this.#isCut = true;
      this.#keepOfText(byte);
    }
  }

  #keepOfText(byte: number): void {
    this.#length++;
    if (!this.#isCut) this.#keep(byte);
  }

  #keep(byte: number): void {
    if (this.#size < longestWhole) this.#kept[this.#size++] = byte;
    else this.#size = longestWhole + 1;
  }
}
