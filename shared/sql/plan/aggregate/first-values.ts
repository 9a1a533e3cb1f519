import { columnExpr, truth } from "../../expression/expression";
import { and } from "../../fetchxml/model";
import type { Plan } from "../nodes";
import { isPlainScan, isSortedByValue, storedName } from "../scan";
import type { Group } from "./groups";
import type { Raw } from "./raws";

/** Each is a request of its own; more of them are asked for in parts of the rows, all at once. */
const mostFirsts = 6;

/** The row that has the least or greatest value: the first in its order. */
function firstOf({ aggregation }: Raw, rows: Plan): Plan | undefined {
  const [argument] = aggregation.args;
  const isExtreme = aggregation.name === "MIN" || aggregation.name === "MAX";
  if (!isExtreme || argument?.kind !== "column" || !isPlainScan(rows)) return undefined;
  const { column } = argument;
  const { fetch } = rows;
  if (!isSortedByValue(column) || column.origin?.ref !== fetch.ref) return undefined;
  const attribute = storedName(column);
  const { ref } = fetch;
  const present = { kind: "condition", ref, attribute, operator: "not-null", values: [] } as const;
  const first: Plan = {
    ...rows,
    columns: [{ column }],
    fetch: {
      ...fetch,
      filter: and(...(fetch.filter?.parts.length ? [fetch.filter] : []), present),
      orders: [{ attribute, descending: aggregation.name === "MAX" }],
      top: 1,
    },
  };
  return { kind: "aggregate", input: first, keys: [], aggregations: [aggregation] };
}

/** MIN and MAX alone, over more rows than the service compares at once: it sorts any number of them. */
export function firstValues(
  groups: readonly Group[],
  raws: readonly Raw[],
  rows: Plan,
): Plan | undefined {
  if (groups.length > 0 || raws.length > mostFirsts) return undefined;
  const firsts = raws.map((raw) => firstOf(raw, rows));
  const found = firsts.filter((one) => one !== undefined);
  const [first, ...others] = found;
  if (!first || found.length < firsts.length) return undefined;
  const input = others.reduce<Plan>(
    (left, right) => ({ kind: "join", type: "inner", left, right, on: truth(true) }),
    first,
  );
  const columns = raws.map(({ aggregation: { column } }) => column);
  const items = columns.map((column) => ({ column, expr: columnExpr(column) }));
  return { kind: "project", input, items };
}
