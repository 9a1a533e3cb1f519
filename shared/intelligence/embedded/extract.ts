import type { FieldSpec } from "../types";

/** A value found in a text by rule, with where it stands. */
export interface Found {
  readonly value: string | number;
  readonly quote: string;
  readonly span: readonly [start: number, end: number];
  /** 1 when only one value of its kind stands in the text, less when there are rivals. */
  readonly share: number;
}

const code = "[A-Z0-9][A-Z0-9./_-]{2,30}";
const number = String.raw`[-+]?\d{1,3}(?:[ .,']\d{3})*(?:[.,]\d+)?|[-+]?\d+(?:[.,]\d+)?`;

/** Words by which a text announces a value, by what the field is called. */
const kinds: readonly (readonly [called: RegExp, announced: string])[] = [
  [/serial|serien/i, String.raw`(?:serial|serien|s\/n|sn)`],
  [
    /order|bestell|commande|pedido/i,
    String.raw`(?:order|purchase order|po|bestell\w*|commande|pedido)`,
  ],
  [/invoice|rechnung|facture|factura/i, String.raw`(?:invoice|bill|rechnung\w*|facture|factura)`],
  [/contract|vertrag/i, String.raw`(?:contract|vertrag\w*)`],
  [/account|konto/i, String.raw`(?:account|konto\w*)`],
  [/tracking|shipment|parcel|sendung/i, String.raw`(?:tracking|shipment|parcel|sendung\w*)`],
  [/error|fehler/i, String.raw`(?:error|fault|fehler\w*)`],
  [/version|firmware/i, "(?:version|firmware|v)"],
  [/quantity|units|anzahl|menge/i, "(?:quantity|qty|units|anzahl|menge)"],
];

/**
 * Finds the value of a field that has no options: e-mail addresses, amounts, whole numbers, and references that the text
 * announces by the field's own name ("serial no. A-4711"). Undefined when there is none, or when none stands out.
 */
export function extract(text: string, field: FieldSpec): Found | undefined {
  if (field.type === "email")
    return single(text, /[\w.+%-]+@[\w-]+(?:\.[\w-]+)+/g, (quote) => quote);
  if (field.type === "money") return money(text, field);
  if (field.type === "integer") return whole(text, field);
  return reference(text, field);
}

function announcedBy(field: FieldSpec): string {
  const called = `${field.logicalName} ${field.displayName}`;
  const known = kinds.find(([pattern]) => pattern.test(called))?.[1];
  if (known) return known;
  const words = field.displayName.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const rest = words.filter((word) => !/^(?:no|number|nr|id|code|the|of)$/.test(word));
  return rest.length === 0 ? "(?!)" : rest.join(String.raw`\W+`);
}

function reference(text: string, field: FieldSpec): Found | undefined {
  const pattern = new RegExp(
    String.raw`\b${announcedBy(field)}[ \t]*(?:number|numbers|no\.?|nr\.?|nummer|code|id|#)?[ \t]*(?:is|was|ist|:|#|=)?[ \t]*[#:"']?(${code})`,
    "gid",
  );
  return single(text, pattern, (quote) =>
    /\d/.test(quote) ? quote.replace(/[./_-]+$/, "") : undefined,
  );
}

function money(text: string, field: FieldSpec): Found | undefined {
  const sign = String.raw`(?:€|\$|£|EUR|USD|GBP|CHF|SEK|kr)`;
  const pattern = new RegExp(
    String.raw`${sign}\s?(?:${number})|(?:${number})\s?(?:${sign}|euros?|dollars?|pounds?)(?!\p{L})`,
    "giu",
  );
  return single(text, pattern, (quote) =>
    bounded(parseNumber(quote.replace(/[^\d.,'+-]/g, "")), field),
  );
}

function whole(text: string, field: FieldSpec): Found | undefined {
  const after = new RegExp(
    String.raw`\b${announcedBy(field)}\W{0,3}(?:is|are|was|of|ist)?\W{0,3}(\d{1,9})\b`,
    "gid",
  );
  const before = new RegExp(String.raw`\b(\d{1,9})\W{0,3}${announcedBy(field)}\b`, "gid");
  const read = (quote: string) => {
    const value = bounded(Number(quote), field);
    return Number.isInteger(value) ? value : undefined;
  };
  return single(text, after, read) ?? single(text, before, read);
}

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
  text: string,
  pattern: RegExp,
  read: (quote: string) => string | number | undefined,
): Found | undefined {
  const found = new Map<string | number, { quote: string; at: number; count: number }>();
  let all = 0;
  for (const match of text.matchAll(pattern)) {
    const quote = match[1] ?? match[0];
    const value = read(quote);
    if (value === undefined) continue;
    all++;
    const before = found.get(value);
    if (before) before.count++;
    else found.set(value, { quote, at: match.indices?.[1]?.[0] ?? match.index, count: 1 });
  }
  const best = [...found].sort(([, a], [, b]) => b.count - a.count || a.at - b.at)[0];
  if (best === undefined) return undefined;
  const [value, { quote, at, count }] = best;
  const shown = typeof value === "string" ? value : quote;
  return { value, quote: shown, span: [at, at + shown.length], share: count / all };
}
