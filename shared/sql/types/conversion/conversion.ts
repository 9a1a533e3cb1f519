import { Failure } from "../failure";
import type { Present, SqlType, Value } from "../sql-type";

/** Turns a value of one type into one of another. `style` is CONVERT's third argument; undefined for CAST. */
export type Convert = (value: Present, style?: number) => Value | Failure;

/** May a conversion be done without being asked for? */
export type Strictness = "implicit" | "explicit";

export interface Conversion {
  readonly type: SqlType;
  /** Never called with NULL. A value that does not convert gives a Failure. */
  readonly run: Convert;
}

/** For CAST: NULL stays NULL, and what does not convert is thrown. */
export function casting({ run }: Conversion, style?: number): (value: Value) => Value {
  return (value) => {
    if (value === null) return null;
    const result = run(value, style);
    if (result instanceof Failure) throw result.error();
    return result;
  };
}

/** For TRY_CAST: what does not convert is NULL. */
export function tryCasting({ run }: Conversion, style?: number): (value: Value) => Value {
  return (value) => {
    if (value === null) return null;
    const result = run(value, style);
    return result instanceof Failure ? null : result;
  };
}
