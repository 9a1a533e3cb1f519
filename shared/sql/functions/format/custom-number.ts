import { powerOfTen } from "../../types/decimal";
import type { Culture } from "./culture";
import { digitsOf, type Exact, roundTo } from "./decimal-text";
import { exponential } from "./standard-number";

type Token =
  | { readonly kind: "digit"; readonly zero: boolean }
  | { readonly kind: "point" }
  | { readonly kind: "comma" }
  | { readonly kind: "exponent"; readonly text: string }
  | { readonly kind: "text"; readonly text: string; readonly power?: number };

/** Splits `a;b;c` where no quotes are open. */
function sections(format: string): readonly string[] {
  const result: string[] = [""];
  for (let at = 0; at < format.length; at += 1) {
    const one = format[at] ?? "";
    const open = one === "'" || one === '"' ? format.indexOf(one, at + 1) : -1;
    if (one === ";") {
      result.push("");
      continue;
    }
    const end = one === "\\" ? at + 1 : open > 0 ? open : at;
    result[result.length - 1] += format.slice(at, end + 1);
    at = end;
  }
  return result.slice(0, 3);
}

/** An exponent, an escaped character, a quoted text, or any one character. */
const piece = /([eE][+-]?0+)|\\([\s\S])|'([^']*)'|"([^"]*)"|([\s\S])/g;

const marks: Readonly<Record<string, Token>> = {
  "0": { kind: "digit", zero: true },
  "#": { kind: "digit", zero: false },
  ".": { kind: "point" },
  ",": { kind: "comma" },
  "%": { kind: "text", text: "%", power: 2 },
  "‰": { kind: "text", text: "‰", power: 3 },
};

const tokens = (section: string): readonly Token[] =>
  Array.from(section.matchAll(piece), ([, exponent, escaped, single, double, one = ""]): Token => {
    if (exponent !== undefined) return { kind: "exponent", text: exponent };
    const text = escaped ?? single ?? double;
    if (text !== undefined) return { kind: "text", text };
    return marks[one] ?? { kind: "text", text: one };
  });

interface Plan {
  readonly tokens: readonly Token[];
  /** Position of the point, or the end. */
  readonly point: number;
  readonly decimals: number;
  readonly least: number;
  readonly groups: boolean;
  readonly divide: number;
  /** Of ten, that the number is multiplied with. */
  readonly power: number;
  readonly exponent: string | undefined;
}

function plan(section: string): Plan {
  const all = tokens(section);
  const found = all.findIndex(({ kind }) => kind === "point");
  const point = found < 0 ? all.length : found;
  const digits = (from: readonly Token[]) => from.filter(({ kind }) => kind === "digit");
  const before = all.slice(0, point);
  const firstZero = digits(before).findIndex((one) => one.kind === "digit" && one.zero);
  const lastDigit = before.findLastIndex(({ kind }) => kind === "digit");
  const firstDigit = before.findIndex(({ kind }) => kind === "digit");
  const commas = before.map(({ kind }, at) => (kind === "comma" ? at : -1)).filter((at) => at >= 0);
  let power = 0;
  for (const token of all) if (token.kind === "text") power += token.power ?? 0;
  const mark = all.find(({ kind }) => kind === "exponent");
  return {
    tokens: all,
    point,
    decimals: digits(all.slice(point)).length,
    least: firstZero < 0 ? 0 : digits(before).length - firstZero,
    // A comma between digits groups; commas right before the point divide by a thousand each.
    groups: commas.some((at) => at > firstDigit && firstDigit >= 0 && at < lastDigit),
    divide: commas.filter((at) => at > lastDigit && lastDigit >= 0).length,
    power,
    exponent: mark?.kind === "exponent" ? mark.text : undefined,
  };
}

/** A number in a pattern of .NET: `#,##0.00`, `0.0%`, `(000) 000-0000`, `0;(0);none`. */
export function customNumber(format: string, exact: Exact, culture: Culture): string {
  const parts = sections(format);
  const negative = exact.value < 0n;
  const [first = "", second, third] = parts;
  if (exact.value === 0n && third !== undefined) return write(plan(third), exact, culture);
  if (negative && second !== undefined && second !== "") {
    const text = write(plan(second), { value: -exact.value, scale: exact.scale }, culture);
    return text;
  }
  const size = { value: negative ? -exact.value : exact.value, scale: exact.scale };
  const chosen = plan(first);
  const text = write(chosen, size, culture);
  return negative && /[1-9]/.test(text) ? `-${text}` : text;
}

function write(chosen: Plan, exact: Exact, culture: Culture): string {
  const scaled = {
    value: exact.value * powerOfTen(chosen.power),
    scale: exact.scale + chosen.divide * 3,
  };
  if (chosen.exponent) return withExponent(chosen, chosen.exponent, scaled, culture);
  const rounded = digitsOf(roundTo(scaled, chosen.decimals));
  const whole = rounded.whole.replace(/^0+/, "").padStart(chosen.least, "0");
  return layOut(chosen, whole, rounded.fraction, culture);
}

function withExponent(chosen: Plan, mark: string, exact: Exact, culture: Culture): string {
  const width = mark.replace(/[^0]/g, "").length;
  const text = exponential(exact, chosen.decimals, mark.charAt(0), culture, width);
  return mark.includes("+") ? text : text.replace(/([eE])\+/, "$1");
}

/** Digits at their places; those in front of the first place go before it. */
function layOut(chosen: Plan, whole: string, fraction: string, culture: Culture): string {
  const before = chosen.tokens.slice(0, chosen.point);
  const places = before.filter(({ kind }) => kind === "digit").length;
  const show = lastShown(chosen, fraction);
  let place = 0;
  const front = before.map((token) => {
    if (token.kind !== "digit") return token.kind === "text" ? token.text : "";
    place += 1;
    return digitsAt(whole, place - 1, places, chosen.groups ? culture.group : "");
  });
  let behind = 0;
  const back = chosen.tokens.slice(chosen.point).map((token) => {
    if (token.kind === "text") return token.text;
    if (token.kind === "point") return show > 0 && behind === 0 ? culture.decimal : "";
    if (token.kind !== "digit") return "";
    behind += 1;
    return behind <= show ? (fraction[behind - 1] ?? "") : "";
  });
  // `.00` has no place before its point, and the digits there are shown nevertheless.
  return (places === 0 ? [whole, ...front, ...back] : [...front, ...back]).join("");
}

/** How many digits behind the point are shown: zeros at the end only where the pattern has a 0. */
function lastShown(chosen: Plan, fraction: string): number {
  const marks = chosen.tokens.slice(chosen.point).filter(({ kind }) => kind === "digit");
  for (let count = marks.length; count > 0; count -= 1) {
    const mark = marks[count - 1];
    if (fraction[count - 1] !== "0" || (mark?.kind === "digit" && mark.zero)) return count;
  }
  return 0;
}

function digitsAt(whole: string, place: number, places: number, separator: string): string {
  const end = whole.length - (places - 1 - place);
  const start = place === 0 ? 0 : Math.max(0, end - 1);
  let text = "";
  for (let at = start; at < end; at += 1) {
    const left = whole.length - at;
    text += whole[at] ?? "";
    if (separator !== "" && left > 1 && left % 3 === 1) text += separator;
  }
  return text;
}
