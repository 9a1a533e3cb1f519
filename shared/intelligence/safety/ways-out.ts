import { sanitise } from "./sanitise";

/** Addresses by which something could leave: links, hosts that a mail program turns into links, and mail addresses. */
export const wayOut =
  /\b(?:https?|ftps?|file|javascript|data|tel|sms|mailto):[^\s<>"')\]]+|\bwww\.[^\s<>"')\]]+|[^\s@<>"'(),;:]+@[^\s@<>"'(),;]+/gi;

/**
 * Numbers to which money or a call could go: IBANs, card and account numbers, telephone numbers, purses. A customer's mail
 * may name such a number; a reply repeats it only when an article or the signature has it.
 */
export const payee: readonly RegExp[] = [
  /\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{2,4}){2,8}\b/g,
  /\b(?:\d[ -]?){9,19}\b/g,
  /(?<![\w.])\+\d[\d ()/.-]{6,18}\d\b/g,
  /\b(?:0x[0-9a-fA-F]{40}|(?:bc1|[13])[a-zA-HJ-NP-Z0-9]{25,59})\b/g,
];

/**
 * One line that somebody else wrote, as it may stand in a mail of ours: no links, no addresses, no numbers to pay to.
 *
 * @returns undefined when nothing is left, or when it gives orders to a machine
 */
export function safeLine(text: string): string | undefined {
  const { text: plain, suspicions } = sanitise(text);
  if (suspicions.length > 0) return undefined;
  const line = [wayOut, ...payee]
    .reduce((left, pattern) => left.replace(pattern, " "), plain)
    .replace(/\s+/g, " ")
    .trim();
  return /[\p{L}\p{N}]/u.test(line) ? line : undefined;
}
