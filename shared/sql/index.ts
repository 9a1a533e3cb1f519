export type {
  Catalog,
  CatalogColumn,
  CatalogOption,
  CatalogTable,
  CatalogTableName,
  ColumnPart,
  Source,
  SourceCell,
  SourcePage,
  SourceRequest,
} from "./catalog";
export { SqlError, type SqlErrorCode } from "./errors";
export type { Limits } from "./exec/limits";
export { createProcessAccount, type ProcessAccount } from "./exec/process-account";
export { parse } from "./parser/parse";
export { ruleNames } from "./plan/optimize";
export {
  type Explanation,
  explainQuery,
  type QueryOptions,
  type QueryResult,
  runQuery,
} from "./query";
export type { JsonRow } from "./shape";
export type { SqlType, Value } from "./types";
