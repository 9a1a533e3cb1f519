import { tellLanguage } from "../language-detection";
import concepts from "./concepts.json";
import { stopWordsOf } from "./stop-words";

/** Languages of the vocabulary, by BCP 47 primary tag. */
export type VocabularyLanguage = "en" | "de" | "fr" | "es" | "it" | "nl" | "pt" | "pl" | "ja";

/** Words of one language, made ready to be met in a text. */
interface Forms {
  readonly exact: ReadonlyMap<string, readonly string[]>;
  /** By their first three letters. */
  readonly beginnings: ReadonlyMap<
    string,
    readonly (readonly [beginning: string, concept: string])[]
  >;
  /** What may stand inside of a compound. */
  readonly inside: readonly (readonly [part: string, concept: string])[];
  /** Several words, by the first. */
  readonly phrases: ReadonlyMap<
    string,
    readonly (readonly [words: readonly string[], concept: string])[]
  >;
}

const vocabulary = concepts as Readonly<
  Record<string, Readonly<Record<VocabularyLanguage, string>>>
>;
const languages: readonly VocabularyLanguage[] = [
  "en",
  "de",
  "fr",
  "es",
  "it",
  "nl",
  "pt",
  "pl",
  "ja",
];
/** Languages that write several words as one. */
const compounding: ReadonlySet<VocabularyLanguage> = new Set(["de", "nl"]);
const leastInside = 5;
const longestRead = 20_000;
/** A language that is told with less certainty may be another. */
const leastCertainty = 0.3;

const formsBy = new Map<VocabularyLanguage, Forms>();

/** The forms of a language, made ready at its first text. */
function formsOf(language: VocabularyLanguage): Forms {
  const known = formsBy.get(language) ?? readForms(language);
  formsBy.set(language, known);
  return known;
}

function readForms(language: VocabularyLanguage): Forms {
  const exact = new Map<string, string[]>();
  const beginnings = new Map<string, (readonly [string, string])[]>();
  const phrases = new Map<string, (readonly [readonly string[], string])[]>();
  const inside: (readonly [string, string])[] = [];
  const put = <T>(map: Map<string, T[]>, key: string, value: T) =>
    map.set(key, [...(map.get(key) ?? []), value]);
  const all = Object.entries(vocabulary).flatMap(([concept, words]) =>
    words[language].split(" ").map((form) => [form, concept] as const),
  );
  for (const [form, concept] of all) {
    const bare = form.replaceAll("*", "");
    const parts = form.split("_");
    if (language === "ja" || isInside(form, language)) inside.push([bare, concept]);
    if (parts.length > 1) put(phrases, parts[0] ?? "", [parts, concept]);
    else if (form.endsWith("*")) put(beginnings, bare.slice(0, 3), [bare, concept]);
    else put(exact, bare, concept);
  }
  return { exact, beginnings, inside, phrases };
}

/** A beginning that is long enough to be known inside of a compound, too. */
const isInside = (form: string, language: VocabularyLanguage): boolean =>
  compounding.has(language) &&
  form.endsWith("*") &&
  (form.startsWith("*") || form.length > leastInside);

/** A word of a text, and the concepts that it stands for: none, one or several. */
export interface SaidWord {
  /** In lower case. */
  readonly word: string;
  readonly concepts: readonly string[];
}

/**
 * The words of a text with their concepts. Words of nine languages meet in one concept, and so do the words of one language
 * that people use for the same. Words that say nothing are left out, but for those of English.
 *
 * @param text plain
 * @param language BCP 47; told from the text without it
 */
export function saidWords(text: string, language?: string): readonly SaidWord[] {
  const read = text.slice(0, longestRead).normalize("NFKC").toLowerCase().replaceAll("’", "'");
  const spoken = languagesOf(read, language);
  if (spoken.length === 1 && spoken[0] === "ja") return saidTogether(read);
  const forms = spoken
    .filter((each) => each !== "ja")
    .map((each) => [each, formsOf(each)] as const);
  const isEmpty = (word: string) =>
    spoken.length === 1 && stopWordsOf[spoken[0] ?? ""]?.has(word) === true;
  const words = read.match(/[\p{L}\p{N}][\p{L}\p{N}'-]*/gu) ?? [];
  return words.flatMap((word, at): SaidWord[] => {
    if (isEmpty(word)) return [];
    const concepts = new Set(forms.flatMap(([, each]) => conceptsAt(words, at, each)));
    return [{ word, concepts: [...concepts] }];
  });
}

/** The concepts of a text, each as often as it is said. */
export const conceptsOf = (text: string, language?: string): readonly string[] =>
  saidWords(text, language).flatMap(({ concepts: found }) => found);

function languagesOf(text: string, said: string | undefined): readonly VocabularyLanguage[] {
  const told = said === undefined ? tellLanguage(text) : { tag: said, certainty: 1 };
  // Chinese shares the signs of many nouns with Japanese.
  const tag = told.tag === "zh" ? "ja" : told.tag;
  const known = languages.find((each) => each === tag);
  if (known === undefined) return said === undefined ? languages : ["en"];
  return told.certainty < leastCertainty ? languages : [known];
}

function conceptsAt(words: readonly string[], at: number, forms: Forms): readonly string[] {
  const word = words[at] ?? "";
  const found = new Set(forms.exact.get(word));
  for (const [beginning, concept] of forms.beginnings.get(word.slice(0, 3)) ?? [])
    if (word.startsWith(beginning)) found.add(concept);
  for (const [part, concept] of forms.inside) if (word.includes(part)) found.add(concept);
  for (const [parts, concept] of forms.phrases.get(word) ?? [])
    if (isPhrase(parts, words, at)) found.add(concept);
  return [...found];
}

/** A script without blanks: known parts, and what is between them where it is more than an ending. */
function saidTogether(text: string): readonly SaidWord[] {
  const { inside } = formsOf("ja");
  const known = inside.filter(([part]) => text.includes(part));
  const rest = [...known]
    .sort(([a], [b]) => b.length - a.length)
    .reduce((left, [part]) => left.replaceAll(part, " "), text);
  const unknown =
    rest.match(/[\p{Script=Han}\p{Script=Katakana}ー]{2,}|[a-z\p{N}][a-z\p{N}-]+/gu) ?? [];
  return [
    ...known.map(([word, concept]) => ({ word, concepts: [concept] })),
    ...unknown.map((word) => ({ word, concepts: [] })),
  ];
}

const isPhrase = (parts: readonly string[], words: readonly string[], at: number): boolean =>
  parts.every((part, index) => {
    const word = words[at + index] ?? "";
    return part.endsWith("*") ? word.startsWith(part.slice(0, -1)) : word === part;
  });

/** English words by which concepts are searched for, the telling of each first. */
export const searchWordsOf = (found: readonly string[]): readonly string[] => [
  ...new Set(
    found.flatMap((concept) =>
      (vocabulary[concept]?.en ?? "")
        .split(" ")
        .filter((form) => !form.includes("_"))
        .slice(0, 2)
        .map((form) => form.replaceAll("*", "")),
    ),
  ),
];
