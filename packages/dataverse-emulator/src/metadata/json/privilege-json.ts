import type { Database, EntityDefinition, Right } from "../../model";
import { privilegeId, privilegeName } from "../../security";
import type { Json } from "./labels";

const rights: readonly Right[] = [
  "Create",
  "Read",
  "Write",
  "Delete",
  "Assign",
  "Share",
  "Append",
  "AppendTo",
];

/**
 * SecurityPrivilegeMetadata of a table: the names and ids of its privileges, which its own name does not tell.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/securityprivilegemetadata
 */
export function privilegesJson(db: Database, entity: EntityDefinition): Json[] {
  return rights.flatMap((right) => {
    const name = privilegeName(right, entity);
    const id = privilegeId(db, name);
    if (id === undefined) return [];
    return [
      {
        CanBeBasic: true,
        CanBeDeep: true,
        CanBeGlobal: true,
        CanBeLocal: true,
        CanBeEntityReference: false,
        CanBeParentEntityReference: false,
        CanBeRecordFilter: false,
        Name: name,
        PrivilegeId: id,
        PrivilegeType: right,
      },
    ];
  });
}
