import { sanitise } from "./sanitise";

/** Ends of host names that are seen in mails and are no words of a sentence. */
const ends =
  "com|net|org|info|biz|io|ai|app|dev|xyz|online|site|shop|store|top|club|live|link|click|support|help|cloud|tech|page|ru|cn|de|fr|uk|eu|nl|se|pl|ch|br|jp|tk|ly|cc|example|test|invalid";

/** Browsers take the full stops of other scripts for dots. */
const dots = String.raw`.\u3002\uff0e\uff61`;
const dot = `[${dots}]`;

/**
 * Addresses by which something could leave: links, hosts that a mail program turns into links, hosts spelled so that it does not
 * (`evil[.]com`), and mail addresses.
 */
export const wayOut = new RegExp(
  [
    String.raw`\b(?:h(?:tt|xx)ps?|ftps?|javascript|tel|sms|mailto):[^\s<>"')\]]+`,
    String.raw`\b(?:file://|data:[a-z]+/)[^\s<>"')\]]+`,
    String.raw`\bwww\.[^\s<>"')\]]+`,
    // Each run of characters is looked at once, from its start: without that a run of n would be read n times.
    String.raw`(?<![^\s@<>"'(),;:\]])[^\s@<>"'(),;:\]]+@[^\s@<>"'(),;]+`,
    String.raw`(?<![\p{L}\p{N}${dots}-])(?:[\p{L}\p{N}-]+${dot})+(?:${ends})(?![\p{L}\p{N}-])(?:/[^\s<>"')\]]*)?`,
    String.raw`(?<![\p{L}\p{N}${dots}-])(?:[\p{L}\p{N}-]+${dot})+\p{L}{2,}/[^\s<>"')\]]+`,
    String.raw`(?<![\p{L}\p{N}-])[\p{L}\p{N}-]+\s?(?:\[\.\]|\(\.\)|[[(]dot[\])])\s?[\p{L}\p{N}-]+[^\s<>"')\]]*`,
  ].join("|"),
  "giu",
);

/**
 * Numbers to which money could go: IBANs, card and account numbers, purses. A reply never repeats one, whoever wrote it; the
 * signature's own aside.
 */
export const payees: readonly RegExp[] = [
  /\b[A-Z]{2}\d{2}(?=(?:[ ]?[A-Z0-9]){11,30}\b)(?:[ ]?[A-Z0-9])+\b/g,
  /\b(?:\d[ -]?){11,19}\b/g,
  /\b(?:0x[0-9a-fA-F]{40}|(?:bc1|[13])[a-zA-HJ-NP-Z0-9]{25,59})\b/g,
];

/** Telephone numbers: a reply repeats those of articles and of the signature. */
export const phones: readonly RegExp[] = [
  /(?<![\w.])\+\d[\d ()/.-]{6,18}\d\b/g,
  /\b(?:\d[ -]?){9,10}\b/g,
];

/**
 * One line that somebody else wrote, as it may stand in a mail of ours: no links, no addresses, no numbers to pay to.
 *
 * @returns undefined when nothing is left, or when it gives orders to a machine
 */
export function safeLine(text: string): string | undefined {
  const { text: plain, suspicions } = sanitise(text);
  if (suspicions.length > 0) return undefined;
  const line = [wayOut, ...payees, ...phones]
    .reduce((left, pattern) => left.replace(pattern, " "), plain)
    .replace(/\s+/g, " ")
    .trim();
  return /[\p{L}\p{N}]/u.test(line) ? line : undefined;
}
