import type { Column, Option } from "../../../dataverse";
import { quote } from "../../../text/quote";
import { recordOptions } from "../../../text/records/record-text";

const shown = 40;

/** `"Low" (3), "Normal" (2)`, cut after 40 options. */
export function listOptions(options: readonly Option[]): string {
  const listed = recordOptions(options.slice(0, shown));
  const more = options.length - shown;
  return more > 0 ? `${listed} and ${more} more` : listed;
}

/** The option with that number (also written as text) or that label in any case, or undefined. */
export function findOption(options: readonly Option[], value: unknown): Option | undefined {
  if (typeof value === "number") return options.find((option) => option.value === value);
  if (typeof value !== "string") return undefined;
  const word = value.trim().toLowerCase();
  const byLabel = options.find((option) => option.label.trim().toLowerCase() === word);
  if (byLabel !== undefined || !/^-?\d{1,10}$/.test(word)) return byLabel;
  return options.find((option) => option.value === Number(word));
}

export type Read = { readonly value: unknown } | { readonly problem: string };

/** One option of a choice, state or status column. */
export function readChoice(column: Column, value: unknown): Read {
  const options = column.options ?? [];
  const option = findOption(options, value);
  if (option !== undefined) return { value: option.value };
  return {
    problem: `${column.logicalName}: ${quote(value)} is not an option. Options: ${listOptions(options)}.`,
  };
}

/** Numbers or labels, as an array or in one text with commas; the Web API takes `1,3`. */
export function readChoices(column: Column, value: unknown): Read {
  const options = column.options ?? [];
  const whole = findOption(options, value);
  if (whole !== undefined) return { value: String(whole.value) };
  const words: readonly unknown[] = Array.isArray(value)
    ? value
    : typeof value === "string"
      ? value.split(",").filter((word) => word.trim() !== "")
      : [value];
  if (words.length === 0) return { value: null };
  const found = words.map((word) => findOption(options, word));
  const unknown = words.filter((_, index) => found[index] === undefined);
  if (unknown.length === 0) {
    return { value: [...new Set(found.map((option) => option?.value))].join(",") };
  }
  return {
    problem: `${column.logicalName}: ${unknown.slice(0, 10).map(quote).join(", ")} not among its options. Options: ${listOptions(options)}.`,
  };
}

/** true/false, 1/0, yes/no, or the column's own labels. */
export function readBoolean(column: Column, value: unknown): Read {
  if (typeof value === "boolean") return { value };
  const option = findOption(column.options ?? [], value);
  if (option !== undefined) return { value: option.value === 1 };
  const word = String(value).trim().toLowerCase();
  if (["true", "yes", "1"].includes(word)) return { value: true };
  if (["false", "no", "0"].includes(word)) return { value: false };
  const labels = column.options === undefined ? "" : ` Labels: ${listOptions(column.options)}.`;
  return {
    problem: `${column.logicalName}: ${quote(value)} is neither true nor false.${labels}`,
  };
}
