import type { Dataverse, Row } from "../../dataverse";
import { formattedValue } from "../../dataverse/annotations";
import type { DraftInput } from "../../intelligence";
import { htmlToText, joinLines } from "../../text";
import type { CaseRecord, PartyRef } from "../case/case-record";
import type { CaseSources } from "../case/case-sources";
import { textOf } from "../record/optional-read";
import { isSent, readSent, sentOn } from "./sent-mails";

/** How the company has written so far, and what it wrote on this case. */
export type Conversation = Required<Pick<DraftInput, "channel" | "greetings" | "sent">>;

/** Columns of a case, besides its own, that tell how it came. */
export const conversationColumns = ["caseorigincode"] as const;

const mostOfCase = 5;
const mostOfDesk = 15;

/** Reads what was sent on the case, and how the newest mails that the caller may see greet. */
export async function readConversation(
  dataverse: Dataverse,
  record: CaseRecord,
  sources: CaseSources,
): Promise<Conversation> {
  const [own, all] = await Promise.all([
    readSent(dataverse, sentOn(record), mostOfCase),
    readSent(dataverse, isSent, mostOfDesk),
  ]);
  const sent = own.map(plainOf);
  return {
    channel: channelOf(record, sources, own),
    // What this customer was called before weighs more than what others were called.
    greetings: (sent.length > 0 ? sent : all.map(plainOf)).map((text) => text.split("\n")[0] ?? ""),
    sent,
  };
}

const plainOf = (row: Row): string =>
  joinLines(htmlToText(textOf(row.description) ?? "").text, "\n");

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/incident#BKMK_CaseOriginCode */
const origins: Readonly<Record<number, Conversation["channel"]>> = {
  1: "call",
  2483: "post",
  3986: "post",
};

function channelOf(
  { row }: CaseRecord,
  { mail, texts }: CaseSources,
  sent: readonly Row[],
): Conversation["channel"] {
  if (texts[0]?.kind === "chat") return "chat";
  if (mail !== undefined)
    return sent.some((one) => (textOf(one.createdon) ?? "") < mail.at) ? "answer" : "mail";
  if (/chat/i.test(String(row[`caseorigincode${formattedValue}`] ?? ""))) return "chat";
  return origins[Number(row.caseorigincode)] ?? "mail";
}

/** The first name of a person, as the record has it. */
export async function firstNameOf(
  dataverse: Dataverse,
  party: PartyRef | undefined,
): Promise<string | undefined> {
  if (party?.table !== "contact") return undefined;
  const row = await dataverse.retrieve("contact", party.id, { select: ["firstname"] });
  return textOf(row?.firstname);
}
