import type { EntityDefinition, Right } from "../model";

/**
 * The name of the privilege for a right on a table. All activity tables share those of Activity.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/security-access-coding
 */
export function privilegeName(right: Right, entity: EntityDefinition): string {
  const isActivity =
    entity.isActivity ||
    entity.logicalName === "activitypointer" ||
    entity.logicalName === "activityparty";
  return `prv${right}${isActivity ? "Activity" : entity.schemaName}`;
}
