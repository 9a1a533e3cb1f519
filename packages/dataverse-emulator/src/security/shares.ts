import { randomUUID } from "node:crypto";
import type { Database, Right, SqlValue } from "../model";
import { nextVersion } from "../store";

/**
 * Bits of `accessrightsmask`, the AccessRights of the service.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/accessrights
 */
export const accessBits: Readonly<Record<Right, number>> = {
  Read: 1,
  Write: 2,
  Append: 4,
  AppendTo: 16,
  Create: 32,
  Delete: 65_536,
  Share: 262_144,
  Assign: 524_288,
};

export interface SharedRow {
  readonly table: string;
  readonly id: string;
}

export interface SharedWith {
  readonly type: "systemuser" | "team";
  readonly id: string;
}

/** What a principal was given on a row: by name, and through a parent row. */
export interface Share extends SharedWith {
  readonly mask: number;
  readonly inheritedMask: number;
}

/** Replaces what a principal has on a row; a mask without bits takes the share away. Part of the caller's transaction. */
export function setShare(
  db: Database,
  row: SharedRow,
  principal: SharedWith,
  masks: { readonly mask?: number; readonly inheritedMask?: number },
  now: Date,
): void {
  const known = db
    .prepare(
      "SELECT principalobjectaccessid AS id, accessrightsmask, inheritedaccessrightsmask FROM principalobjectaccess WHERE objectid = ? AND principalid = ?",
    )
    .get(row.id, principal.id);
  const mask = masks.mask ?? Number(known?.accessrightsmask ?? 0);
  const inherited = masks.inheritedMask ?? Number(known?.inheritedaccessrightsmask ?? 0);
  if (known !== undefined) {
    if (mask === 0 && inherited === 0) {
      db.prepare("DELETE FROM principalobjectaccess WHERE principalobjectaccessid = ?").run(
        known.id ?? null,
      );
      // A deleted row leaves no version behind, so the counter tells that something changed.
      nextVersion(db);
      return;
    }
    db.prepare(
      "UPDATE principalobjectaccess SET accessrightsmask = ?, inheritedaccessrightsmask = ?, changedon = ?, versionnumber = ? WHERE principalobjectaccessid = ?",
    ).run(mask, inherited, stampOf(now), nextVersion(db), known.id ?? null);
    return;
  }
  if (mask === 0 && inherited === 0) return;
  db.prepare(
    "INSERT INTO principalobjectaccess (principalobjectaccessid, principalid, principaltypecode, objectid, objecttypecode, accessrightsmask, inheritedaccessrightsmask, changedon, versionnumber) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
  ).run(
    randomUUID(),
    principal.id,
    principal.type,
    row.id,
    row.table,
    mask,
    inherited,
    stampOf(now),
    nextVersion(db),
  );
}

const stampOf = (now: Date) => `${now.toISOString().slice(0, 19)}Z`;

/** Everybody whom a row is shared with. */
export function sharesOf(db: Database, row: SharedRow): Share[] {
  return db
    .prepare(
      "SELECT principalid, principaltypecode, accessrightsmask, inheritedaccessrightsmask FROM principalobjectaccess WHERE objectid = ? ORDER BY principalid",
    )
    .all(row.id)
    .map((each) => ({
      type: each.principaltypecode === "team" ? "team" : "systemuser",
      id: String(each.principalid),
      mask: Number(each.accessrightsmask),
      inheritedMask: Number(each.inheritedaccessrightsmask),
    }));
}

/** A row that is gone is shared with nobody. */
export function forgetShares(db: Database, id: string): void {
  db.prepare("DELETE FROM principalobjectaccess WHERE objectid = ?").run(id);
}

/** SQL condition: the row is shared with one of the principals for this right. */
export function sharedSql(
  right: Right,
  idSql: string,
  principalIds: readonly string[],
): { sql: string; parameters: SqlValue[] } {
  const marks = principalIds.map(() => "?").join(", ");
  return {
    sql: `${idSql} IN (SELECT "objectid" FROM "principalobjectaccess" WHERE "principalid" IN (${marks}) AND ("accessrightsmask" | "inheritedaccessrightsmask") & ${accessBits[right]} <> 0)`,
    parameters: [...principalIds],
  };
}
