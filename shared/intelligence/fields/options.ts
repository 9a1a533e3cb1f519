import type { FieldOption, FieldSpec } from "../types";

const yesAndNo: readonly FieldOption[] = [
  { value: 1, label: "Yes" },
  { value: 0, label: "No" },
];

/** The options of a field that is chosen from options; undefined for one that is read by rule. */
export function optionsOf(field: FieldSpec): readonly FieldOption[] | undefined {
  if (field.options !== undefined && field.options.length > 0) return field.options;
  return field.type === "boolean" ? yesAndNo : undefined;
}

/** The key under which a value of a field is learned. */
export const keyOf = (value: unknown): string =>
  typeof value === "boolean" ? String(Number(value)) : String(value).toLowerCase();
