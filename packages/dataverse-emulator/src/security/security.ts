import type {
  Catalog,
  Database,
  DataverseError,
  EntityDefinition,
  Principal,
  Right,
  Security,
  SqlValue,
} from "../model";
import { createInternalTables, quote } from "../store";
import { depth, depthOf, type Grants, grantsOf, privilegeId } from "./grants";
import { missingPrivilege, privilegeCount } from "./missing-privilege";
import { privilegeName } from "./nouns";
import { sharedSql } from "./shares";
import { createTablePrivileges } from "./table-privileges";

/**
 * Roles with depth, business units, owner teams, and under impersonation the intersection of both users' rights.
 * @see https://learn.microsoft.com/power-platform/admin/wp-security-cds
 */
export function createSecurity(db: Database, catalog: Catalog): Security {
  createInternalTables(db);
  /** The person, and the application user that acts for him. */
  const actors = ({ systemUserId, onBehalfOf }: Principal): string[] =>
    onBehalfOf === undefined ? [systemUserId] : [systemUserId, onBehalfOf];

  function depthFor(userId: string, right: Right, entity: EntityDefinition): number {
    const grants = grantsOf(db, userId);
    return grants === undefined ? 0 : depthOf(grants, privilegeName(right, entity));
  }

  return {
    demand(principal, right, table) {
      const entity = catalog.byName(table);
      if (entity === undefined || entity.isIntersect || isOpen(db, right, entity)) return;
      for (const userId of actors(principal)) {
        if (depthFor(userId, right, entity) === 0)
          throw missing(db, userId, grantsOf(db, userId), right, entity, principal);
      }
    },
    rowFilter(principal, right, table, alias) {
      const entity = catalog.byName(table);
      if (entity === undefined || entity.isIntersect || isOpen(db, right, entity)) return undefined;
      const parts = actors(principal).flatMap((userId) => {
        const grants = grantsOf(db, userId);
        const part =
          grants && ownerFilter(grants, right, depthFor(userId, right, entity), entity, alias);
        return part === undefined ? [] : [part];
      });
      if (parts.length === 0) return undefined;
      return {
        sql: parts.map((part) => `(${part.sql})`).join(" AND "),
        parameters: parts.flatMap((part) => part.parameters),
      };
    },
  };
}

/**
 * A table that came without privileges: one that was made here has them made now; one of the service's own that the
 * database knows none for may be read by all.
 */
function isOpen(db: Database, right: Right, entity: EntityDefinition): boolean {
  if (privilegeId(db, privilegeName(right, entity)) !== undefined) return false;
  if (entity.isCustom) createTablePrivileges(db, entity);
  return !entity.isCustom && right === "Read";
}

interface Filter {
  readonly sql: string;
  readonly parameters: SqlValue[];
}

/**
 * Rows within a depth, and those shared with the user or his teams. A table whose rows nobody owns is open to whoever has
 * the privilege.
 */
function ownerFilter(
  grants: Grants,
  right: Right,
  widest: number,
  entity: EntityDefinition,
  alias: string,
): Filter | undefined {
  if (widest >= depth.global) return undefined;
  const column = (name: string) => `${alias}.${quote(name)}`;
  const units = widest >= depth.deep ? [...grants.businessUnitIds] : [grants.businessUnitId];
  if (entity.ownership === "BusinessOwned") return unitFilter(grants, entity, units, column);
  if (entity.ownership !== "UserOwned") return undefined;
  // Without the privilege there is nothing that a share could widen.
  if (widest === 0) return { sql: "0", parameters: [] };
  const owners = [grants.systemUserId, ...grants.teamIds];
  const parts: Filter[] = [
    { sql: `${column("ownerid")} IN (${marks(owners)})`, parameters: owners },
  ];
  if (widest > depth.basic) {
    parts.push({ sql: `${column("owningbusinessunit")} IN (${marks(units)})`, parameters: units });
  }
  if (grants.hasShares) parts.push(sharedSql(right, column(entity.primaryIdAttribute), owners));
  return {
    sql: parts.map((part) => part.sql).join(" OR "),
    parameters: parts.flatMap((part) => part.parameters),
  };
}

/** Users, teams and roles belong to business units; everybody is within reach of himself. */
function unitFilter(
  grants: Grants,
  entity: EntityDefinition,
  units: readonly string[],
  column: (name: string) => string,
): Filter | undefined {
  const own = entity.logicalName === "businessunit" ? "businessunitid" : undefined;
  const unit = own ?? (entity.attribute("businessunitid") ? "businessunitid" : undefined);
  if (unit === undefined) return undefined;
  const isUser = entity.logicalName === "systemuser";
  return {
    sql: `${column(unit)} IN (${marks(units)})${isUser ? ` OR ${column("systemuserid")} = ?` : ""}`,
    parameters: [...units, ...(isUser ? [grants.systemUserId] : [])],
  };
}

const marks = (values: readonly unknown[]) => values.map(() => "?").join(", ");

function missing(
  db: Database,
  userId: string,
  grants: Grants | undefined,
  right: Right,
  entity: EntityDefinition,
  principal: Principal,
): DataverseError {
  const user = db
    .prepare("SELECT azureactivedirectoryobjectid AS oid FROM systemuser WHERE systemuserid = ?")
    .get(userId);
  const who = `Principal user (Id=${userId}, type=8, roleCount=${grants?.roleCount ?? 0}, privilegeCount=${grants?.depths.size ?? 0}, accessMode='0 Read-Write', AADObjectId=${user?.oid ?? ""}, MetadataCachePrivilegesCount=${privilegeCount(db)}, businessUnitId=${grants?.businessUnitId ?? ""})`;
  return missingPrivilege(db, "0x80040220", who, right, entity, principal);
}
