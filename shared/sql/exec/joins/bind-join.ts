import type { Account, Hold } from "../../account/account";
import { each } from "../../account/each";
import { rowMeasure } from "../../account/row-size";
import { conjuncts, type Expr, type PlanColumn } from "../../expression/expression";
import { and, type FetchQuery, fetchLimits } from "../../fetchxml/model";
import { columnsOf, type Plan, type PlanOf, type Scan } from "../../plan/nodes";
import { isPlainScan } from "../../plan/scan";
import type { Row } from "../../types/sql-type";
import type { Batches } from "../execution";

/** `left.column = right.column`, where the right side can be asked for by the keys of the left. */
interface Binding {
  /** Position of the key in a row of the left side. */
  readonly index: number;
  /** The right side, of which only rows with these keys are read. */
  readonly narrowed: (keys: readonly string[]) => Plan;
}

/** The equality by which the right side can be narrowed: over a stored GUID of a root table, so that it is exact. */
export function bindingOf(join: PlanOf<"join">): Binding | undefined {
  // FULL JOIN wants the rows of the right side that match nothing, too.
  if (join.type === "full") return undefined;
  const left = columnsOf(join.left);
  for (const part of conjuncts(join.on)) {
    const [a, b] = sidesOf(part);
    if (a === undefined || b === undefined) continue;
    for (const [outer, key] of [
      [a, b],
      [b, a],
    ] as const) {
      const index = left.findIndex((column) => column.id === outer.id);
      if (index < 0 || outer.type.kind !== "uniqueidentifier") continue;
      if (narrow(join.right, key, []))
        return { index, narrowed: (keys) => narrow(join.right, key, keys) ?? join.right };
    }
  }
  return undefined;
}

function sidesOf(expr: Expr): readonly (PlanColumn | undefined)[] {
  if (expr.kind !== "compare" || expr.operator !== "=") return [];
  return [expr.left, expr.right].map((side) => (side.kind === "column" ? side.column : undefined));
}

/**
 * The plan with only the rows, or only the groups, whose key is among these. Undefined where its scan cannot be asked for them.
 * What the service groups is narrowed before it does.
 */
function narrow(plan: Plan, key: PlanColumn, keys: readonly string[]): Plan | undefined {
  switch (plan.kind) {
    case "scan":
      return narrowScan(plan, key, keys);
    case "project":
    case "aggregate": {
      if (plan.kind === "aggregate" && plan.sets) return undefined;
      const items = plan.kind === "project" ? plan.items : plan.keys;
      const expr = items.find(({ column }) => column.id === key.id)?.expr;
      const input = expr?.kind === "column" && narrow(plan.input, expr.column, keys);
      return input ? { ...plan, input } : undefined;
    }
    case "filter": {
      const input = narrow(plan.input, key, keys);
      return input && { ...plan, input };
    }
    default:
      return undefined;
  }
}

function narrowScan(scan: Scan, key: PlanColumn, keys: readonly string[]): Scan | undefined {
  const { fetch } = scan;
  const known = scan.columns.find(({ column }) => column.id === key.id);
  const isGroup = fetch.aggregate?.some(({ alias, groupBy }) => groupBy && alias === known?.alias);
  if (!known || !isStoredGuid(key, scan) || !(isGroup || isPlainScan(scan))) return undefined;
  const fallback = scan.fallback && narrow(scan.fallback, key, keys);
  if (scan.fallback && !fallback) return undefined;
  const condition = {
    kind: "condition",
    ref: fetch.ref,
    attribute: key.name,
    operator: "in",
    values: keys,
  } as const;
  const filter: FetchQuery["filter"] = fetch.filter ? and(fetch.filter, condition) : and(condition);
  return { ...scan, fetch: { ...fetch, filter }, ...(fallback && { fallback }) };
}

const isStoredGuid = (column: PlanColumn, scan: Scan): boolean =>
  column.type.kind === "uniqueidentifier" &&
  column.origin?.part === "value" &&
  column.origin.ref === scan.fetch.ref;

/** Rows of a side that were read already, and the rest of it, if it is longer than was wanted. */
export interface Peeked {
  readonly rows: readonly Row[];
  /** Undefined when `rows` are all. */
  readonly rest: Batches | undefined;
  readonly keys: readonly string[];
}

/** Reads the left side until it has more different keys than one condition takes. */
export async function peek(
  left: Batches,
  plan: Plan,
  { index }: Binding,
  account: Account,
  hold: Hold,
): Promise<Peeked> {
  const rows: Row[] = [];
  const keys = new Set<string>();
  const measure = rowMeasure(plan);
  for (;;) {
    const { done, value: batch } = await left.next();
    if (done) return { rows, rest: undefined, keys: [...keys] };
    await each(batch, account, (row) => {
      const size = measure(row);
      hold.add(size.row + size.texts);
      rows.push(row);
      const key = row[index];
      if (typeof key === "string") keys.add(key);
    });
    if (keys.size > fetchLimits.valuesInList) return { rows, rest: left, keys: [] };
  }
}

export async function* resume({ rows, rest }: Peeked): Batches {
  yield rows;
  if (rest) yield* rest;
}
