import { AppError } from "../../errors";
import { placeholdersIn, safeLine } from "../../text";
import { recordList } from "../../text/records/record-text";

/** A subject that was asked for may carry no more than a line of ours. */
export function subjectOf(asked: string | undefined): string | undefined {
  if (asked === undefined) return undefined;
  const open = placeholdersIn(asked);
  if (safeLine(asked) === asked.replace(/\s+/g, " ").trim() && open.length === 0) return asked;
  throw new AppError("invalid", "The subject may not go to a customer so; no draft was made.", {
    problems: [
      open.length > 0
        ? `It has something still to be filled in: ${recordList(open)}.`
        : "It has a link, an address, a number to call or to pay to, or orders to a machine.",
    ],
    hint: "Give a subject without that, or none.",
  });
}
