import type { Present, SqlType, Value } from "../sql-type";

export type BinaryOperator = "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^" | "<<" | ">>";

/** What an operator does between two values, neither of them NULL. */
export type RunBinary = (a: Present, b: Present, work: (characters: number) => void) => Value;

export interface BoundOperator {
  readonly type: SqlType;
  /** Both sides are converted to these first. */
  readonly takes: readonly [SqlType, SqlType];
  /** Throws SqlError: 8134 division by zero, 8115 and 517 overflow. */
  readonly run: RunBinary;
}

export interface BoundUnary {
  readonly type: SqlType;
  readonly takes: SqlType;
  readonly run: (value: Present) => Value;
}
