import type { Dataverse, Row } from "../../dataverse";
import { formattedValue, lookupTable } from "../../dataverse/annotations";
import { AppError } from "../../errors";
import { isActive, longestBody, makeHtmlSafe, type Removal } from "../../text";
import type { CallTime } from "../outcome/call-time";
import { findTable } from "../record/find-table";
import { personIn, textOf } from "../record/optional-read";
import { mailProblems } from "../record/parties/mailable";
import { participationMasks } from "../record/parties/participation";
import { updateRow } from "../record/write/update-row";

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/email */
export const emailStatus = {
  draft: 1,
  completed: 2,
  sent: 3,
  received: 4,
  cancelled: 5,
  pendingSend: 6,
  sending: 7,
  failed: 8,
} as const;

export interface Email {
  readonly id: string;
  /** Text from the record: data. */
  readonly subject: string;
  /** See `emailStatus`. */
  readonly status: number;
  readonly statusLabel: string;
  readonly isIncoming: boolean;
  /** Table of each sender, or undefined for a bare address. */
  readonly senders: readonly (string | undefined)[];
  readonly recipients: number;
  /** Of these: the address that each is written to, or the name where Dataverse gives none. Data. */
  readonly addresses: readonly string[];
  /** Records among them. */
  readonly people: readonly MailParty[];
  /** Recipients without an e-mail address that Dataverse knows of. */
  readonly withoutAddress: number;
  /** Who changed it last. The name is text from a record: data. */
  readonly modifiedBy: { readonly id: string; readonly name: string } | undefined;
  /** As Dataverse writes it, once it is sent. */
  readonly sentOn: string | undefined;
}

/** A record that a mail goes to or comes from. */
export interface MailParty {
  /** `from`, `to`, `cc` or `bcc`. */
  readonly column: string;
  readonly tableName: string;
  readonly id: string;
  readonly address?: string;
}

const partyTable = `_partyid_value${lookupTable}`;

/** The mail with its parties, or undefined when there is none that the caller may see. */
export async function readEmail(
  dataverse: Dataverse,
  id: string,
  withinMs?: number,
): Promise<Email | undefined> {
  const row = await dataverse.retrieve("email", id, {
    select: ["subject", "statecode", "statuscode", "directioncode", "senton", "_modifiedby_value"],
    optional: ["_modifiedby_value"],
    expand: "email_activity_parties($select=participationtypemask,addressused,_partyid_value)",
    annotations: true,
    withinMs,
  });
  if (row === undefined) return undefined;
  const parties = Array.isArray(row.email_activity_parties)
    ? (row.email_activity_parties as readonly Row[])
    : [];
  const isTo = (party: Row) => [2, 3, 4].includes(Number(party.participationtypemask));
  return {
    id,
    subject: typeof row.subject === "string" ? row.subject.slice(0, 200) : "",
    status: Number(row.statuscode),
    statusLabel: String(row[`statuscode${formattedValue}`] ?? row.statuscode),
    isIncoming: row.directioncode === false,
    senders: parties
      .filter((party) => party.participationtypemask === 1)
      .map((party) => (party[partyTable] === undefined ? undefined : String(party[partyTable]))),
    recipients: parties.filter(isTo).length,
    addresses: parties
      .filter(isTo)
      .map(
        (party) =>
          textOf(party.addressused) ?? textOf(party[`_partyid_value${formattedValue}`]) ?? "?",
      ),
    people: parties.flatMap(personOf),
    withoutAddress: parties.filter(
      (party) => isTo(party) && !party.addressused && !party._partyid_value,
    ).length,
    modifiedBy: personIn(row, "_modifiedby_value"),
    sentOn: textOf(row.senton),
  };
}

const columnOf = new Map(
  Object.entries(participationMasks).map(([column, mask]) => [mask, column]),
);

function personOf(party: Row): MailParty[] {
  const column = columnOf.get(Number(party.participationtypemask));
  const tableName = textOf(party[partyTable]);
  const id = textOf(party._partyid_value);
  const address = textOf(party.addressused);
  if (column === undefined || tableName === undefined || id === undefined) return [];
  return [{ column, tableName, id, ...(address === undefined ? {} : { address }) }];
}

/** What the people of a mail are like that keeps it from being sent: read before it is tried, for a sent mail stays sent. */
export async function peopleProblems(
  dataverse: Dataverse,
  people: readonly MailParty[],
): Promise<readonly string[]> {
  const mailed = people.filter(({ column }) => ["from", "to", "cc", "bcc"].includes(column));
  const known = await Promise.all(
    mailed.map(async ({ tableName, ...person }) => {
      const table = await dataverse.metadata.table(tableName);
      return table === undefined ? [] : [{ ...person, table }];
    }),
  );
  return mailProblems(dataverse, known.flat());
}

/**
 * Makes the body of a draft safe before it goes out, whoever wrote it: what a mail must not carry is taken out of the stored
 * draft, at the version that was read. A body without anything of the kind is left as it is.
 *
 * @returns what was taken out; undefined when somebody changed the draft meanwhile
 * @throws AppError `invalid` when the body is too long to be looked at; what the writing failed with
 */
export async function makeDraftSafe(
  dataverse: Dataverse,
  time: CallTime,
  id: string,
): Promise<readonly Removal[] | undefined> {
  const row = await dataverse.retrieve("email", id, { select: ["description"] });
  const body = row?.description;
  if (typeof body !== "string" || !body.includes("<")) return [];
  if (body.length > longestBody) {
    throw new AppError("invalid", `The body has more than ${longestBody} characters.`, {
      hint: "The mail was not sent; the draft is kept. Shorten its body with update_record.",
    });
  }
  const { html, removed } = await makeHtmlSafe(body);
  if (!removed.some(isActive)) return [];
  const table = await findTable(dataverse.metadata, "email");
  const etag = row?.["@odata.etag"];
  const settled = await updateRow(
    dataverse,
    time,
    table,
    id,
    { description: html },
    typeof etag === "string" ? etag : undefined,
  );
  if (settled.outcome === "done") return settled.value.is === "ours" ? removed : undefined;
  if (settled.failure.kind === "conflict") return undefined;
  throw settled.failure;
}

/** What keeps a draft from being sent, in our words; empty when nothing does. */
export function sendingProblems(email: Email): string[] {
  const problems: string[] = [];
  const [sender] = email.senders;
  if (email.recipients === 0) problems.push("It has no recipient (to, cc or bcc).");
  if (email.withoutAddress > 0) {
    problems.push(`${email.withoutAddress} of its recipients have no e-mail address.`);
  }
  if (email.senders.length === 0) problems.push("It has no sender (from).");
  if (email.senders.length > 1) problems.push("It has more than one sender (from).");
  if (email.senders.length === 1 && sender !== "systemuser" && sender !== "queue") {
    problems.push("Its sender (from) must be a user or a queue.");
  }
  return problems;
}

export const isSent = (email: Email): boolean =>
  !email.isIncoming &&
  [emailStatus.completed, emailStatus.sent, emailStatus.pendingSend, emailStatus.sending].some(
    (status) => status === email.status,
  );

export const isDraft = (email: Email): boolean =>
  email.status === emailStatus.draft || email.status === emailStatus.failed;

export const noSuchEmail = (id: string): AppError =>
  new AppError("not_found", `There is no email with the id ${id} that you may see.`, {
    hint: "Find drafts with read_query: SELECT activityid, subject FROM email WHERE statuscode = 'Draft'",
  });
