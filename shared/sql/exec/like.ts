import { collate } from "./values";

type Part =
  | { readonly kind: "text"; readonly character: string }
  | { readonly kind: "any" } // _
  | { readonly kind: "many" } // %
  | {
      readonly kind: "set";
      readonly negated: boolean;
      readonly ranges: readonly (readonly [string, string])[];
    };

/** Folds case and accents but keeps trailing blanks: in a pattern they count. */
const fold = (text: string): string => collate(`${text}.`).slice(0, -1);

function readSet(
  characters: readonly string[],
  open: number,
): { part: Part; next: number } | undefined {
  const negated = characters[open + 1] === "^";
  const start = open + (negated ? 2 : 1);
  const close = characters.indexOf("]", start + (characters[start] === "]" ? 1 : 0));
  if (close < 0) return undefined;
  const ranges: (readonly [string, string])[] = [];
  for (let at = start; at < close; ) {
    const from = characters[at] ?? "";
    const isRange = characters[at + 1] === "-" && at + 2 < close;
    ranges.push([from, isRange ? (characters[at + 2] ?? from) : from]);
    at += isRange ? 3 : 1;
  }
  return { part: { kind: "set", negated, ranges }, next: close + 1 };
}

function readPattern(pattern: string, escapedBy: string | undefined): readonly Part[] {
  const characters = [...fold(pattern)];
  const escapeCharacter = escapedBy === undefined ? undefined : fold(escapedBy);
  const parts: Part[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? "";
    if (character === escapeCharacter) {
      at += 1;
      parts.push({ kind: "text", character: characters[at] ?? "" });
    } else if (character === "%") {
      parts.push({ kind: "many" });
    } else if (character === "_") {
      parts.push({ kind: "any" });
    } else {
      const set = character === "[" ? readSet(characters, at) : undefined;
      parts.push(set?.part ?? { kind: "text", character });
      if (set) at = set.next - 1;
    }
  }
  return parts;
}

function matches(part: Part, character: string): boolean {
  if (part.kind === "any") return true;
  if (part.kind === "text") return part.character === character;
  if (part.kind === "many") return false;
  const inside = part.ranges.some(([from, to]) => from <= character && character <= to);
  return inside !== part.negated;
}

/** Texts below this are not worth counting. */
const longText = 512;
/** Steps between two reports of work: a pattern such as `%aaaa…b%` may take text times pattern of them. */
const stepsReported = 65_536;

/** True where half of a pair would count as a character. */
const pairs = /[\uD800-\uDFFF]/;

/**
 * Compiles a LIKE pattern: `%`, `_`, `[a-c]`, `[^a-c]`, ESCAPE. Takes time proportional to text times
 * pattern for every input (a regular expression would not), and tells `work` of it on the way.
 */
export function compileLike(
  pattern: string,
  escapedBy?: string,
): (text: string, work: (characters: number) => void) => boolean {
  const parts = readPattern(pattern, escapedBy);
  return (text, work) => {
    const folded = fold(text);
    if (folded.length > longText) work(folded.length);
    return search(pairs.test(folded) ? [...folded] : folded, parts, work);
  };
}

function search(
  characters: string | readonly string[],
  parts: readonly Part[],
  work: (characters: number) => void,
): boolean {
  let at = 0;
  let part = 0;
  let retryPart = -1;
  let retryAt = 0;
  for (let steps = 1; at < characters.length; steps += 1) {
    if (steps % stepsReported === 0) work(stepsReported);
    const current = parts[part];
    if (current?.kind === "many") {
      // Nothing behind the last %: the rest matches.
      if (part === parts.length - 1) return true;
      retryPart = part;
      retryAt = at;
      part += 1;
    } else if (current && matches(current, characters[at] ?? "")) {
      at += 1;
      part += 1;
    } else if (retryPart >= 0) {
      retryAt += 1;
      at = retryAt;
      part = retryPart + 1;
    } else {
      return false;
    }
  }
  while (parts[part]?.kind === "many") part += 1;
  return part === parts.length;
}
