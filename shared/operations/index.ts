/** The door between tools and what Dataverse stores: prepares, judges, and lets act. */
export { type Counts, createCounts } from "./counts";
export { Door, type DoorOptions } from "./door";
export { doorTo } from "./own-door";
