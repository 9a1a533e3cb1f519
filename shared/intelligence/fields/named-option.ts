import { holdsWhole } from "../../text/whole-words";
import type { FieldOption } from "../types";
import { keyOf } from "./options";

/** A name or a code has a capital or a digit behind its first letter; `Direct debit` and `Problem` are words that a text may use. */
const isName = (label: string): boolean => /^.+[\p{Lu}\p{N}]/u.test(label.trim());

/** How often a text that names one option was about it, among cases whose value is known. */
export interface Naming {
  readonly asked: number;
  readonly right: number;
}

/** Cases that name one option, under which little is known. */
const fewestNamed = 20;
const leastRight = 0.8;

/**
 * The one option whose name stands in a text, written as it is called; undefined where none does, or several. A name inside of a
 * longer one that stands there is not meant.
 */
export function namedOption(
  text: string,
  options: readonly FieldOption[],
): FieldOption | undefined {
  const named = options.filter(({ label }) => isName(label) && holdsWhole(text, label.trim()));
  const meant = named.filter(
    ({ label }) =>
      !named.some((other) => other.label.length > label.length && holdsWhole(other.label, label)),
  );
  return new Set(meant.map(({ value }) => keyOf(value))).size === 1 ? meant[0] : undefined;
}

/** How sure a name is: with one doubt for and one against; undefined where names were mostly about something else. */
export function confidenceOfName({ asked, right }: Naming):
  | {
      readonly confidence: number;
      readonly calibrated: boolean;
    }
  | undefined {
  if (asked > 0 && right / asked < leastRight) return undefined;
  return { confidence: (right + 1) / (asked + 2), calibrated: asked >= fewestNamed };
}
