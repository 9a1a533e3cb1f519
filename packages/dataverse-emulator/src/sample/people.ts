import people from "./data/people.json";

/** Names of many cultures; any likeness is chance. Companies are made of invented stems, so none of them exists. */
export const { givenNames, familyNames } = people;
const { stems, trades } = people;

/** What a company's name ends in, by the language of its country. */
const forms: Readonly<Record<Language, readonly string[]>> = people.forms;

export interface Company {
  readonly name: string;
  /** `ardenvale-logistics.example` */
  readonly domain: string;
}

/** The company of a running number: 800 apart, then with a number of their own. */
export function companyOf(index: number, language: Language): Company {
  const stem = stems[index % stems.length] ?? "";
  const block = Math.floor(index / stems.length);
  const trade = trades[(index * 7 + block) % trades.length] ?? "";
  const round = Math.floor(block / trades.length);
  const form = forms[language][block % forms[language].length] ?? "";
  const suffix = round === 0 ? "" : ` ${round + 1}`;
  const domain = `${stem}-${trade}${suffix}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return { name: `${stem} ${trade}${suffix} ${form}`, domain: `${domain}.example` };
}

/** Local part of an address: letters without marks. */
export const mailName = (first: string, last: string): string =>
  `${first}.${last}`
    .normalize("NFKD")
    .replace(/[łŁ]/g, "l")
    .replace(/[øØ]/g, "o")
    .replace(/ı/g, "i")
    .toLowerCase()
    .replace(/[^a-z.]/g, "");

export interface Country {
  readonly name: string;
  readonly cities: readonly string[];
  /** Hours from UTC, for working hours. */
  readonly offset: number;
  readonly language: Language;
  /** Numbers set aside for fiction, with `#` for a digit. */
  readonly phone: string;
}

export type Language = "en" | "de" | "fr" | "es" | "pl" | "ja";

/** Windows locale ids, as knowledge articles use them. */
export const localeOf: Readonly<Record<Language, number>> = {
  en: 1033,
  de: 1031,
  fr: 1036,
  es: 3082,
  pl: 1045,
  ja: 1041,
};

export const countries: readonly (readonly [Country, number])[] = people.countries.map(
  ({ weight, language, ...country }) => [{ ...country, language: language as Language }, weight],
);

/** The countries with their weights when this language is the main one: it changes places with English. */
export function countriesOf(main: Language): readonly (readonly [Country, number])[] {
  if (main === "en") return countries;
  const share = (language: Language) =>
    countries.reduce((sum, [each, weight]) => sum + (each.language === language ? weight : 0), 0);
  const factor = share("en") / share(main);
  return countries.map(([country, weight]) => [
    country,
    country.language === main
      ? weight * factor
      : country.language === "en"
        ? weight / factor
        : weight,
  ]);
}
