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
export { explain, type QueryDoor, query } from "./doors";
export { SqlError, type SqlErrorCode } from "./errors";
export { type ExplainedScan, type Explanation, explainQuery } from "./explanation";
export { parse } from "./parser/parse";
export { ruleNames } from "./plan/optimize";
export { type QueryOptions, type QueryResult, runQuery } from "./query";
export type { JsonRow } from "./shape";
