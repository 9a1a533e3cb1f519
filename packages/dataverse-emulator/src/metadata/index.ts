export { type Change, loadCatalog, type MutableCatalog } from "./catalog";
export { definitionsStamp } from "./definitions";
export { metadataHandler } from "./handler";
