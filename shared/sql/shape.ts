import { formatDate, formatDateTime } from "./exec/dates";
import type { SqlType, Value } from "./types";

export type JsonRow = Readonly<Record<string, string | number | boolean | null>>;

/** A value as it goes out: dates as ISO 8601, everything else as it is. */
export function printable(value: Value, type: SqlType): string | number | boolean | null {
  if (value === null || typeof value !== "number") return value;
  if (type === "datetime") return formatDateTime(value);
  return type === "date" ? formatDate(value) : value;
}

/** Long texts are cut in an answer whose first row alone would be too long. */
const longText = 1000;

export function cutLongTexts(row: JsonRow): {
  readonly row: JsonRow;
  readonly cut: readonly string[];
} {
  const cut: string[] = [];
  const entries = Object.entries(row).map(([name, value]) => {
    if (typeof value !== "string" || value.length <= longText) return [name, value] as const;
    cut.push(`${name} (${value.length} characters)`);
    return [name, `${value.slice(0, longText)}…`] as const;
  });
  return { row: Object.fromEntries(entries), cut };
}

/** How many rows fit into so many characters of JSON; always at least one. */
export function rowsThatFit(rows: readonly JsonRow[], characters: number): number {
  let used = 2;
  for (const [index, row] of rows.entries()) {
    used += JSON.stringify(row).length + 1;
    if (used > characters) return Math.max(1, index);
  }
  return rows.length;
}
