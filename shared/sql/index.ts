export type { Limits } from "./account/limits";
export { createProcessAccount, type ProcessAccount } from "./account/process-account";
export type {
  Catalog,
  CatalogColumn,
  CatalogOption,
  CatalogTable,
  CatalogTableName,
  ColumnKind,
  ColumnPart,
  Source,
  SourceCell,
  SourcePage,
  SourceRequest,
  SourceValue,
} from "./catalog";
export { SqlError, type SqlErrorCode } from "./errors";
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
