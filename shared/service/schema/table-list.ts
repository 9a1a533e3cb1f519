import type { TableName } from "../../dataverse";
import { AppError } from "../../errors";

/** The tables of customer service, before all others: what most questions are about. */
const first = [
  "incident",
  "account",
  "contact",
  "email",
  "activitypointer",
  "task",
  "phonecall",
  "appointment",
  "annotation",
  "queue",
  "queueitem",
  "knowledgearticle",
  "incidentresolution",
  "subject",
  "product",
  "entitlement",
  "sla",
  "slakpiinstance",
  "systemuser",
  "team",
  "businessunit",
];
const rank = new Map(first.map((name, index) => [name, index]));

/** Service tables, then custom ones, then the rest, then those that only tie others together; alphabetical within. */
function order(table: TableName): number {
  const place = rank.get(table.logicalName);
  if (place !== undefined) return place;
  if (table.isIntersect) return 1002;
  return table.isCustom ? 1000 : 1001;
}

export const byUse = (tables: readonly TableName[]): TableName[] =>
  [...tables].sort(
    (a, b) =>
      order(a) - order(b) ||
      (a.logicalName < b.logicalName ? -1 : a.logicalName > b.logicalName ? 1 : 0),
  );

/** Tables that have every word of `filter` in one of their names. */
export function matching(tables: readonly TableName[], filter: string): TableName[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return tables.filter((table) => {
    const names = [table.logicalName, table.setName, table.displayName, table.displayCollectionName]
      .join("\n")
      .toLowerCase();
    return words.every((word) => names.includes(word));
  });
}

export interface TablePage {
  readonly tables: readonly TableName[];
  readonly nextCursor: string | undefined;
}

/** Characters of names in one answer; it is sent twice, as text and as JSON, and must stay under 40 kB. */
const budget = 7_000;

/**
 * One page of at most `top` tables, cut earlier when their names are long.
 *
 * @throws AppError `invalid` for a cursor that no answer gave
 */
export function pageOf(
  tables: readonly TableName[],
  top: number,
  cursor: string | undefined,
): TablePage {
  const start = cursor === undefined || cursor === "" ? 0 : readCursor(cursor, tables.length);
  let size = 0;
  let end = start;
  while (end < tables.length && end - start < top) {
    const table = tables[end];
    size += table === undefined ? 0 : bytes(table);
    if (size > budget && end > start) break;
    end += 1;
  }
  return {
    tables: tables.slice(start, end),
    nextCursor: end < tables.length ? `t${end}` : undefined,
  };
}

const bytes = (table: TableName) =>
  Buffer.byteLength(`${table.logicalName}${table.displayName}${table.setName}`);

function readCursor(cursor: string, length: number): number {
  const start = Number(/^t(\d{1,9})$/.exec(cursor)?.[1] ?? Number.NaN);
  if (start <= length) return start;
  throw new AppError("invalid", "This cursor is none of list_tables.", {
    hint: "Take nextCursor of the previous answer to the same filter, or leave cursor out.",
  });
}
