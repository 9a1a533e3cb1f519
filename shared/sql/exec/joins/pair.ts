import type { Row, Value } from "../../types/sql-type";

/** One row of two. Several times as fast as `concat` for rows as short as these are. */
export function pairOf(left: Row, right: Row): Row {
  const pair = new Array<Value>(left.length + right.length);
  for (let at = 0; at < left.length; at += 1) pair[at] = left[at] as Value;
  for (let at = 0; at < right.length; at += 1) pair[left.length + at] = right[at] as Value;
  return pair;
}
