import type { AttributeDefinition } from "../../model";

/** Column names by format; Dataverse's own tables name these columns alike. */
const TEXT_FORMATS: readonly [RegExp, string][] = [
  [/emailaddress\d?$|^mobilealertemail$/, "Email"],
  [/url$/, "Url"],
  [/telephone\d?$|^(mobile|home)phone$|^phonenumber$/, "Phone"],
  [/^tickersymbol$/, "TickerSymbol"],
];
const RICH_TEXT: ReadonlySet<string> = new Set(["content", "notetext", "safedescription"]);

function textFormat(logicalName: string): string {
  return TEXT_FORMATS.find(([pattern]) => pattern.test(logicalName))?.[1] ?? "Text";
}

function integerFormat(logicalName: string): string {
  if (/durationminutes$|^timespent$/.test(logicalName)) return "Duration";
  if (logicalName === "timezonecode") return "TimeZone";
  return logicalName === "languagecode" ? "Language" : "None";
}

/** Format, range start and precision of a shipped column, where the facts are silent. */
export function applyFormat(attribute: AttributeDefinition): void {
  const { type, logicalName } = attribute;
  if (type === "String") attribute.format = textFormat(logicalName);
  if (type === "Memo") attribute.format = RICH_TEXT.has(logicalName) ? "RichText" : "TextArea";
  if (type === "Integer") attribute.format = integerFormat(logicalName);
  if (type === "Integer" || type === "Decimal" || type === "Double" || type === "Money") {
    // The facts leave out a range that starts at zero.
    attribute.minValue ??= 0;
    if (type !== "Integer") attribute.precision = logicalName === "exchangerate" ? 10 : 2;
    if (/l(at|ong)itude$/.test(logicalName)) attribute.precision = 5;
  }
}
