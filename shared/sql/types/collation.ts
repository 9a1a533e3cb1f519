import type { SqlType } from "./sql-type";

/** How texts compare: Dataverse's own way (Latin1_General_CI_AI), or as COLLATE asks. */
export interface Collation {
  readonly caseSensitive: boolean;
  readonly accentSensitive: boolean;
  readonly binary: boolean;
}

const byDefault: Collation = { caseSensitive: false, accentSensitive: false, binary: false };
const known =
  /^(?:SQL_)?[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*?_(?:(BIN2?)|(C[IS])_(A[IS])(?:_KS)?(?:_WS)?(?:_VSS)?(?:_SC)?)(?:_UTF8)?$/i;

/** The rules of a collation by its name; undefined for no such name. `DATABASE_DEFAULT` is the database's. */
export function collationOf(name: string | undefined): Collation | undefined {
  if (name === undefined || /^(database|catalog)_default$/i.test(name)) return byDefault;
  const match = known.exec(name);
  if (!match) return undefined;
  const [, binary, letters, accents] = match;
  return {
    caseSensitive: letters?.toUpperCase() === "CS",
    accentSensitive: accents?.toUpperCase() === "AS",
    binary: binary !== undefined,
  };
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
const everyPaired = /[ßẞæÆœŒþÞ]/g;

/** `Straße` as `Strasse`; the same text where it has no such letter. */
export const withPairs = (text: string): string =>
  anyPaired.test(text) ? text.replace(everyPaired, (letter) => pairs[letter] ?? letter) : text;

/** Without case and accents; blanks stay. */
export const foldText = (text: string): string =>
  (ascii.test(text) ? text : text.normalize("NFKD").replace(marks, "")).toLowerCase();

export function withoutTrailingBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 32) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}

/** What two texts have in common when the database calls them equal: case, accents and trailing blanks do not count. */
export const collate = (text: string): string => withoutTrailingBlanks(foldText(withPairs(text)));

const swapCase = (text: string): string =>
  Array.from(text, (one) =>
    one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase(),
  ).join("");

/** A form of a text in which `===` and `<` mean what the collation means by them. */
export function collationKey({ collation }: SqlType): (text: string) => string {
  if (collation === undefined) return collate;
  const rules = collationOf(collation) ?? byDefault;
  if (rules.binary) return withoutTrailingBlanks;
  if (!rules.caseSensitive && !rules.accentSensitive) return collate;
  return (text) => {
    const plain = withoutTrailingBlanks(withPairs(text));
    // Letters decide first, then accents, then case (small before capital), as in a dictionary.
    const accents = rules.accentSensitive ? `\u0000${plain.normalize("NFKD").toLowerCase()}` : "";
    const cases = rules.caseSensitive ? `\u0000${swapCase(plain)}` : "";
    return `${foldText(plain)}${accents}${cases}`;
  };
}

/** Does the collation take two letters for one? Binary ones do not. */
export const hasPairs = ({ collation }: SqlType): boolean =>
  collation === undefined || collationOf(collation)?.binary !== true;

/** Character for character as the collation sees it, blanks too: for searching within a text. */
export function searchFold({ collation }: SqlType): (text: string) => string {
  if (collation === undefined) return foldText;
  const rules = collationOf(collation) ?? byDefault;
  if (rules.binary || (rules.caseSensitive && rules.accentSensitive)) return (text) => text;
  if (rules.accentSensitive) return (text) => text.toLowerCase();
  return rules.caseSensitive
    ? (text) => (ascii.test(text) ? text : text.normalize("NFKD").replace(marks, ""))
    : foldText;
}
