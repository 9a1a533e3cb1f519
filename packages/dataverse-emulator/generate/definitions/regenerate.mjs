// Writes src/metadata/definitions/generated/ from files of table facts: whole tables from the first two, from the index the heads of
// tables that only lookups lead to (heads.json; their columns are those of every table), and from definitions recorded in real
// organizations the options and navigation properties that the first two have otherwise (recorded.mjs).
//
//   node packages/dataverse-emulator/generate/definitions/regenerate.mjs <dataverse-tables-core.json> <dataverse-tables-ai.json> <dataverse-table-index.json> <recorded-definitions.json>
//
// tables.json has the lines of each table, a head line (schema name, set name, type code, primary id, primary name, ownership, display
// name, plural, and the table type unless it is Standard), then one line per column, fields separated by tabs:
//   SchemaName, display name, type, flags, then `key=value` facets
//   flags   r read-only, R application required
//   name=   logical name where it is not the schema name in lower case
//   len= min= max= def=   length, range, default
//   fmt=    DateAndTime or DateOnly, then `/` and the behaviour when it is not UserLocal
//   opt=    value:label;…   a status reason is value@state:label
//   to=     target:navigation property:relationship[:collection property];…
//           (an empty navigation property means the column's own name; party lists have targets alone)
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { correct, nameOf } from "./recorded.mjs";
import { BY_COLUMN, BY_NAME, MODEL_TABLE } from "./undocumented-types.mjs";

const sources = process.argv.slice(2);
if (sources.length !== 4) {
  process.stderr.write(
    "Usage: node packages/dataverse-emulator/generate/definitions/regenerate.mjs <dataverse-tables-core.json> <dataverse-tables-ai.json> <dataverse-table-index.json> <recorded-definitions.json>\n",
  );
  process.exit(2);
}
const [core, ai, index, recorded] = sources.map((file) => JSON.parse(readFileSync(file, "utf8")));
const tables = { ...core.tables, ...ai.tables };
for (const table of Object.values(tables)) {
  for (const column of table.attributes) correct(recorded, table.logicalName, column);
}
const indexed = new Map(index.map((table) => [table.logicalName, table]));
const known = new Map(tables[MODEL_TABLE].attributes.map((column) => [column.logicalName, column]));
const folder = join(
  dirname(fileURLToPath(import.meta.url)),
  "../../src/metadata/definitions/generated",
);

function text(value) {
  if (/[\t\n;]/.test(value)) throw new Error(`Cannot write this text: ${value}`);
  return value;
}

/** Relationships whose names another source gives (the entity type page of incident). */
const NAMED = { "incident.contractdetailid": "contract_detail_cases" };

function relationshipOf(table, column, target, property) {
  const wanted = column.type === "Owner" ? "owner" : target;
  const own = (table.manyToOneRelationships ?? []).filter(
    (row) => row.referencingAttribute === column.logicalName && row.referencedEntity === wanted,
  );
  const near =
    own.find((row) => row.referencingEntityNavigationPropertyName === property) ?? own[0];
  const far = (tables[target]?.oneToManyRelationships ?? []).find(
    (row) =>
      row.referencingEntity === table.logicalName &&
      row.referencingAttribute === column.logicalName,
  );
  const named = NAMED[`${table.logicalName}.${column.logicalName}`];
  if (named !== undefined) return { schemaName: named, collection: named };
  const schemaName = near?.schemaName ?? (column.type === "Owner" ? undefined : far?.schemaName);
  return {
    schemaName: schemaName ?? `${wanted}_${table.logicalName}_${column.logicalName}`,
    collection: far?.referencedEntityNavigationPropertyName,
  };
}

function targetsOf(table, column) {
  if (column.type === "PartyList") return column.targets;
  const navigation = new Map((column.navigation ?? []).map((row) => [row.target, row]));
  const extra = [...navigation.keys()].filter((target) => !column.targets.includes(target));
  return [...column.targets, ...extra].map((target) => {
    const row = navigation.get(target);
    const found = row?.devkit ?? row?.navigationProperty ?? column.logicalName;
    const { schemaName: known, collection } = relationshipOf(table, column, target, found);
    const { schemaName, property } = nameOf(recorded, known, found);
    const parts = [target, property === column.logicalName ? "" : property, schemaName];
    if (collection && collection !== schemaName && column.type !== "Owner") parts.push(collection);
    return parts.map(text).join(":");
  });
}

function formatOf(column) {
  if (column.format === undefined) return undefined;
  const behaviour = column.dateTimeBehavior;
  return behaviour && behaviour !== "UserLocal" ? `${column.format}/${behaviour}` : column.format;
}

function optionOf({ value, label, state }) {
  return `${value}${state === undefined ? "" : `@${state}`}:${text(label)}`;
}

/** Choices: null = no default; a missing key means that the source left a default out (see definitions/defaults.ts). */
function defaultOf(column) {
  if (column.type === "Boolean") return column.defaultValue ? 1 : undefined;
  if (column.type === "Picklist" && column.defaultValue === null) return "none";
  return column.defaultValue ?? undefined;
}

/** A column of the reference alone: its type is copied or comes from undocumented-types.mjs. */
function undocumented(table, column) {
  const like = known.get(column.logicalName);
  const own = column.logicalName === table.primaryIdAttribute;
  const found =
    BY_NAME[`${table.logicalName}.${column.logicalName}`] ?? BY_COLUMN[column.logicalName];
  const readOnly = column.docs === "read-only";
  const base = { displayName: spaced(column.schemaName), ...column, readOnly };
  if (found !== undefined) {
    const [type, ...facets] = found;
    return { ...base, type, facets };
  }
  if (own) return { ...base, type: "Uniqueidentifier", readOnly: false };
  if (like !== undefined)
    return { ...like, ...column, type: like.type, readOnly, navigation: like.navigation };
  if (column.type === "Lookup") {
    return { ...base, targets: [...new Set(column.navigation.map((row) => row.target))] };
  }
  if (column.logicalName === table.primaryNameAttribute)
    return { ...base, type: "String", maxLength: 850 };
  throw new Error(`No type is known for ${table.logicalName}.${column.logicalName}.`);
}

/** `IsPrimary` as words. */
function spaced(schemaName) {
  const bare = schemaName.replace(/^msdyn_/, "").replaceAll("_", " ");
  const words = bare.replace(/([a-z0-9])([A-Z])/g, "$1 $2");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function columnsOf(table) {
  const typed = new Set(table.attributes.map((column) => column.logicalName));
  const rest = (table.docsOnlyAttributes ?? []).filter((column) => !typed.has(column.logicalName));
  const all = [...table.attributes, ...rest.map((column) => undocumented(table, column))];
  const primary = table.primaryNameAttribute;
  if (
    primary &&
    table.attributes.length === 0 &&
    !all.some((column) => column.logicalName === primary)
  ) {
    const schemaName = `${primary.charAt(0).toUpperCase()}${primary.slice(1)}`;
    all.push({
      logicalName: primary,
      schemaName,
      displayName: "Name",
      type: "String",
      maxLength: 100,
    });
  }
  return all.sort((one, other) => (one.logicalName < other.logicalName ? -1 : 1));
}

function lineOf(table, column) {
  const facets = [];
  const put = (key, value) => value !== undefined && value !== "" && facets.push(`${key}=${value}`);
  if (column.schemaName.toLowerCase() !== column.logicalName) put("name", column.logicalName);
  put("len", column.maxLength);
  put("min", column.minValue);
  put("max", column.maxValue);
  put("fmt", formatOf(column));
  put("opt", column.options?.map(optionOf).join(";"));
  put("def", defaultOf(column));
  put("to", column.targets && targetsOf(table, column).join(";"));
  facets.push(...(column.facets ?? []));
  const flags = `${column.readOnly ? "r" : ""}${column.required ? "R" : ""}`;
  return [column.schemaName, text(column.displayName ?? ""), column.type, flags, ...facets].join(
    "\t",
  );
}

/** The primary key's schema name without its ending. */
function schemaNameOf(table) {
  const key = columnsOf(table).find((column) => column.logicalName === table.primaryIdAttribute);
  return key.schemaName.replace(/id$/i, "");
}

function headOf(table, code) {
  return [
    table.schemaName ?? schemaNameOf(table),
    table.entitySetName,
    code,
    table.primaryIdAttribute,
    table.primaryNameAttribute ?? "",
    table.ownership || "None",
    text(table.displayName ?? ""),
    text(table.displayCollectionName ?? ""),
    ...(table.tableType && table.tableType !== "Standard" ? [table.tableType] : []),
  ].join("\t");
}

// Tables that the environment did not have yet have no type code; every environment numbers such tables itself.
let nextCode = 12_000;
const codeOf = (table) => table.objectTypeCode ?? ++nextCode;

/** A line of the file for each line of a table, so that a changed column is one changed line. */
const linesOf = (lines) => lines.map((line) => `    ${JSON.stringify(line)}`).join(",\n");
const names = Object.keys(tables).sort();
const described = names.map((name) => {
  const table = tables[name];
  const lines = columnsOf(table).map((column) => lineOf(table, column));
  return `  ${JSON.stringify(name)}: [\n${linesOf([headOf(table, codeOf(table)), ...lines])}\n  ]`;
});
writeFileSync(join(folder, "tables.json"), `{\n${described.join(",\n")}\n}\n`);

/** Tables of ours that no index lists with all their names. */
const SCHEMA_NAMES = {
  msdyn_organizationsolutionmap: "msdyn_organizationsolutionmap",
  sensitivitylabel: "SensitivityLabel",
};
const OWNED_BY_USERS = /^(emailsignature|externalparty|msdyn_)/;
const targets = new Set();
for (const name of names) {
  for (const column of columnsOf(tables[name])) {
    for (const target of column.targets ?? []) targets.add(target);
    for (const row of column.navigation ?? []) targets.add(row.target);
  }
}
const thin = [...targets]
  .filter((name) => tables[name] === undefined && name !== "owner")
  .sort()
  .map((name) => {
    const table = indexed.get(name);
    if (table === undefined) throw new Error(`The index has no ${name}.`);
    const schemaName = table.schemaName || SCHEMA_NAMES[name];
    const ownership =
      table.ownership || (OWNED_BY_USERS.test(name) ? "UserOwned" : "OrganizationOwned");
    return headOf(
      { ...table, schemaName, ownership, displayName: table.displayName || schemaName },
      codeOf(table),
    );
  });
writeFileSync(join(folder, "heads.json"), `${JSON.stringify(thin, undefined, 2)}\n`);
process.stdout.write(`${names.length} tables and ${thin.length} thin ones written to ${folder}\n`);
