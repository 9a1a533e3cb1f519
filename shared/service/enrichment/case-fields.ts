import type { FieldSetting } from "../../config/case-fields";
import type { Column, Dataverse, Row, Table } from "../../dataverse";
import { AppError } from "../../errors";
import type {
  CurrentValue,
  FieldOption,
  FieldSpec,
  FieldType,
  FieldValue,
} from "../../intelligence";
import { permittedMode } from "../../policy/automatic";
import { quote } from "../../text/quote";
import type { CaseRecord } from "../case/case-record";
import { propertyOf } from "../case/case-table";
import { queryIfThere, textOf } from "../record/optional-read";

const types: Readonly<Partial<Record<Column["type"], FieldType>>> = {
  Picklist: "choice",
  Boolean: "boolean",
  Lookup: "lookup",
  Integer: "integer",
  Money: "money",
  Decimal: "money",
  String: "text",
  Memo: "text",
};

/** Rows of a lookup that are offered as options; a tree may have more, because each level is chosen from a few. */
const mostOptions = 50;
const mostInTree = 300;

/**
 * The fields that may be predicted: what is configured for the table, narrowed to those asked for.
 *
 * @param wanted logical names, or undefined for all
 * @throws AppError `invalid` for a field that is not on the list, `unsupported` when the list is empty
 */
export function allowedFields(
  table: Table,
  settings: Readonly<Record<string, FieldSetting>> | undefined,
  wanted: readonly string[] | undefined,
): readonly (readonly [Column, FieldSetting])[] {
  const listed = Object.entries(settings ?? {}).flatMap(([name, setting]) => {
    const column = table.columnByName.get(name);
    const isUsable = column?.canUpdate === true && types[column.type] !== undefined;
    return isUsable && setting.mode !== "off" ? [[column, setting] as const] : [];
  });
  if (listed.length === 0) {
    throw new AppError("unsupported", `No field of ${table.logicalName} may be predicted.`, {
      hint: "An administrator lists them in the setting CASE_FIELDS.",
    });
  }
  if (wanted === undefined || wanted.length === 0) return listed;
  const names = wanted.map((name) => name.trim().toLowerCase());
  const unknown = names.filter((name) => !listed.some(([column]) => column.logicalName === name));
  if (unknown.length > 0) {
    throw new AppError("invalid", `Not on the list: ${unknown.map(quote).join(", ")}.`, {
      hint: `Fields that may be predicted here: ${listed.map(([column]) => column.logicalName).join(", ")}.`,
    });
  }
  return listed.filter(([column]) => names.includes(column.logicalName));
}

/** The fields as a provider wants them, with the live options that the caller may see. */
export const readFieldSpecs = (
  dataverse: Dataverse,
  fields: readonly (readonly [Column, FieldSetting])[],
  isOverwriting: boolean,
): Promise<FieldSpec[]> =>
  Promise.all(
    fields.map(([column, setting]) => readSpec(dataverse, column, setting, isOverwriting)),
  );

async function readSpec(
  dataverse: Dataverse,
  column: Column,
  setting: FieldSetting,
  isOverwriting: boolean,
): Promise<FieldSpec> {
  const type: FieldType = column.format === "Email" ? "email" : (types[column.type] ?? "text");
  const lookup = type === "lookup" ? await readLookupOptions(dataverse, column) : undefined;
  const description = [column.description, setting.description].filter(Boolean).join(" ");
  return {
    logicalName: column.logicalName,
    displayName: column.displayName,
    description: description || undefined,
    type,
    options: type === "lookup" ? lookup?.options : choiceOptions(column),
    hierarchical: lookup?.isTree,
    dependsOn: setting.dependsOn,
    mode: permittedMode(column.logicalName, setting.mode),
    selectAt: setting.selectAt,
    autoAt: setting.autoAt,
    targetPrecision: setting.targetPrecision,
    overwriteHuman: setting.overwriteHuman || isOverwriting,
    min: column.minValue,
    max: column.maxValue,
    maxLength: column.maxLength,
  };
}

function choiceOptions(column: Column): readonly FieldOption[] | undefined {
  if (column.type === "Boolean" || column.options === undefined) return undefined;
  return column.options.map(({ value, label, description }) => ({
    value,
    label,
    ...(description === undefined ? {} : { description }),
  }));
}

/** The rows a lookup can point at, when they are few; undefined when a rule must find the row by its name. */
async function readLookupOptions(
  dataverse: Dataverse,
  column: Column,
): Promise<{ options: readonly FieldOption[]; isTree: boolean } | undefined> {
  const [target] = column.targets ?? [];
  const table = target === undefined ? undefined : await dataverse.metadata.table(target);
  if (table?.primaryName === undefined || column.targets?.length !== 1) return undefined;
  const parent = table.columns.find(
    (each) =>
      each.type === "Lookup" &&
      each.attributeOf === undefined &&
      each.targets?.length === 1 &&
      each.targets[0] === table.logicalName &&
      each.logicalName.includes("parent"),
  );
  const state = table.columnByName.get("statecode");
  const { rows } = await queryIfThere(dataverse, table.logicalName, {
    select: [
      table.primaryId,
      table.primaryName,
      "description",
      ...(parent === undefined ? [] : [propertyOf(parent)]),
    ],
    ...(state === undefined ? {} : { filter: "statecode eq 0" }),
    orderby: table.primaryId,
    top: mostInTree + 1,
  });
  const options = rows.map((row) => asOption(table, parent, row));
  const isTree = parent !== undefined && options.some((option) => option.parent !== undefined);
  if (options.length > (isTree ? mostInTree : mostOptions) || options.length === 0)
    return undefined;
  return { options, isTree };
}

function asOption(table: Table, parent: Column | undefined, row: Row): FieldOption {
  const description = textOf(row.description);
  const above = parent === undefined ? undefined : textOf(row[propertyOf(parent)]);
  return {
    value: String(row[table.primaryId]),
    label: textOf(row[table.primaryName ?? table.primaryId]) ?? "",
    ...(description === undefined ? {} : { description }),
    ...(above === undefined ? {} : { parent: above }),
  };
}

/**
 * What stands on the case now, and who put it there.
 *
 * @param written values that an earlier enrichment wrote, by field
 */
export function readCurrent(
  record: CaseRecord,
  columns: readonly Column[],
  written: ReadonlyMap<string, unknown>,
): Record<string, CurrentValue | undefined> {
  // A default that nobody had the chance to change is nobody's choice. Later, it may be somebody's.
  const isUntouched =
    record.row.createdon !== undefined && record.row.createdon === record.row.modifiedon;
  return Object.fromEntries(
    columns.map((column): [string, CurrentValue | undefined] => {
      const value = record.row[propertyOf(column)] as FieldValue | null | undefined;
      if (value === null || value === undefined || value === "") {
        return [column.logicalName, undefined];
      }
      const isOurs = written.get(column.logicalName) === value;
      const isDefault = isUntouched && column.defaultValue === value;
      return [
        column.logicalName,
        { value, setBy: isOurs ? "assistant" : isDefault ? "default" : "human" },
      ];
    }),
  );
}
