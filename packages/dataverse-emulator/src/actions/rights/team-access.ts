import type { Right, World } from "../../model";
import { accessBits, depth, privilegeName } from "../../security";
import { doesNotExist } from "../access";

const MASK = `
SELECT max(rp."privilegedepthmask") AS mask FROM "roleprivileges" rp JOIN "privilege" p ON p."privilegeid" = rp."privilegeid"
WHERE p."name" = ? COLLATE NOCASE AND rp."roleid" IN (SELECT "roleid" FROM "teamroles" WHERE "teamid" = ?)`;

const UNITS_BELOW = `
WITH RECURSIVE unit(id) AS (SELECT ? UNION SELECT b.businessunitid FROM businessunit b JOIN unit ON b.parentbusinessunitid = unit.id)
SELECT 1 AS there FROM unit WHERE id = ?`;

/** What a team may do with a row by its own roles, its business unit and what is shared with it. */
export function teamRights(
  world: World,
  teamId: string,
  table: string,
  id: string,
  rights: readonly Right[],
): Right[] {
  const team = world.records.read("team", teamId);
  if (team === undefined) throw doesNotExist("team", teamId);
  const entity = world.catalog.byName(table);
  const row = world.records.read(table, id);
  if (entity === undefined || row === undefined) throw doesNotExist(table, id);
  const unit = String(team.businessunitid ?? "");
  const reach = (mask: number): boolean => {
    if (mask === 0) return false;
    if (mask >= depth.global || entity.ownership !== "UserOwned") return true;
    if (row.ownerid === teamId) return true;
    if (mask >= depth.deep)
      return world.db.prepare(UNITS_BELOW).get(unit, row.owningbusinessunit ?? null) !== undefined;
    return mask >= depth.local && row.owningbusinessunit === unit;
  };
  const shared = Number(
    world.db
      .prepare(
        "SELECT accessrightsmask | inheritedaccessrightsmask AS mask FROM principalobjectaccess WHERE objectid = ? AND principalid = ?",
      )
      .get(id, teamId)?.mask ?? 0,
  );
  return rights.filter((right) => {
    const mask = Number(
      world.db.prepare(MASK).get(privilegeName(right, entity), teamId)?.mask ?? 0,
    );
    return reach(mask) || (mask > 0 && (shared & accessBits[right]) !== 0);
  });
}
