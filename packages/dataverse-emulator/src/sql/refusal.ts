import { DataverseError } from "../model";

/** A statement outside of what `?sql=` takes: what it is, where, and what to do instead. */
export const unsupported = (what: string, at?: number) =>
  new DataverseError(
    400,
    "0x80040203",
    `${what} ${at === undefined ? "" : `(position ${at + 1}) `}is not supported in a SQL query of the Web API.`,
  );

export const invalid = (message: string, at?: number) =>
  new DataverseError(
    400,
    "0x80040203",
    `${message}${at === undefined ? "" : ` (position ${at + 1})`}`,
  );

export const noTable = (name: string) =>
  new DataverseError(
    400,
    "0x80041102",
    `The entity with a name = '${name}' with namemapping = 'Logical' was not found in the MetadataCache.`,
  );

export const noColumn = (table: string, name: string) =>
  new DataverseError(
    400,
    "0x80041103",
    `'${table}' entity doesn't contain attribute with Name = '${name}' and NameMapping = 'Logical'.`,
  );
