import type { SqlType } from "../sql-type";
import { collationOf } from "./collation";
import { eachCharacter } from "./each-character";

/** Lower-case letters that stand for another one when case does not count; all others are what toLowerCase gives. */
const variants: Readonly<Record<string, string>> = {
  ς: "σ",
  ſ: "s",
  ϐ: "β",
  ϑ: "θ",
  ϕ: "φ",
  ϖ: "π",
  ϰ: "κ",
  ϱ: "ρ",
  ϵ: "ε",
  ẛ: "ṡ",
  "\u00B5": "μ",
  "\u1FBE": "ι",
  "\u0345": "ι",
};
const anyVariant = /[ςſϐϑϕϖϰϱϵẛ\u00B5\u1FBE]|\u0345/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is what is meant
const ascii = /^[\u0000-\u007F]*$/;
const marks = /\p{M}/gu;

const sameLength = (character: string, changed: string): string =>
  changed.length === character.length ? changed : character;
const lowerOfEach = eachCharacter((character) => sameLength(character, character.toLowerCase()));

/** The text without case, character for character as long as it was, so that positions in it are positions in the text. */
export function withoutCase(text: string): string {
  const lower = text.toLowerCase();
  if (ascii.test(lower)) return lower;
  const aligned = lower.length === text.length ? lower : lowerOfEach(text);
  return aligned.replace(anyVariant, (character) => variants[character] ?? character);
}

/** Spanish has it as a letter of its own, and not as an n with a mark. */
const enye = /^ñ$/i;

const plain = (character: string): string =>
  sameLength(character, character.normalize("NFKD").replace(marks, ""));
const plainOfEach = eachCharacter(plain);
const plainOfSpanish = eachCharacter((character) =>
  enye.test(character) ? character : plain(character),
);

/** Without accents, character for character: é is e, a mark that stands alone stays. */
function withoutAccents(text: string, hasEnye: boolean): string {
  if (ascii.test(text)) return text;
  return hasEnye ? plainOfSpanish(text) : plainOfEach(text);
}

/** How texts of a type are searched: as the collation asks, position for position. */
export function searchable(type: SqlType | undefined): (text: string) => string {
  const { binary, caseSensitive, accentSensitive, letters } = collationOf(type?.collation);
  if (binary || (caseSensitive && accentSensitive)) return (text) => text;
  if (accentSensitive) return withoutCase;
  const hasEnye = letters !== undefined;
  return caseSensitive
    ? (text) => withoutAccents(text, hasEnye)
    : (text) => withoutAccents(withoutCase(text), hasEnye);
}
