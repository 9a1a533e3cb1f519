import type { Database, EntityDefinition, SqlRow, SqlValue } from "../../model";
import { isStored, nextVersion, quote } from "../../store";
import { demandAllowedFile } from "./blocked-files";

type Columns = Record<string, SqlValue>;

interface Write {
  readonly db: Database;
  readonly entity: EntityDefinition;
  readonly id: string;
  /** What is about to be written; filled in here. */
  readonly columns: Columns;
  /** The row as it is, when one is changed. */
  readonly before: SqlRow | undefined;
  readonly now: Date;
}

const isoTime = (date: Date) => `${date.toISOString().slice(0, 19)}Z`;
const onHold = 2;

/** Columns that the platform works out from others when a row is written. */
export function completeComputed(write: Write): void {
  const { entity } = write;
  fillAddresses(write);
  if (entity.logicalName === "incident") fillCase(write);
  if (entity.logicalName === "annotation") fillContent(write, "documentbody", "isdocument");
  if (entity.logicalName === "activitymimeattachment") fillContent(write, "body", undefined);
  if (entity.isActivity) fillActivity(write);
}

/** A column as it will be. */
const columnOf = ({ columns, before }: Write, name: string): SqlValue | undefined =>
  name in columns ? columns[name] : before?.[name];

function put({ entity, columns }: Write, name: string, value: SqlValue): void {
  const attribute = entity.attribute(name);
  if (attribute !== undefined && isStored(attribute)) columns[name] = value;
}

/** `address1_composite`: the lines of an address as they stand on a letter. */
function fillAddresses(write: Write): void {
  for (const prefix of ["address1", "address2", "address3"]) {
    const names = ["line1", "line2", "line3", "city", "stateorprovince", "postalcode", "country"];
    if (!names.some((name) => `${prefix}_${name}` in write.columns)) continue;
    const text = (name: string) => String(columnOf(write, `${prefix}_${name}`) ?? "").trim();
    const region = [text("stateorprovince"), text("postalcode")].filter(Boolean).join(" ");
    const place = [text("city"), region].filter(Boolean).join(", ");
    const lines = [text("line1"), text("line2"), text("line3"), place, text("country")];
    const whole = lines.filter(Boolean).join("\r\n");
    put(write, `${prefix}_composite`, whole === "" ? null : whole);
  }
}

/** Time on hold, the moment of escalation, and the customer by his kind. */
function fillCase(write: Write): void {
  const { columns, before, now } = write;
  const [from, to] = [before?.statuscode, columns.statuscode];
  if (to !== undefined && to !== from) {
    if (to === onHold) put(write, "lastonholdtime", isoTime(now));
    if (from === onHold && typeof before?.lastonholdtime === "string") {
      const minutes = Math.floor((now.getTime() - Date.parse(before.lastonholdtime)) / 60_000);
      put(write, "onholdtime", Number(before.onholdtime ?? 0) + Math.max(minutes, 0));
    }
  }
  if (columns.isescalated === 1 && before?.isescalated !== 1)
    put(write, "escalatedon", isoTime(now));
  if (columns.customerid !== undefined) {
    put(write, "accountid", columns.customerid__type === "account" ? columns.customerid : null);
    put(write, "contactid", columns.customerid__type === "contact" ? columns.customerid : null);
  }
}

/** Size of a content in base64, and whether there is one. */
function fillContent(write: Write, body: string, flag: string | undefined): void {
  if ("filename" in write.columns || "mimetype" in write.columns)
    demandAllowedFile(write.db, {
      name: columnOf(write, "filename"),
      type: columnOf(write, "mimetype"),
    });
  const content = write.columns[body];
  if (content === undefined) return;
  const size = typeof content === "string" ? Buffer.from(content, "base64").length : 0;
  put(write, "filesize", size);
  if (flag !== undefined) put(write, flag, content === null || content === "" ? 0 : 1);
}

/** When an activity ended and how long it took, once it is completed or cancelled. */
function fillActivity(write: Write): void {
  const { columns, before, now } = write;
  const minutes = (from: SqlValue | undefined, to: SqlValue | undefined): number | undefined =>
    typeof from === "string" && typeof to === "string"
      ? Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000))
      : undefined;
  if ("scheduledstart" in columns || "scheduledend" in columns) {
    const planned = minutes(columnOf(write, "scheduledstart"), columnOf(write, "scheduledend"));
    if (planned !== undefined) put(write, "scheduleddurationminutes", planned);
  }
  const isClosing =
    (columns.statecode === 1 || columns.statecode === 2) && before?.statecode !== columns.statecode;
  if (!isClosing) return;
  if (!columnOf(write, "actualend")) put(write, "actualend", isoTime(now));
  const taken = minutes(columnOf(write, "actualstart"), columnOf(write, "actualend"));
  if (taken !== undefined && !columnOf(write, "actualdurationminutes"))
    put(write, "actualdurationminutes", taken);
  if (columns.statecode === 1 && write.entity.logicalName === "task")
    put(write, "percentcomplete", 100);
}

interface Count {
  readonly table: string;
  readonly lookup: string;
  readonly parent: string;
  readonly column: string;
}

/** Columns that count rows which point to theirs. */
const counts: readonly Count[] = [
  {
    table: "incident",
    lookup: "parentcaseid",
    parent: "incident",
    column: "numberofchildincidents",
  },
  {
    table: "activitymimeattachment",
    lookup: "objectid",
    parent: "email",
    column: "attachmentcount",
  },
];

/**
 * Counts anew for the rows that a written or deleted row points or pointed to.
 *
 * @param before undefined for a new row
 * @param after undefined for a deleted one
 */
export function recount(
  db: Database,
  table: string,
  before: SqlRow | undefined,
  after: Readonly<Record<string, SqlValue>> | undefined,
): void {
  for (const { table: own, lookup, parent, column } of counts) {
    if (own !== table || (after !== undefined && before !== undefined && !(lookup in after)))
      continue;
    const ids = new Set([before?.[lookup], after?.[lookup]]);
    for (const id of ids) {
      if (typeof id !== "string") continue;
      db.prepare(
        `UPDATE ${quote(parent)} SET ${quote(column)} = (SELECT count(*) FROM ${quote(own)} WHERE ${quote(lookup)} = ?1), versionnumber = ?2 WHERE ${quote(`${parent === "email" ? "activity" : parent}id`)} = ?1`,
      ).run(id, nextVersion(db));
    }
  }
}
