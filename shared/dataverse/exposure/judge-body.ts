import type { Table } from "../metadata/types";
import type { Definitions } from "./definitions";
import { notJudged } from "./refusal";

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const bind = "@odata.bind";
const typeForm = /^#?Microsoft\.Dynamics\.CRM\.(\w+)$/;

/**
 * A row that is written: its columns, the rows that it refers to, and rows that are written with it.
 *
 * @throws AppError `forbidden` for what is hidden
 */
export async function judgeRow(definitions: Definitions, table: Table, row: Json): Promise<void> {
  for (const [key, value] of Object.entries(row)) {
    if (key.startsWith("@")) continue;
    if (key.endsWith(bind)) {
      // The address says which table is meant: the property's own may be the one of all owners.
      const column = definitions.columnOfNavigation(table, key.slice(0, -bind.length));
      if (column !== undefined) definitions.mustShowColumn(table, column);
      judgeAddresses(definitions, value);
      continue;
    }
    const [name = ""] = key.split("@");
    const rows = (Array.isArray(value) ? value : [value]).filter(isObject);
    if (rows.length === 0) {
      definitions.mustShowColumn(table, name);
      continue;
    }
    const target = await definitions.follow(table, name);
    for (const each of rows) await judgeRow(definitions, target, each);
  }
}

/**
 * What an action is given: rows that say their type, and addresses of rows, wherever they stand.
 *
 * @throws AppError `forbidden` for what is hidden
 */
export async function judgeParameters(definitions: Definitions, value: unknown): Promise<void> {
  if (Array.isArray(value)) {
    for (const each of value) await judgeParameters(definitions, each);
    return;
  }
  if (!isObject(value)) return;
  const type = typeForm.exec(String(value["@odata.type"] ?? ""))?.[1];
  if (type !== undefined) {
    await judgeRow(definitions, await definitions.table(type), value);
    return;
  }
  for (const [key, each] of Object.entries(value)) {
    if (key.endsWith(bind)) judgeAddresses(definitions, each);
    else await judgeParameters(definitions, each);
  }
}

/** `/accounts(…)`, or several of them. */
function judgeAddresses(definitions: Definitions, value: unknown): void {
  for (const each of Array.isArray(value) ? value : [value]) {
    if (each === null) continue;
    const set = /^\/?([A-Za-z_]\w*)\(/.exec(String(each))?.[1];
    const table = set === undefined ? undefined : definitions.tableOfSet(set);
    if (table === undefined) throw notJudged("a reference to an unknown table");
    definitions.mustShowTable(table);
  }
}
