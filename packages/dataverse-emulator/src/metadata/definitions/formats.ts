import type { AttributeDefinition } from "../../model";

/** Column names by format; Dataverse's own tables name these columns alike. */
const TEXT_FORMATS: readonly [RegExp, string][] = [
  [/emailaddress\d?$|^mobilealertemail$/, "Email"],
  [/url$/, "Url"],
  [/telephone\d?$|phone$|^(business2|callback|company|home2|phonenumber)$/, "Phone"],
  [/^yomi/, "PhoneticGuide"],
  [/^tickersymbol$/, "TickerSymbol"],
];
/** Telephone numbers that are plain text there: those of addresses that stand alone, of business units and users. */
const PLAIN_TELEPHONES: Readonly<Record<string, RegExp>> = {
  businessunit: /^address/,
  customeraddress: /^telephone/,
  systemuser: /^address/,
};
/** By `table.column`. */
const OTHERS: Readonly<Record<string, string>> = {
  "businessunit.description": "Text",
  "equipment.description": "Text",
  "knowledgearticle.description": "TextArea",
  "knowledgearticle.keywords": "Text",
};
const RICH_TEXT: ReadonlySet<string> = new Set(["content", "notetext", "safedescription"]);

function textFormat(table: string, logicalName: string): string {
  if (PLAIN_TELEPHONES[table]?.test(logicalName) && /telephone\d$/.test(logicalName)) return "Text";
  // What solutions add is plain text, addresses of pages among it.
  if (logicalName.startsWith("msdyn_")) return "Text";
  return TEXT_FORMATS.find(([pattern]) => pattern.test(logicalName))?.[1] ?? "Text";
}

function integerFormat(logicalName: string): string {
  if (/durationminutes$|^timespent$/.test(logicalName)) return "Duration";
  if (
    logicalName === "timezonecode" ||
    /(?:^|_)utcoffset$|_(?:primary)?timezone$/.test(logicalName)
  )
    return "TimeZone";
  return logicalName === "languagecode" ? "Language" : "None";
}

/** Digits behind the point: of amounts in the base currency the four that they are kept with. */
function precisionOf({ type, logicalName }: AttributeDefinition): number {
  if (logicalName === "exchangerate") return 12;
  if (/l(at|ong)itude$/.test(logicalName)) return 5;
  return type === "Money" && logicalName.endsWith("_base") ? 4 : 2;
}

/** Format, range start and precision of a shipped column, where the facts are silent. */
export function applyFormat(table: string, attribute: AttributeDefinition): void {
  const { type, logicalName } = attribute;
  if (type === "String") attribute.format = textFormat(table, logicalName);
  if (type === "Memo") attribute.format = RICH_TEXT.has(logicalName) ? "RichText" : "TextArea";
  if (type === "Integer") attribute.format = integerFormat(logicalName);
  if (type === "Integer" || type === "Decimal" || type === "Double" || type === "Money") {
    // The facts leave out a range that starts at zero; no rate of exchange is zero.
    attribute.minValue ??= logicalName === "exchangerate" ? 1e-12 : 0;
    if (type !== "Integer") attribute.precision = precisionOf(attribute);
  }
  const other = OTHERS[`${table}.${logicalName}`];
  if (other !== undefined) attribute.format = other;
}
