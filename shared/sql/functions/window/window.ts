import type { Failure } from "../../types/failure";
import type { SqlType, Value } from "../../types/sql-type";
import type { Argument } from "../function";

/** The rows of one partition, in the order of its window. */
export interface WindowRows {
  readonly size: number;
  /** The arguments of a row, converted to what the function takes. */
  args(row: number): readonly Value[];
  /** The first row, and one past the last, that ties with a row by ORDER BY. */
  peers(row: number): readonly [first: number, end: number];
  /** The first row, and one past the last, of a row's frame; empty where they are equal. */
  frame(row: number): readonly [first: number, end: number];
}

export interface BoundWindow {
  readonly type: SqlType;
  readonly nullable: boolean;
  readonly takes: readonly SqlType[];
  /** One value for each row of the partition. */
  run(rows: WindowRows, ignoreNulls: boolean): readonly Value[];
}

export interface SqlWindowFunction {
  readonly name: string;
  readonly syntax: string;
  readonly arguments: readonly [minimum: number, maximum: number];
  readonly order: "required" | "optional";
  /** Takes ROWS or RANGE. */
  readonly frame: boolean;
  /** Takes IGNORE NULLS. */
  readonly ignoresNulls: boolean;
  bind(args: readonly Argument[]): BoundWindow | Failure;
}
