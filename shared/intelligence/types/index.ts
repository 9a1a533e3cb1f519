/** The words of case intelligence: what goes into a provider and what comes out. No code here. */
export type * from "./answers";
export type * from "./fields";
export type * from "./providers";
export type * from "./records";
