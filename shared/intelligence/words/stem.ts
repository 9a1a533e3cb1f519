const vowel = "(?:[aeiou]|(?<![aeiou])y)";
const hasVowel = new RegExp(vowel);
const measured = new RegExp(`${vowel}(?![aeiouy]).*`);

/** Endings that leave the stem of an English word, longest first, with what takes their place (after Porter). */
const endings: readonly (readonly [ending: string, instead: string])[] = [
  ["ational", "ate"],
  ["ization", "ize"],
  ["isation", "ize"],
  ["fulness", "ful"],
  ["ousness", "ous"],
  ["iveness", "ive"],
  ["tional", "tion"],
  ["biliti", "ble"],
  ["entli", "ent"],
  ["ation", "ate"],
  ["alism", "al"],
  ["aliti", "al"],
  ["ousli", "ous"],
  ["iviti", "ive"],
  ["fulli", "ful"],
  ["ment", ""],
  ["ness", ""],
  ["ence", ""],
  ["ance", ""],
  ["able", ""],
  ["ible", ""],
  ["izer", "ize"],
  ["ator", "ate"],
  ["alli", "al"],
  ["ful", ""],
  ["ous", ""],
  ["ive", ""],
  ["ize", ""],
  ["ise", ""],
  ["ate", ""],
  ["ion", ""],
  ["al", ""],
  ["er", ""],
  ["ic", ""],
  ["li", ""],
];

/** The stem of an English word in lower case: plural, past and derived forms meet in it. Not always a word itself. */
export function stem(word: string): string {
  if (word.length < 4 || /\d/.test(word)) return word;
  let root = word
    .replace(/sses$/, "ss")
    .replace(/ies$/, "i")
    .replace(/([^su])s$/, "$1");
  if (/eed$/.test(root)) root = root.replace(/eed$/, "ee");
  else {
    const cut = root.replace(/(?:ed|ing)$/, "");
    if (cut !== root && hasVowel.test(cut)) {
      root = /(?:at|bl|iz)$/.test(cut) ? `${cut}e` : cut.replace(/([^aeiouylsz])\1$/, "$1");
    }
  }
  root = root.replace(/([^aeiou])y$/, "$1i");
  for (const [ending, instead] of endings) {
    if (!root.endsWith(ending)) continue;
    const rest = root.slice(0, -ending.length);
    if (rest.length >= 3 && measured.test(rest)) root = rest + instead;
    break;
  }
  return root.length > 4 ? root.replace(/e$/, "").replace(/ll$/, "l") : root;
}
