import type { Contact } from "../company/customers";
import type { User } from "../company/organization";
import type { PlannedMail } from "../conversation";
import type { Owner } from "../plan";
import type { Story } from "../wording/story";

/** A case as its activities need to know it. */
export interface PlannedCase {
  readonly row: number;
  readonly id: string;
  readonly ticketNumber: string;
  readonly title: string;
  readonly story: Story;
  readonly complaint: string;
  readonly contact: Contact;
  readonly agent: User;
  readonly owner: Owner;
  readonly state: 0 | 1 | 2;
  readonly statusReason: number;
  readonly originCode: number;
  readonly mails: readonly PlannedMail[];
  readonly priority: 1 | 2 | 3;
  /** Index into the service levels; that of the customer. */
  readonly serviceLevel: number;
  /** 1 to 5, when the customer was asked and answered. */
  readonly rating: number | undefined;
  /** In ms. */
  readonly createdAt: number;
  /** When it was resolved or cancelled, or the present. */
  readonly closedAt: number;
  /** When it has to be resolved by. */
  readonly dueAt: number;
  readonly kpiId: string;
  /** Nobody has set what it is about: product, subject and type are empty. */
  readonly isBare: boolean;
  readonly isEscalated: boolean;
}
