export { type Change, loadCatalog, type MutableCatalog } from "./catalog";
export { metadataHandler } from "./handler";
