import type { Catalog, OptionSetDefinition } from "../../model";
import { metadataIdOf } from "../ids";

/** Dataverse's own shared choices: name, label, and a column that has the options. */
const SHARED: readonly (readonly [name: string, label: string, table: string, column: string])[] = [
  ["budgetstatus", "Budget Status", "lead", "budgetstatus"],
  ["componentstate", "Component State", "dvtablesearch", "componentstate"],
  ["initialcommunication", "Initial Communication", "lead", "initialcommunication"],
  ["need", "Need", "lead", "need"],
  ["purchaseprocess", "Purchase Process", "lead", "purchaseprocess"],
  ["purchasetimeframe", "Purchase Timeframe", "lead", "purchasetimeframe"],
  ["servicestage", "Service Stage", "incident", "servicestage"],
  ["socialprofile_community", "Social Channel", "socialprofile", "community"],
];

const names = new Set(SHARED.map(([name]) => name));

/** The shared choice behind a shipped column: Dataverse names such columns like their choice. */
export function sharedChoiceOf(table: string, column: string): string | undefined {
  if (table === "socialprofile" && column === "community") return "socialprofile_community";
  return names.has(column) ? column : undefined;
}

export function shippedOptionSets(catalog: Pick<Catalog, "byName">): OptionSetDefinition[] {
  return SHARED.flatMap(([name, displayName, table, column]) => {
    const options = catalog.byName(table)?.attribute(column)?.options;
    if (options === undefined) return [];
    const metadataId = metadataIdOf("optionset", name);
    return [{ name, metadataId, displayName, description: "", isCustom: false, options }];
  });
}
