import type { Failure } from "../types/failure";
import type { Operand } from "../types/precedence";
import type { SqlType, Value } from "../types/sql-type";

/** What the query around a function knows. */
export interface Environment {
  /** UTC, 100 ns since 0001-01-01: one moment for the whole query. */
  readonly now: bigint;
  readonly userId: string | undefined;
  /** Told the characters that functions go over. Throws when one row takes too many. */
  readonly work: (characters: number) => void;
  /** From 0 up to 1, of a generator that starts anew, in the same way, with each page of a query. */
  readonly random: () => number;
}

/** What a function is given: an operand, or a bare word, as in DATEADD(day, …). */
export interface Argument extends Operand {
  readonly keyword?: string;
  /** The name of its type, where the query writes it: CAST(… AS DECIMAL) and AS NUMERIC are one type of two names. */
  readonly writtenType?: string;
  /** The text is JSON already (of JSON_QUERY, JSON_OBJECT …): it goes into other JSON as it is. */
  readonly isJson?: boolean;
}

/**
 * always: equal arguments, equal result, so that it can be worked out before the query runs;
 * query: one value for the whole query (GETDATE); row: another one for each row (NEWID).
 */
export type Determinism = "always" | "query" | "row";

/** A function with the types of its arguments settled. */
export interface BoundCall {
  readonly type: SqlType;
  readonly nullable: boolean;
  /** What each argument is converted to first; nullType for a bare word. */
  readonly takes: readonly SqlType[];
  readonly isJson?: boolean;
  /** `values` may be one array that is used again. NULLs are seen to inside. Throws SqlError. */
  run(values: readonly Value[], environment: Environment): Value;
}

export interface SqlFunction {
  /** Upper case. */
  readonly name: string;
  /** How it is written, for the documentation: `LEFT(text, count)`. */
  readonly syntax: string;
  readonly arguments: readonly [minimum: number, maximum: number];
  /** Position of a bare word. */
  readonly keyword?: number;
  readonly determinism: Determinism;
  bind(args: readonly Argument[]): BoundCall | Failure;
}

/** Functions that belong together, as the documentation lists them. */
export interface FunctionGroup {
  readonly title: string;
  readonly functions: readonly SqlFunction[];
}
