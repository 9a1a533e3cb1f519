import { stepOf } from "../../account/step";
import type { TableSizes } from "../../account/table-sizes";
import { errorOfQuery } from "../../errors";
import { scansOf } from "../../plan/explain";
import type { Plan, Scan } from "../../plan/nodes";
import { readWholeBy } from "../../plan/read-whole";
import type { Execution } from "../execution";
import { countInWords, countRows, mostCounted, type RowCount } from "./count";

/**
 * Refuses a query that would read more rows than it may before it reads the first. Tables that are known to be small enough are not
 * counted; others are, once in a while whole and then as the query narrows them.
 *
 * @returns the scans that are small enough
 * @throws SqlError `budget` with the step that needs the rows, how many they are, and what would make them fewer
 */
export async function passGate(
  plan: Plan,
  execution: Execution,
  sizes: TableSizes,
  person: string,
): Promise<ReadonlySet<Plan>> {
  const passed = new Set<Plan>();
  let room = execution.account.remaining;
  // What the service counts says nothing of a limit above.
  if (room > mostCounted) return passed;
  const readWhole = readWholeBy(plan);
  for (const scan of scansOf(plan)) {
    const step = readWhole.get(scan);
    if (!step) continue;
    const size = await tableSize(scan, execution, sizes, person);
    if (size === undefined) continue;
    if (!fits(size, room)) {
      const count = isWholeTable(scan) ? size : await countRows(scan, execution);
      if (count === undefined) continue;
      if (!fits(count, room)) throw tooMany(scan, step, count, execution, "None was read.");
      room -= Number(count);
    }
    passed.add(scan);
  }
  return passed;
}

const fits = (count: number | "many", room: number): boolean => count !== "many" && count <= room;

const isWholeTable = ({ fetch }: Scan): boolean =>
  fetch.filter === undefined && fetch.links.every(({ type }) => type === "outer");

async function tableSize(
  { fetch: { filter: _, ...fetch }, ...scan }: Scan,
  execution: Execution,
  sizes: TableSizes,
  person: string,
): Promise<RowCount> {
  const known = sizes.known(person, fetch.table);
  if (known !== undefined) return known;
  const table: Scan = { ...scan, fetch: { ...fetch, filter: undefined, links: [] } };
  const size = await countRows(table, execution);
  if (size !== undefined) sizes.learn(person, fetch.table, size);
  return size;
}

/** @param read how far the query has come */
export function tooMany(
  scan: Scan,
  step: Plan,
  count: RowCount,
  { account }: Execution,
  read: string,
) {
  const { words, edits } = stepOf(step);
  return errorOfQuery(
    "budget",
    `${words} needs ${countInWords(count)} of ${scan.fetch.table} here, and one query reads at most ${(account.remaining + account.fetched).toLocaleString("en-US")}. ${read}`,
    {
      hint: `Either ${edits.find((edit) => edit.startsWith("narrow")) ?? edits[0]}, or sort and group by columns alone, which Dataverse does itself.`,
    },
  );
}
