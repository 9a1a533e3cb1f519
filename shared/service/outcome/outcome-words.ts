import type { AppError } from "../../errors";
import type { Settled } from "./settle";

/** How a change is told that was not done, or of which that is not known. Our own words. */
export interface ChangeWords {
  /** Behind "It is not known whether": `the case was resolved`. */
  readonly done: string;
  /** `The case was not resolved.` */
  readonly notDone: string;
  /** How to find out what became of it: the call that tells, and what its answer means. */
  readonly findOut: string;
  /** What the same call would do now. */
  readonly again: string;
}

/** What is so, then what to do: the refusal of a change that was not done, or of which that is not known. */
export function failed<T>(
  settled: Exclude<Settled<T>, { readonly outcome: "done" }>,
  words: ChangeWords,
): AppError {
  const { failure } = settled;
  if (settled.outcome === "notKnown") {
    const looked = settled.notYet
      ? " Looked at some seconds later, nothing of it is there yet; Dataverse can still be at work on it."
      : "";
    return failure.restated(`It is not known whether ${words.done}. ${failure.message}${looked}`, {
      hint: `${words.findOut} ${words.again}`,
    });
  }
  if (!settled.wasSeen) return failure.restated(`${words.notDone} ${failure.message}`);
  return failure.restated(
    `${words.notDone} ${failure.message} What is stored was looked at after that, at once and again some seconds later.`,
    {
      hint: words.again,
      // What was looked at is known, whatever the request itself left open.
      request: failure.request && { ...failure.request, outcome: "notDone" },
    },
  );
}

/** A call as it is to be made: the tool and its arguments. */
export const callWords = (tool: string, args: Readonly<Record<string, unknown>>): string =>
  `${tool} with ${JSON.stringify(args)}`;

/** The query that tells. */
export const queryWords = (querytext: string): string => callWords("read_query", { querytext });
