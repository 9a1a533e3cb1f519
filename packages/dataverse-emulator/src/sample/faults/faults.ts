import billing from "../data/faults/billing.json";
import coffee from "../data/faults/coffee.json";
import delivery from "../data/faults/delivery.json";
import heating from "../data/faults/heating.json";
import router from "../data/faults/router.json";
import scooter from "../data/faults/scooter.json";
import type { Language } from "../people";

/** What a customer wants with a fault: something is broken, something is asked, something shall be done. */
export type CaseKind = "problem" | "question" | "request";

/** `incident.casetypecode` */
export const caseTypes: Readonly<Record<CaseKind, number>> = {
  question: 1,
  problem: 2,
  request: 3,
};

/** A fault as `data/faults/` has it. */
interface FaultData {
  /** As a customer would put it, without a full stop. */
  readonly symptom: string;
  /** How else customers put it; nobody complains twice in the same words. */
  readonly otherSymptoms: readonly string[];
  readonly translations: Readonly<Record<Exclude<Language, "en">, string>>;
  readonly kind: CaseKind;
  /** Which of the family's three subjects it belongs to. */
  readonly part: 0 | 1 | 2;
  /** The models that can have it; all of the family when undefined. */
  readonly models?: readonly string[];
  /** What a representative asks first. */
  readonly question: string;
  /** What that asks for, in a word or two. */
  readonly detail: string;
  /** What customers answer to that. */
  readonly answer: string;
  readonly cause: string;
  readonly resolution: string;
}

/**
 * What goes wrong with the products of the sample company, and what really cures it: six families of ten faults. Titles,
 * mails, resolutions and knowledge articles are all told from these, so an article truly solves the cases of its fault.
 */
export interface Fault extends FaultData {
  /** `<family>-<number>`; kept in the side file of ground truth, never in the database. */
  readonly id: string;
}

interface FamilyOf<F> {
  readonly key: string;
  readonly name: string;
  readonly models: readonly string[];
  /** The three subjects below it. */
  readonly parts: readonly string[];
  readonly faults: readonly F[];
}

export type ProductFamily = FamilyOf<Fault>;

const numbered = (family: FamilyOf<FaultData>): ProductFamily => ({
  ...family,
  faults: family.faults.map((fault, index) => ({ id: `${family.key}-${index + 1}`, ...fault })),
});

export const productFamilies: readonly ProductFamily[] = (
  [router, coffee, scooter, billing, heating, delivery] as readonly FamilyOf<FaultData>[]
).map(numbered);

export const faults: readonly Fault[] = productFamilies.flatMap((each) => each.faults);
