export { openDatabase } from "./database";
export { fold } from "./fold";
export {
  addColumn,
  addTable,
  columnSql,
  createActivityView,
  createIndexes,
  createTables,
  dropColumn,
  dropTable,
  fillFoldColumns,
  foldedSql,
  hasFoldColumn,
  hasTypeColumn,
  isStored,
  quote,
  storedColumns,
} from "./schema";
export {
  carryVersions,
  createSnapshots,
  emptyDatabase,
  mostSnapshots,
  type Snapshots,
} from "./snapshots";
export { etagOf, nextVersion, prepareVersions } from "./versions";
