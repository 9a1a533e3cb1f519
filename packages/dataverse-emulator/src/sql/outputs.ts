import type { AttributeDefinition } from "../model";
import { hasTypeColumn, quote } from "../store";
import { invalid, unsupported } from "./refusal";
import { type Column, isLookup, resolve, type Scope } from "./scope";
import type { AggregateName, Item, Statement } from "./statement";

/** A column of the answer. */
export interface Output {
  /** Property in JSON. */
  readonly property: string;
  readonly alias: string | undefined;
  readonly column: Column | undefined;
  readonly aggregate: AggregateName | undefined;
  /** In SQLite, under `v<n>`. */
  readonly sql: string;
}

const numeric = new Set(["Integer", "BigInt", "Decimal", "Double", "Money"]);
const uncounted = new Set(["MultiSelectPicklist", "Image", "Memo"]);

function propertyOf(column: Column, root: boolean): string {
  const { logicalName } = column.attribute;
  if (!root) return `${column.source.name}.${logicalName}`;
  return isLookup(column.attribute) ? `_${logicalName}_value` : logicalName;
}

function aggregateOutput(scope: Scope, item: Extract<Item, { kind: "aggregate" }>): Output {
  const column = item.column && resolve(scope, item.column);
  const { name, distinct } = item;
  const property = item.alias ?? (column ? `${name}_${column.attribute.logicalName}` : name);
  if (column === undefined) {
    return { property, alias: item.alias, column, aggregate: name, sql: "count(*)" };
  }
  const { type, logicalName } = column.attribute;
  if ((name === "sum" || name === "avg") && !numeric.has(type)) {
    throw invalid(
      `${name.toUpperCase()} takes a number; '${logicalName}' is of type ${type}.`,
      item.at,
    );
  }
  if (uncounted.has(type)) {
    throw invalid(
      `${name.toUpperCase()} does not take '${logicalName}', of type ${type}.`,
      item.at,
    );
  }
  const whole = name === "avg" && (type === "Integer" || type === "BigInt");
  const inner = name === "count" ? column.compared : column.sql;
  const call = `${name}(${distinct ? "DISTINCT " : ""}${inner})`;
  return {
    property,
    alias: item.alias,
    column,
    aggregate: name,
    sql: whole ? `CAST(${call} AS INTEGER)` : call,
  };
}

/** The columns of the answer, in the order written. Two of one name are refused. */
export function outputsOf(scope: Scope, statement: Statement): Output[] {
  const [root] = scope.sources;
  const outputs = statement.items.map((item): Output => {
    if (item.kind === "aggregate") return aggregateOutput(scope, item);
    const column = resolve(scope, item.column);
    const property = item.alias ?? propertyOf(column, column.source === root);
    return { property, alias: item.alias, column, aggregate: undefined, sql: column.sql };
  });
  const names = new Set<string>();
  for (const { property, alias } of outputs) {
    if (alias !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(alias)) {
      throw unsupported(`The alias '${alias}' (letters, digits and _ alone are taken)`);
    }
    if (names.has(property)) {
      throw invalid(`The column '${property}' was specified multiple times.`);
    }
    names.add(property);
  }
  return outputs;
}

/** In a grouped query a column is one of the groups. */
export function demandGroups(outputs: readonly Output[], groups: readonly Column[]): void {
  const keys = new Set(groups.map((column) => column.sql));
  for (const { column, aggregate } of outputs) {
    if (aggregate !== undefined || column === undefined || keys.has(column.sql)) continue;
    throw invalid(
      `Column '${column.source.name}.${column.attribute.logicalName}' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.`,
    );
  }
}

/** The companion that names the table a lookup points to. */
export function typeSql({ source, attribute }: Column): string | undefined {
  return hasTypeColumn(attribute)
    ? `${source.alias}.${quote(`${attribute.logicalName}__type`)}`
    : undefined;
}

export const namesOf = (attribute: AttributeDefinition): string =>
  isLookup(attribute) ? `_${attribute.logicalName}_value` : attribute.logicalName;
