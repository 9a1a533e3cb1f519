import type { TableName } from "./types";

const plain = (name: string) => name.toLowerCase().replace(/[\s_-]+/g, "");

/** Every name under which people know a table. */
const namesOf = (table: TableName) =>
  [
    table.logicalName,
    table.schemaName,
    table.setName,
    table.displayName,
    table.displayCollectionName,
  ].map(plain);

/** Tables that go by exactly this name: logical name before set name before display name. */
export function exactTable(tables: readonly TableName[], name: string): TableName | undefined {
  const wanted = plain(name);
  if (wanted === "") return undefined;
  for (let kind = 0; kind < 5; kind++) {
    const hits = tables.filter((table) => namesOf(table)[kind] === wanted);
    // Custom tables often repeat a display name of the system's; the system's own is then meant.
    const hit = hits.find((table) => !table.isCustom) ?? hits[0];
    if (hit) return hit;
  }
  return undefined;
}

/** Up to five tables whose names are near: a part of it, without its publisher prefix, or with few letters changed. */
export function nearTables(tables: readonly TableName[], name: string): readonly TableName[] {
  const wanted = plain(name);
  if (wanted === "") return [];
  const scored = tables
    .map((table) => ({
      table,
      score: Math.min(...namesOf(table).map((each) => distance(wanted, each))),
    }))
    .filter(({ score }) => score <= Math.max(2, wanted.length / 3));
  scored.sort((a, b) => a.score - b.score || (a.table.logicalName < b.table.logicalName ? -1 : 1));
  return scored.slice(0, 5).map(({ table }) => table);
}

function distance(wanted: string, name: string): number {
  if (name.length >= 3 && (name.startsWith(wanted) || name.endsWith(wanted))) return 0.5;
  if (wanted.length >= 4 && name.includes(wanted)) return 1;
  return editDistance(wanted, name);
}

/** Letters to add, drop, change or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 4) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change, swap);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? Number.POSITIVE_INFINITY;
}
