import type { Channel } from "../conversation";
import type { Fault, ProductFamily } from "../faults/faults";
import type { Language } from "../people";

/** What a case is told from. */
export interface Story {
  readonly fault: Fault;
  /** What is wrong in the customer's words and language. */
  readonly symptom: string;
  /** The same in English, which the desk speaks. */
  readonly english: string;
  readonly family: ProductFamily;
  readonly model: string;
  readonly serial: string;
  readonly customer: string;
  readonly city: string;
  readonly language: Language;
  readonly channel: Channel;
  /** The customer is a company with an office in the city. */
  readonly isCompany: boolean;
}

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Things have serial numbers, invoices and orders numbers of their own. */
export const isDevice = (story: Pick<Story, "family">): boolean =>
  story.family.key !== "billing" && story.family.key !== "delivery";

export const numberOf = (story: Story): string =>
  isDevice(story)
    ? `serial number ${story.serial}`
    : story.family.key === "billing"
      ? `customer number ${story.serial}`
      : `order ${story.serial}`;
