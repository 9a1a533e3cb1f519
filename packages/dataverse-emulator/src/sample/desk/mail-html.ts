import type { Language } from "../people";

/** The mail that another one answers. */
export interface Quoted {
  readonly text: string;
  readonly from: string;
  readonly address: string;
  /** In ms. */
  readonly at: number;
  /** What this one answered in its turn. */
  readonly earlier: Quoted | undefined;
}

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const weekdays = "Sun Mon Tue Wed Thu Fri Sat".split(" ");
const two = (value: number) => String(value).padStart(2, "0");

/** How mail programs head what they quote, in the language of whoever writes. */
const headings: Readonly<Record<Language, (date: Date, who: string) => string>> = {
  en: (date, who) =>
    `On ${weekdays[date.getUTCDay()]}, ${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()} at ${time(date)}, ${who} wrote:`,
  de: (date, who) => `Am ${dotted(date)} um ${time(date)} schrieb ${who}:`,
  fr: (date, who) => `Le ${slashed(date)} à ${time(date)}, ${who} a écrit :`,
  es: (date, who) => `El ${slashed(date)} a las ${time(date)}, ${who} escribió:`,
  pl: (date, who) => `W dniu ${dotted(date)} o ${time(date)} ${who} napisał(a):`,
  ja: (date, who) =>
    `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月${date.getUTCDate()}日 ${time(date)} ${who}:`,
};

const time = (date: Date) => `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
const dayMonth = (date: Date) => [two(date.getUTCDate()), two(date.getUTCMonth() + 1)];
const dotted = (date: Date) => [...dayMonth(date), date.getUTCFullYear()].join(".");
const slashed = (date: Date) => [...dayMonth(date), date.getUTCFullYear()].join("/");

const escapeHtml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const paragraphs = (body: string) =>
  body
    .split("\n\n")
    .map((part) => `<p>${escapeHtml(part).replaceAll("\n", "<br>")}</p>`)
    .join("");

/** Deepest quote; mail programs cut longer chains, too. */
const deepest = 3;

/** A mail's body: paragraphs, then what it answers, and what that answered, as mail programs quote it. */
export function mailHtml(
  text: string,
  quoted: Quoted | undefined,
  language: Language,
  depth = 0,
): string {
  if (quoted === undefined || depth === deepest) return paragraphs(text);
  const who = escapeHtml(`${quoted.from} <${quoted.address}>`);
  const heading = headings[language](new Date(quoted.at), who);
  const body = mailHtml(quoted.text, quoted.earlier, language, depth + 1);
  return `${paragraphs(text)}<hr><p>${heading}</p><blockquote>${body}</blockquote>`;
}
