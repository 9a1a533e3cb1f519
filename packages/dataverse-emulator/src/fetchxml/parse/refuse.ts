import { DataverseError } from "../../model";

/** Where an element begins; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Of what is not written in FetchXML, but read by its rules. */
export const NOWHERE: Position = { line: 0, column: 0 };

const where = (at: Position | undefined) =>
  at === undefined || at === NOWHERE ? "" : ` (line ${at.line}, column ${at.column})`;

/** 400 in Dataverse's shape; the place in the FetchXML is told as the end of the text. */
export const refuse = (code: string, message: string, at?: Position): DataverseError =>
  new DataverseError(400, code, `${message}${where(at)}`);

export const INVALID_ARGUMENT = "0x80040203";
export const INVALID_XML = "0x80040201";
export const NO_ENTITY = "0x80041102";
export const NO_ATTRIBUTE = "0x80041103";
export const TOO_MANY_CONDITIONS = "0x8004430c";
export const TOO_MANY_LINKS = "0x8004430d";
export const COOKIE_NEEDED = "0x8004430a";
export const AGGREGATE_LIMIT = "0x8004e023";

export const invalid = (message: string, at?: Position): DataverseError =>
  refuse(INVALID_ARGUMENT, message, at);
