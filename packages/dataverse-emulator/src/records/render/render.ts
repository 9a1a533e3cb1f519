import type {
  AttributeDefinition,
  Catalog,
  Database,
  EntityDefinition,
  SqlRow,
  SqlValue,
  WebRequest,
} from "../../model";
import { hiddenColumns } from "../../security";
import { etagOf, fileName, isStored } from "../../store";
import { formatValue } from "./format";
import { createNames, isNameless, type Names, targetOf } from "./names";

const formatted = "OData.Community.Display.V1.FormattedValue";
const lookupName = "Microsoft.Dynamics.CRM.lookuplogicalname";
const navigationName = "Microsoft.Dynamics.CRM.associatednavigationproperty";

interface Wanted {
  readonly formatted: boolean;
  readonly lookup: boolean;
  readonly navigation: boolean;
}

const isLookup = ({ type }: AttributeDefinition) =>
  type === "Lookup" || type === "Customer" || type === "Owner";

/** A stored value as JSON gives it. */
export function toJson(attribute: AttributeDefinition, value: SqlValue | undefined): unknown {
  if (value === null || value === undefined) return null;
  if (attribute.type === "Boolean") return value === 1;
  if (attribute.type === "MultiSelectPicklist") return String(value).replace(/^,|,$/g, "");
  return typeof value === "bigint" ? Number(value) : value;
}

/**
 * Rows as the Web API sends them: the etag, then each column with its annotations directly before it, which is the order
 * that Microsoft's own reader demands.
 */
export function renderRows(
  db: Database,
  catalog: Catalog,
  entity: EntityDefinition,
  rows: readonly SqlRow[],
  columns: readonly string[],
  request: Pick<WebRequest, "annotations" | "principal">,
): Record<string, unknown>[] {
  const hidden = hiddenColumns({ db, catalog }, request.principal, entity, "Read");
  const wanted: Wanted = {
    formatted: request.annotations.wants(formatted),
    lookup: request.annotations.wants(lookupName),
    navigation: request.annotations.wants(navigationName),
  };
  const names = [...new Set([...columns, entity.primaryIdAttribute])];
  const attributes = names.flatMap((name) => {
    const attribute = entity.attribute(name);
    return attribute !== undefined && isStored(attribute) && !hidden.has(name) ? [attribute] : [];
  });
  const known = createNames(db, catalog);
  if (wanted.formatted) loadNames(known, attributes.filter(isLookup), rows);
  const outputs = attributes.map((attribute) => outputOf(entity, attribute));
  const isAnnotated = wanted.formatted || wanted.lookup || wanted.navigation;
  const rendered = rows.map((row) =>
    isAnnotated ? annotatedRow(row, outputs, wanted, known) : plainRow(row, outputs),
  );
  const files = attributes.filter(({ type }) => type === "File");
  return files.length === 0 ? rendered : rendered.map((row) => withFileNames(db, files, row));
}

/** A file column comes with the name of its file. */
function withFileNames(
  db: Database,
  files: readonly AttributeDefinition[],
  row: Record<string, unknown>,
): Record<string, unknown> {
  const names = files.map(({ logicalName }) => {
    const id = row[logicalName];
    return [`${logicalName}_name`, typeof id === "string" ? (fileName(db, id) ?? null) : null];
  });
  return { ...row, ...Object.fromEntries(names) };
}

export function loadNames(
  names: Names,
  lookups: readonly AttributeDefinition[],
  rows: readonly SqlRow[],
): void {
  for (const attribute of lookups) {
    const byTable = new Map<string, string[]>();
    for (const row of rows) {
      const id = row[attribute.logicalName];
      const table = id === null || id === undefined ? undefined : targetOf(attribute, row);
      if (table !== undefined) byTable.set(table, [...(byTable.get(table) ?? []), String(id)]);
    }
    for (const [table, ids] of byTable) names.load(table, ids);
  }
}

/** A column with its name in an answer, worked out once for all rows. */
interface Output {
  readonly attribute: AttributeDefinition;
  readonly name: string;
  readonly property: string;
  /** Stored as it is sent. */
  readonly isPlain: boolean;
  readonly isNameless: boolean;
  /** Parties hang on activities of every kind, which their base stands for. */
  readonly base: string | undefined;
}

const outputOf = (
  { logicalName: table }: EntityDefinition,
  attribute: AttributeDefinition,
): Output => ({
  isNameless: isNameless(table, attribute),
  base:
    table === "activityparty" && attribute.logicalName === "activityid"
      ? "activitypointer"
      : undefined,
  attribute,
  name: attribute.logicalName,
  property: isLookup(attribute) ? `_${attribute.logicalName}_value` : attribute.logicalName,
  isPlain: attribute.type !== "Boolean" && attribute.type !== "MultiSelectPicklist",
});

const jsonOf = (row: SqlRow, { attribute, name, isPlain }: Output): unknown => {
  const value = row[name];
  return isPlain && (typeof value === "string" || typeof value === "number")
    ? value
    : toJson(attribute, value);
};

function plainRow(row: SqlRow, outputs: readonly Output[]): Record<string, unknown> {
  const out: Record<string, unknown> = { "@odata.etag": etagOf(row.versionnumber) };
  for (const output of outputs) out[output.property] = jsonOf(row, output);
  return out;
}

function annotatedRow(
  row: SqlRow,
  outputs: readonly Output[],
  wanted: Wanted,
  names: Names,
): Record<string, unknown> {
  const out: Record<string, unknown> = { "@odata.etag": etagOf(row.versionnumber) };
  for (const output of outputs) {
    const value = jsonOf(row, output);
    if (value !== null) annotate(out, output, row, wanted, names);
    out[output.property] = value;
  }
  return out;
}

function annotate(
  out: Record<string, unknown>,
  { property, attribute, isNameless, base }: Output,
  row: SqlRow,
  wanted: Wanted,
  names: Names,
): void {
  if (wanted.formatted && !isNameless) {
    const text = formatValue(attribute, row, names);
    if (text !== undefined) out[`${property}@${formatted}`] = text;
  }
  if (!isLookup(attribute)) return;
  const target = base ?? targetOf(attribute, row);
  // Who touched a row carries no property; who owns it does.
  const isUser = attribute.type === "Lookup" && target === "systemuser";
  if (wanted.navigation && !isUser) {
    const navigation =
      attribute.navigation?.find((each) => each.target === target)?.property ??
      attribute.navigation?.[0]?.property;
    if (navigation !== undefined) out[`${property}@${navigationName}`] = navigation;
  }
  if (wanted.lookup && target !== undefined) out[`${property}@${lookupName}`] = target;
}
