/** What is written like a function and is none: each part of it is worked out only where it is needed. */
export interface SpecialForm {
  readonly name: string;
  readonly syntax: string;
}

export const specialForms: readonly SpecialForm[] = [
  { name: "CASE", syntax: "CASE [value] WHEN … THEN … [ELSE …] END" },
  { name: "COALESCE", syntax: "COALESCE(value, value[, …])" },
  { name: "ISNULL", syntax: "ISNULL(value, replacement)" },
  { name: "NULLIF", syntax: "NULLIF(value, value)" },
  { name: "IIF", syntax: "IIF(condition, value, value)" },
  { name: "CHOOSE", syntax: "CHOOSE(index, value, value[, …])" },
  { name: "CAST", syntax: "CAST(value AS type)" },
  { name: "CONVERT", syntax: "CONVERT(type, value[, style])" },
  { name: "TRY_CAST", syntax: "TRY_CAST(value AS type)" },
  { name: "TRY_CONVERT", syntax: "TRY_CONVERT(type, value[, style])" },
  { name: "PARSE", syntax: "PARSE(text AS type [USING culture])" },
  { name: "TRY_PARSE", syntax: "TRY_PARSE(text AS type [USING culture])" },
  { name: "GROUPING", syntax: "GROUPING(column)" },
  { name: "GROUPING_ID", syntax: "GROUPING_ID(column[, …])" },
  { name: "CURRENT_USER", syntax: "CURRENT_USER" },
];
