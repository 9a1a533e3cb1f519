import type { Dataverse, Metadata } from "../../dataverse";
import { AppError } from "../../errors";

export interface Publisher {
  /** `new`, `cr123`: stands before every custom name, with an underscore. */
  readonly prefix: string;
  /** First value of a custom choice: option value prefix × 10,000. */
  readonly firstOption: number;
}

/** One environment, one publisher. */
const known = new WeakMap<Metadata["environment"], Publisher>();

/**
 * The publisher of the environment's default solution, to which our tables and columns are added.
 *
 * @throws AppError `upstream` when the environment has none, `forbidden` when the caller may not read it
 */
export async function readPublisher(dataverse: Dataverse): Promise<Publisher> {
  const kept = known.get(dataverse.metadata.environment);
  if (kept !== undefined) return kept;
  const { rows } = await dataverse.query("solution", {
    select: ["_publisherid_value"],
    filter: "uniquename eq 'Default'",
    top: 1,
  });
  const id = rows[0]?._publisherid_value;
  const row =
    typeof id === "string"
      ? await dataverse.retrieve("publisher", id, {
          select: ["customizationprefix", "customizationoptionvalueprefix"],
        })
      : undefined;
  const prefix = row?.customizationprefix;
  if (typeof prefix !== "string" || !/^[a-z][a-z0-9]{1,7}$/i.test(prefix)) {
    throw new AppError("upstream", "The environment's default publisher has no prefix.", {
      hint: "An administrator has to look at the publisher of the default solution.",
    });
  }
  const optionPrefix = Number(row?.customizationoptionvalueprefix);
  const publisher = {
    prefix: prefix.toLowerCase(),
    firstOption:
      (optionPrefix >= 10_000 && optionPrefix <= 99_999 ? optionPrefix : 10_000) * 10_000,
  };
  known.set(dataverse.metadata.environment, publisher);
  return publisher;
}
