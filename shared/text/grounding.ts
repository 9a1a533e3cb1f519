import { trimTail } from "./trim";

/** Something in a sentence that must come from somewhere: an address, an amount, a number, a code, a name. */
export interface Fact {
  readonly text: string;
  readonly span: readonly [start: number, end: number];
}

const addresses = /\bhttps?:\/\/[^\s<>"')\]]+|\bwww\.[^\s<>"')\]]+/gi;
const mails = /[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+/g;
const numbers = /(?<![\w.])\+?\d[\d.,:/ ()-]*\d(?!\w)|(?<!\w)\d(?!\w)/g;
/** Words with hyphens and strokes: a code when both a letter and a digit stand in it. */
const words = /\w(?:[\w-]|\/(?=\w))+/g;
/** A number with a word behind it, `10-minute`: what must come from somewhere is the number. */
const counted = /^\d+(?:-[A-Za-z]+)+$/;
/** A capital inside a sentence: a name, unless the language writes nouns so. */
const innerName = /(?<=[\p{Ll}\p{N},;)]\s)\p{Lu}[\p{L}'’-]+(?:\s\p{Lu}[\p{L}'’-]+)*/gu;

/** Longer runs of characters tell nobody anything, and are grounded by no text. */
const longestFact = 1_000;

/** Lower case, blanks and separators of thousands taken out, so that `1 250,00` and `1,250.00` meet. */
const digits = (text: string) => text.replace(/[\s.,:/()-]+/g, "").toLowerCase();
const plain = (text: string) => trimTail(text.toLowerCase(), ".,;:!?)");

/** What allowed sources say, read once, so that each sentence of a draft can be held to it. */
export interface Grounds {
  /** Facts of a text that no source holds, each place of them, in the order of their kinds. Empty when all are grounded. */
  missing(text: string, language?: string): readonly Fact[];
}

/** @param sources plain texts */
export function groundsIn(sources: readonly string[]): Grounds {
  const pool = sources.join("\n");
  const lower = pool.toLowerCase();
  const pressed = new Set((pool.match(numbers) ?? []).map(digits));
  const known = new Map<string, boolean>();
  const isThere = (fact: string): boolean => {
    let is = known.get(fact);
    if (is === undefined) {
      is = (/^[\d+]/.test(fact) && pressed.has(digits(fact))) || holdsWhole(lower, plain(fact));
      known.set(fact, is);
    }
    return is;
  };
  const isCodeThere = (code: string) => isThere(code) || isThere(withoutWordsBehind(code));

  return {
    missing(text, language = "en") {
      const found: Fact[] = [];
      let rest = text;
      /** Looks at what a pattern finds and takes it out, so that no part of it is judged alone. */
      const judge = (pattern: RegExp, isGrounded: (fact: string) => boolean, isFact = isAny) => {
        rest = rest.replace(pattern, (fact: string, at: number) => {
          if (!isFact(fact)) return fact;
          if (!isGrounded(fact)) found.push({ text: fact, span: [at, at + fact.length] });
          return " ".repeat(fact.length);
        });
      };
      judge(addresses, isThere);
      judge(mails, isThere);
      // Before the numbers: 40 is no number of `WD-40`.
      judge(words, isCodeThere, isCode);
      judge(numbers, isThere);
      if (!/^de\b/i.test(language)) {
        for (const { 0: name, index } of rest.matchAll(innerName))
          if (!isThere(name)) found.push({ text: name, span: [index, index + name.length] });
      }
      return found;
    },
  };
}

/** Facts of a text that no allowed source holds, each once. Empty when all are grounded. */
export const ungroundedFacts = (
  text: string,
  sources: readonly string[],
  language?: string,
): readonly string[] => [
  ...new Set(
    groundsIn(sources)
      .missing(text, language)
      .map((fact) => fact.text),
  ),
];

const isAny = (_: string) => true;
const isCode = (word: string) => /\d/.test(word) && /[A-Za-z]/.test(word) && !counted.test(word);

/** `WD-40-Spray` is about `WD-40`. */
function withoutWordsBehind(code: string): string {
  const parts = code.split("-");
  while (parts.length > 1 && !/\d/.test(parts.at(-1) ?? "")) parts.pop();
  return parts.join("-");
}

/** The fact stands in the pool and is not the middle of something longer: `/login` does not ground `/login.evil`. */
function holdsWhole(pool: string, fact: string): boolean {
  if (fact === "") return true;
  // `1-1-1-…` stands in itself at every second character, and each place costs its whole length.
  if (fact.length > longestFact) return false;
  for (let at = pool.indexOf(fact); at >= 0; at = pool.indexOf(fact, at + 1)) {
    const before = pool[at - 1] ?? " ";
    const after = pool.slice(at + fact.length, at + fact.length + 4);
    const isInside = /^[\p{L}\p{N}/@_-]|^\.[\p{L}\p{N}]/u.test(after) && !/^-\p{L}{3}/u.test(after);
    if (!/[\p{L}\p{N}]/u.test(before) && !isInside) return true;
  }
  return false;
}

/** Hosts of the addresses in a text. */
export function hostsOf(text: string): readonly string[] {
  return [...text.matchAll(/\bhttps?:\/\/[^\s<>"')\]]+/gi)].flatMap(([address]) =>
    URL.canParse(address) ? [new URL(address).hostname.toLowerCase()] : [address.toLowerCase()],
  );
}
