import type { AttributeDefinition } from "../../model";

/** Initial values that are not the first option of their list, by column or by `table.column`. */
const CHOICE_DEFAULTS: Readonly<Record<string, number>> = {
  deliveryprioritycode: 1,
  "incident.prioritycode": 2,
  leadqualitycode: 2,
  opportunityratingcode: 2,
  prioritycode: 1,
};

function choiceDefault(table: string, attribute: AttributeDefinition): number | undefined {
  const named =
    CHOICE_DEFAULTS[`${table}.${attribute.logicalName}`] ?? CHOICE_DEFAULTS[attribute.logicalName];
  return named ?? attribute.options?.[0]?.value;
}

/**
 * Fills in initial values. The generated facts say `none` (here NaN) where a choice starts empty;
 * where they are silent the choice has an initial value, the first option unless the list above says otherwise.
 */
export function applyDefault(table: string, attribute: AttributeDefinition): void {
  if (Number.isNaN(attribute.defaultValue)) {
    delete attribute.defaultValue;
    return;
  }
  if (attribute.defaultValue !== undefined) return;
  if (attribute.type === "Boolean") attribute.defaultValue = 0;
  if (attribute.type !== "Picklist" && attribute.type !== "State" && attribute.type !== "Status") {
    return;
  }
  const value = choiceDefault(table, attribute);
  if (value !== undefined) attribute.defaultValue = value;
}
