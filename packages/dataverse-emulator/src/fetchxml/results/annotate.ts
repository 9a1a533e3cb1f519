import type { SqlValue, WebRequest, World } from "../../model";
import { isNameless } from "../../records/render/names";
import { type Column, isLookup } from "../column";

export const FORMATTED = "OData.Community.Display.V1.FormattedValue";
export const ATTRIBUTE_NAME = "OData.Community.Display.V1.AttributeName";
export const LOOKUP_TABLE = "Microsoft.Dynamics.CRM.lookuplogicalname";

/** A stored value as JSON has it. */
export function jsonOf(column: Column, stored: SqlValue): unknown {
  if (column.kind === "boolean" && stored !== null) return stored === 1 || stored === 1n;
  if (column.kind === "choices" && typeof stored === "string") return stored.replace(/^,|,$/g, "");
  return typeof stored === "bigint" ? Number(stored) : stored;
}

/** What a person would be shown; `name` is what the query found behind a lookup. */
export function formattedOf(
  column: Column,
  stored: SqlValue,
  name: SqlValue,
  world: World,
): string | undefined {
  const { attribute, source } = column;
  if (isLookup(attribute))
    return typeof name === "string" && !isNameless(source.entity.logicalName, attribute)
      ? name
      : undefined;
  const label = (choice: number) => attribute.options?.find((one) => one.value === choice)?.label;
  if (column.kind === "choice" || column.kind === "boolean") return label(Number(stored));
  if (column.kind === "choices") {
    const choices = String(stored).replace(/^,|,$/g, "").split(",");
    return choices.map((one) => label(Number(one)) ?? one).join("; ");
  }
  const { logicalName } = attribute;
  return world.records.formatted(source.entity.logicalName, logicalName, { [logicalName]: stored });
}

/** Sets a property after its annotations, as the service writes them; nothing for NULL. */
export function setProperty(
  target: Record<string, unknown>,
  property: string,
  cell: { column: Column; stored: SqlValue; name: SqlValue; type: SqlValue },
  context: { request: Pick<WebRequest, "annotations">; world: World },
): void {
  const { column, stored } = cell;
  if (stored === null || stored === undefined) return;
  const { annotations } = context.request;
  if (annotations.wants(ATTRIBUTE_NAME)) target[`${property}@${ATTRIBUTE_NAME}`] = column.written;
  if (annotations.wants(FORMATTED)) {
    const text = formattedOf(column, stored, cell.name, context.world);
    if (text !== undefined) target[`${property}@${FORMATTED}`] = text;
  }
  if (isLookup(column.attribute) && annotations.wants(LOOKUP_TABLE)) {
    target[`${property}@${LOOKUP_TABLE}`] = cell.type;
  }
  target[property] = jsonOf(column, stored);
}
