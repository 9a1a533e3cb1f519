/** In a page of units: what the character becomes is not one unit, and stands beside. */
const notOneUnit = 0xffff;
const unitsOfPage = 256;

interface Page {
  readonly units: Uint16Array;
  readonly texts: readonly string[];
}

const isSurrogate = (unit: number): boolean => (unit & 0xf800) === 0xd800;
const isPair = (text: string, at: number): boolean =>
  (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;

/**
 * Replaces every character of a text by what `map` makes of it alone. A text of a million characters takes some milliseconds,
 * whatever it is made of: what becomes of a character is worked out once for the process, 256 neighbours at a time.
 *
 * @param map depends on the character only; it gives any number of characters
 */
export function eachCharacter(map: (character: string) => string): (text: string) => string {
  const pages: (Page | undefined)[] = [];

  const pageOf = (number: number): Page => {
    const known = pages[number];
    if (known !== undefined) return known;
    const units = new Uint16Array(unitsOfPage);
    const texts: string[] = [];
    for (let low = 0; low < unitsOfPage; low++) {
      const mapped = map(String.fromCharCode(number * unitsOfPage + low));
      const isUnit = mapped.length === 1 && mapped.charCodeAt(0) !== notOneUnit;
      units[low] = isUnit ? mapped.charCodeAt(0) : notOneUnit;
      if (!isUnit) texts[low] = mapped;
    }
    const page = { units, texts };
    pages[number] = page;
    return page;
  };

  return (text) => {
    let out = new Uint16Array(text.length);
    let length = 0;
    const append = (mapped: string, left: number) => {
      const needed = length + mapped.length + left;
      if (needed > out.length) {
        const larger = new Uint16Array(Math.max(needed, Math.ceil(out.length * 1.5)));
        larger.set(out.subarray(0, length));
        out = larger;
      }
      for (let at = 0; at < mapped.length; at++) out[length++] = mapped.charCodeAt(at);
    };
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (isSurrogate(unit)) {
        const size = isPair(text, at) ? 2 : 1;
        append(map(text.slice(at, at + size)), text.length - at - size);
        at += size - 1;
        continue;
      }
      const { units, texts } = pageOf(unit >>> 8);
      const mapped = units[unit & 0xff] as number;
      if (mapped === notOneUnit) append(texts[unit & 0xff] as string, text.length - at - 1);
      else out[length++] = mapped;
    }
    return Buffer.from(out.buffer, 0, length * 2).toString("utf16le");
  };
}
