import translations from "../data/translations.json";
import { organizationId } from "../identities";
import { localeOf } from "../people";
import { type SamplePlan, stamped } from "../plan";
import { isoTime } from "../writer";

type Foreign = keyof typeof translations.languages;

interface TranslatedText {
  readonly title: string;
  readonly symptom: string;
  readonly cause: string;
  readonly resolution: string;
  readonly question: string;
  readonly keywords: string;
}

/** An article in another language. */
export interface Translation {
  readonly title: string;
  readonly content: string;
  readonly keywords: string;
  readonly languageId: string;
}

const foreign = Object.keys(translations.languages) as Foreign[];
const byFault: Readonly<Record<string, Readonly<Record<Foreign, TranslatedText>>>> =
  translations.articles;
const english = {
  name: "English - United States",
  code: "en-US",
  language: "English",
  region: "United States",
};

export const englishId = (plan: SamplePlan): string => plan.idOf("languagelocale", 0);
const languageIdOf = (plan: SamplePlan, language: Foreign): string =>
  plan.idOf("languagelocale", foreign.indexOf(language) + 1);

/** The languages that articles are in; an environment has many more. */
export function writeLanguages(plan: SamplePlan, by: string): void {
  const at = isoTime(plan.asOf - 3 * 365 * 86_400_000);
  const write = (
    id: string,
    localeid: number,
    { name, code, language, region }: typeof english,
  ): void =>
    plan.writer.write("languagelocale", {
      languagelocaleid: id,
      name,
      code,
      language,
      region,
      localeid,
      statecode: 0,
      statuscode: 1,
      organizationid: organizationId,
      ...stamped(by, at),
    });
  write(englishId(plan), localeOf.en, english);
  for (const language of foreign)
    write(languageIdOf(plan, language), localeOf[language], translations.languages[language]);
}

/** Translations of the article that cures a fault; most have none. */
export function translationsOf(plan: SamplePlan, faultId: string): readonly Translation[] {
  const texts = plan.isShown ? byFault[faultId] : undefined;
  if (texts === undefined) return [];
  return foreign.map((language) => {
    const { title, keywords, ...text } = texts[language];
    const [symptom, cause, cure, before] = translations.languages[language].headings;
    return {
      title,
      keywords,
      languageId: languageIdOf(plan, language),
      content: `<h2>${symptom}</h2><p>${text.symptom}</p><h2>${cause}</h2><p>${text.cause}</p><h2>${cure}</h2><p>${text.resolution}</p><h2>${before}</h2><p>${text.question}</p>`,
    };
  });
}
