import { type Database, DataverseError, type SqlRow, type SqlValue } from "../../model";

type Columns = Readonly<Record<string, SqlValue>>;

/** Children of one case. */
const mostChildren = 100;

const refuse = (code: string, message: string) => new DataverseError(400, code, message);

/**
 * Cases stand in one level below each other, a hundred below one at most.
 *
 * @see https://learn.microsoft.com/dynamics365/customer-service/develop/case-entities
 */
export function demandHierarchy(db: Database, id: string, columns: Columns): void {
  const parent = columns.parentcaseid;
  if (typeof parent !== "string") return;
  const above = db.prepare("SELECT parentcaseid FROM incident WHERE incidentid = ?").get(parent);
  if (typeof above?.parentcaseid === "string")
    throw refuse("0x8003f453", "You can't create child cases for child cases.");
  if (hasChildren(db, id))
    throw refuse("0x8003f455", "You can't add a parent case as a child case.");
  const siblings = db
    .prepare("SELECT count(*) AS n FROM incident WHERE parentcaseid = ? AND incidentid <> ?")
    .get(parent, id);
  if (Number(siblings?.n) >= mostChildren)
    throw refuse(
      "0x8003f454",
      `A Parent Case cannot have more than ${mostChildren} child cases. Contact your administrator for more details.`,
    );
}

export const hasChildren = (db: Database, id: string): boolean =>
  db.prepare("SELECT 1 AS there FROM incident WHERE parentcaseid = ? LIMIT 1").get(id) !==
  undefined;

/** Ids of the active cases below one. */
const activeChildren = (db: Database, id: string): string[] =>
  db
    .prepare("SELECT incidentid FROM incident WHERE parentcaseid = ? AND statecode = 0")
    .all(id)
    .map((row) => String(row.incidentid));

/**
 * What closing a case does to those below it: nothing, unless the organization says that they close with it
 * (`cascadestatusupdate`) or keep it open (`restrictstatusupdate`).
 *
 * @returns the cases that close with it
 */
export function closingWith(db: Database, id: string, before: SqlRow, columns: Columns): string[] {
  const isClosing = before.statecode === 0 && (columns.statecode ?? 0) !== 0;
  if (!isClosing) return [];
  const organization = db
    .prepare("SELECT cascadestatusupdate, restrictstatusupdate FROM organization LIMIT 1")
    .get();
  const children = activeChildren(db, id);
  if (children.length > 0 && organization?.restrictstatusupdate === 1)
    throw refuse(
      "0x8003f451",
      `You can't resolve the parent case because it has ${children.length} active child cases.`,
    );
  return organization?.cascadestatusupdate === 1 ? children : [];
}
