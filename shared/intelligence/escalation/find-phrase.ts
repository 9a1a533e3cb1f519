import type { Token } from "./tokens";

type Part =
  | {
      readonly kind: "word";
      readonly words: ReadonlySet<string>;
      readonly beginnings: readonly string[];
    }
  | { readonly kind: "gap" }
  | { readonly kind: "not-next"; readonly words: ReadonlySet<string> };

/** Words in their order, or letters of a script without blanks. */
export type Phrase = ({ readonly letters: string } | { readonly parts: readonly Part[] }) & {
  /** Not met where it tells what something was taken for or is like. */
  readonly isLiteral: boolean;
};

const withoutBlanks = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const longestGap = 4;
/** Words before a phrase that are looked at for a denial. */
const reach = 4;
const denials: ReadonlySet<string> = new Set(
  `no not nobody none never without don't didn't doesn't isn't wasn't hasn't won't kein keine keinen keiner nicht niemand niemanden ohne pas
  aucun aucune personne sans nadie ningún ninguna sin non nessun nessuno nessuna senza geen niemand niet zonder não ninguém nenhum nenhuma sem
  nie nikt nikomu żaden bez`.split(/\s+/),
);
/** Behind a Japanese or Chinese word: it was not so. */
const denied = /^.{0,6}?(?:ありません|ません|なかった|ない|没有)/u;
const deniedBefore = /(?:没有|没|未)$/u;

/** Words before a phrase, in its clause, by which it is a guess or a likeness: "I thought something had exploded". */
const likenesses: readonly (readonly string[])[] =
  `thought,like a,like an,like something,like the,as if,as though,dachte,dachten,meinte,
  meinten,als ob,als wäre,als würde,als hätte,wie ein,wie eine,wie bei,cru,croyais,croyait,croyions,comme si,comme un,comme une,comme quand,creí,
  creímos,pensé,pensaba,como si,como una,como un,credevo,credevamo,pensavo,pensavamo,come se,come una,come un,dacht,dachten,alsof,als een,pensei,
  achei,pensámos,como uma,como um,myślałem,myślałam,myśleliśmy,jakby,jak po,jak przy`
    .split(",")
    .map((words) => words.trim().split(" "));
const likenedReach = 7;
/** Of money and numbers the word says only that they rise. */
const risen: ReadonlySet<string> = new Set(
  "price prices cost costs bill bills traffic inbox kosten preise preis prix coûts precios costes prezzi costi prijzen preços custos ceny koszty".split(
    " ",
  ),
);
const likenedBehind = /^.{0,4}?(?:かと思|みたい|のような|しそうな|したような)/u;

/** A phrase in the notation of `phrases.ts`. */
export function phraseOf(text: string): Phrase {
  const isLiteral = text.startsWith("^");
  const bare = isLiteral ? text.slice(1) : text;
  return withoutBlanks.test(bare)
    ? { letters: bare, isLiteral }
    : { parts: bare.split(" ").map(partOf), isLiteral };
}

function partOf(text: string): Part {
  if (text === "~") return { kind: "gap" };
  if (text.startsWith("!")) return { kind: "not-next", words: new Set(text.slice(1).split("/")) };
  const words = text.split("/");
  return {
    kind: "word",
    words: new Set(words.filter((word) => !word.endsWith("*"))),
    beginnings: words.filter((word) => word.endsWith("*")).map((word) => word.slice(0, -1)),
  };
}

/** Words of a text, and what they are looked up by. */
export interface Spoken {
  readonly tokens: readonly Token[];
  readonly words: ReadonlySet<string>;
  /** Whatever its words begin with, up to a length. */
  readonly beginnings: ReadonlySet<string>;
}

/** Of a beginning so many characters are looked up. */
const longestBeginning = 12;

export function spokenOf(tokens: readonly Token[]): Spoken {
  const words = new Set(tokens.map(({ word }) => word));
  const beginnings = new Set<string>();
  for (const word of words)
    for (let length = 1; length <= Math.min(word.length, longestBeginning); length++)
      beginnings.add(word.slice(0, length));
  return { tokens, words, beginnings };
}

/** False for a phrase of which a word is nowhere in the text: hundreds of phrases need not be tried at each of its words. */
const mayStand = ({ words, beginnings }: Spoken, parts: readonly Part[]): boolean =>
  parts.every(
    (part) =>
      part.kind !== "word" ||
      [...part.words].some((word) => words.has(word)) ||
      part.beginnings.some((beginning) => beginnings.has(beginning.slice(0, longestBeginning))),
  );

/** Where the first phrase stands that the text says, and does not deny; start and end in UTF-16 units. */
export function findPhrase(
  text: string,
  spoken: Spoken,
  phrases: readonly Phrase[],
  isDeniable: boolean,
): readonly [start: number, end: number] | undefined {
  for (const phrase of phrases) {
    const span =
      "letters" in phrase
        ? findLetters(text, phrase.letters, isDeniable, phrase.isLiteral)
        : findWords(spoken, phrase.parts, isDeniable, phrase.isLiteral);
    if (span !== undefined) return span;
  }
  return undefined;
}

function findLetters(text: string, letters: string, isDeniable: boolean, isLiteral: boolean) {
  for (let at = text.indexOf(letters); at >= 0; at = text.indexOf(letters, at + 1)) {
    const end = at + letters.length;
    const isDenied =
      isDeniable &&
      (denied.test(text.slice(end, end + 16)) ||
        deniedBefore.test(text.slice(Math.max(0, at - 4), at)));
    const isLikened = isLiteral && likenedBehind.test(text.slice(end, end + 12));
    if (!isDenied && !isLikened) return [at, end] as const;
  }
  return undefined;
}

function findWords(
  spoken: Spoken,
  parts: readonly Part[],
  isDeniable: boolean,
  isLiteral: boolean,
) {
  if (!mayStand(spoken, parts)) return undefined;
  const { tokens } = spoken;
  for (const [at, token] of tokens.entries()) {
    const last = matchAt(tokens, at, parts, 0);
    if (last === undefined || (isDeniable && isDeniedBefore(tokens, at))) continue;
    if (isLiteral && isLikenedBefore(tokens, at)) continue;
    return [token.start, tokens[last]?.end ?? token.end] as const;
  }
  return undefined;
}

const isDeniedBefore = (tokens: readonly Token[], at: number): boolean =>
  tokens
    .slice(Math.max(0, at - reach), at)
    .some(({ word, clause }) => clause === tokens[at]?.clause && denials.has(word));

function isLikenedBefore(tokens: readonly Token[], at: number): boolean {
  const before = tokens
    .slice(Math.max(0, at - likenedReach), at)
    .filter(({ clause }) => clause === tokens[at]?.clause)
    .map(({ word }) => word);
  return (
    before.some((word) => risen.has(word)) ||
    likenesses.some((words) =>
      before.some((_, from) => words.every((word, next) => before[from + next] === word)),
    )
  );
}

/** The last word of the phrase when it stands from here on; a gap takes as few words as it can. */
function matchAt(
  tokens: readonly Token[],
  at: number,
  parts: readonly Part[],
  from: number,
): number | undefined {
  const part = parts[from];
  if (part === undefined) return at - 1;
  const token = tokens[at];
  // A phrase stands in one clause.
  const isHere =
    token !== undefined && (at === 0 || from === 0 || token.clause === tokens[at - 1]?.clause);
  if (part.kind === "not-next")
    return isHere && part.words.has(token.word) ? undefined : matchAt(tokens, at, parts, from + 1);
  if (!isHere) return undefined;
  if (part.kind === "word") {
    const isMet =
      part.words.has(token.word) ||
      part.beginnings.some((beginning) => token.word.startsWith(beginning));
    return isMet ? matchAt(tokens, at + 1, parts, from + 1) : undefined;
  }
  for (let skipped = 0; skipped <= longestGap; skipped++) {
    const last = matchAt(tokens, at + skipped, parts, from + 1);
    if (last !== undefined) return last;
    if (tokens[at + skipped]?.clause !== token.clause) return undefined;
  }
  return undefined;
}
