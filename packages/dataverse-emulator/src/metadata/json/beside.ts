import type { AttributeDefinition, EntityDefinition } from "../../model";
import { isOfApp, isOfSolution } from "../definitions/introduced";

/** What solutions add has an empty formula, what the platform has of its own none. */
export function formulaOf(
  { isCustom, logicalName }: AttributeDefinition,
  table: string,
): "" | null {
  return isCustom || isOfSolution(logicalName) || isOfApp(table) ? "" : null;
}

/** The column whose sound a text has: `firstname` for `yomifirstname`, `createdbyname` for `createdbyyominame`. */
export function spokenOf(entity: EntityDefinition, attribute: AttributeDefinition): string | null {
  const { attributeOf, format, logicalName } = attribute;
  const isSound = attributeOf !== undefined || format === "PhoneticGuide";
  const spoken = logicalName.replace("yomi", "");
  const isThere = spoken !== logicalName && entity.attribute(spoken) !== undefined;
  return isSound && isThere ? spoken : null;
}

/** The amount that is kept in the base currency beside it. */
export function amountOf(
  entity: EntityDefinition,
  { logicalName }: AttributeDefinition,
): string | null {
  const amount = logicalName.replace(/_base$/, "");
  return amount !== logicalName && entity.attribute(amount)?.type === "Money" ? amount : null;
}

/** `entityimageid`, to which the picture, its address and its time belong. */
function imageIdOf(entity: EntityDefinition, { logicalName, type }: AttributeDefinition) {
  const stem = type === "Image" ? logicalName : /^(.+)_(?:timestamp|url)$/.exec(logicalName)?.[1];
  const isPicture = stem !== undefined && entity.attribute(stem)?.type === "Image";
  const id = `${stem}id`;
  return isPicture && entity.attribute(id) !== undefined ? id : null;
}

/** Numbers that stand beside a lookup and are kept with the row. */
const LOOKED_UP: Readonly<Record<string, string>> = {
  "knowledgearticle.languagelocaleidlocaleid": "languagelocaleid",
  "knowledgearticle.subjectiddsc": "subjectid",
};

/** The column that this one is a part of, null where it stands for itself. */
export const ownerOf = (entity: EntityDefinition, attribute: AttributeDefinition): string | null =>
  attribute.attributeOf ??
  LOOKED_UP[`${entity.logicalName}.${attribute.logicalName}`] ??
  imageIdOf(entity, attribute);
