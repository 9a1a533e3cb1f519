import type { SqlType } from "../sql-type";
import { eachCharacter } from "./each-character";
import { type Collation, type NoCollation, readCollation } from "./names";

const byDefault: Collation = {
  caseSensitive: false,
  accentSensitive: false,
  binary: false,
  letters: undefined,
};

const known = new Map<string, Collation | NoCollation>();

/** The rules of a collation by its name, or what is wrong with it. */
function findCollation(name: string): Collation | NoCollation {
  let found = known.get(name);
  if (!found) {
    found = readCollation(name);
    if (typeof found === "object") known.set(name, found);
  }
  return found;
}

/** Why a collation cannot be had by its name: SQL Server has none, or read_query has not. Undefined where it can. */
export function wrongCollation(
  name: string,
):
  | { readonly code: "type" | "unsupported"; readonly message: string; readonly hint: string }
  | undefined {
  const found = findCollation(name);
  if (typeof found === "object") return undefined;
  const hint =
    "Use Latin1_General_CI_AI, Latin1_General_CI_AS, Latin1_General_CS_AS or Latin1_General_BIN2.";
  return found === "unknown"
    ? { code: "type", message: `Invalid collation '${name}' (SQL Server error 448)`, hint }
    : {
        code: "unsupported",
        message: `The collation ${name}, which orders letters in a way of its own, is not available`,
        hint,
      };
}

/** The rules of a collation that was looked up before; those of the database where none is named. */
export function collationOf(name: string | undefined): Collation {
  const found = name === undefined ? byDefault : findCollation(name);
  return typeof found === "object" ? found : byDefault;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is what is meant
const ascii = /^[\u0000-\u007F]*$/;
const marks = /\p{M}/gu;

/** Letters that are equal to two others in every collation but the binary ones. */
const pairs: Readonly<Record<string, string>> = {
  ß: "ss",
  ẞ: "SS",
  æ: "ae",
  Æ: "AE",
  œ: "oe",
  Œ: "OE",
  þ: "th",
  Þ: "TH",
};
const anyPaired = /[ßẞæÆœŒþÞ]/;
const bothOfEach = eachCharacter((letter) => pairs[letter] ?? letter);

/** `Straße` as `Strasse`; the same text where it has no such letter. */
export const withPairs = (text: string): string => (anyPaired.test(text) ? bothOfEach(text) : text);

/** Decomposed and without marks: nothing depends on a neighbour once the marks, whose order does, are gone. */
const plainOfEach = eachCharacter((character) => character.normalize("NFKD").replace(marks, ""));
const withoutAccents = (text: string): string => (ascii.test(text) ? text : plainOfEach(text));

/** Without case and accents; blanks stay. */
export const foldText = (text: string): string => withoutAccents(text).toLowerCase();

export function withoutTrailingBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 32) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}

/** What two texts have in common when the database calls them equal: case, accents and trailing blanks do not count. */
export const collate = (text: string): string => withoutTrailingBlanks(foldText(withPairs(text)));

const swapCase = eachCharacter((one) =>
  one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase(),
);

/** Spanish has it as a letter of its own, and not as an n with a mark. */
const enye = /(ñ)/i;

/** Behind every letter, so that `ñ` comes behind `nz` and before `o`. */
const behind = "\uFFFF";

/** A form of a text in which `===` and `<` mean what the collation means by them. */
export function collationKey({ collation }: SqlType): (text: string) => string {
  if (collation === undefined) return collate;
  const { binary, caseSensitive, accentSensitive, letters } = collationOf(collation);
  if (binary) return withoutTrailingBlanks;
  if (!caseSensitive && !accentSensitive && !letters) return collate;
  return (text) => {
    const plain = withoutTrailingBlanks(withPairs(text)).normalize("NFKD");
    const base = letters ? plain.replace(letters, (one) => one.charAt(0) + behind) : plain;
    // Letters decide first, then accents, then case (small before capital), as in a dictionary.
    const accents = accentSensitive ? `\u0000${plain.toLowerCase()}` : "";
    const cases = caseSensitive
      ? `\u0000${swapCase(accentSensitive ? plain : base.replace(marks, ""))}`
      : "";
    return `${foldText(base)}${accents}${cases}`;
  };
}

/** Does the collation take two letters for one? Binary ones do not. */
export const hasPairs = ({ collation }: SqlType): boolean => !collationOf(collation).binary;

/** Character for character as the collation sees it, blanks too: for LIKE. */
export function searchFold({ collation }: SqlType): (text: string) => string {
  if (collation === undefined) return foldText;
  const { binary, caseSensitive, accentSensitive, letters } = collationOf(collation);
  if (binary || (caseSensitive && accentSensitive)) return (text) => text;
  if (accentSensitive) return (text) => text.toLowerCase();
  const fold = caseSensitive ? withoutAccents : foldText;
  if (!letters) return fold;
  return (text) =>
    text
      .normalize("NFC")
      .split(enye)
      .map((piece, at) =>
        at % 2 === 0 ? fold(piece) : caseSensitive ? piece : piece.toLowerCase(),
      )
      .join("");
}
