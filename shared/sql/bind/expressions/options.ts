import { recordOptions } from "../../../text/records/record-text";
import type { CatalogColumn, CatalogOption } from "../../catalog";
import { errorAt, type SqlError } from "../../errors";
import type { Scalar } from "../../expression/expression";
import type { Span } from "../../parser/ast";
import { collate } from "../../types/collation/collation";

/** The definition of the column behind an expression, also of a query around. */
export const metaOf = (expr: Scalar): CatalogColumn | undefined =>
  expr.kind === "column" || expr.kind === "parameter" ? expr.column.origin?.meta : undefined;

/** The options of a label: several where they share it. */
export function optionsWithLabel(meta: CatalogColumn, text: string): readonly CatalogOption[] {
  const wanted = collate(text.trim());
  return (meta.options ?? []).filter((one) => collate(one.label) === wanted);
}

function listOptions(meta: CatalogColumn): string {
  const options = meta.options ?? [];
  const shown = options.slice(0, 20);
  const rest = options.length - shown.length;
  return `${meta.base} has: ${recordOptions(shown)}${rest > 0 ? ` and ${rest} more` : ""}.`;
}

export function unknownOption(
  source: string,
  at: Span,
  meta: CatalogColumn,
  label: string,
): SqlError {
  return errorAt(source, at.start, "unknown_option", `${meta.base} has no option '${label}'`, {
    hint: listOptions(meta),
    suggestions: (meta.options ?? []).slice(0, 20).map((one) => one.label),
  });
}
