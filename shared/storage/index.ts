/** The door of the store: what has to be true across instances, without a database of our own. */
export { createBlobStore } from "./blob-store";
export { createFileStore } from "./file-store";
export { createMemoryStore } from "./memory-store";
export { type Store, StoreDown, type Stored } from "./store";
