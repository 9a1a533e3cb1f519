import type { Column } from "../../dataverse";
import { withArticle } from "../../text/english/article";
import { quote } from "../../text/quote";
import { listOptions } from "../record/values/choice-values";
import { columnKinds } from "./column-bodies";
import type { PlannedColumn } from "./column-requests";

/** What the column that is there has otherwise than the one that is asked for, each in a few words; empty when they are the same. */
export function differencesOf(there: Column, asked: PlannedColumn): readonly string[] {
  const kind = columnKinds[asked.word];
  if (there.type !== kind?.type)
    return [`it is ${withArticle(there.type)}, not ${withArticle(asked.word)}`];
  const isOtherFormat =
    kind.format !== undefined && there.format !== undefined && there.format !== kind.format;
  return [
    ...(isOtherFormat ? [`its format is ${there.format}, not ${kind.format}`] : []),
    ...targetDifference(there, asked),
    ...optionDifferences(there, asked),
  ];
}

function targetDifference(there: Column, { related }: PlannedColumn): string[] {
  const targets = there.targets ?? [];
  if (related === undefined || targets.includes(related.logicalName)) return [];
  return [`it refers to ${targets.join(", ") || "nothing"}, not to ${related.logicalName}`];
}

/** Options that the column has beyond those asked for do no harm. */
function optionDifferences({ options = [] }: Column, { choices }: PlannedColumn): string[] {
  const plain = (label: string) => label.trim().toLowerCase();
  const missing: string[] = [];
  const other: string[] = [];
  for (const { label, value } of choices) {
    const same = options.find((option) => plain(option.label) === plain(label));
    if (same === undefined) missing.push(quote(label));
    else if (value !== undefined && same.value !== value)
      other.push(`${quote(label)} has the value ${same.value} there, not ${value}`);
  }
  return [
    ...(missing.length === 0
      ? []
      : [`it has no option ${missing.join(", ")} (its options: ${listOptions(options)})`]),
    ...other,
  ];
}

/** Why a column cannot be added, and what can be done. */
export const clashWords = (there: Column, asked: PlannedColumn): string =>
  `${asked.logicalName} exists already: ${differencesOf(there, asked).join("; ")}. Existing columns are not changed here: choose another name, ask for what is there, or let an administrator change the column.`;
