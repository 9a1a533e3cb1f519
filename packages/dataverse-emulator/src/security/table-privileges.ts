import { randomUUID } from "node:crypto";
import type { Database, EntityDefinition, Right } from "../model";
import { nextVersion } from "../store";
import { depth } from "./grants";
import { privilegeName } from "./nouns";
import { accessBits } from "./shares";

const rights: readonly Right[] = ["Create", "Read", "Write", "Delete", "Append", "AppendTo"];
/** They mean something only where rows have owners. */
const ownerRights: readonly Right[] = ["Assign", "Share"];

/** Roles to which Dataverse gives the privileges of every new table. */
const roles = ["System Administrator", "System Customizer"];

/**
 * The privileges of a new table, and who has them at first; everybody else has none until a role is changed. Repeatable.
 */
export function createTablePrivileges(db: Database, entity: EntityDefinition): void {
  if (entity.isIntersect || entity.isActivity) return;
  const wanted = entity.ownership === "UserOwned" ? [...rights, ...ownerRights] : rights;
  const roleIds = db
    .prepare(`SELECT roleid FROM role WHERE name IN (${roles.map(() => "?").join(", ")})`)
    .all(...roles)
    .map((row) => String(row.roleid));
  db.transaction(() => {
    for (const right of wanted) define(db, privilegeName(right, entity), right, roleIds);
  });
}

function define(db: Database, name: string, right: Right, roleIds: readonly string[]): void {
  const known = db
    .prepare("SELECT 1 AS there FROM privilege WHERE name = ? COLLATE NOCASE")
    .get(name);
  if (known !== undefined) return;
  const id = randomUUID();
  db.prepare(
    "INSERT INTO privilege (privilegeid, name, name__fold, accessright, canbebasic, canbelocal, canbedeep, canbeglobal, versionnumber) VALUES (?, ?, fold(?), ?, 1, 1, 1, 1, ?)",
  ).run(id, name, name, accessBits[right], nextVersion(db));
  for (const roleId of roleIds) {
    db.prepare(
      "INSERT INTO roleprivileges (roleprivilegeid, roleid, privilegeid, privilegedepthmask, versionnumber) VALUES (?, ?, ?, ?, ?)",
    ).run(randomUUID(), roleId, id, depth.global, nextVersion(db));
  }
}

/** The privileges of a table go with it, out of every role. */
export function dropTablePrivileges(db: Database, entity: EntityDefinition): void {
  // Activities share theirs.
  if (entity.isActivity) return;
  for (const right of [...rights, ...ownerRights]) {
    const name = privilegeName(right, entity);
    db.prepare(
      "DELETE FROM roleprivileges WHERE privilegeid IN (SELECT privilegeid FROM privilege WHERE name = ? COLLATE NOCASE)",
    ).run(name);
    db.prepare("DELETE FROM privilege WHERE name = ? COLLATE NOCASE").run(name);
  }
}
