import { setMaxListeners } from "node:events";
import { AppError } from "../../errors";

/** Why a call was given up before its deadline. */
export type GivenUp = "hang-up" | "cancelled" | "stopping";

const nothingChanged = "Nothing was changed";
const notKnown =
  "A change had been sent to Dataverse and its answer has not come: it is not known whether it was made.";

/**
 * How long one call of a tool may go on. Its signal aborts at the deadline, which is counted from the arrival of the
 * request, and when somebody gives the call up before it has begun to write. A write that has been sent is not called back
 * by closing a connection, so from then on the call finishes what it sent, looks whether it was done, and begins nothing new.
 */
export class Call {
  readonly #controller = new AbortController();
  readonly #deadline: NodeJS.Timeout;
  /** The deadline, on the clock of `performance.now()`. */
  readonly endsAt: number;
  #refusal: AppError | undefined;
  #givenUp: GivenUp | undefined;
  #hasWritten = false;

  /**
   * @param timeoutMs whole time of the call, in milliseconds
   * @param elapsedMs what of it is gone since the request arrived
   */
  constructor(timeoutMs: number, elapsedMs: number) {
    const left = Math.max(0, timeoutMs - elapsedMs);
    this.endsAt = performance.now() + left;
    // Each of its requests and turns listens while it waits, and a call may have many: no sign of a leak.
    setMaxListeners(0, this.signal);
    this.#deadline = setTimeout(() => this.#controller.abort(tooLate(this.#hasWritten)), left);
  }

  /** Its reason is always an AppError. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get givenUp(): GivenUp | undefined {
    return this.#givenUp;
  }

  /**
   * Must be called when nothing of a write has been sent yet and the next step sends it.
   *
   * @throws AppError when the call was given up or its time is over: the write must not be sent
   */
  readonly beforeWrite = (): void => {
    this.signal.throwIfAborted();
    if (this.#refusal) throw this.#refusal;
    this.#hasWritten = true;
  };

  /** Ends the call unless it has begun to write; in that case nothing new is begun. */
  giveUp(why: GivenUp): void {
    if (this.#givenUp !== undefined || this.signal.aborted) return;
    this.#givenUp = why;
    this.#refusal = refusals[why]();
    if (!this.#hasWritten) this.#controller.abort(this.#refusal);
  }

  /** Ends the call whatever it does: the process is about to end. */
  stop(): void {
    this.#givenUp ??= "stopping";
    const reason = this.#hasWritten
      ? new AppError("timeout", "The server had to stop during the call.", {
          hint: `${notKnown} Read before you try again.`,
        })
      : refusals.stopping();
    this.#controller.abort(reason);
  }

  end(): void {
    clearTimeout(this.#deadline);
  }
}

const givenUpByClient = (message: string) =>
  new AppError("cancelled", message, { hint: `${nothingChanged} after that.` });

const refusals: Readonly<Record<GivenUp, () => AppError>> = {
  "hang-up": () => givenUpByClient("The client closed the connection before the call was done."),
  cancelled: () => givenUpByClient("The call was cancelled by the client."),
  stopping: () => stopping("The server stopped before the call was done"),
};

/** Seconds in which another instance, or the next process of this one, takes over. */
const restartSeconds = 5;

/** Refuses what a process that is about to end does not begin, or did not finish. */
export const stopping = (message: string): AppError =>
  new AppError("throttled", `${message} (it is being updated or moved).`, {
    hint: `${nothingChanged}: make the same call again.`,
    retryAfterSeconds: restartSeconds,
  });

const tooLate = (hasWritten: boolean): AppError =>
  new AppError("timeout", "The call took too long and was given up.", {
    hint: hasWritten
      ? "A change may have been made all the same: read before you try again."
      : `${nothingChanged}. Try again; for a query, narrow it.`,
  });
