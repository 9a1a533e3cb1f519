import type {
  CascadeAction,
  CascadeType,
  ManyToManyDefinition,
  OneToManyDefinition,
  WebResponse,
} from "../../../model";
import type { Json } from "../../json/labels";
import { isCustomRelationship } from "../../read/resources";
import { labelText, objectOf, refuse } from "../body";
import { noContent, type WriteContext } from "../context";

const DELETE_RULES: readonly CascadeType[] = ["Cascade", "RemoveLink", "Restrict"];

/** What deleting the one row does to the many. */
export function deleteRuleOf(body: Json): CascadeType {
  const rule = (body.CascadeConfiguration as Json | undefined)?.Delete ?? "RemoveLink";
  const found = DELETE_RULES.find((word) => word === rule);
  if (found === undefined) {
    throw refuse(
      "0x80040203",
      `CascadeConfiguration.Delete '${String(rule)}' is not valid. Use Cascade, RemoveLink or Restrict.`,
    );
  }
  return found;
}

const ACTIONS: readonly CascadeAction[] = ["Assign", "Merge", "Reparent", "Share", "Unshare"];
const PASSED: readonly CascadeType[] = ["NoCascade", "Cascade", "Active", "UserOwned"];

/** What passes besides deleting; a body that says nothing of an action leaves it as it was. */
function cascadesOf(body: Json, before: OneToManyDefinition["cascades"] = {}) {
  const configuration = (body.CascadeConfiguration ?? {}) as Json;
  const cascades: Partial<Record<CascadeAction, CascadeType>> = { ...before };
  for (const action of ACTIONS) {
    const rule = configuration[action];
    if (rule === undefined || rule === null) continue;
    const found = PASSED.find((word) => word === rule);
    if (found === undefined || (action === "Merge" && found !== "Cascade" && found !== "NoCascade"))
      throw refuse(
        "0x80040203",
        `CascadeConfiguration.${action} '${String(rule)}' is not valid. Use ${action === "Merge" ? "NoCascade or Cascade" : PASSED.join(", ")}.`,
      );
    cascades[action] = found;
  }
  return cascades;
}

const BEHAVIORS: readonly unknown[] = ["UseCollectionName", "UseLabel", "DoNotDisplay"];
const GROUPS: readonly unknown[] = ["Details", "Sales", "Service", "Marketing"];

function menuOf(body: Json, before: OneToManyDefinition["menu"]): OneToManyDefinition["menu"] {
  const given = body.AssociatedMenuConfiguration;
  if (given === undefined || given === null) return before;
  const { Behavior, Group, Order, Label } = objectOf(given, "AssociatedMenuConfiguration");
  const wrong = (name: string, value: unknown) =>
    refuse("0x80040203", `AssociatedMenuConfiguration.${name} '${String(value)}' is not valid.`);
  if (Behavior != null && !BEHAVIORS.includes(Behavior)) throw wrong("Behavior", Behavior);
  if (Group != null && !GROUPS.includes(Group)) throw wrong("Group", Group);
  if (Order != null && !Number.isInteger(Order)) throw wrong("Order", Order);
  const label = labelText(Label);
  return {
    ...before,
    ...(Behavior == null ? {} : { Behavior: String(Behavior) }),
    ...(Group == null ? {} : { Group: String(Group) }),
    ...(Order == null ? {} : { Order: Number(Order) }),
    ...(label === undefined ? {} : { label }),
  };
}

/** Everything of a relationship that can be changed, deleting apart; what a body does not name stays. */
export function settingsOf(
  body: Json,
  before: OneToManyDefinition | undefined,
): Partial<OneToManyDefinition> {
  const menu = menuOf(body, before?.menu);
  const isHierarchical =
    typeof body.IsHierarchical === "boolean" ? body.IsHierarchical : before?.isHierarchical;
  return {
    cascades: cascadesOf(body, before?.cascades),
    ...(menu === undefined ? {} : { menu }),
    ...(isHierarchical === undefined ? {} : { isHierarchical }),
  };
}

/** PUT RelationshipDefinitions(…): what passes from row to row, and how the collection is shown; its ends stay. */
export function updateRelationship(
  context: WriteContext,
  row: OneToManyDefinition | ManyToManyDefinition,
): WebResponse {
  const body = objectOf(context.request.body, "The request body");
  const name = body.SchemaName;
  if (typeof name === "string" && name.toLowerCase() !== row.schemaName.toLowerCase())
    throw refuse("0x80040203", `The schema name of '${row.schemaName}' cannot be changed.`);
  if (!("intersectEntity" in row)) {
    const changed: OneToManyDefinition = { ...row, ...settingsOf(body, row) };
    if ((body.CascadeConfiguration as Json | undefined)?.Delete !== undefined) {
      const rule = (body.CascadeConfiguration as Json).Delete;
      if (rule !== row.deleteCascade) changed.deleteCascade = deleteRuleOf(body);
    }
    const isShipped = !isCustomRelationship(context.catalog, row);
    if (isShipped && changed.deleteCascade !== row.deleteCascade)
      throw refuse(
        "0x8004f032",
        `The relationship '${row.schemaName}' is managed: what deleting does cannot be changed.`,
      );
    context.catalog.change((change) => change.putRelationship(changed));
  }
  return noContent(context, `RelationshipDefinitions(${row.metadataId})`);
}
