import type { Column, Dataverse, Table } from "../../../dataverse";
import { literal, readGuid } from "../../../dataverse/odata-literal";
import { AppError } from "../../../errors";
import { quote } from "../../../text/quote";
import type { KeyValues } from "./record-path";

/**
 * The one row that an alternate key names, or what is wrong with it. The columns need be no key of the table, as long as they
 * tell one row from all others.
 */
export async function findByKey(
  dataverse: Dataverse,
  table: Table,
  key: KeyValues,
): Promise<{ readonly id: string } | string> {
  const conditions: string[] = [];
  for (const [name, value] of Object.entries(key)) {
    const column = table.columnByName.get(/^_(.+)_value$/.exec(name)?.[1] ?? name);
    const condition = column && conditionOn(column, value);
    if (condition === undefined)
      return `${table.logicalName} has no column ${quote(name)} to be found by.${keysOf(table)}`;
    conditions.push(condition);
  }
  const said = quote(
    Object.entries(key)
      .map(([name, value]) => `${name}=${value}`)
      .join(", "),
  );
  const rows = await read(dataverse, table, conditions.join(" and "));
  const [only] = rows;
  if (only === undefined) return `there is no ${table.logicalName} with ${said} that you may see.`;
  if (rows.length > 1)
    return `several rows of ${table.logicalName} have ${said}; choose one by recordId.`;
  return { id: String(only[table.primaryId]) };
}

const texts = new Set(["String", "Memo"]);
const numbers = new Set([
  "BigInt",
  "Decimal",
  "Double",
  "Integer",
  "Money",
  "Picklist",
  "State",
  "Status",
]);
const lookups = new Set(["Customer", "Lookup", "Owner"]);

function conditionOn({ logicalName, type }: Column, value: string): string | undefined {
  if (texts.has(type)) return `${logicalName} eq ${literal(value)}`;
  if (numbers.has(type) && /^-?\d{1,18}(?:\.\d{1,10})?$/.test(value))
    return `${logicalName} eq ${value}`;
  const id = readGuid(value);
  if (id === undefined) return undefined;
  if (lookups.has(type)) return `_${logicalName}_value eq ${id}`;
  return type === "Uniqueidentifier" ? `${logicalName} eq ${id}` : undefined;
}

async function read(dataverse: Dataverse, table: Table, filter: string) {
  try {
    const { rows } = await dataverse.query(table.logicalName, {
      select: [table.primaryId],
      filter,
      top: 2,
    });
    return rows;
  } catch (error) {
    // What a person may not read does not exist for that person.
    if (error instanceof AppError && error.kind === "forbidden") return [];
    throw error;
  }
}

const keysOf = ({ keys }: Table): string =>
  keys.length === 0
    ? ""
    : ` Its alternate keys: ${keys.map((key) => key.columns.join(" with ")).join("; ")}.`;
