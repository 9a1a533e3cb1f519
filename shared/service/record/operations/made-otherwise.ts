import type { Table } from "../../../dataverse";
import { AppError } from "../../../errors";

/** Rows that come with something else, and the way to that; written directly they would be refused, or do nothing. */
const ways: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  activityparty: [
    "A party is written with its activity. Nothing was written.",
    "Create the email, phonecall, letter or appointment with from, to, cc, bcc, requiredattendees or optionalattendees; the parties of one that is there do not change.",
  ],
  incidentresolution: [
    "A resolution that is written directly leaves its case open. Nothing was written.",
    "resolve_incident closes the case and writes the resolution with it.",
  ],
};

/** @throws AppError `invalid` for a table whose rows are made by something else */
export function demandMadeDirectly({ logicalName }: Table): void {
  const way = ways[logicalName];
  if (way !== undefined) throw new AppError("invalid", way[0], { hint: way[1] });
}
