/** Words in lower case, without apostrophes: `don't` is `dont`. Digits count as words. */
export function words(text: string): readonly string[] {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/['’]/g, "")
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** Parts of 3 and 4 characters of a word with its ends marked: `^ca`, `car`, `ard`, `rd$`, `^car`… */
export function characterParts(word: string): readonly string[] {
  const marked = `^${word}$`;
  const parts: string[] = [];
  for (let length = 3; length <= 4; length++) {
    for (let start = 0; start + length <= marked.length; start++) {
      parts.push(marked.slice(start, start + length));
    }
  }
  return parts;
}

/** A name in a system's style as words: `card_payment-failed` and `CardPaymentFailed` both read `card payment failed`. */
export function nameAsWords(name: string): string {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replace(/[_\-/:]+/g, " ")
    .trim();
}
