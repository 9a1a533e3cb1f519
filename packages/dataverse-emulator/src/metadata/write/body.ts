import { type Database, DataverseError, type OptionDefinition } from "../../model";
import type { Json } from "../json/labels";

export function refuse(code: string, message: string, status = 400): DataverseError {
  return new DataverseError(status, code, message);
}

/** The request's JSON object, or 400. */
export function objectOf(value: unknown, what: string): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw refuse(
    "0x80048d19",
    `Error identified in Payload provided by the user: ${what} must be a JSON object.`,
  );
}

export function listOf(value: unknown, what: string): Json[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    throw refuse(
      "0x80048d19",
      `Error identified in Payload provided by the user: ${what} must be an array.`,
    );
  }
  return value.map((item) => objectOf(item, `An element of ${what}`));
}

export function textOf(json: Json, name: string): string {
  const value = json[name];
  if (typeof value === "string" && value.trim() !== "") return value;
  throw refuse("0x80040203", `Required field '${name}' is missing or empty.`);
}

/** Text of a Label in the installed language, or undefined when the body has none. */
export function labelText(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { LocalizedLabels, UserLocalizedLabel } = value as Json;
  const labels = Array.isArray(LocalizedLabels) ? (LocalizedLabels as Json[]) : [];
  const label =
    labels.find((row) => row.LanguageCode === 1033) ??
    labels[0] ??
    (UserLocalizedLabel as Json | null);
  return typeof label?.Label === "string" ? label.Label : undefined;
}

/** `{"Value":"Text"}` or plain `"Text"`. */
export function innerValue(value: unknown): unknown {
  return typeof value === "object" && value !== null && "Value" in value ? value.Value : value;
}

/** A number of the body, or the fallback when it is not there. Throws 400 for anything else. */
export function numberOf(
  json: Json,
  name: string,
  fallback: number,
  low: number,
  high: number,
): number {
  const value = json[name] ?? fallback;
  if (typeof value === "number" && value >= low && value <= high) return value;
  throw refuse(
    "0x80040203",
    `'${name}' must be a number from ${low} to ${high}; it is ${JSON.stringify(value)}.`,
  );
}

/** A managed property: the requirement level out of `{Value, CanBeChanged, …}`. */
export function requiredOf(json: Json): "None" | "Recommended" | "ApplicationRequired" | undefined {
  const level = innerValue(json.RequiredLevel);
  if (level === undefined || level === null) return undefined;
  if (level === "None" || level === "Recommended" || level === "ApplicationRequired") return level;
  throw refuse(
    "0x80040203",
    `RequiredLevel '${String(level)}' cannot be set. Use None, Recommended or ApplicationRequired.`,
  );
}

/** Options of an OptionSet; values left out are counted from 100,000,000 as the editor does. */
export function optionsOf(set: unknown): OptionDefinition[] | undefined {
  if (set === undefined || set === null) return undefined;
  let next = 100_000_000;
  const seen = new Set<number>();
  return listOf(objectOf(set, "OptionSet").Options, "Options").map((option) => {
    const value = typeof option.Value === "number" ? option.Value : next;
    const label = labelText(option.Label);
    if (label === undefined) throw refuse("0x80040203", `The option ${value} has no Label.`);
    if (!Number.isInteger(value))
      throw refuse("0x80040203", `The option value ${value} is not a whole number.`);
    if (seen.has(value)) throw refuse("0x80040203", `The option value ${value} occurs twice.`);
    seen.add(value);
    next = Math.max(next, value + 1);
    const state = typeof option.State === "number" ? { state: option.State } : {};
    return { value, label, ...state, ...optionExtrasOf(option) };
  });
}

/** What an option may have beside its label. */
export function optionExtrasOf(
  option: Json,
): Pick<OptionDefinition, "description" | "color" | "externalValue"> {
  const description = labelText(option.Description);
  const { Color: color, ExternalValue: externalValue } = option;
  if (typeof color === "string" && color !== "" && !/^#[0-9a-f]{6}$/i.test(color))
    throw refuse("0x80040203", `The colour '${color.slice(0, 50)}' is none: write it as #0000ff.`);
  return {
    ...(description === undefined ? {} : { description }),
    ...(typeof color === "string" && color !== "" ? { color } : {}),
    ...(typeof externalValue === "string" && externalValue !== "" ? { externalValue } : {}),
  };
}

const NAME = /^([A-Za-z][A-Za-z0-9]{1,7})_[A-Za-z0-9_]+$/;

/** Throws 0x80044366 unless the schema name starts with a publisher's prefix. */
export function demandPrefix(db: Database, schemaName: string): void {
  const prefix = NAME.exec(schemaName)?.[1]?.toLowerCase();
  const known = db
    .prepare(
      'SELECT "customizationprefix" AS prefix FROM "publisher" WHERE "customizationprefix" IS NOT NULL',
    )
    .all()
    .map((row) => String(row.prefix).toLowerCase());
  const prefixes = [...new Set([...known, "new"])];
  if (prefix !== undefined && prefixes.includes(prefix) && schemaName.length <= 100) return;
  throw refuse(
    "0x80044366",
    `The schema name '${schemaName}' is not valid: a custom name starts with a publisher's customization prefix (${prefixes.map((known) => `${known}_`).join(", ")}) followed by letters, digits and underscores.`,
  );
}
