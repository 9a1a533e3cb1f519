/** The door of case intelligence. */
export { ProviderFailure } from "./provider-failure";
export type * from "./types";
