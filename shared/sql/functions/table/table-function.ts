import type { Failure } from "../../types/failure";
import type { Row, SqlType, Value } from "../../types/sql-type";
import type { Argument, Environment } from "../function";

export interface TableColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
}

/** A function in FROM. */
export interface BoundTableFunction {
  readonly columns: readonly TableColumn[];
  readonly takes: readonly SqlType[];
  /** Rows one by one: whoever takes them counts them. */
  rows(values: readonly Value[], environment: Environment): Iterable<Row>;
}

export interface SqlTableFunction {
  readonly name: string;
  readonly syntax: string;
  readonly arguments: readonly [minimum: number, maximum: number];
  bind(args: readonly Argument[]): BoundTableFunction | Failure;
}
