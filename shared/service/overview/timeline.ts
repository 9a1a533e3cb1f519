import type { Dataverse, Row } from "../../dataverse";
import { formattedValue } from "../../dataverse/annotations";
import { htmlToText, joinLines } from "../../text";
import { type OptionalRows, queryIfThere, textOf } from "../record/optional-read";

/** One thing that happened to a case. Texts are from records: data. */
export interface Entry {
  /** As Dataverse writes it. */
  readonly at: string;
  /** `mail in`, `mail out`, `draft`, `note`, `change`, or the logical name of the activity, with `open` or `cancelled`. */
  readonly kind: string;
  readonly who: string;
  readonly words: string;
  /** Of an activity or a note. */
  readonly id: string | undefined;
  readonly isOpen: boolean;
}

export interface Timeline {
  /** Newest first. */
  readonly entries: readonly Entry[];
  /** Entries that were read and are not shown, or more that were not read. */
  readonly hasMore: boolean;
  /** Kinds that the caller may not read: `notes`. */
  readonly unreadable: readonly string[];
}

/** Of each kind that is read. */
const mostRead = 10;
const mostShown = 8;
/** Of a mail, a note or a call; its beginning tells what it is about. */
const longest = 160;

/** Mails, notes, calls, other activities and changes of a case. */
export async function readTimeline(
  dataverse: Dataverse,
  caseId: string,
  title: string,
): Promise<Timeline> {
  const [activities, mails, notes, changes] = await Promise.all([
    queryIfThere(dataverse, "activitypointer", {
      select: [
        "activityid",
        "activitytypecode",
        "subject",
        "description",
        "createdon",
        "actualend",
        "scheduledend",
        "statecode",
        "_ownerid_value",
      ],
      filter: `_regardingobjectid_value eq ${caseId}`,
      orderby: "createdon desc",
      top: mostRead,
      annotations: true,
    }),
    queryIfThere(dataverse, "email", {
      select: ["activityid", "directioncode", "sender", "torecipients", "statecode"],
      filter: `_regardingobjectid_value eq ${caseId}`,
      orderby: "createdon desc",
      top: mostRead,
    }),
    queryIfThere(dataverse, "annotation", {
      select: ["annotationid", "subject", "notetext", "filename", "createdon", "_createdby_value"],
      filter: `_objectid_value eq ${caseId}`,
      orderby: "createdon desc",
      top: mostRead,
      annotations: true,
    }),
    queryIfThere(dataverse, "audit", {
      select: ["auditid", "createdon", "_userid_value", "action", "changedata"],
      filter: `_objectid_value eq ${caseId}`,
      orderby: "createdon desc",
      top: mostRead,
      annotations: true,
    }),
  ]);
  const byId = new Map(mails.rows.map((row) => [String(row.activityid), row]));
  const entries = [
    ...(await Promise.all(
      activities.rows.map((row) => asActivity(row, byId.get(String(row.activityid)), title)),
    )),
    ...notes.rows.map(asNote),
    ...changes.rows.map(asChange),
  ].sort((left, right) => (left.at < right.at ? 1 : left.at > right.at ? -1 : 0));
  return {
    entries: entries.slice(0, mostShown),
    hasMore:
      entries.length > mostShown ||
      [activities, notes].some(({ rows }) => rows.length === mostRead),
    unreadable: [
      ...(isForbidden(activities) ? ["mails and other activities"] : []),
      ...(isForbidden(notes) ? ["notes"] : []),
    ],
  };
}

const isForbidden = ({ missing }: OptionalRows) => missing === "forbidden";
const label = (row: Row, property: string) => textOf(row[property + formattedValue]) ?? "";

function asActivity(row: Row, mail: Row | undefined, title: string): Entry {
  const type = String(row.activitytypecode);
  const state = Number(row.statecode);
  const isOpen = state !== 1 && state !== 2;
  const said = state === 2 ? `${type} cancelled` : isOpen ? `${type} open` : type;
  const due = isOpen ? textOf(row.scheduledend) : undefined;
  return {
    at: textOf(row.actualend) ?? textOf(row.createdon) ?? "",
    kind: mail === undefined ? said : mailKind(mail, isOpen),
    who:
      (mail === undefined
        ? undefined
        : textOf(mail.directioncode === false ? mail.sender : mail.torecipients)) ??
      label(row, "_ownerid_value"),
    words: wordsOf([
      due === undefined ? undefined : `due ${due.slice(0, 16)}`,
      otherThan(title, textOf(row.subject)),
      textOf(row.description),
    ]),
    id: String(row.activityid),
    isOpen,
  };
}

function mailKind(mail: Row, isOpen: boolean): string {
  if (mail.directioncode === false) return "mail in";
  return isOpen ? "draft" : "mail out";
}

function asNote(row: Row): Entry {
  const file = textOf(row.filename);
  return {
    at: textOf(row.createdon) ?? "",
    kind: file === undefined ? "note" : "note with file",
    who: label(row, "_createdby_value"),
    words: wordsOf([file, textOf(row.subject), textOf(row.notetext)]),
    id: String(row.annotationid),
    isOpen: false,
  };
}

function asChange(row: Row): Entry {
  return {
    at: textOf(row.createdon) ?? "",
    kind: "change",
    who: label(row, "_userid_value"),
    words: wordsOf([label(row, "action"), changesIn(textOf(row.changedata) ?? "")]),
    id: undefined,
    isOpen: false,
  };
}

/** What the audit log says of the columns: `prioritycode 2 → 1`. */
function changesIn(json: string): string {
  try {
    const { changedAttributes: list } = JSON.parse(json) as { changedAttributes?: unknown };
    if (!Array.isArray(list)) return "";
    return list
      .map((each: { logicalName?: unknown; oldValue?: unknown; newValue?: unknown }) =>
        [each.logicalName, each.oldValue ?? "empty", "→", each.newValue ?? "empty"].join(" "),
      )
      .join(", ");
  } catch {
    // Rows of earlier years hold it in another form; that something was changed is said all the same.
    return "";
  }
}

/** A subject that only repeats the title of the case tells nothing. */
const otherThan = (title: string, subject: string | undefined): string | undefined =>
  title !== "" && subject?.includes(title) ? undefined : subject;

/** The beginning of several texts, on one line. */
function wordsOf(parts: readonly (string | undefined)[]): string {
  const text = parts
    .flatMap((part) => (part === undefined ? [] : [plain(part)]))
    .filter((part) => part !== "")
    .join(" – ");
  return text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`;
}

const plain = (text: string): string =>
  joinLines(/<[a-z!/]/i.test(text) ? htmlToText(text).text : text, " ").trim();
