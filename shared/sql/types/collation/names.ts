/** How texts compare: Dataverse's own way (Latin1_General_CI_AI), or as COLLATE asks. */
export interface Collation {
  readonly caseSensitive: boolean;
  readonly accentSensitive: boolean;
  readonly binary: boolean;
  /** Pairs of letters that are one, and letters with a mark that are letters of their own, each behind all that begin with its first letter. */
  readonly letters: RegExp | undefined;
}

/**
 * Families of Windows collations, without what follows of versions and sensitivities.
 *
 * @see https://learn.microsoft.com/sql/t-sql/statements/windows-collation-name-transact-sql
 */
const families: ReadonlySet<string> = new Set(
  `Albanian Arabic Assamese Azeri_Cyrillic Azeri_Latin Bashkir Bengali Bosnian_Cyrillic Bosnian_Latin Breton
  Chinese_Hong_Kong_Stroke Chinese_PRC Chinese_PRC_Stroke Chinese_Simplified_Pinyin Chinese_Simplified_Stroke_Order
  Chinese_Taiwan_Bopomofo Chinese_Taiwan_Stroke Chinese_Traditional_Bopomofo Chinese_Traditional_Pinyin
  Chinese_Traditional_Stroke_Count Chinese_Traditional_Stroke_Order Corsican Croatian Cyrillic_General Czech
  Danish_Greenlandic Danish_Norwegian Dari Divehi Estonian Finnish_Swedish French Frisian Georgian_Modern_Sort
  German_PhoneBook Greek Hebrew Hungarian Hungarian_Technical Icelandic Indic_General Japanese
  Japanese_Bushu_Kakusu Japanese_Unicode Japanese_XJIS Kazakh Khmer Korean Korean_Wansung Lao Latin1_General Latvian
  Lithuanian Lithuanian_Classic Macedonian Macedonian_FYROM Maltese Maori Mapudungan Modern_Spanish Mohawk Nepali
  Norwegian Pashto Persian Polish Romanian Romansh Sami_Norway Sami_Sweden_Finland Serbian_Cyrillic Serbian_Latin
  Slovak Slovenian Syriac Tamazight Tatar Thai Tibetan Traditional_Spanish Turkish Turkmen Uighur Ukrainian
  Upper_Sorbian Urdu Uzbek_Latin Vietnamese Welsh Yakut`
    .split(/\s+/)
    .map((name) => name.toLowerCase()),
);

/**
 * Families of SQL Server's own collations; their names hold a code page.
 *
 * @see https://learn.microsoft.com/sql/t-sql/statements/sql-server-collation-name-transact-sql
 */
const ownFamilies: ReadonlySet<string> = new Set(
  `1xCompat AltDiction AltDiction2 AltDiction_Pref Croatian Czech Danish_Pref EBCDIC Estonian Hungarian Icelandic_Pref
  Latin1_General Latin1_General_Pref Latvian Lithuanian MixDiction Polish Romanian Scandinavian Scandinavian_Pref
  Slovak Slovenian SwedishPhone_Pref SwedishStd_Pref Ukrainian`
    .split(/\s+/)
    .map((name) => name.toLowerCase()),
);

const windowsName =
  /^([A-Za-z0-9_]+?)(?:_(?:80|90|100|140|160))?_(?:(BIN2?)|(C[IS])_(A[IS])(?:_KS)?(?:_WS)?(?:_VSS)?(?:_SC)?)(?:_UTF8)?$/i;
const ownName =
  /^SQL_([A-Za-z0-9_]+?)(?:_?CP\d{1,4}|\d{3}_CP1)?(?:_(?:(BIN2?)|(C[IS])_(A[IS])))(?:_UTF8)?$/i;

/** Families whose letters are known here: those of Latin1_General, and what Spanish adds. */
const lettersOf: ReadonlyMap<string, RegExp | undefined> = new Map([
  ["latin1_general", undefined],
  ["modern_spanish", /n\u0303|ñ/gi],
  ["traditional_spanish", /ch|ll|n\u0303|ñ/gi],
]);

/** What is wrong with the name of a collation. */
export type NoCollation = "unknown" | "of a language";

/** The rules of a collation by its name. `DATABASE_DEFAULT` is the database's. */
export function readCollation(name: string): Collation | NoCollation {
  if (/^(database|catalog)_default$/i.test(name)) {
    return { caseSensitive: false, accentSensitive: false, binary: false, letters: undefined };
  }
  const isOwn = /^SQL_/i.test(name);
  const match = (isOwn ? ownName : windowsName).exec(name);
  const [, family = "", binary, cases, accents] = match ?? [];
  if (!match || !(isOwn ? ownFamilies : families).has(family.toLowerCase())) return "unknown";
  const known = isOwn
    ? family.toLowerCase() === "latin1_general"
    : lettersOf.has(family.toLowerCase());
  // By code points every language is alike.
  if (!known && binary === undefined) return "of a language";
  return {
    caseSensitive: cases?.toUpperCase() === "CS",
    accentSensitive: accents?.toUpperCase() === "AS",
    binary: binary !== undefined,
    letters: isOwn ? undefined : lettersOf.get(family.toLowerCase()),
  };
}
