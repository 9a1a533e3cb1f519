import { DataverseError, type EntityDefinition } from "../../model";
import type { Body } from "./payload";

/** What a party may be: 1 sender, 2 to, 3 cc, 4 bcc, 5 required, 6 optional, 7 organizer, 10 resource, 11 customer, 12 partner, 13 related. */
type Mask = number;

/**
 * The parties of the activities that know some of them alone; activities of an organization's own know all.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/activityparty-entity
 */
const TAKEN: Readonly<Record<string, readonly Mask[]>> = {
  appointment: [5, 6, 7],
  email: [1, 2, 3, 4, 13],
  fax: [1, 2],
  letter: [1, 2, 3, 4],
  phonecall: [1, 2],
  recurringappointmentmaster: [5, 6, 7],
  serviceappointment: [10, 11],
  task: [],
};
/** Of what the activity is about and whom it belongs to: written with the activity itself. */
const OWN: ReadonlySet<Mask> = new Set([8, 9]);

/** Parties that there is one of. A mail may be a draft with more; it is not sent then. */
const SINGLE: Readonly<Record<string, Mask>> = {
  appointment: 7,
  fax: 1,
  letter: 1,
  phonecall: 1,
  recurringappointmentmaster: 7,
};
const ORGANIZER = 7;

/** Refuses parties that the activity cannot have. Throws 0x80040b01 and 0x80040b06; for a wrong type no code is on record. */
export function demandTypes({ logicalName }: EntityDefinition, parties: readonly Body[]): void {
  const masks = parties.map(({ participationtypemask: mask }) => mask);
  if (masks.some((mask) => mask === undefined || mask === null))
    throw new DataverseError(400, "0x80040b06", "Participation type is missing from an activity");
  const taken = TAKEN[logicalName];
  const wrong = masks.find(
    (mask) => taken && !OWN.has(mask as Mask) && !taken.includes(mask as Mask),
  );
  if (wrong !== undefined)
    throw new DataverseError(
      400,
      "0x80040203",
      `The participation type ${String(wrong).slice(0, 20)} is not supported by the activity '${logicalName}'.`,
    );
  const single = SINGLE[logicalName];
  if (masks.filter((mask) => mask === single).length > 1)
    throw new DataverseError(
      400,
      "0x80040b01",
      single === ORGANIZER ? "More than one organizer specified" : "More than one sender specified",
    );
}
