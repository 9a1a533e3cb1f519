import type { Dataverse, Row } from "../../dataverse";
import { formattedValue, lookupTable } from "../../dataverse/annotations";
import { AppError } from "../../errors";
import type { SourceText } from "../../intelligence";
import { recordWord } from "../../text/records/record-text";
import { queryIfThere, textOf } from "../record/optional-read";
import { readRecordId } from "../record/record-id";
import type { CaseRecord, PartyRef } from "./case-record";

/** A mail on a case, with what a reply needs. */
export interface CaseMail {
  readonly id: string;
  /** Text from the record: data. */
  readonly subject: string;
  /** HTML from the record: data. */
  readonly body: string;
  readonly isIncoming: boolean;
  /** ISO 8601. */
  readonly at: string;
  readonly messageId: string | undefined;
  readonly sender: PartyRef | undefined;
  readonly senderAddress: string | undefined;
}

export interface CaseSources {
  /** The newest words first: the source activity, further mails, the case itself. */
  readonly texts: readonly SourceText[];
  /** The mail that is answered: the source activity if it is one, else the newest incoming mail. */
  readonly mail: CaseMail | undefined;
  /** What was taken as the source, in our words. */
  readonly sourceWords: string;
}

const columns = [
  "activityid",
  "subject",
  "description",
  "directioncode",
  "createdon",
  "senton",
  "actualend",
  "messageid",
  "sender",
  "statecode",
  "_regardingobjectid_value",
];

/**
 * What the customer said: the activity named, else the newest incoming mail, then earlier mails and the case itself.
 *
 * @param sourceId an activity or a note that belongs to the case
 * @throws AppError `invalid` or `not_found` when it is not one
 */
export async function readCaseSources(
  dataverse: Dataverse,
  record: CaseRecord,
  sourceId: string | undefined,
): Promise<CaseSources> {
  const named = sourceId === undefined ? undefined : await readNamed(dataverse, record, sourceId);
  const mails = await readMails(dataverse, record);
  const incoming = mails.filter((mail) => mail.isIncoming);
  const mail = named?.mail ?? incoming[0];
  const earlier = incoming.filter((each) => each.id !== mail?.id).slice(0, 3);
  return {
    texts: [
      ...(named === undefined ? [] : [named.text]),
      ...(mail === undefined || named?.mail !== undefined ? [] : [textOfMail(mail)]),
      caseText(record),
      ...earlier.map(textOfMail),
    ],
    mail,
    sourceWords:
      named?.words ??
      (mail === undefined
        ? "the case alone (it has no incoming mail)"
        : `the latest incoming mail (${mail.id})`),
  };
}

const caseText = (record: CaseRecord): SourceText => ({
  id: record.ref,
  kind: "case",
  subject: record.title,
  text: record.description ?? "",
  trusted: false,
});

const textOfMail = (mail: CaseMail): SourceText => ({
  id: { table: "email", id: mail.id },
  kind: "email",
  subject: mail.subject,
  text: mail.body,
  receivedOn: mail.at,
  trusted: false,
});

async function readMails(dataverse: Dataverse, record: CaseRecord): Promise<CaseMail[]> {
  const { rows } = await queryIfThere(dataverse, "email", {
    select: columns,
    filter: `_regardingobjectid_value eq ${record.ref.id} and directioncode eq false`,
    orderby: "createdon desc",
    top: 5,
    expand: "email_activity_parties($select=participationtypemask,addressused,_partyid_value)",
    annotations: true,
  });
  return rows.map(asMail);
}

function asMail(row: Row): CaseMail {
  const parties = Array.isArray(row.email_activity_parties)
    ? (row.email_activity_parties as readonly Row[])
    : [];
  const sender = parties.find((party) => party.participationtypemask === 1);
  const partyId = textOf(sender?._partyid_value);
  return {
    id: String(row.activityid),
    subject: textOf(row.subject) ?? "",
    body: textOf(row.description) ?? "",
    isIncoming: row.directioncode === false,
    at: textOf(row.senton) ?? textOf(row.actualend) ?? textOf(row.createdon) ?? "",
    messageId: textOf(row.messageid),
    sender:
      partyId === undefined
        ? undefined
        : {
            table: textOf(sender?.[`_partyid_value${lookupTable}`]) ?? "contact",
            id: partyId,
            name: textOf(sender?.[`_partyid_value${formattedValue}`]) ?? "",
          },
    senderAddress: textOf(sender?.addressused) ?? textOf(row.sender),
  };
}

interface Named {
  readonly text: SourceText;
  readonly mail?: CaseMail;
  readonly words: string;
}

async function readNamed(
  dataverse: Dataverse,
  record: CaseRecord,
  sourceId: string,
): Promise<Named> {
  const id = readRecordId("sourceContextEntityId", sourceId);
  const pointer = await dataverse.retrieve("activitypointer", id, {
    select: ["activitytypecode", "subject", "description", "_regardingobjectid_value", "createdon"],
  });
  if (pointer === undefined) return readNote(dataverse, record, id);
  if (pointer._regardingobjectid_value !== record.ref.id) throw foreign(id);
  const type = String(pointer.activitytypecode);
  if (type !== "email") {
    const text: SourceText = {
      id: { table: type, id },
      kind: type === "chat" ? "chat" : "note",
      subject: textOf(pointer.subject),
      text: textOf(pointer.description) ?? "",
      receivedOn: textOf(pointer.createdon),
      trusted: false,
    };
    return { text, words: `the ${recordWord(type)} ${id}` };
  }
  const row = await dataverse.retrieve("email", id, {
    select: columns,
    expand: "email_activity_parties($select=participationtypemask,addressused,_partyid_value)",
    annotations: true,
  });
  if (row === undefined) throw notFound(id);
  const mail = asMail(row);
  return {
    text: textOfMail(mail),
    ...(mail.isIncoming ? { mail } : {}),
    words: `the mail ${id}`,
  };
}

async function readNote(dataverse: Dataverse, record: CaseRecord, id: string): Promise<Named> {
  const row = await dataverse.retrieve("annotation", id, {
    select: ["subject", "notetext", "_objectid_value", "createdon"],
  });
  if (row === undefined) throw notFound(id);
  if (row._objectid_value !== record.ref.id) throw foreign(id);
  return {
    text: {
      id: { table: "annotation", id },
      kind: "note",
      subject: textOf(row.subject),
      text: textOf(row.notetext) ?? "",
      receivedOn: textOf(row.createdon),
      trusted: false,
    },
    words: `the note ${id}`,
  };
}

const notFound = (id: string) =>
  new AppError("not_found", `There is no activity or note ${id} that you may see.`, {
    hint: "Leave sourceContextEntityId out to take the latest incoming mail of the case.",
  });

/** Words of another case could be another customer's. */
const foreign = (id: string) =>
  new AppError("invalid", `The activity ${id} does not belong to this case.`, {
    hint: "Leave sourceContextEntityId out, or name an activity whose regarding is the case.",
  });
