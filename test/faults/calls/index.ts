import { changeUses } from "./changes";
import { deskUses } from "./desk-work";
import { predictingUses } from "./predicting";
import { readingUses } from "./reading";
import { recordUses, serviceUses } from "./records";
import { schemaUses } from "./schema";

export type { Claim, Done, Extent, Subject, ToolUse, Truth } from "./call";
export { readingUses };

/** All uses of the tools that the matrix tries; what only reads comes first, because what acts changes what is read. */
export const toolUses = [
  ...readingUses,
  ...recordUses,
  ...changeUses,
  ...serviceUses,
  ...deskUses,
  ...predictingUses,
  ...schemaUses,
];
