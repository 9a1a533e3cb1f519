import type { ResolvedCase } from "../intelligence";

/** Addresses, phone numbers, and the like: a similar case lends its cure, not its people. */
const personal: readonly (readonly [RegExp, string])[] = [
  [/[^\s@<>"']+@[^\s@<>"']+\.[^\s@<>"',;.]+/g, "[address]"],
  [/https?:\/\/\S+/gi, "[link]"],
  [/\+?\d[\d ()/.-]{7,}\d/g, "[number]"],
  [/\b[A-Z]{2}\d{5,}\b/g, "[serial number]"],
  [/\b(?:dear|hello|hi|hallo|bonjour|hola)\s+[\p{Lu}][^\s,]*(?:\s+[\p{Lu}][^\s,]*)?/giu, "[name]"],
];

/** The words without whatever tells who they were for. */
export const withoutPeople = (text: string): string =>
  personal.reduce((cleaned, [pattern, name]) => cleaned.replaceAll(pattern, name), text);

/**
 * A similar case as it may be shown and worked with: of another customer's case only category and resolution remain.
 *
 * @param customerId customer of the case in hand
 */
export function asSimilar(found: ResolvedCase, customerId: string | undefined): ResolvedCase {
  const isOwn = customerId !== undefined && found.customerId === customerId;
  if (isOwn) return found;
  return {
    ref: found.ref,
    // A title may name a person or a company; the resolution is what is wanted.
    title: "",
    values: found.values,
    resolution: found.resolution === undefined ? undefined : withoutPeople(found.resolution),
    resolvedOn: found.resolvedOn,
    score: found.score,
  };
}
