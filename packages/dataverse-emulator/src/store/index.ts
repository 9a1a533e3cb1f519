export {
  canTrackChanges,
  currentVersion,
  type DeletedRow,
  firstKnownVersion,
  forgetChanges,
  noteDeleted,
  tracksChanges,
} from "./changes";
export { openDatabase } from "./database";
export {
  addBlock,
  addPart,
  beginUpload,
  dropFile,
  dropFilesOf,
  endUpload,
  type FilePlace,
  fileById,
  fileName,
  fileNameSql,
  fileOf,
  joinBlocks,
  joinParts,
  putFile,
  type StoredFile,
  type Upload,
  uploadOf,
} from "./files";
export { fold, foldLetters } from "./fold";
export { createInternalTables } from "./internal-tables";
export { type Lock, lockFile } from "./lock";
export {
  addColumn,
  addMissingColumns,
  addMissingTables,
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
  markMade,
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
export { inWords, StorageError, sqliteCode, storageFault } from "./storage-fault";
export { etagOf, nextVersion, prepareVersions } from "./versions";
