import type { Dataverse, Row, Table } from "../../dataverse";
import { literal, readGuid } from "../../dataverse/odata-literal";
import { AppError } from "../../errors";
import {
  decodeEntities,
  htmlToText,
  joinLines,
  makeHtmlSafe,
  type Removal,
  safeLine,
  wayOut,
} from "../../text";
import { withArticle } from "../../text/english/article";
import { quote } from "../../text/quote";
import { recordList } from "../../text/records/record-text";
import { type CaseRecord, caseWords, type PartyRef } from "../case/case-record";
import type { CaseMail } from "../case/case-sources";
import type { CallTime } from "../outcome/call-time";
import { findTable } from "../record/find-table";
import { wayTo } from "../record/lookups/lookup-values";
import { queryIfThere, textOf } from "../record/optional-read";
import { mailProblems } from "../record/parties/mailable";
import { partyCollection } from "../record/parties/party-values";
import { type Drafted, type DraftWish, draftOnce } from "./draft-once";
import type { DraftHead } from "./open-drafts";
import { markOf } from "./rewrite-draft";

export interface Recipient {
  readonly party: PartyRef | undefined;
  readonly address: string | undefined;
  /** Set when the mail is not answered to the one who sent it. Our words. */
  readonly note?: string;
}

/**
 * To whom a reply goes: the sender of the mail if that is one of the case's own people, else the case's contact. A stranger
 * who wrote to the case gets nothing from it.
 *
 * @throws AppError `invalid` when the case has nobody to write to, or somebody who has no address or wants no mail
 */
export async function findRecipient(
  dataverse: Dataverse,
  record: CaseRecord,
  mail: CaseMail | undefined,
): Promise<Recipient> {
  const recipient = await chooseRecipient(dataverse, record, mail);
  const { party, address } = recipient;
  const table = party && (await dataverse.metadata.table(party.table));
  if (party === undefined || table === undefined) return recipient;
  const person = {
    column: "to",
    table,
    id: party.id,
    ...(address === undefined ? {} : { address }),
  };
  const problems = await mailProblems(dataverse, [person]);
  if (problems.length === 0) return recipient;
  throw new AppError(
    "invalid",
    `Nobody of ${caseWords(record)} can be written to; no draft was made.`,
    {
      problems,
      hint: "Give that contact an address, or the case another contact (update_record, primarycontactid), then call again.",
    },
  );
}

async function chooseRecipient(
  dataverse: Dataverse,
  record: CaseRecord,
  mail: CaseMail | undefined,
): Promise<Recipient> {
  const own = [...record.contacts, ...(record.customer === undefined ? [] : [record.customer])];
  const sender = mail?.sender;
  if (sender !== undefined && (await belongsTo(dataverse, sender, record, own))) {
    return { party: sender, address: mail?.senderAddress };
  }
  const isKnownAddress =
    mail?.senderAddress !== undefined &&
    record.email !== undefined &&
    mail.senderAddress.toLowerCase() === record.email.toLowerCase();
  if (sender === undefined && isKnownAddress && own.length === 0) {
    return { party: undefined, address: record.email };
  }
  const [party] = own;
  const note =
    mail === undefined
      ? undefined
      : "The mail's sender is not one of the case's contacts, so the draft goes to the case's contact.";
  if (party === undefined) {
    throw new AppError("invalid", `${caseWords(record)} names nobody to write to.`, {
      hint: "Set its customer or contact with update_record, then call again.",
    });
  }
  return {
    party,
    address: undefined,
    ...(note === undefined || sender?.id === party.id ? {} : { note }),
  };
}

async function belongsTo(
  dataverse: Dataverse,
  sender: PartyRef,
  record: CaseRecord,
  own: readonly PartyRef[],
): Promise<boolean> {
  if (own.some((party) => party.id === sender.id)) return true;
  if (sender.table !== "contact" || record.customer?.table !== "account") return false;
  const row = await dataverse.retrieve("contact", sender.id, {
    select: ["_parentcustomerid_value"],
  });
  return row?._parentcustomerid_value === record.customer.id;
}

export interface Sender {
  readonly userId: string;
  /** As the mail is signed. */
  readonly signature: string;
}

/** The caller, with the signature that Dataverse keeps for them, or their name and title. */
export async function readSender(dataverse: Dataverse): Promise<Sender> {
  const { userId } = await dataverse.whoAmI();
  const table = await dataverse.metadata.table("emailsignature");
  const has = (name: string) => table?.columnByName.has(name) === true;
  const signatures =
    has("safehtml") && has("isdefault") && has("ownerid")
      ? await queryIfThere(dataverse, "emailsignature", {
          select: ["safehtml"],
          filter: `_ownerid_value eq ${userId} and isdefault eq true`,
          top: 1,
        })
      : { rows: [] };
  const stored = textOf(signatures.rows[0]?.safehtml);
  if (stored !== undefined) return { userId, signature: plainSignature(stored) };
  const user = await dataverse.retrieve("systemuser", userId, { select: ["fullname", "title"] });
  const lines = [textOf(user?.fullname), textOf(user?.title)].filter((line) => line !== undefined);
  return { userId, signature: lines.join("\n") };
}

const plainSignature = (html: string) => joinLines(htmlToText(html).text, "\n");

export interface Template {
  readonly title: string;
  readonly subject: string;
  /** HTML of the organisation's own template, made safe: what it was filled with came from the case. */
  readonly body: string;
  /** What was taken out of it for that. */
  readonly removed: readonly Removal[];
}

/**
 * A template filled from the case by Dataverse.
 *
 * @param said title or GUID
 * @throws AppError `not_found`, with near titles
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/instantiatetemplate
 */
export async function fillTemplate(
  dataverse: Dataverse,
  record: CaseRecord,
  said: string,
): Promise<Template> {
  const table = await findTable(dataverse.metadata, "template");
  const id = readGuid(said);
  const { rows } = await dataverse.query("template", {
    select: ["templateid", "title", "body", "subject"],
    filter: id === undefined ? `title eq ${literal(said.trim())}` : `templateid eq ${id}`,
    top: 2,
  });
  const [row] = rows;
  if (row === undefined || rows.length > 1) {
    const { rows: some } = await dataverse.query("template", {
      select: ["title"],
      orderby: "title",
      top: 15,
    });
    throw new AppError("not_found", `There is no one template ${quote(said)} that you may see.`, {
      hint: `Templates: ${recordList(some.flatMap((each) => textOf(each.title) ?? []))}.`,
    });
  }
  const body = (await dataverse.action(
    "InstantiateTemplate",
    {
      TemplateId: row[table.primaryId],
      ObjectType: record.ref.table,
      ObjectId: record.ref.id,
    },
    "page",
  )) as { value: Row[] };
  const [mail] = body.value;
  const own = decodeEntities(`${textOf(row.subject) ?? ""} ${textOf(row.body) ?? ""}`);
  const safe = await makeHtmlSafe(textOf(mail?.description) ?? "");
  return {
    title: textOf(row.title) ?? "",
    subject: onlyOwnWays(textOf(mail?.subject) ?? "", own),
    body: onlyOwnWays(safe.html, own),
    removed: safe.removed,
  };
}

/** Links and addresses that the template itself has stay; what the case brought into it goes. */
const onlyOwnWays = (filled: string, template: string): string =>
  filled.replace(wayOut, (way) =>
    template.includes(decodeEntities(way)) ? way : "[link left out]",
  );

export interface Draft {
  readonly subject: string;
  readonly html: string;
  readonly recipient: Recipient;
  readonly sender: Sender;
  /** The mail that is answered. */
  readonly replyTo: CaseMail | undefined;
}

/**
 * Creates the draft on the case, threaded to the mail it answers, once for each wish. It is never sent here.
 *
 * @param before drafts that are there already and are not meant: one more is asked for
 */
export async function createDraft(
  dataverse: Dataverse,
  time: CallTime,
  record: CaseRecord,
  draft: Draft,
  wish: DraftWish,
  before: readonly DraftHead[] | undefined,
): Promise<Drafted> {
  const table = await findTable(dataverse.metadata, "email");
  const parties = partyCollection(table);
  const regarding = bind(
    table,
    "regardingobjectid",
    record.ref.table,
    record.caseTable.table.setName,
    record.ref.id,
  );
  if (parties === undefined || regarding === undefined) {
    throw new AppError(
      "unsupported",
      `A mail cannot be written about ${withArticle(record.ref.table)}.`,
      {
        hint: "The table must allow activities.",
      },
    );
  }
  // What the parts were made of is safe already; what they are together is looked at once more.
  const { html } = await makeHtmlSafe(draft.html);
  const body = {
    subject: draft.subject.slice(0, table.columnByName.get("subject")?.maxLength ?? 800),
    description: html,
    directioncode: true,
    ...regarding,
    [parties]: [
      {
        "partyid_systemuser@odata.bind": `/systemusers(${draft.sender.userId})`,
        participationtypemask: 1,
      },
      await partyOf(dataverse, draft.recipient),
    ],
    ...(draft.replyTo === undefined ? {} : threading(table, draft.replyTo)),
    ...(table.columnByName.get("category")?.canCreate ? { category: markOf(html) } : {}),
  };
  return draftOnce(dataverse, time, table, wish, body, before);
}

async function partyOf(dataverse: Dataverse, recipient: Recipient): Promise<Row> {
  const { party, address } = recipient;
  if (party === undefined) return { addressused: address, participationtypemask: 2 };
  const target = await findTable(dataverse.metadata, party.table);
  return {
    [`partyid_${party.table}@odata.bind`]: `/${target.setName}(${party.id})`,
    participationtypemask: 2,
  };
}

function bind(
  table: Table,
  column: string,
  target: string,
  setName: string,
  id: string,
): Row | undefined {
  const found = table.columnByName.get(column);
  const way = found === undefined ? undefined : wayTo(found, target);
  return way === undefined ? undefined : { [`${way.property}@odata.bind`]: `/${setName}(${id})` };
}

/** What ties the reply to the mail: Dataverse's own links, and the mail world's header where it may be written. */
function threading(table: Table, mail: CaseMail): Row {
  const linked = ["parentactivityid", "correlatedactivityid"].map((name) =>
    table.columnByName.get(name)?.canCreate === true
      ? bind(table, name, "email", table.setName, mail.id)
      : undefined,
  );
  const header =
    table.columnByName.get("inreplyto")?.canCreate === true && mail.messageId !== undefined;
  return Object.assign({}, ...linked, header ? { inreplyto: mail.messageId } : {});
}

/**
 * `RE: ` once, and the case's number so that an answer finds its way back. A subject that others wrote is repeated without links
 * and addresses, and not at all when it gives orders.
 */
export function replySubject(
  record: CaseRecord,
  mail: CaseMail | undefined,
  proposed: string,
): string {
  const { number } = record.ref;
  const answered = mail === undefined ? undefined : safeLine(mail.subject);
  if (answered !== undefined)
    return /^(?:re|aw|sv|rv|odp):/i.test(answered) ? answered : `RE: ${answered}`;
  const subject = safeLine(proposed) ?? safeLine(record.title);
  if (subject === undefined) return number === undefined ? "RE:" : `RE: [${number}]`;
  return number === undefined || subject.includes(number) ? subject : `${subject} [${number}]`;
}
