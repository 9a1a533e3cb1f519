import type { Column, LookupNavigation, Table } from "../../../dataverse";
import { nearest } from "../../../sql/nearest";
import { quote } from "../../../text/quote";

/** The column that a key of `item` means, and the target it names when it is a navigation property. */
export interface ColumnMatch {
  readonly column: Column;
  readonly navigation?: LookupNavigation;
  /** True for `x@odata.bind`: the value is a path. */
  readonly isBind: boolean;
}

const bindSuffix = /@odata\.bind$/i;
const lookupValue = /^_(.+)_value$/;

/**
 * Understands logical and schema names, `_x_value`, `x@odata.bind` and navigation properties in any case,
 * and display names that are unique in the table.
 *
 * @returns the match, or what is wrong with the key and which names are near
 */
export function matchColumn(table: Table, key: string): ColumnMatch | { problem: string } {
  const isBind = bindSuffix.test(key);
  const name = key.replace(bindSuffix, "").trim().toLowerCase();
  if (name.includes("@")) {
    return { problem: `${quote(key)}: annotations cannot be written; leave it out.` };
  }
  const plain = lookupValue.exec(name)?.[1] ?? name;
  const column = table.columnByName.get(plain) ?? bySchemaName(table, plain);
  const isBound =
    isBind && column?.navigation === undefined ? byNavigation(table, plain) : undefined;
  // A table's own id and a property that points to it may differ in case alone.
  if (isBound !== undefined) return { ...isBound, isBind };
  if (column !== undefined) return checkShadow(table, column, isBind);
  const navigation = byNavigation(table, plain) ?? byTarget(table, plain);
  if (navigation !== undefined) return { ...navigation, isBind };
  const shown = table.columns.filter(
    (each) => each.attributeOf === undefined && each.displayName.toLowerCase() === plain,
  );
  const writable = shown.filter((each) => each.canCreate || each.canUpdate);
  const [only] = writable.length === 1 ? writable : shown;
  if (only !== undefined && (writable.length === 1 || shown.length === 1)) {
    return { column: only, isBind };
  }
  return { problem: unknownColumn(table, key, plain) };
}

const bySchemaName = (table: Table, name: string) =>
  table.columns.find((each) => each.schemaName.toLowerCase() === name);

function byNavigation(table: Table, name: string): Omit<ColumnMatch, "isBind"> | undefined {
  for (const column of table.columns) {
    const navigation = column.navigation?.find((each) => each.property.toLowerCase() === name);
    if (navigation !== undefined) return { column, navigation };
  }
  return undefined;
}

/**
 * `regardingobjectid_incident`: the column and the table that it is to point to, as the documentation writes most properties,
 * whatever the metadata calls this one (`regardingobjectid_incident_email`).
 */
function byTarget(table: Table, name: string): Omit<ColumnMatch, "isBind"> | undefined {
  const end = `_${table.logicalName}`;
  const own = name.endsWith(end) ? name.slice(0, -end.length) : name;
  for (const column of table.columns) {
    if (!name.startsWith(`${column.logicalName}_`)) continue;
    const navigation = column.navigation?.find(({ target }) =>
      [name, own].includes(`${column.logicalName}_${target}`),
    );
    if (navigation !== undefined) return { column, navigation };
    const rest = name.slice(column.logicalName.length + 1);
    const owner = column.navigation?.find(({ target }) => target === "owner");
    if (owner !== undefined && ["systemuser", "team"].includes(rest))
      return { column, navigation: { ...owner, target: rest } };
  }
  return undefined;
}

/** `customeridname` and its like are computed: the column they shadow takes names and labels, too. */
function checkShadow(table: Table, column: Column, isBind: boolean) {
  const base = column.attributeOf;
  if (base === undefined || !table.columnByName.has(base)) return { column, isBind };
  return {
    problem: `${column.logicalName} is computed from ${base}; write ${base} (it takes names and labels, too).`,
  };
}

function unknownColumn(table: Table, key: string, word: string): string {
  const logical = new Map<string, string>();
  for (const column of table.columns) {
    if (column.attributeOf !== undefined) continue;
    logical.set(column.displayName.toLowerCase(), column.logicalName);
    logical.set(column.logicalName, column.logicalName);
  }
  const joined = word.replaceAll(/[\s_-]/g, "");
  const near = [...nearest(word, logical.keys()), ...nearest(joined, logical.keys())];
  const names = [...new Set(near.map((name) => logical.get(name) ?? name))].slice(0, 3);
  const hint = names.length === 0 ? "" : ` Did you mean ${names.join(", ")}?`;
  // What Microsoft's server says, and then more.
  const theirs = `Attribute '${quote(key).slice(1, -1)}' not found in table '${table.logicalName}'.`;
  return `${theirs} ${quote(key)} is not a column of ${table.logicalName}.${hint}`;
}
