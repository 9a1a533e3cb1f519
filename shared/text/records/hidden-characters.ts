/**
 * Characters that a reader does not see, or that turn the order of what they see: controls (ANSI escapes begin with one),
 * zero-width and bidirectional controls, soft hyphens, fillers, tags, variation selectors, noncharacters. Those that a script or
 * an emoji needs are told apart by their neighbours.
 * @see https://www.unicode.org/reports/tr36/ and https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const hidden =
  /(?![\t\n\r])[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2028\u2029\uFFF9-\uFFFB]/gu;

/** Scripts whose letters are joined or kept apart by U+200D and U+200C, in everyday words. */
const joining =
  /[\p{sc=Arab}\p{sc=Syrc}\p{sc=Nkoo}\p{sc=Mong}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}]/u;
const emojiBefore = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]\uFE0F?$/u;
const pictograph = /\p{Extended_Pictographic}/u;
const han = /\p{sc=Han}/u;
const mongolian = /\p{sc=Mong}/u;

const blackFlag = "\u{1F3F4}";
/** The flags of England, Scotland and Wales, the only ones that are written with tags. */
const flags = ["gbeng", "gbsct", "gbwls"].map(
  (region) =>
    blackFlag +
    [...region].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join("") +
    "\u{E007F}",
);

/** The text without what a reader would not see. Emoji, Persian, Hindi and their like stay as they are written. */
export const withoutHidden = (text: string): string => replaceHidden(text, () => "");

/** JSON text with hidden characters written as `\u202e`, so that they are seen; it still means the same. */
export const escapeHidden = (json: string): string =>
  replaceHidden(json, (character) =>
    Array.from({ length: character.length }, (_, index) => escapeUnit(character, index)).join(""),
  );

const escapeUnit = (text: string, index: number) =>
  `\\u${text.charCodeAt(index).toString(16).padStart(4, "0")}`;

/** The same value with the texts (keys, too) inside of it as `withoutHidden` leaves them. */
export function withoutHiddenInside(value: unknown): unknown {
  if (typeof value === "string") return withoutHidden(value);
  if (Array.isArray(value)) return value.map(withoutHiddenInside);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [withoutHidden(key), withoutHiddenInside(each)]),
  );
}

function replaceHidden(text: string, replacement: (character: string) => string): string {
  return text.replace(hidden, (character, offset: number) =>
    belongs(text, offset, character) ? character : replacement(character),
  );
}

/** Does the character make a letter or an emoji what it is, where it stands? */
function belongs(text: string, at: number, character: string): boolean {
  const before = characterBefore(text, at);
  const after = characterAt(text, at + character.length);
  const code = character.codePointAt(0) ?? 0;
  switch (true) {
    case code === 0x200d && pictograph.test(after):
      return emojiBefore.test(text.slice(Math.max(0, at - 3), at));
    case code === 0x200c || code === 0x200d:
      return joining.test(before) && joining.test(after);
    case code === 0xfe0f && after === "\u20e3":
      return /[0-9#*]/.test(before);
    case code === 0xfe0e || code === 0xfe0f:
      return pictograph.test(before);
    case (code >= 0xfe00 && code <= 0xfe02) || (code >= 0xe0100 && code <= 0xe01ef):
      return han.test(before);
    case code >= 0x180b && code <= 0x180f:
      return mongolian.test(before) && isVisible(before);
    case code >= 0xe0020 && code <= 0xe007f:
      return isInFlag(text, at);
    default:
      return false;
  }
}

const isVisible = (character: string) => character.search(hidden) < 0;

function isInFlag(text: string, at: number): boolean {
  const start = text.lastIndexOf(blackFlag, at);
  return (
    start >= 0 && flags.some((flag) => at < start + flag.length && text.startsWith(flag, start))
  );
}

const characterAt = (text: string, at: number): string => {
  const code = text.codePointAt(at);
  return code === undefined ? "" : String.fromCodePoint(code);
};

/** A low surrogate is looked at together with the high one before it. */
function characterBefore(text: string, at: number): string {
  const isPair = at > 1 && /[\uDC00-\uDFFF]/.test(text.charAt(at - 1));
  return characterAt(text, at - (isPair ? 2 : 1));
}
