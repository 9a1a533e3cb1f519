const quote = 0x22;
const backslash = 0x5c;
const opening = (byte: number) => byte === 0x7b || byte === 0x5b;
const closing = (byte: number) => byte === 0x7d || byte === 0x5d;
const isBlank = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Most bytes kept of one text, and of the whole. */
const longestText = 512;
const longestWhole = 4_096;

/** What stands before the part of a call that says what to do. It is the bulk of the body, and a refusal needs nothing of it. */
const bulk = Buffer.from('"arguments":');

/**
 * Reads JSON as it comes and keeps its shape: long texts are cut, and `arguments` are emptied. A body for which there is no
 * room still has to be refused in words, and the refusal bears an id that may stand behind the body's largest part. What is
 * not kept costs next to nothing: the engine's own search finds where a text ends.
 */
export class Abridger {
  readonly #kept = Buffer.allocUnsafe(longestWhole);
  #size = 0;
  #depth = 0;
  /** Depth inside of `arguments`, 0 outside. */
  #dropped = 0;
  #isInText = false;
  /** What follows of the present text is dropped. */
  #isCut = false;
  /** Bytes of the present text so far. */
  #length = 0;
  /** Bytes that may still belong to the present escape: `\n` or `\u0041` must not be cut in the middle. */
  #escape = 0;
  /** The dropped part of the present text ends in half an escape so far. */
  #isEscaped = false;

  add(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && !this.isLong; ) {
      if (this.#isInText)
        at = this.#isCut && this.#escape === 0 ? this.#skipText(chunk, at) : this.#text(chunk, at);
      else at = this.#dropped > 0 ? this.#skipPart(chunk, at) : this.#shape(chunk, at);
    }
  }

  /** Even the shape is long: nothing that comes yet can change it. */
  get isLong(): boolean {
    return this.#size > longestWhole;
  }

  /** The shortened JSON, or undefined when even that is long. */
  end(): Buffer | undefined {
    return this.isLong ? undefined : Buffer.from(this.#kept.subarray(0, this.#size));
  }

  /** Reads one byte between texts, and gives the place of the next; blanks say nothing. */
  #shape(chunk: Buffer, at: number): number {
    const byte = chunk[at] ?? 0;
    if (isBlank(byte)) return at + 1;
    if (byte === quote) this.#begin(false);
    else if (opening(byte)) {
      this.#depth++;
      if (this.#isBulk()) this.#dropped = this.#depth;
    } else if (closing(byte)) this.#depth--;
    this.#keep(byte);
    return at + 1;
  }

  /** `arguments` of a call stand in its parameters; of a call in a batch, one level deeper. */
  #isBulk(): boolean {
    if (this.#depth !== 3 && this.#depth !== 4) return false;
    const from = this.#size - bulk.length;
    return from >= 0 && bulk.equals(this.#kept.subarray(from, this.#size));
  }

  /** Reads on inside of `arguments` until their end or the beginning of a text. */
  #skipPart(chunk: Buffer, start: number): number {
    let at = start;
    for (; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === quote) {
        this.#begin(true);
        return at + 1;
      }
      if (opening(byte)) this.#depth++;
      else if (closing(byte) && this.#depth-- === this.#dropped) {
        this.#dropped = 0;
        this.#keep(byte);
        return at + 1;
      }
    }
    return at;
  }

  #begin(isCut: boolean): void {
    this.#isInText = true;
    this.#isCut = isCut;
    this.#isEscaped = false;
    this.#length = 0;
  }

  /** Reads one byte of a text that is kept. */
  #text(chunk: Buffer, at: number): number {
    const byte = chunk[at] ?? 0;
    if (this.#escape > 0) {
      // The letter behind the backslash says how long the escape is.
      const isLong = this.#escape < 5 || byte === 0x75;
      this.#escape = isLong ? this.#escape - 1 : 0;
    } else if (byte === quote) {
      this.#isInText = false;
      this.#keep(byte);
      return at + 1;
    } else if (this.#length >= longestText && (byte & 0xc0) !== 0x80) {
      // A text is cut where a character or an escape begins; this byte is looked at again.
      this.#isCut = true;
      return at;
    } else if (byte === backslash) this.#escape = 5;
    this.#length++;
    this.#keep(byte);
    return at + 1;
  }

  /** Where a text ends of which nothing more is kept: at the first quote before which an even number of backslashes stands. */
  #skipText(chunk: Buffer, start: number): number {
    // An escape that the last piece began ends with the first byte of this one.
    const from = this.#isEscaped ? start + 1 : start;
    this.#isEscaped = false;
    for (let next = from; ; ) {
      const found = chunk.indexOf(quote, next);
      const end = found === -1 ? chunk.length : found;
      const isEscaped = backslashesBefore(chunk, from, end) % 2 === 1;
      if (found === -1) {
        this.#isEscaped = isEscaped;
        return end;
      }
      if (isEscaped) next = end + 1;
      else {
        this.#isInText = false;
        if (this.#dropped === 0) this.#keep(quote);
        return end + 1;
      }
    }
  }

  #keep(byte: number): void {
    if (this.#size < longestWhole) this.#kept[this.#size++] = byte;
    else this.#size = longestWhole + 1;
  }
}

function backslashesBefore(chunk: Buffer, from: number, end: number): number {
  let at = end;
  while (at > from && chunk[at - 1] === backslash) at--;
  return end - at;
}
