/** Scripts that one language, or nearly one, is written in. Kana before Han: Japanese has both, Chinese only Han. */
const scripts: readonly (readonly [tag: string, letters: RegExp])[] = [
  ["ja", /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ["ko", /\p{Script=Hangul}/gu],
  ["zh", /\p{Script=Han}/gu],
  ["uk", /[іїєґ]/giu],
  ["ru", /\p{Script=Cyrillic}/gu],
  ["el", /\p{Script=Greek}/gu],
  ["he", /\p{Script=Hebrew}/gu],
  ["ar", /\p{Script=Arabic}/gu],
  ["th", /\p{Script=Thai}/gu],
  ["hi", /\p{Script=Devanagari}/gu],
];

/** Product names stand in Latin letters in every language, so a smaller part of another script decides. */
const leastShare = 0.15;

/** The language of a text that is not written in Latin letters. */
export function languageOfScript(text: string): string | undefined {
  const all = text.match(/\p{L}/gu)?.length ?? 0;
  if (all === 0) return undefined;
  const counts = scripts.map(([tag, letters]) => ({
    tag,
    count: text.match(letters)?.length ?? 0,
  }));
  const other = counts.reduce((sum, { tag, count }) => sum + (tag === "uk" ? 0 : count), 0);
  if (other / all < leastShare) return undefined;
  const by = new Map(counts.map(({ tag, count }) => [tag, count]));
  const kana = by.get("ja") ?? 0;
  const han = by.get("zh") ?? 0;
  if (kana + han >= other / 2) return kana >= 0.05 * (kana + han) ? "ja" : "zh";
  const cyrillic = by.get("ru") ?? 0;
  if (cyrillic >= other / 2) return (by.get("uk") ?? 0) > 0.01 * cyrillic ? "uk" : "ru";
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).tag;
}
