import { columnsIn, conjuncts, type Expr } from "../plan/expression";
import { columnsOf, type PlanOf } from "../plan/nodes";
import type { Row } from "../types";
import { compile, type Environment, type Evaluate } from "./evaluate";
import type { Batches } from "./run";
import { hashKeys } from "./values";

interface Keys {
  readonly left: readonly Evaluate[];
  readonly right: readonly Evaluate[];
}

/** Equalities between the two sides; by these the right side is put into a hash table. */
function equalities(join: PlanOf<"join">, environment: Environment): Keys {
  const left = columnsOf(join.left);
  const right = columnsOf(join.right);
  const within = (expr: Expr, columns: typeof left) => {
    const used = [...columnsIn(expr)];
    return used.length > 0 && used.every((one) => columns.some((column) => column.id === one.id));
  };
  const keys: { left: Evaluate[]; right: Evaluate[] } = { left: [], right: [] };
  for (const part of conjuncts(join.on)) {
    if (part.kind !== "compare" || part.operator !== "=") continue;
    const flipped = within(part.right, left) && within(part.left, right);
    if (!flipped && !(within(part.left, left) && within(part.right, right))) continue;
    keys.left.push(compile(flipped ? part.right : part.left, left, environment));
    keys.right.push(compile(flipped ? part.left : part.right, right, environment));
  }
  return keys;
}

function keyOf(row: Row, parts: readonly Evaluate[]): string | undefined {
  const values = parts.map((part) => part(row));
  // NULL equals nothing, not even NULL.
  return values.includes(null) ? undefined : hashKeys(values);
}

function hashTable(rows: readonly Row[], keys: readonly Evaluate[]): ReadonlyMap<string, Row[]> {
  const table = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row, keys);
    if (key === undefined) continue;
    const bucket = table.get(key);
    if (bucket) bucket.push(row);
    else table.set(key, [row]);
  }
  return table;
}

/** Hash join on the equalities of ON; the whole of ON is then tested, so other conditions count too. */
export async function* joinRows(
  join: PlanOf<"join">,
  left: Batches,
  right: readonly Row[],
  environment: Environment,
): Batches {
  const keys = equalities(join, environment);
  const test = compile(join.on, columnsOf(join), environment);
  const table = hashTable(right, keys.right);
  const unmatched: Row = columnsOf(join.right).map(() => null);
  const matchesOf = (row: Row): Row[] => {
    const key = keyOf(row, keys.left);
    const candidates = key === undefined ? [] : (table.get(key) ?? []);
    const matches = candidates
      .map((other) => [...row, ...other])
      .filter((both) => test(both) === true);
    return matches.length === 0 && join.type === "left" ? [[...row, ...unmatched]] : matches;
  };
  for await (const batch of left) {
    const joined = batch.flatMap(matchesOf);
    if (joined.length > 0) yield joined;
  }
}
