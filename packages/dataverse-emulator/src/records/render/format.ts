import type { AttributeDefinition, SqlRow } from "../../model";
import { type Names, targetOf } from "./names";

/** `1,234.50` */
const withThousands = (value: number, digits: number): string => {
  const [whole = "", fraction] = Math.abs(value).toFixed(digits).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${value < 0 ? "-" : ""}${grouped}${fraction === undefined ? "" : `.${fraction}`}`;
};

/** `11/24/2026 10:30 AM`, in UTC: the sample company's people keep their settings at it. */
function dateText(value: string, isDateOnly: boolean): string {
  const [date = "", time = ""] = value.split("T");
  const [year = "", month = "", day = ""] = date.split("-");
  const text = `${Number(month)}/${Number(day)}/${year}`;
  if (isDateOnly || time === "") return text;
  const hour = Number(time.slice(0, 2));
  return `${text} ${hour % 12 === 0 ? 12 : hour % 12}:${time.slice(3, 5)} ${hour < 12 ? "AM" : "PM"}`;
}

const labelOf = (attribute: AttributeDefinition, value: number) =>
  attribute.options?.find((option) => option.value === value)?.label;

/** `€1,234.50`, in the currency of the row; a base amount in the organization's. */
function money(attribute: AttributeDefinition, row: SqlRow, value: number, names: Names): string {
  const isBase = attribute.logicalName.endsWith("_base");
  const symbol = names.symbolOf(isBase ? undefined : row.transactioncurrencyid);
  // Amounts in the base currency are kept with four digits and shown with the currency's.
  const text = withThousands(Math.abs(value), isBase ? 2 : (attribute.precision ?? 2));
  return `${value < 0 ? "-" : ""}${symbol}${text}`;
}

/** What a person reads for a stored value, or undefined where the value speaks for itself (text, GUIDs) or is missing. */
export function formatValue(
  attribute: AttributeDefinition,
  row: SqlRow,
  names: Names,
): string | undefined {
  const value = row[attribute.logicalName];
  if (value === null || value === undefined) return undefined;
  switch (attribute.type) {
    case "Picklist":
    case "State":
    case "Status":
      return labelOf(attribute, Number(value));
    case "Boolean":
      return labelOf(attribute, Number(value)) ?? (Number(value) === 1 ? "Yes" : "No");
    case "MultiSelectPicklist":
      return String(value)
        .split(",")
        .filter((part) => part !== "")
        .map((part) => labelOf(attribute, Number(part)) ?? part)
        .join("; ");
    case "Lookup":
    case "Customer":
    case "Owner":
      return names.nameOf(targetOf(attribute, row) ?? "", String(value));
    case "Integer":
    case "BigInt":
      return withThousands(Number(value), 0);
    case "Decimal":
    case "Double":
      return withThousands(Number(value), attribute.precision ?? 2);
    case "Money":
      return money(attribute, row, Number(value), names);
    case "DateTime":
      return dateText(
        String(value),
        attribute.dateTimeBehavior === "DateOnly" || attribute.format === "DateOnly",
      );
    default:
      return undefined;
  }
}
