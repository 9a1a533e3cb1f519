import type { Context } from "../context";
import { AppError, type ErrorKind } from "../errors";
import { SqlError, type SqlErrorCode } from "../sql";

/** Refusals that may rest on definitions that somebody else changed a moment ago. */
const restingOnNames: ReadonlySet<ErrorKind> = new Set(["invalid", "not_found", "unsupported"]);

/** Refusals of a query that no definition brings about. */
const restingOnText: ReadonlySet<SqlErrorCode> = new Set([
  "budget",
  "busy",
  "cursor",
  "not_select",
  "syntax",
  "too_large",
]);

const mayRestOnNames = ({ kind, cause }: AppError): boolean =>
  restingOnNames.has(kind) && !(cause instanceof SqlError && restingOnText.has(cause.code));

/**
 * Runs a tool, and once more when it refused and definitions turn out to be others than those that it used: a table, column, option,
 * key or relationship that another administrator made a moment ago is known then, and one that is gone is refused by its name.
 * Only what has changed nothing is run again.
 */
export async function withFreshDefinitions<T>(
  context: Pick<Context, "dataverse">,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AppError) || !mayRestOnNames(error)) throw error;
    const { dataverse } = context;
    if (dataverse.mayHaveChanged) throw error;
    if (await isOther(dataverse, error)) return run();
    throw error;
  }
}

/** What a person has to know of definitions that are shown as they were known before. */
export const staleWords = (isCurrent: boolean): readonly string[] =>
  isCurrent
    ? []
    : [
        "Definitions could not be read again just now: what somebody else changed of tables and columns in the last minutes may be missing.",
      ];

/** @throws the refusal, with what it rests on, when that cannot be looked at */
async function isOther(dataverse: Context["dataverse"], refusal: AppError): Promise<boolean> {
  try {
    return await dataverse.metadata.lookAgain();
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === "cancelled") throw error;
    throw refusal.restated(refusal.message, {
      problems: [
        ...refusal.problems,
        "Definitions of tables could not be read again just now, so a name that was made a few minutes ago may not be known here yet.",
      ],
    });
  }
}
