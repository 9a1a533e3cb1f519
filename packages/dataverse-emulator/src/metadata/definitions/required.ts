import type { AttributeDefinition, EntityDefinition } from "../../model";
import { levelOf } from "./levels";
import { applyValidity } from "./validity";

const AUTO_NUMBERS: Readonly<Record<string, { column: string; format: string }>> = {
  incident: { column: "ticketnumber", format: "CAS-{SEQNUM:5}-{RANDSTRING:6}" },
  knowledgearticle: { column: "articlepublicnumber", format: "KA-{SEQNUM:5}" },
};

/** Requirement levels, primary columns, numbering and who may write, as far as the facts are silent. */
export function applyRequirements(
  head: Pick<EntityDefinition, "logicalName" | "primaryIdAttribute" | "primaryNameAttribute">,
  attribute: AttributeDefinition,
): void {
  const { logicalName } = attribute;
  if (logicalName === head.primaryIdAttribute) {
    attribute.isPrimaryId = true;
    attribute.validForCreate = true;
    attribute.validForUpdate = false;
  }
  if (logicalName === head.primaryNameAttribute) attribute.isPrimaryName = true;
  attribute.required = levelOf(head, attribute) ?? attribute.required;
  applyValidity(head.logicalName, attribute);
  const numbering = AUTO_NUMBERS[head.logicalName];
  if (numbering?.column === logicalName) attribute.autoNumberFormat = numbering.format;
}
