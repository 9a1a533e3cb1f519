import { sanitise } from "./sanitise";

/** Addresses by which something could leave: links, hosts that a mail program turns into links, and mail addresses. */
export const wayOut =
  /\b(?:https?|ftps?|file|javascript|data|tel|sms|mailto):[^\s<>"')\]]+|\bwww\.[^\s<>"')\]]+|[^\s@<>"'(),;:]+@[^\s@<>"'(),;]+/gi;

/**
 * Numbers to which money could go: IBANs, card and account numbers, purses. A reply never repeats one, whoever wrote it; the
 * signature's own aside.
 */
export const payees: readonly RegExp[] = [
  /\b[A-Z]{2}\d{2}(?=(?:[ ]?[A-Z0-9]){11,30}\b)(?:[ ]?[A-Z0-9]{1,4})+\b/g,
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
