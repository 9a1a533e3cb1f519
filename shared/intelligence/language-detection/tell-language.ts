import { languageOfScript } from "./scripts";
import { wordsOfAll, wordsOfLanguages } from "./words-of-languages";

/** The language of a text. */
export interface ToldLanguage {
  /** BCP 47 primary tag; undefined when nothing tells it. */
  readonly tag: string | undefined;
  /** 0 to 1: how far the language is ahead of the next. */
  readonly certainty: number;
}

const tags = [...wordsOfLanguages.keys()];
const none: ToldLanguage = { tag: undefined, certainty: 0 };
/** As much of a text as tells its language. */
const longestRead = 4_000;

/** Letters that one or two languages have. */
const letters: readonly (readonly [letters: RegExp, tags: readonly string[]])[] = [
  [/ß/, ["de"]],
  [/[äü]/, ["de", "fi", "sv"]],
  [/ö/, ["de", "sv", "fi", "hu", "tr"]],
  [/[ñ¿¡]/, ["es"]],
  [/[ãõ]/, ["pt"]],
  [/ç/, ["fr", "pt", "tr"]],
  [/[àèù]/, ["fr", "it"]],
  [/[êâîôû]/, ["fr", "pt"]],
  [/œ/, ["fr"]],
  [/[ìò]/, ["it"]],
  [/[íó]/, ["es", "pt"]],
  [/[ąćęłńśźż]/, ["pl"]],
  [/[ěřůčť]/, ["cs"]],
  [/å/, ["sv", "da", "nb"]],
  [/[æø]/, ["da", "nb"]],
  [/[ğış]/, ["tr"]],
  [/[őű]/, ["hu"]],
  [/[ășț]/, ["ro"]],
  [/ij/, ["nl"]],
];
const weightOfLetters = 0.6;
/** A word that no list holds counts by its parts, and less. */
const weightOfParts = 0.5;
/** Of a language with a short list little is known but that it is none of the others. */
const weightOfFew = 0.25;
const fewWords = 200;
const isFew = tags.map((tag) => (wordsOfLanguages.get(tag)?.length ?? 0) < fewWords);

interface Learned {
  /** Languages by word. */
  readonly byWord: ReadonlyMap<string, readonly number[]>;
  /** Share of each language, by three letters: 1 when only its words have them. */
  readonly byPart: ReadonlyMap<string, Float32Array>;
}

const partsOf = (word: string): string[] => {
  const marked = `^${word}$`;
  return Array.from({ length: Math.max(0, marked.length - 2) }, (_, at) =>
    marked.slice(at, at + 3),
  );
};

let learned: Learned | undefined;

/** Read from the lists once, at the first question. */
function learn(): Learned {
  const byWord = new Map<string, number[]>();
  const counts = new Map<string, Float32Array>();
  const totals = new Float32Array(tags.length);
  for (const [at, tag] of tags.entries()) {
    for (const word of wordsOfLanguages.get(tag) ?? []) {
      byWord.set(word, [...(byWord.get(word) ?? []), at]);
      for (const part of partsOf(word)) {
        const count = counts.get(part) ?? new Float32Array(tags.length);
        counts.set(part, count);
        count[at] = (count[at] ?? 0) + 1;
        totals[at] = (totals[at] ?? 0) + 1;
      }
    }
  }
  const byPart = new Map<string, Float32Array>();
  for (const [part, count] of counts) {
    // As logarithms of likelihoods, so that the parts of a word add up; what a language has not seen is unlikely, not impossible.
    byPart.set(
      part,
      count.map((one, at) => Math.log((one + 0.3) / ((totals[at] ?? 0) + 600))),
    );
  }
  return { byWord, byPart };
}

/** Shares of the languages in a word by its parts; undefined when nobody has such parts. */
function byParts(word: string, { byPart }: Learned): Float32Array | undefined {
  const known = partsOf(word).flatMap((part) => byPart.get(part) ?? []);
  if (known.length < 2) return undefined;
  const sums = new Float32Array(tags.length);
  for (const part of known)
    for (const [at, value] of part.entries()) sums[at] = (sums[at] ?? 0) + value;
  const most = Math.max(...sums);
  const shares = sums.map((sum) => Math.exp(sum - most));
  const all = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / all);
}

/**
 * The language of a customer's words, by script, letters, words and parts of words. A subject line counts half: it is short, and
 * often a system or a colleague wrote it.
 *
 * @param body plain text
 * @param subject plain text
 */
export function tellLanguage(body: string, subject = ""): ToldLanguage {
  const script =
    languageOfScript(body) ?? (body.trim() === "" ? languageOfScript(subject) : undefined);
  if (script !== undefined) return { tag: script, certainty: 1 };
  learned ??= learn();
  const scores = new Float64Array(tags.length);
  count(body, 1, learned, scores);
  count(subject, body.trim() === "" ? 1 : 0.5, learned, scores);
  let best = 0;
  let next = -1;
  for (let at = 1; at < tags.length; at++) {
    if ((scores[at] ?? 0) > (scores[best] ?? 0)) [best, next] = [at, best];
    else if (next < 0 || (scores[at] ?? 0) > (scores[next] ?? 0)) next = at;
  }
  const [first, second] = [scores[best] ?? 0, scores[next] ?? 0];
  if (first === 0) {
    const other = languageOfScript(subject);
    return other === undefined ? none : { tag: other, certainty: 1 };
  }
  return { tag: tags[best], certainty: (first - second) / first };
}

/** Addresses and numbers of things are in no language. */
const isNoWord = (part: string) => /[@\d]|:\/\//.test(part);

function count(text: string, weight: number, known: Learned, scores: Float64Array): void {
  const read = text
    .slice(0, longestRead)
    .normalize("NFC")
    .replace(/[’`´]/g, "'")
    .toLowerCase()
    .split(/\s/)
    .filter((part) => !isNoWord(part))
    .join(" ");
  for (const [found] of read.matchAll(/[\p{L}][\p{L}'-]*/gu)) {
    for (const word of known.byWord.has(found) ? [found] : found.split(/['-]/)) {
      if (word === "" || wordsOfAll.has(word)) continue;
      for (const [at, value] of [...byWord(word, known), ...byLetters(word)])
        scores[at] = (scores[at] ?? 0) + value * weight;
    }
  }
}

type Votes = readonly (readonly [language: number, value: number])[];

/** A word of one language says more than one of five; one that no list holds counts by its parts. */
function byWord(word: string, known: Learned): Votes {
  const holders = known.byWord.get(word);
  if (holders !== undefined) return holders.map((at) => [at, 1 / holders.length ** 0.7]);
  if (word.length < 3) return [];
  const shares = byParts(word, known) ?? [];
  return [...shares].map((share, at) => [at, (isFew[at] ? weightOfFew : weightOfParts) * share]);
}

const byLetters = (word: string): Votes =>
  letters.flatMap(([letter, owners]) =>
    letter.test(word)
      ? owners.map((owner) => [tags.indexOf(owner), weightOfLetters / owners.length] as const)
      : [],
  );
