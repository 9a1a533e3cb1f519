import type { Failure } from "../../types/failure";
import type { SqlType, Value } from "../../types/sql-type";
import type { Argument } from "../function";

/** Takes the values of one group. */
export interface Accumulator {
  /** One row's arguments, converted to what the aggregate takes. NULLs are seen to inside. */
  add(values: readonly Value[]): void;
  /** Takes a row out again, for frames that move. Only where that is exact. */
  remove?(values: readonly Value[]): void;
  /** May be asked again and again, for running totals. */
  result(): Value;
}

export interface AggregateEnvironment {
  /** Told the characters that are gone over. */
  readonly work: (characters: number) => void;
  /** Told the bytes that a group begins to keep. */
  readonly hold: (bytes: number) => void;
}

export interface BoundAggregate {
  readonly type: SqlType;
  readonly nullable: boolean;
  readonly takes: readonly SqlType[];
  /** DISTINCT changes nothing, as for MIN. */
  readonly ignoresDistinct?: true;
  readonly isJson?: true;
  start(environment: AggregateEnvironment): Accumulator;
}

export interface SqlAggregate {
  readonly name: string;
  readonly syntax: string;
  readonly arguments: readonly [minimum: number, maximum: number];
  /** Takes `*`; bind it without arguments then. */
  readonly star?: true;
  readonly distinct: boolean;
  /**
   * WITHIN GROUP (ORDER BY …): rows are added in its order. Where it is required, its expression is the last argument as well.
   */
  readonly withinGroup: "no" | "optional" | "required";
  readonly over: "may" | "must" | "no";
  bind(args: readonly Argument[]): BoundAggregate | Failure;
}
