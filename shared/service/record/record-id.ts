import { readGuid } from "../../dataverse/odata-literal";
import { AppError } from "../../errors";
import { quote } from "../../text/quote";

/**
 * A record's id as Dataverse writes it; braces and capitals are understood.
 *
 * @throws AppError `invalid` for anything that is no GUID
 */
export function readRecordId(argument: string, value: string): string {
  const id = readGuid(value);
  if (id !== undefined) return id;
  throw new AppError("invalid", `${argument} is not a GUID: ${quote(value)}.`, {
    hint: "It looks like 5f3c1a52-0000-4000-8000-0123456789ab. Find the id of a record with read_query.",
  });
}
