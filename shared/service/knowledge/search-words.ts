/** Words that say nothing about a problem, in mails of the languages seen most. */
const empty = new Set(
  `a about after again all already also am an and any are as at back be because been before but by can could day days dear did do does
for from get had has have he hello help her here hi him his hope how i if in into is it its just kind know last let like look me more
my need no not now of off on once one only or our out please regards same she should since so some still tell thank thanks that the
their them then there these they this time to today too try tried up us very want was we well were what when where which while who
why will with don doesn didn isn aren wasn weren won hasn haven hadn couldn shouldn wouldn dont doesnt didnt isnt wont cant without would write yes you your
aber auch auf aus bei bitte das dass den der des die ein eine einen er es für haben hat ich ihr im in ist mit nicht noch oder sehr sich
sie sind uns und unser unsere von vor war wenn wie wir zu zum zur guten tag grüßen freundlichen helfen
au aux avec bonjour ce cette dans de des du elle en est et il je la le les leur ma mais merci mon ne notre nous ou par pas plus pour
pouvez que qui sa se ses son sur un une vous cordialement
al con de del el ella en es esta este la las lo los mi muy no nuestro o para pero por que se sin su un una y ya saludo favor buenos días`
    .split(/\s+/)
    .filter((word) => word !== ""),
);

/** Nothing is found by a longer one, and a service may refuse it: Dataverse search takes 100 characters in all. */
const longestWord = 100;
/** Characters of each text that are read for words. */
const longestRead = 20_000;

/** The words worth searching for, in the order of their first use; the earlier texts count more. */
export function searchWords(texts: readonly string[], most: number): string[] {
  const words = new Map<string, number>();
  for (const [index, text] of texts.entries()) {
    for (const word of text
      .slice(0, longestRead)
      .normalize("NFKC")
      .match(/[\p{L}\p{N}][\p{L}\p{N}-]*/gu) ?? []) {
      const lower = word.toLowerCase();
      if (lower.length < 2 || lower.length > longestWord || empty.has(lower)) continue;
      words.set(lower, (words.get(lower) ?? 0) + (index === 0 ? 2 : 1));
    }
  }
  // Of two that count as much the earlier stays before the later: the map keeps their order, and so does the sort.
  return [...words]
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([word]) => word);
}

/** As many of the words as fit into a search text. Dataverse search takes 100 characters. */
export function fitWords(words: readonly string[], longest: number): string {
  let text = "";
  for (const word of words) {
    if (text.length + word.length + 1 > longest) break;
    text = text === "" ? word : `${text} ${word}`;
  }
  return text;
}
