import { frameOf, type Language } from "./frames";
import type { Frame } from "./frames/frame";
import type { Manner } from "./tone";

/** Words that greet one person, whoever it is, by language. Those that need to know whether it is a man or a woman are none. */
const greets: readonly (readonly [Language, RegExp])[] = [
  ["en", /^(?:Dear|Hello|Hi|Good (?:day|morning|afternoon))$/],
  ["de", /^(?:Guten Tag|Hallo|Guten Morgen|Grüezi|Servus|Moin)$/],
  ["fr", /^(?:Bonjour|Bonsoir|Salut)$/],
  ["es", /^(?:Hola|Buenos días|Buenas tardes)$/],
  ["it", /^(?:Buongiorno|Gentile|Salve|Ciao)$/],
  ["nl", /^(?:Beste|Hallo|Goedendag|Dag|Goedemorgen)$/],
  ["pt", /^(?:Olá|Bom dia|Boa tarde)$/],
  ["pl", /^(?:Dzień dobry|Witam)$/],
];
const names = /^\p{Lu}[\p{L}'’.-]{0,30}(?: \p{Lu}[\p{L}'’.-]{0,30}){0,3}$/u;
const titles = /^(?:Mr|Mrs|Ms|Dr|Prof|Herr|Frau|M|Mme|Sr|Sra|Sig|Dhr|Mevr|Pan|Pani)\.?$/;

interface Way {
  readonly language: Language;
  readonly words: string;
  readonly isFirst: boolean;
}

/** `Hello Mara,`: in which words, and by which name. */
function wayOf(said: string): Way | undefined {
  const parts = said
    .trim()
    .slice(0, 100)
    .replace(/[,:!]$/, "")
    .split(" ");
  for (const cut of [1, 2]) {
    const words = parts.slice(0, cut).join(" ").replace(/,$/, "");
    const language = greets.find(([, pattern]) => pattern.test(words))?.[0];
    const name = parts.slice(cut).join(" ");
    if (language === undefined || !names.test(name) || titles.test(parts[cut] ?? "")) continue;
    return { language, words, isFirst: parts.length === cut + 1 };
  }
  return undefined;
}

/** What is said most often, the newest of two. */
function commonest<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

export interface Addressee {
  readonly name: string | undefined;
  readonly firstName: string | undefined;
}

/**
 * The greeting as the company writes: with the first name where it does so, and with its own words where it writes the language.
 *
 * @param lines first lines of mails that the company sent, the newest first; those of this very case before all others
 */
export function greetingOf(
  language: Language,
  { name, firstName }: Addressee,
  lines: readonly string[],
  manner: Manner,
): string {
  const frame = frameOf(language);
  const full = name?.trim();
  if (full === undefined || full === "") return frame.greeting.none;
  const first = firstName?.trim() || undefined;
  if (manner === "formal") return frame.greeting.full(full);
  if (manner === "friendly") return frame.greeting.first(first ?? full);
  const ways = lines.flatMap((one) => wayOf(one) ?? []);
  const own = commonest(
    ways
      .filter((way) => way.language === language)
      .map(({ words, isFirst }) => `${isFirst}|${words}`),
  );
  if (own !== undefined) {
    const [isFirst, words = ""] = own.split("|");
    return `${words} ${isFirst === "true" ? (first ?? full) : full}${endOf(frame)}`;
  }
  return commonest(ways.map(({ isFirst }) => isFirst)) === true
    ? frame.greeting.first(first ?? full)
    : frame.greeting.full(full);
}

/** What a greeting of the language ends with. */
const endOf = (frame: Frame): string => frame.greeting.none.slice(-1);

/** A line that greets, as a reply begins: `Dear Mara,`, `Sehr geehrte Frau Vexley,`, `佐藤 様`. */
export function isGreeting(text: string, name: string): boolean {
  const said = text.trim();
  if (said.length > 80 || /[.?]$/.test(said)) return false;
  const isNamed = name.split(" ").some((part) => part.length > 2 && said.includes(part));
  return (
    (/^(?:dear|hello|hi|good (?:day|morning|afternoon|evening)|sehr geehrte[rs]?|guten (?:tag|morgen|abend)|hallo|liebe[rs]?|bonjour|bonsoir|ch(?:er|ère)|madame|monsieur|hola|buen[oa]s (?:días|tardes)|estimad[oa]s?|buongiorno|buonasera|gentile|salve|ciao|beste|geachte|goede(?:ndag|morgen|middag)|dag|olá|bom dia|boa tarde|prezad[oa]|car[oa]|dzień dobry|witam|szanown[ya]|szanowni)(?!\p{L})/iu.test(
      said,
    ) &&
      (/[,:!]$/.test(said) || isNamed)) ||
    /様$/u.test(said)
  );
}

/** A line that takes leave, and nothing else: `Kind regards,`. */
export const isFarewell = (text: string): boolean =>
  text.trim().length <= 60 &&
  /^(?:(?:kind|best|warm|many) (?:regards|wishes)|regards|best|yours (?:sincerely|faithfully|truly)|sincerely|cheers|many thanks|(?:mit )?(?:freundliche|beste|viele|herzliche|liebe)n? grü(?:ß|ss)en?|hochachtungsvoll|(?:bien )?cordialement|bien à vous|(?:veuillez agréer|salutations)[^.]*|(?:un )?(?:cordial )?saludos?|atentamente|(?:cordiali|distinti) saluti|(?:un )?(?:caro|cordiale) saluto|(?:met )?(?:vriendelijke|hartelijke) groet(?:en)?|hoogachtend|(?:com os )?(?:melhores )?cumprimentos|atenciosamente|saudações(?: cordiais)?|pozdrawiam(?:y)?|z poważaniem|(?:serdeczne )?pozdrowienia|敬具|(?:どうぞ)?よろしくお願い(?:いた)?します。?)[,.!]?$/iu.test(
    text.trim(),
  );
