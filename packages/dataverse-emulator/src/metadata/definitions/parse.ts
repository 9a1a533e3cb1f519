import type {
  AttributeDefinition,
  AttributeType,
  EntityDefinition,
  OptionDefinition,
} from "../../model";
import { attributeIdOf, metadataIdOf } from "../ids";

/** One `to=` entry: a target of a lookup and the names of the relationship behind it. */
export interface ParsedTarget {
  target: string;
  property: string;
  schemaName: string;
  collection: string;
}

/** A column as the generated text has it, and what its lookup points to. */
export interface ParsedColumn {
  attribute: AttributeDefinition;
  links: ParsedTarget[];
}

/** A lookup of a table: enough to know its relationships without reading the whole table. */
export interface ParsedLookup {
  logicalName: string;
  type: AttributeType;
  links: ParsedTarget[];
}

/** A table as the generated text has it: facts only, rules not yet applied. Columns are read when they are asked for. */
export interface ParsedTable {
  head: Omit<EntityDefinition, "attributes" | "attribute" | "keys">;
  columns(): ParsedColumn[];
  lookups(): ParsedLookup[];
}

const INTERSECT_TABLES: ReadonlySet<string> = new Set([
  "botcomponent_dvtablesearch",
  "incidentknowledgebaserecord",
  "roleprivileges",
  "systemuserprofiles",
  "systemuserroles",
  "teammembership",
  "teamprofiles",
  "teamroles",
]);

function parseOption(text: string): OptionDefinition {
  const colon = text.indexOf(":");
  const [value, state] = text.slice(0, colon).split("@");
  const option: OptionDefinition = { value: Number(value), label: text.slice(colon + 1) };
  if (state !== undefined) option.state = Number(state);
  return option;
}

/** Navigation properties whose names follow no rule, as real organizations have them, by relationship. */
const PROPERTIES: Readonly<Record<string, string>> = {
  lk_appmodule_createdby: "appmodule_createdby",
  lk_appmodule_modifiedby: "appmodule_modifiedby",
  lk_externalparty_createdby: "externalparty_createdby",
  lk_externalparty_modifiedby: "externalparty_modifiedby",
};
const COLLECTIONS: Readonly<Record<string, string>> = {
  TransactionCurrency_knowledgearticle: "transactioncurrency_knowledgearticle",
};

function parseTarget(text: string, logicalName: string): ParsedTarget {
  const [target = "", property, schemaName = "", collection] = text.split(":");
  return {
    target,
    property: PROPERTIES[schemaName] ?? (property || logicalName),
    schemaName,
    collection: COLLECTIONS[schemaName] ?? collection ?? schemaName,
  };
}

type Facets = Map<string, string>;

function facetsOf(fields: readonly string[]): Facets {
  return new Map(
    fields.map((field) => {
      const equals = field.indexOf("=");
      return [field.slice(0, equals), field.slice(equals + 1)];
    }),
  );
}

function putNumbers(attribute: AttributeDefinition, facets: Facets): void {
  const read = (key: string) => {
    const text = facets.get(key);
    return text === undefined ? undefined : Number(text);
  };
  const length = read("len");
  const low = read("min");
  const high = read("max");
  if (length !== undefined) attribute.maxLength = length;
  if (low !== undefined) attribute.minValue = low;
  if (high !== undefined) attribute.maxValue = high;
}

function putFormat(attribute: AttributeDefinition, text: string | undefined): void {
  if (text === undefined) return;
  const [format = "", behaviour = "UserLocal"] = text.split("/");
  attribute.format = format;
  attribute.dateTimeBehavior = behaviour as "UserLocal" | "DateOnly" | "TimeZoneIndependent";
}

/** `def=none` becomes NaN here: "has no default" is told apart from "the source does not say". */
function putChoices(attribute: AttributeDefinition, facets: Facets): void {
  const options = facets.get("opt");
  if (options !== undefined) attribute.options = options.split(";").map(parseOption);
  const initial = facets.get("def");
  if (initial !== undefined) attribute.defaultValue = Number(initial);
}

function parseLookup(line: string): ParsedLookup | undefined {
  const [schemaName = "", , type = "", , ...rest] = line.split("\t");
  if (type !== "Lookup" && type !== "Customer" && type !== "Owner") return undefined;
  const facets = facetsOf(rest);
  const logicalName = facets.get("name") ?? schemaName.toLowerCase();
  const links = facets.get("to")?.split(";") ?? [];
  return { logicalName, type, links: links.map((link) => parseTarget(link, logicalName)) };
}

function parseColumn(line: string, tableId: string): ParsedColumn {
  const [schemaName = "", displayName = "", type = "", flags = "", ...rest] = line.split("\t");
  const facets = facetsOf(rest);
  const logicalName = facets.get("name") ?? schemaName.toLowerCase();
  const writable = !flags.includes("r");
  const attribute: AttributeDefinition = {
    logicalName,
    schemaName,
    displayName: displayName || schemaName,
    metadataId: attributeIdOf(tableId, logicalName),
    type: type as AttributeType,
    isPrimaryId: false,
    isPrimaryName: false,
    required: flags.includes("R") ? "ApplicationRequired" : "None",
    validForCreate: writable,
    validForUpdate: writable,
    validForRead: true,
    isCustom: false,
  };
  putNumbers(attribute, facets);
  putFormat(attribute, facets.get("fmt"));
  putChoices(attribute, facets);
  const targets = facets.get("to")?.split(";") ?? [];
  if (type === "PartyList") attribute.targets = targets;
  const links =
    type === "PartyList" ? [] : targets.map((target) => parseTarget(target, logicalName));
  return { attribute, links };
}

/** Reads one definition; its columns later. */
export const parseTable = (text: string): ParsedTable => parseLines(text.split("\n"));

/** Reads one definition of `generated/tables.json`: a line for the table, then one for each column. */
export function parseLines([head = "", ...columns]: readonly string[]): ParsedTable {
  const fields = head.split("\t");
  const [schemaName = "", set = "", code, id = "", name, ownership, display = "", plural = ""] =
    fields;
  const logicalName = schemaName.toLowerCase();
  const metadataId = metadataIdOf("entity", logicalName);
  return {
    head: {
      logicalName,
      schemaName,
      displayName: display || schemaName,
      displayCollectionName: plural || display || schemaName,
      description: "",
      entitySetName: set,
      metadataId,
      objectTypeCode: Number(code),
      primaryIdAttribute: id,
      primaryNameAttribute: name || undefined,
      ownership: ownership as EntityDefinition["ownership"],
      ...(fields[8] ? { tableType: fields[8] as "Virtual" | "Elastic" } : {}),
      isActivity: id === "activityid",
      isIntersect: INTERSECT_TABLES.has(logicalName),
      isCustom: false,
    },
    columns: () => columns.map((line) => parseColumn(line, metadataId)),
    lookups: () => columns.flatMap((line) => parseLookup(line) ?? []),
  };
}
