import { AppError, type ErrorKind } from "../../../errors";
import { type CallTime, msToSend } from "../../outcome/call-time";
import { mayBeDone } from "../../outcome/settle";

/** What became of one of several records. */
export interface Changed {
  readonly recordId: string;
  readonly outcome: "done" | "not done" | "not known" | "not tried";
  /** Of what was not done. Our words. */
  readonly why: string | undefined;
  /** Of the failure. */
  readonly kind?: ErrorKind;
}

/** Less is too little to begin another one and to look what became of it. */
const leastMs = 3_000;

/**
 * Changes one record after another; what fails keeps none of the others back. None is begun for which the time of the call does not
 * suffice.
 */
export async function changeEach(
  ids: readonly string[],
  time: CallTime,
  change: (id: string) => Promise<unknown>,
): Promise<readonly Changed[]> {
  const changed: Changed[] = [];
  for (const recordId of ids) {
    if (time.signal.aborted || msToSend(time) < leastMs) {
      changed.push({ recordId, outcome: "not tried", why: "the time of the call was over" });
      continue;
    }
    try {
      await change(recordId);
      changed.push({ recordId, outcome: "done", why: undefined });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const outcome = mayBeDone(error) ? "not known" : "not done";
      changed.push({ recordId, outcome, why: error.message, kind: error.kind });
    }
  }
  return changed;
}
