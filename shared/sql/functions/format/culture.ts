/** What .NET knows of a culture, as far as FORMAT and PARSE need it. */
export interface Culture {
  readonly tag: string;
  readonly decimal: string;
  readonly group: string;
  readonly dateSeparator: string;
  readonly timeSeparator: string;
  readonly months: readonly string[];
  readonly shortMonths: readonly string[];
  /** From Sunday. */
  readonly days: readonly string[];
  readonly shortDays: readonly string[];
  readonly am: string;
  readonly pm: string;
  readonly shortDate: string;
  readonly longDate: string;
  readonly shortTime: string;
  readonly longTime: string;
  readonly monthDay: string;
  readonly yearMonth: string;
  readonly currency: Currency;
}

export interface Currency {
  readonly symbol: string;
  readonly digits: number;
  /** With `n` for the number and `$` for the symbol. */
  readonly positive: string;
  readonly negative: string;
}

const currencies: Readonly<Record<string, string>> = {
  ...{ US: "USD", GB: "GBP", CA: "CAD", AU: "AUD", NZ: "NZD", IN: "INR", JP: "JPY", CN: "CNY" },
  ...{ CH: "CHF", SE: "SEK", NO: "NOK", DK: "DKK", PL: "PLN", CZ: "CZK", HU: "HUF", RO: "RON" },
  ...{ BR: "BRL", MX: "MXN", AR: "ARS", CL: "CLP", CO: "COP", ZA: "ZAR", TR: "TRY", RU: "RUB" },
  ...{ KR: "KRW", TW: "TWD", HK: "HKD", SG: "SGD", TH: "THB", ID: "IDR", MY: "MYR", PH: "PHP" },
  ...{ VN: "VND", IL: "ILS", SA: "SAR", AE: "AED", EG: "EGP", UA: "UAH", BG: "BGN", IS: "ISK" },
};

const regions: Readonly<Record<string, string>> = {
  ...{ en: "US", de: "DE", fr: "FR", es: "ES", it: "IT", nl: "NL", pt: "BR", ja: "JP", zh: "CN" },
  ...{ sv: "SE", da: "DK", nb: "NO", no: "NO", fi: "FI", pl: "PL", cs: "CZ", hu: "HU", ro: "RO" },
  ...{ tr: "TR", ru: "RU", ko: "KR", th: "TH", vi: "VN", he: "IL", ar: "SA", uk: "UA", el: "GR" },
};

/** Patterns that .NET has otherwise than CLDR. */
const patterns: Readonly<Record<string, Partial<Culture>>> = {
  "en-US": {
    shortDate: "M/d/yyyy",
    longDate: "dddd, MMMM d, yyyy",
    shortTime: "h:mm tt",
    longTime: "h:mm:ss tt",
    monthDay: "MMMM d",
    yearMonth: "MMMM yyyy",
  },
  "en-GB": { longDate: "dd MMMM yyyy", monthDay: "d MMMM", yearMonth: "MMMM yyyy" },
  "de-DE": { monthDay: "d. MMMM", yearMonth: "MMMM yyyy" },
  "fr-FR": { longDate: "dddd d MMMM yyyy", monthDay: "d MMMM", yearMonth: "MMMM yyyy" },
  "es-ES": { shortDate: "dd/MM/yyyy" },
  "it-IT": { shortDate: "dd/MM/yyyy", longDate: "dddd d MMMM yyyy" },
  "nl-NL": { shortDate: "d-M-yyyy", longDate: "dddd d MMMM yyyy" },
  "zh-CN": { longDate: "yyyy'年'M'月'd'日'", shortDate: "yyyy/M/d" },
  "ja-JP": { longDate: "yyyy'年'M'月'd'日'", shortDate: "yyyy/MM/dd" },
  "sv-SE": { longDate: "'den 'd MMMM yyyy" },
};

const known = new Map<string, Culture | undefined>();
const mostKnown = 200;

/** A culture by its name in any case, `en-US`; undefined for none. */
export function cultureOf(name: string): Culture | undefined {
  const key = name.trim().toLowerCase();
  if (known.has(key)) return known.get(key);
  const culture = makeCulture(key);
  // Names may come from rows, and variants of a name have no end.
  if (known.size >= mostKnown) known.clear();
  if (culture) known.set(key, culture);
  return culture;
}

export const english = (): Culture => cultureOf("en-US") ?? unreachable();

function unreachable(): never {
  throw new Error("Node has no English");
}

function makeCulture(key: string): Culture | undefined {
  if (!/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/.test(key)) return undefined;
  const tag = localeOf(key);
  if (tag === undefined) return undefined;
  const locale = new Intl.Locale(tag);
  const region = locale.region ?? regions[locale.language] ?? "US";
  const full = locale.region ? tag : `${tag}-${region}`;
  const parts = new Intl.NumberFormat(tag, { useGrouping: true }).formatToParts(1_234_567.8);
  const part = (type: string) => plainBlank(parts.find((one) => one.type === type)?.value ?? "");
  const shortDate = patternOf(tag, { year: "numeric", ...shortDay(tag) });
  return {
    tag: full,
    decimal: part("decimal") || ".",
    group: part("group") || ",",
    dateSeparator: /[^\p{L}\p{N}\s]/u.exec(shortDate)?.[0] ?? "/",
    timeSeparator: ":",
    months: names(tag, 12, { month: "long" }),
    shortMonths: names(tag, 12, { month: "short" }).map(withoutPoint),
    days: names(tag, 7, { weekday: "long" }),
    shortDays: names(tag, 7, { weekday: "short" }).map(withoutPoint),
    am: "AM",
    pm: "PM",
    shortDate,
    longDate: patternOf(tag, { dateStyle: "full" }),
    shortTime: patternOf(tag, { timeStyle: "short" }),
    longTime: patternOf(tag, { timeStyle: "medium" }),
    monthDay: patternOf(tag, { month: "long", day: "numeric" }),
    yearMonth: patternOf(tag, { month: "long", year: "numeric" }),
    currency: currencyOf(tag, currencies[region] ?? "EUR", region),
    ...patterns[full],
  };
}

/** The locale of a well-formed name, or undefined. */
function localeOf(name: string): string | undefined {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([name])[0];
  } catch (error) {
    // Intl's way of saying that this is no name of a locale.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Blanks of typography as .NET has them. */
const plainBlank = (text: string): string => text.replace(/[\u202F\u2009]/g, "\u00A0");
const withoutPoint = (name: string): string => name.replace(/\.$/, "");

function names(tag: string, count: number, options: Intl.DateTimeFormatOptions): readonly string[] {
  const format = new Intl.DateTimeFormat(tag, { ...options, timeZone: "UTC" });
  return Array.from({ length: count }, (_, index) =>
    // 1 January 2023 was a Sunday.
    format.format(count === 12 ? Date.UTC(2023, index, 1) : Date.UTC(2023, 0, 1 + index)),
  );
}

/** Day and month as the short date of the locale has them: one digit or two. */
function shortDay(tag: string): Intl.DateTimeFormatOptions {
  const parts = new Intl.DateTimeFormat(tag, { dateStyle: "short", timeZone: "UTC" }).formatToParts(
    Date.UTC(2023, 1, 3),
  );
  const wide = (type: string) => (parts.find((one) => one.type === type)?.value ?? "").length > 1;
  return {
    month: wide("month") ? "2-digit" : "numeric",
    day: wide("day") ? "2-digit" : "numeric",
  };
}

/** What Intl writes, as a pattern of .NET. */
function patternOf(tag: string, options: Intl.DateTimeFormatOptions): string {
  const format = new Intl.DateTimeFormat(tag, {
    ...options,
    timeZone: "UTC",
    calendar: "gregory",
    numberingSystem: "latn",
  });
  const { hourCycle } = format.resolvedOptions();
  const half = hourCycle === "h12" || hourCycle === "h11";
  return format
    .formatToParts(Date.UTC(2023, 1, 3, 4, 5, 6))
    .map(({ type, value }) => partPattern(type, value, half))
    .join("")
    .replaceAll("\u00A0tt", " tt");
}

const fixedParts: Readonly<Record<string, string>> = {
  year: "yyyy",
  minute: "mm",
  second: "ss",
  dayPeriod: "tt",
};

function partPattern(type: string, value: string, half: boolean): string {
  const fixed = fixedParts[type];
  if (fixed !== undefined) return fixed;
  if (type === "weekday") return value.length > 3 ? "dddd" : "ddd";
  if (type === "month") return /\d/.test(value) ? "M".repeat(value.length) : "MMMM";
  if (type === "day") return "d".repeat(value.length);
  if (type === "hour") return (half ? "h" : "H").repeat(value.length);
  return plainBlank(value).replace(/\p{L}[\p{L}. ]*/gu, (words) => `'${words}'`);
}

function currencyOf(tag: string, code: string, region: string): Currency {
  const format = new Intl.NumberFormat(tag, {
    style: "currency",
    currency: code,
    currencyDisplay: "narrowSymbol",
  });
  const shape = (value: number) => {
    let written = false;
    // .NET parts number and sign by a plain blank.
    return format
      .formatToParts(value)
      .map(({ type, value: text }) => {
        if (type === "currency") return "$";
        if (type !== "integer" && type !== "group" && type !== "decimal" && type !== "fraction")
          return text;
        if (written) return "";
        written = true;
        return "n";
      })
      .join("")
      .replace(/\s/g, " ");
  };
  const symbol = format.formatToParts(1).find(({ type }) => type === "currency")?.value ?? code;
  return {
    symbol,
    digits: format.resolvedOptions().maximumFractionDigits ?? 2,
    positive: shape(1),
    negative: region === "US" ? "($n)" : shape(-1),
  };
}
