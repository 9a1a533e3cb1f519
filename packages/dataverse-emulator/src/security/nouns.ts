import type { EntityDefinition, Right } from "../model";

/** Privileges that are not named after their table: `prvReadNote`, `prvReadUser`. */
const nouns: Readonly<Record<string, string>> = {
  activitymimeattachment: "Activity",
  activityparty: "Activity",
  activitypointer: "Activity",
  annotation: "Note",
  audit: "AuditSummary",
  systemuser: "User",
  template: "EmailTemplate",
};

/** What a table is called in the names of its privileges. All activity tables share those of Activity. */
export const privilegeNoun = (entity: EntityDefinition): string =>
  entity.isActivity ? "Activity" : (nouns[entity.logicalName] ?? entity.schemaName);

/**
 * The name of the privilege for a right on a table.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/security-access-coding
 */
export const privilegeName = (right: Right, entity: EntityDefinition): string =>
  `prv${right}${privilegeNoun(entity)}`;
