/** What values mean to SQL Server and Dataverse, written from their descriptions; shares nothing with the emulator. */

export type Cell = string | number | boolean | null;

/** Case, accents and trailing blanks do not count. */
export const fold = (text: string): string =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ +$/, "");

/** Case and accents off, trailing blanks kept. */
const plain = (text: string): string => fold(`${text}.`).slice(0, -1);

/** LIKE, one character at a time. */
export function like(text: string, pattern: string): boolean {
  return matches(plain(text), plain(pattern));
}

function matches(text: string, pattern: string): boolean {
  const [first] = pattern;
  if (first === undefined) return text === "";
  if (first === "%")
    return matches(text, pattern.slice(1)) || (text !== "" && matches(text.slice(1), pattern));
  if (text === "") return false;
  const set = /^\[(\^?)([^\]]+)\]/.exec(pattern);
  if (set !== null) {
    const isIn = set[2]!.includes(text[0]!);
    return isIn !== (set[1] === "^") && matches(text.slice(1), pattern.slice(set[0].length));
  }
  return (first === "_" || first === text[0]) && matches(text.slice(1), pattern.slice(1));
}

/** SQL Server compares the last six bytes first, and of the first groups the low byte. */
export function guidOrder(guid: string): string {
  const [a = "", b = "", c = "", d = "", e = ""] = guid.split("-");
  const turned = (hex: string) => hex.match(/../g)!.reverse().join("");
  const bytes = `${turned(a)}${turned(b)}${turned(c)}${d}${e}`.match(/../g)!;
  return [10, 11, 12, 13, 14, 15, 8, 9, 6, 7, 4, 5, 0, 1, 2, 3].map((at) => bytes[at]).join("");
}

/** NULL is the lowest value. */
export function order(one: Cell, other: Cell): number {
  if (one === other) return 0;
  if (one === null) return -1;
  if (other === null) return 1;
  return one < other ? -1 : 1;
}

export type Comparison = "eq" | "ne" | "gt" | "ge" | "lt" | "le";

/** A comparison with a value: of NULL nothing is true but "not equal". */
export function compares(one: Cell, operator: Comparison, other: Cell): boolean {
  if (one === null || other === null) return operator === "ne";
  const sign = order(one, other);
  switch (operator) {
    case "eq":
      return sign === 0;
    case "ne":
      return sign !== 0;
    case "gt":
      return sign > 0;
    case "ge":
      return sign >= 0;
    case "lt":
      return sign < 0;
    default:
      return sign <= 0;
  }
}

export const opposite: Readonly<Record<Comparison, Comparison>> = {
  eq: "ne",
  ne: "eq",
  gt: "le",
  le: "gt",
  lt: "ge",
  ge: "lt",
};

export const comparisons = Object.keys(opposite) as Comparison[];
