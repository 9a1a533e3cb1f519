/** Words that ask for something other than yes or no, in the languages of the vocabulary. */
const questionWords = new Set(
  `what which who whom whose where when why how was welche welcher welches welchen welchem wer wen wem wo wann warum wieso wie wofür
  que quoi quel quelle quels quelles qui où quand pourquoi comment combien qué cuál cuáles quién dónde cuándo cómo cuánto cuánta cuántos
  cosa quale quali chi dove quando perché come quanto quanta wat welke waar wanneer waarom hoe hoeveel qual quais quem onde como
  co jaki jaka jakie który która które kto gdzie kiedy dlaczego jak ile`.split(/\s+/),
);

/** How a question speaks to the company: what is asked is about it, and not about a trouble. */
const companyWords = new Set(
  `you your yours sie ihr ihre ihren ihrem ihrer vous votre vos ustedes vuestro vuestra vuestros vuestras voi vostro vostra vostri vostre
  avete jullie uw vocês vosso vossa vossos vossas wasz wasza wasze macie państwo państwa`.split(
    /\s+/,
  ),
);

/** What a question for yes or no begins with where it needs no question mark. */
const openings =
  /^(?:can|could|may|might|must|shall|should|do|does|did|is|are|was|were|will|would|have|has|am|est-ce|gibt es|czy)(?![\p{L}-])/u;
const japanese = /(?:ます|ません|です|でしょう)か[？?。]?$/u;

/**
 * Whether a text asks if something is so, or may be, or asks about the company ("Do you …?", "Which … do you recommend?"). What
 * answers it has to speak of just that; who tells of a trouble says it in many words that no answer repeats.
 *
 * @param text plain, in any of the vocabulary's languages
 */
export function asksWhether(text: string): boolean {
  const said = text.trim().toLowerCase().replaceAll("’", "'");
  if (japanese.test(said)) return !/いつ|どこ|なぜ|どう|何|誰|いくら/u.test(said);
  if (openings.test(said)) return true;
  const words = said.match(/\p{L}+/gu) ?? [];
  const asksFor = words.some((word) => questionWords.has(word));
  if (asksFor) return words.some((word) => companyWords.has(word));
  // With a clause before the question a trouble is told.
  return /^[^.,:;–]+[?？]$/u.test(said);
}
