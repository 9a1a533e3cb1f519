/**
 * Columns that decide who is served first, who pays, who works and whether a case is closed. Whatever the configuration says,
 * their values are recommended to a person at most: an attacker would aim at these.
 */
export const neverAutomatic: readonly string[] = [
  "prioritycode",
  "severitycode",
  "isescalated",
  "entitlementid",
  "slaid",
  "customerid",
  "ownerid",
  "queueid",
  "statecode",
  "statuscode",
];

/** How a column may be filled, of what an administrator asked for. */
export const permittedMode = <Mode extends string>(
  column: string,
  mode: Mode,
): Mode | "recommend" => (mode === "auto" && neverAutomatic.includes(column) ? "recommend" : mode);
