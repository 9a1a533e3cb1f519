import { AppError } from "../../errors";
import { quote } from "../../text/quote";

/**
 * `W/"1234"`, `"1234"` or the bare number of column versionnumber, as Dataverse writes it.
 *
 * @throws AppError `invalid` for anything else (it would go into a header)
 */
export function readEtag(text: string): string {
  const version = /^(?:W\/)?"?(\d{1,19})"?$/i.exec(text.trim())?.[1];
  if (version !== undefined) return `W/"${version}"`;
  throw new AppError("invalid", `etag ${quote(text)} is no version of a record.`, {
    hint: 'It looks like W/"1234567"; the number is the column versionnumber. Leave it out to change the record whatever its version.',
  });
}
