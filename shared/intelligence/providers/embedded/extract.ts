import { trimTail } from "../../../text/trim";
import { phraseSpans, wordsAt } from "../../../text/whole-words";
import type { FieldSpec } from "../../types";

/** A value found in a text by rule, with where it stands. */
export interface Found {
  readonly value: string | number;
  readonly quote: string;
  readonly span: readonly [start: number, end: number];
  /** 1 when only one value of its kind stands in the text, less when there are rivals. */
  readonly share: number;
}

/** Words by which a text announces a value, by what the field is called. */
const kinds: readonly (readonly [called: RegExp, announced: RegExp])[] = [
  [/serial|serien/i, /\b(?:serial|serien|s\/n|sn)/gi],
  [
    /order|bestell|commande|pedido/i,
    /\b(?:order|purchase order|po|bestell\w{0,30}|commande|pedido)/gi,
  ],
  [/invoice|rechnung|facture|factura/i, /\b(?:invoice|bill|rechnung\w{0,30}|facture|factura)/gi],
  [/contract|vertrag/i, /\b(?:contract|vertrag\w{0,30})/gi],
  [/account|konto/i, /\b(?:account|konto\w{0,30})/gi],
  [/tracking|shipment|parcel|sendung/i, /\b(?:tracking|shipment|parcel|sendung\w{0,30})/gi],
  [/error|fehler/i, /\b(?:error|fault|fehler\w{0,30})/gi],
  [/version|firmware/i, /\b(?:version|firmware|v)/gi],
  [/quantity|units|anzahl|menge/i, /\b(?:quantity|qty|units|anzahl|menge)/gi],
];

/** What stands behind the words that announce a reference, from where they end. */
const referenceBehind =
  /[ \t]{0,9}(?:number|numbers|no\.?|nr\.?|nummer|code|id|#)?[ \t]{0,9}(?:is|was|ist|:|#|=)?[ \t]{0,9}[#:"']?([A-Z0-9][A-Z0-9./_-]{2,30})/diy;
const countBehind = /\W{0,3}(?:is|are|was|of|ist)?\W{0,3}(\d{1,9})\b/dy;
const countBefore = /(?<!\w)(\d{1,9})\W{0,3}$/d;
/** Longest text that `countBefore` needs, and the character before it. */
const longestBefore = 13;

const sign = "(?:€|\\$|£|EUR|USD|GBP|CHF|SEK|kr)";
const number = String.raw`(?:[-+]?\d{1,3}(?:[ .,']\d{3}){0,5}(?:[.,]\d{1,9})?|[-+]?\d{1,15}(?:[.,]\d{1,9})?)`;
const amount = new RegExp(
  String.raw`${sign}\s?${number}|${number}\s?(?:${sign}|euros?|dollars?|pounds?)(?!\p{L})`,
  "giu",
);

/**
 * Finds the value of a field that has no options: e-mail addresses, amounts, whole numbers, and references that the text
 * announces by the field's own name ("serial no. A-4711"). Undefined when there is none, or when none stands out.
 */
export function extract(text: string, field: FieldSpec): Found | undefined {
  if (field.type === "email")
    return single(matches(text, /[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+/g), (quote) => quote);
  if (field.type === "money") return money(text, field);
  if (field.type === "integer") return whole(text, field);
  return reference(text, field);
}

type Span = readonly [start: number, end: number];

/** A piece of the text that may be the value. */
interface Candidate {
  readonly quote: string;
  readonly at: number;
}

/** Where the text announces a value of the field. */
function announcements(text: string, field: FieldSpec): readonly Span[] {
  const called = `${field.logicalName} ${field.displayName}`;
  const known = kinds.find(([pattern]) => pattern.test(called))?.[1];
  if (known) {
    return [...text.matchAll(known)].map(({ 0: words, index }) => [index, index + words.length]);
  }
  const words = wordsAt(field.displayName).map(({ word }) => word);
  const rest = words.filter((word) => !/^(?:no|number|nr|id|code|the|of)$/.test(word));
  return phraseSpans(wordsAt(text), rest.join(" "));
}

/** What a sticky pattern's first group finds at one place. */
function groupAt(text: string, pattern: RegExp, at: number): readonly Candidate[] {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  const span = match?.indices?.[1];
  return match?.[1] === undefined || span === undefined ? [] : [{ quote: match[1], at: span[0] }];
}

function reference(text: string, field: FieldSpec): Found | undefined {
  const found = announcements(text, field).flatMap(([, end]) =>
    groupAt(text, referenceBehind, end),
  );
  return single(found, (quote) => (/\d/.test(quote) ? trimTail(quote, "./_-") : undefined));
}

function money(text: string, field: FieldSpec): Found | undefined {
  return single(matches(text, amount), (quote) =>
    bounded(parseNumber(quote.replace(/[^\d.,'+-]/g, "")), field),
  );
}

function whole(text: string, field: FieldSpec): Found | undefined {
  const announced = announcements(text, field);
  const read = (quote: string) => {
    const value = bounded(Number(quote), field);
    return Number.isInteger(value) ? value : undefined;
  };
  const behind = announced.flatMap(([, end]) => groupAt(text, countBehind, end));
  const before = announced.flatMap(([start, end]): readonly Candidate[] => {
    if (/\w/.test(text[end] ?? "")) return [];
    const from = Math.max(0, start - longestBefore);
    const match = countBefore.exec(text.slice(from, start));
    return match?.[1] === undefined ? [] : [{ quote: match[1], at: from + match.index }];
  });
  return single(behind, read) ?? single(before, read);
}

const matches = (text: string, pattern: RegExp): readonly Candidate[] =>
  [...text.matchAll(pattern)].map(({ 0: quote, index }) => ({ quote, at: index }));

function bounded(value: number | undefined, { min, max }: FieldSpec): number | undefined {
  if (value === undefined || !Number.isFinite(value)) return undefined;
  return (min !== undefined && value < min) || (max !== undefined && value > max)
    ? undefined
    : value;
}

/** `1.250,00`, `1,250.00`, `1 250` and `12,5`: the last separator is the decimal one when it is not followed by three digits. */
export function parseNumber(text: string): number | undefined {
  const last = Math.max(text.lastIndexOf(","), text.lastIndexOf("."));
  const decimals = text.length - last - 1;
  const isDecimal = last >= 0 && decimals !== 3;
  const digits = (part: string) => part.replace(/[^\d+-]/g, "");
  const value = isDecimal
    ? Number(`${digits(text.slice(0, last))}.${digits(text.slice(last))}`)
    : Number(digits(text));
  return Number.isFinite(value) && /\d/.test(text) ? value : undefined;
}

/** The value most often named; the earlier of two. */
function single(
  candidates: readonly Candidate[],
  read: (quote: string) => string | number | undefined,
): Found | undefined {
  const found = new Map<string | number, { quote: string; at: number; count: number }>();
  let all = 0;
  for (const { quote, at } of candidates) {
    const value = read(quote);
    if (value === undefined) continue;
    all++;
    const before = found.get(value);
    if (before) before.count++;
    else found.set(value, { quote, at, count: 1 });
  }
  const best = [...found].sort(([, a], [, b]) => b.count - a.count || a.at - b.at)[0];
  if (best === undefined) return undefined;
  const [value, { quote, at, count }] = best;
  const shown = typeof value === "string" ? value : quote;
  return { value, quote: shown, span: [at, at + shown.length], share: count / all };
}
