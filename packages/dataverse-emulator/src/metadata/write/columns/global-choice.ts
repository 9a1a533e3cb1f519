import type { OptionSetDefinition, WebResponse } from "../../../model";
import type { Change, MutableCatalog } from "../../catalog";
import { metadataIdOf } from "../../ids";
import type { Json } from "../../json/labels";
import { demandPrefix, labelText, objectOf, optionsOf, refuse, textOf } from "../body";
import { columnsOfChoice } from "../choice-columns";
import { noContent, type WriteContext } from "../context";
import { COMPONENTS, demandNoDependents } from "../dependencies";

/** Keeps a changed choice, and its options in every column that shares them. */
export function putChoice(catalog: MutableCatalog, change: Change, set: OptionSetDefinition): void {
  change.putOptionSet(set);
  for (const { table, attribute } of columnsOfChoice(catalog, set.name)) {
    change.putAttribute(table, { ...attribute, options: set.options });
  }
}

/** POST GlobalOptionSetDefinitions. */
export function createGlobalChoice(context: WriteContext): WebResponse {
  const body = objectOf(context.request.body, "The request body");
  const name = textOf(body, "Name");
  demandPrefix(context.world.db, name);
  if (context.catalog.optionSet(name) !== undefined) {
    throw refuse("0x80044363", `An option set with the name ${name} already exists.`);
  }
  const set: OptionSetDefinition = {
    name,
    metadataId: metadataIdOf("optionset", name),
    displayName: labelText(body.DisplayName) ?? name,
    description: labelText(body.Description) ?? "",
    isCustom: true,
    options: optionsOf(body) ?? [],
  };
  context.catalog.change((change) => change.putOptionSet(set));
  return noContent(context, `GlobalOptionSetDefinitions(${set.metadataId})`);
}

/** PUT GlobalOptionSetDefinitions(…): labels and options. */
export function updateGlobalChoice(context: WriteContext, set: OptionSetDefinition): WebResponse {
  const body: Json = objectOf(context.request.body, "The request body");
  const options = body.Options === undefined ? undefined : optionsOf(body);
  const changed: OptionSetDefinition = {
    ...set,
    displayName: labelText(body.DisplayName) ?? set.displayName,
    description: labelText(body.Description) ?? set.description,
    options: options ?? set.options,
  };
  context.catalog.change((change) => putChoice(context.catalog, change, changed));
  return noContent(context, `GlobalOptionSetDefinitions(${set.metadataId})`);
}

/** DELETE GlobalOptionSetDefinitions(…): not while a column uses it, and not a standard one. */
export function deleteGlobalChoice(context: WriteContext, set: OptionSetDefinition): WebResponse {
  if (!set.isCustom) {
    throw refuse("0x8004f032", `The option set '${set.name}' is managed and cannot be deleted.`);
  }
  demandNoDependents(context, {
    type: COMPONENTS.optionSet,
    word: "OptionSet",
    id: set.metadataId,
  });
  context.catalog.change((change) => change.removeOptionSet(set));
  return { status: 204 };
}
