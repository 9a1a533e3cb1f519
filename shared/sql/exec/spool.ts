import { each } from "../account/each";
import { textBytes } from "../account/row-size";
import { compile } from "../expression/evaluate";
import {
  columnsIn,
  conjunction,
  conjuncts,
  type Expr,
  hasPart,
  type PlanColumn,
} from "../expression/expression";
import { columnsOf, type PlanOf } from "../plan/nodes";
import { hashKeyOf } from "../types/compare";
import type { Row } from "../types/sql-type";
import { collect } from "./collect";
import type { Batches, Execution, Run } from "./execution";
import { filterRows } from "./stream";

type Spool = PlanOf<"spool">;

/** The rows of a spool: read the first time that they are asked for. */
export function spoolRows(spool: Spool, execution: Execution, run: Run): Promise<readonly Row[]> {
  const { account, spools } = execution;
  let rows = spools.get(spool);
  if (!rows) {
    // Counted until the query ends: whoever runs next reads them again.
    const hold = account.open(spool);
    rows = collect(run(spool.input, execution), spool.input, account, hold, true);
    spools.set(spool, rows);
  }
  return rows;
}

/** An entry of an index, beside its key. */
const entryBytes = 48;
const indexes = new WeakMap<readonly Row[], Map<number, ReadonlyMap<string, readonly Row[]>>>();

interface Lookup {
  readonly column: PlanColumn;
  readonly value: Expr;
  readonly rest: Expr | undefined;
}

/** `column = value`, where the value is the same for all rows; the first of a filter that there is. */
function lookupOf(predicate: Expr): Lookup | undefined {
  const parts = conjuncts(predicate);
  for (const part of parts) {
    if (part.kind !== "compare" || part.operator !== "=") continue;
    for (const [column, value] of [
      [part.left, part.right],
      [part.right, part.left],
    ] as const) {
      if (column.kind === "column" && columnsIn(value).size === 0 && !isVolatile(value))
        return {
          column: column.column,
          value,
          rest: conjunction(parts.filter((one) => one !== part)),
        };
    }
  }
  return undefined;
}

const isVolatile = (expr: Expr): boolean =>
  hasPart(expr, (part) => part.kind === "call" && part.isVolatile === true);

/** A filter over rows that are kept: by an index, where it asks for one value of a column. */
export async function* filterSpool(
  filter: PlanOf<"filter">,
  spool: Spool,
  execution: Execution,
  run: Run,
): Batches {
  const rows = await spoolRows(spool, execution, run);
  const lookup = lookupOf(filter.predicate);
  if (!lookup) {
    execution.account.join(rows.length, filter);
    yield* filterRows(filter, batchOf(rows), execution);
    return;
  }
  const value = compile(lookup.value, [], execution.environment)([]);
  if (value === null) return;
  const index = await indexOf(spool, rows, lookup.column, execution);
  const found = index.get(hashKeyOf(lookup.column.type)(value)) ?? [];
  if (found.length === 0) return;
  execution.account.join(found.length, filter);
  if (!lookup.rest) yield found;
  else yield* filterRows({ ...filter, predicate: lookup.rest }, batchOf(found), execution);
}

async function* batchOf(rows: readonly Row[]): Batches {
  yield rows;
}

async function indexOf(
  spool: Spool,
  rows: readonly Row[],
  column: PlanColumn,
  { account }: Execution,
): Promise<ReadonlyMap<string, readonly Row[]>> {
  let known = indexes.get(rows);
  if (!known) {
    known = new Map();
    indexes.set(rows, known);
  }
  const made = known.get(column.id);
  if (made) return made;
  const hashKey = hashKeyOf(column.type);
  const at = columnsOf(spool).findIndex(({ id }) => id === column.id);
  const index = new Map<string, Row[]>();
  const hold = account.open(spool);
  await each(rows, account, (row) => {
    const value = row[at] ?? null;
    if (value === null) return;
    const key = hashKey(value);
    const bucket = index.get(key);
    hold.add(bucket ? 8 : entryBytes + textBytes(key));
    if (bucket) bucket.push(row);
    else index.set(key, [row]);
  });
  known.set(column.id, index);
  return index;
}
