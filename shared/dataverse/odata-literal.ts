import { AppError } from "../errors";

const guidPattern = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i;

/** A GUID in Dataverse's form (lower case, no braces), or undefined. Nothing else may stand between the brackets of a path. */
export const readGuid = (text: string): string | undefined =>
  guidPattern.exec(text.trim())?.[1]?.toLowerCase();

/**
 * A value as OData writes it in `$filter` and in keys: text in single quotes (doubled inside), GUIDs, numbers and dates bare.
 *
 * @throws AppError `invalid` for a number that OData has no word for
 * @see https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html#sec_PrimitiveLiterals
 */
export function literal(value: string | number | boolean | null | Date): string {
  if (value === null) return "null";
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new AppError("invalid", "A number must be finite.");
  }
  return String(value);
}
