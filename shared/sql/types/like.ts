import { hasPairs, searchFold, withPairs } from "./collation/collation";
import { searchable } from "./collation/search-fold";
import { Failure } from "./failure";
import { isUnicode, type SqlType } from "./sql-type";

type Part =
  | { readonly kind: "text"; readonly character: string }
  | { readonly kind: "any" } // _
  | { readonly kind: "many" } // %
  | {
      readonly kind: "set";
      readonly negated: boolean;
      readonly ranges: readonly (readonly [string, string])[];
    };

/** Reads `[a-c]`; undefined when it is not closed, and then the whole pattern matches nothing. */
function readSet(
  characters: readonly string[],
  open: number,
  escapedBy: string | undefined,
): { part: Part; next: number } | undefined {
  const negated = characters[open + 1] === "^";
  const start = open + (negated ? 2 : 1);
  const members: { readonly character: string; readonly escaped: boolean }[] = [];
  let at = start;
  for (; at < characters.length; at += 1) {
    const character = characters[at] ?? "";
    if (character === escapedBy && at + 1 < characters.length) {
      at += 1;
      members.push({ character: characters[at] ?? "", escaped: true });
    } else if (character === "]" && at > start) {
      return { part: { kind: "set", negated, ranges: rangesOf(members) }, next: at + 1 };
    } else {
      members.push({ character, escaped: false });
    }
  }
  return undefined;
}

function rangesOf(
  members: readonly { readonly character: string; readonly escaped: boolean }[],
): readonly (readonly [string, string])[] {
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < members.length; ) {
    const from = members[at]?.character ?? "";
    const dash = members[at + 1];
    const isRange = dash?.character === "-" && !dash.escaped && at + 2 < members.length;
    ranges.push([from, isRange ? (members[at + 2]?.character ?? from) : from]);
    at += isRange ? 3 : 1;
  }
  return ranges;
}

/** The parts of a pattern; undefined for one that can match nothing. */
function readPattern(
  characters: readonly string[],
  escapedBy: string | undefined,
): readonly Part[] | undefined {
  const parts: Part[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? "";
    if (character === escapedBy) {
      at += 1;
      const escaped = characters[at];
      if (escaped === undefined) return undefined;
      parts.push({ kind: "text", character: escaped });
    } else if (character === "%") {
      parts.push({ kind: "many" });
    } else if (character === "_") {
      parts.push({ kind: "any" });
    } else if (character === "[") {
      const set = readSet(characters, at, escapedBy);
      if (!set) return undefined;
      parts.push(set.part);
      at = set.next - 1;
    } else {
      parts.push({ kind: "text", character });
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

export type Matches = (text: string, work: (characters: number) => void) => boolean;

/**
 * Compiles a LIKE pattern: `%`, `_`, `[a-c]`, `[^a-c]`, ESCAPE. Takes time proportional to text times pattern for every input (a regular
 * expression would not), and tells `work` of it on the way.
 *
 * @param type the type in which text and pattern are compared: NVARCHAR lets blanks at the end of the text count, VARCHAR does not
 * @see https://learn.microsoft.com/sql/t-sql/language-elements/like-transact-sql
 */
export function compileLike(
  pattern: string,
  escapedBy: string | undefined,
  type: SqlType,
): Matches | Failure {
  if (escapedBy !== undefined && [...escapedBy].length !== 1) {
    return new Failure(
      506,
      `The invalid escape character "${escapedBy.slice(0, 20)}" was specified in a LIKE predicate`,
    );
  }
  const fold = searchFold(type);
  const parts = readPattern(
    [...fold(pattern)],
    escapedBy === undefined ? undefined : fold(escapedBy),
  );
  if (!parts) return () => false;
  const blanks = !isUnicode(type);
  const matchesAs = (text: string, wanted: readonly Part[], work: (characters: number) => void) => {
    const folded = fold(text);
    if (folded.length > longText) work(folded.length);
    return search(pairs.test(folded) ? [...folded] : folded, wanted, blanks, work);
  };
  if (!hasPairs(type)) return (text, work) => matchesAs(text, parts, work);
  // Straße is LIKE 'strasse' as well as LIKE 'stra_e'.
  const written = withPairs(pattern);
  const wide =
    written === pattern ? parts : readPattern([...fold(written)], escapedBy && fold(escapedBy));
  return (text, work) => {
    if (matchesAs(text, parts, work)) return true;
    const spelled = withPairs(text);
    return (spelled !== text || wide !== parts) && wide ? matchesAs(spelled, wide, work) : false;
  };
}

/**
 * PATINDEX: where the first piece that matches begins, from 1, in characters of the text; 0 when there is none. The pattern's own `%`
 * at its ends say whether the piece may stand anywhere.
 */
export function compilePatternIndex(
  pattern: string,
  type: SqlType,
): (text: string, work: (characters: number) => void) => number {
  const fold = searchable(type);
  const parts = readPattern([...fold(pattern)], undefined);
  if (!parts) return () => 0;
  const leads = parts[0]?.kind === "many";
  const rest = leads ? parts.slice(1) : parts;
  const next = rest.findIndex(({ kind }) => kind === "many");
  const head = next < 0 ? rest : rest.slice(0, next);
  const tail = next < 0 ? undefined : rest.slice(next);
  return (text, work) => {
    const folded = fold(text);
    const characters = pairs.test(folded) ? [...folded] : folded;
    // Without a % at its end the pattern ends where the text does.
    const only = tail ? 0 : Math.max(0, characters.length - head.length);
    const start = firstMatch(characters, head, only, leads ? undefined : 0, work);
    if (start === undefined || !tail) return start === undefined ? 0 : start + 1;
    // What does not follow the first hit follows no later one, behind which there is less.
    return search(characters.slice(start + head.length), tail, false, work) ? start + 1 : 0;
  };
}

/** The first place from one on, up to another, at which the parts match. */
function firstMatch(
  characters: string | readonly string[],
  parts: readonly Part[],
  from: number,
  to: number | undefined,
  work: (characters: number) => void,
): number | undefined {
  const last = Math.min(to ?? characters.length, characters.length - parts.length);
  for (let start = from; start <= last; start += 1) {
    if (start % startsReported === 0) work(startsReported * (1 + parts.length));
    if (matchesAt(characters, start, parts)) return start;
  }
  return undefined;
}

/** Beginnings that are tried between two reports of work. */
const startsReported = 64;

/** Do these parts, none of them `%`, match the characters from a place on? */
function matchesAt(
  characters: string | readonly string[],
  start: number,
  parts: readonly Part[],
): boolean {
  if (start + parts.length > characters.length) return false;
  return parts.every((part, at) => matches(part, characters[start + at] ?? ""));
}

function search(
  characters: string | readonly string[],
  parts: readonly Part[],
  blanks: boolean,
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
    } else if (blanks && !current && restIsBlank(characters, at)) {
      return true;
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

function restIsBlank(characters: string | readonly string[], from: number): boolean {
  for (let at = from; at < characters.length; at += 1) if (characters[at] !== " ") return false;
  return true;
}
