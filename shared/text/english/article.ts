/** `u` as in "user" is spoken with a consonant. */
const beginsWithVowel = /^(?:[aeio]|u(?!n[iy]|r[el]|s|t[ie]))/i;

/** "a task", "an incident": a word with its indefinite article. */
export const withArticle = (word: string): string =>
  `${beginsWithVowel.test(word) ? "an" : "a"} ${word}`;

/** The same at the beginning of a sentence. */
export const withArticleFirst = (word: string): string => withArticle(word).replace(/^a/, "A");
