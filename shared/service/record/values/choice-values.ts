import type { Column, Option } from "../../../dataverse";
import { jsonIn } from "../../../text/json-text";
import { quote } from "../../../text/quote";
import { recordOptions } from "../../../text/records/record-text";

const shown = 40;

/** `"Low" (3), "Normal" (2)`, cut after 40 options. */
export function listOptions(options: readonly Option[]): string {
  const listed = recordOptions(options.slice(0, shown));
  const more = options.length - shown;
  return more > 0 ? `${listed} and ${more} more` : listed;
}

/** The option with that number (also written as text) or that label in any case, also as `{value, label}`, or undefined. */
export function findOption(options: readonly Option[], value: unknown): Option | undefined {
  if (typeof value === "number") return options.find((option) => option.value === value);
  if (typeof value === "object" && value !== null) return findOption(options, labelled(value));
  if (typeof value !== "string") return undefined;
  const word = value.trim().toLowerCase();
  const byLabel = options.find((option) => option.label.trim().toLowerCase() === word);
  if (byLabel !== undefined || !/^-?\d{1,10}$/.test(word)) return byLabel;
  return options.find((option) => option.value === Number(word));
}

/** `{"value": 1, "label": "High"}`, as some clients pass an option on. */
const labelled = (value: object): unknown => {
  const { value: number, label } = value as { readonly value?: unknown; readonly label?: unknown };
  const said = number ?? label;
  return typeof said === "object" ? undefined : said;
};

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

/**
 * Numbers or labels: an array, one text with commas or with semicolons (as Dataverse shows them: `A; B`), or the JSON of an array.
 * Labels may hold separators of their own. The Web API takes `1,3`.
 */
export function readChoices(column: Column, value: unknown): Read {
  const options = column.options ?? [];
  const { found, unknown } = chosen(options, value);
  if (unknown.length === 0)
    return { value: found.length === 0 ? null : [...new Set(found)].join(",") };
  return {
    problem: `${column.logicalName}: ${unknown.slice(0, 10).map(quote).join(", ")} not among its options. Options: ${listOptions(options)}.`,
  };
}

interface Chosen {
  readonly found: readonly number[];
  readonly unknown: readonly unknown[];
}

function chosen(options: readonly Option[], value: unknown): Chosen {
  const whole = findOption(options, value);
  if (whole !== undefined) return { found: [whole.value], unknown: [] };
  const words = Array.isArray(value) ? value : partsOf(options, value);
  if (words === undefined) return { found: [], unknown: [value] };
  const read = words.map((word: unknown) => ({ word, option: findOption(options, word) }));
  return {
    found: read.flatMap(({ option }) => (option === undefined ? [] : [option.value])),
    unknown: read.flatMap(({ word, option }) => (option === undefined ? [word] : [])),
  };
}

/** More pieces are no choice of a person's. */
const mostPieces = 500;

/** The words in one text. The longest run of pieces that is a label is one word, for labels hold separators, too. */
function partsOf(options: readonly Option[], value: unknown): readonly unknown[] | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  const parsed = jsonIn(text);
  if (Array.isArray(parsed)) return parsed;
  const pieces = text.split(/([;,])/, 2 * mostPieces);
  const words: string[] = [];
  for (let at = 0; at < pieces.length; ) {
    let end = at + 1;
    // Labels hold few separators; what is longer than the longest label is none.
    for (let to = at + 3; to <= Math.min(pieces.length, at + 15); to += 2) {
      if (findOption(options, pieces.slice(at, to).join("")) !== undefined) end = to;
    }
    const word = pieces.slice(at, end).join("").trim();
    if (word !== "") words.push(word);
    at = end + 1;
  }
  return words;
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
