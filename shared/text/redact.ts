const details: readonly (readonly [name: string, RegExp])[] = [
  ["e-mail address", /[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+/g],
  ["address", /\bhttps?:\/\/[^\s<>"')]+/gi],
  ["IBAN", /\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,3})?\b/g],
  ["card number", /\b(?:\d[ -]?){13,19}\b/g],
  [
    "phone number",
    /(?<![\w.])(?:\+|00)\d[\d ()/.-]{6,18}\d\b|(?<![\w.-])\(?0\d{2,5}\)?[ /-]\d[\d /-]{4,12}\d\b|(?<![\w.-])\(\d{3}\) ?\d{3}[ .-]\d{4}\b|(?<![\w.-])\d{3}[ .-]\d{3}[ .-]\d{4}\b/g,
  ],
  [
    "street",
    /\b\d{1,5}\s{1,3}(?:[A-Z][\p{L}'-]{1,30}\s){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Square|Place)\b\.?|\b[A-ZÄÖÜ][\p{L}-]{0,30}(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse)\s{1,3}\d{1,4}[a-z]?\b/gu,
  ],
  [
    "name",
    /(?<=\b(?:Mr|Mrs|Ms|Miss|Dr|Herr|Frau|Mme|Dear|Hello|Hi|Hallo|Lieber|Liebe)\.?\s)[A-ZÄÖÜ][\p{L}'-]+(?:\s[A-ZÄÖÜ][\p{L}'-]+)?/gu,
  ],
  [
    "reference",
    /\b(?:order|invoice|serial|unit|device|machine|account|customer|contract|reference|ticket|case)\s{0,3}(?:no\.?|number|id|#|nr\.?)?\s{0,3}[:#]?\s{0,3}[A-Z]{0,5}-?\d[\w-]{3,}/gi,
  ],
  ["number", /(?<![\w.,-])\d{5,}(?![\w-])/g],
];

/** Another customer's text without what tells who they are: contact details, names in greetings, references. */
export function redact(text: string): string {
  return details.reduce(
    (left, [name, pattern]) => left.replace(pattern, `[${name} left out]`),
    text,
  );
}
