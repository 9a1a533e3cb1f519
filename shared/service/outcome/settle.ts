import { setTimeout as wait } from "node:timers/promises";
import { AppError } from "../../errors";
import { type CallTime, msToLook, msToSend } from "./call-time";

/**
 * What became of a change. There is nothing between these three: an answer of Dataverse, or a look at what is stored, says
 * `done` or `notDone`; where neither can be had it is `notKnown`, and the caller is told how to find out.
 */
export type Settled<T> =
  | { readonly outcome: "done"; readonly value: T; readonly wasSeen: boolean }
  | NotDone
  | {
      readonly outcome: "notKnown";
      readonly failure: AppError;
      /** It was looked at, and nothing of it is there so far. */
      readonly notYet: boolean;
    };

export interface NotDone {
  readonly outcome: "notDone";
  readonly failure: AppError;
  /** What is stored was looked at; false where Dataverse itself said no, or nothing was sent. */
  readonly wasSeen: boolean;
}

export interface Change<T> {
  /** Sends it, at most for so long. */
  send(withinMs: number): Promise<T>;
  /**
   * Looks at what is stored, at most for so long.
   *
   * @returns what became of the change, or undefined while nothing of it is to be seen
   */
  look(withinMs: number): Promise<T | undefined>;
  /**
   * For a change whose answer names no row, so that anything on the way can give it: looks once more whether it stands.
   *
   * @returns false where it does not; undefined where that does not show, for example for who may not see the row any more
   */
  stands?(withinMs: number): Promise<boolean | undefined>;
}

/**
 * Pauses before each look, in milliseconds. Behind an answer that was lost or cut Dataverse may be at work for some seconds, so
 * "not done" is said only when that time is over.
 */
const pauses = [0, 300, 700, 1_500, 2_500, 3_000] as const;
/** Changes of the schema take Dataverse longer. */
export const schemaPauses = [...pauses, 5_000, 8_000, 10_000] as const;
/** Before each look at what Dataverse has confirmed. */
const pausesOfConfirmed = [0, 300, 700, 1_500] as const;

const sum = (times: readonly number[]) => times.reduce((all, each) => all + each, 0);

/** So long one look may take; a reading that stalls must not cost all others. */
const longestLook = 6_000;

/** True when a write went out and nobody said that it was not carried out. */
export const mayBeDone = ({ request }: AppError): boolean =>
  request?.effect === "write" && request.outcome === "notKnown";

/** True when Dataverse itself said no, or nothing was sent: what is stored was not looked at. */
export const isRefused = (settled: Settled<unknown>): settled is NotDone =>
  settled.outcome === "notDone" && !settled.wasSeen;

/** Sends a change and finds out what became of it, as far as that can be had in the call's time. Throws only what is no AppError. */
export async function settle<T>(
  time: CallTime,
  change: Change<T>,
  waits: readonly number[] = pauses,
): Promise<Settled<T>> {
  let value: T;
  try {
    value = await change.send(msToSend(time));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (!mayBeDone(error)) return { outcome: "notDone", failure: error, wasSeen: false };
    return lookFor(time, change, error, waits);
  }
  return (await isBelied(time, change))
    ? { outcome: "notDone", failure: belied(), wasSeen: true }
    : { outcome: "done", value, wasSeen: false };
}

/** True where Dataverse has confirmed a change that does not stand. A look that fails leaves its word. */
async function isBelied<T>(time: CallTime, change: Change<T>): Promise<boolean> {
  if (change.stands === undefined) return false;
  for (const pause of pausesOfConfirmed) {
    if (pause > 0 && pause >= msToLook(time)) return true;
    await wait(pause, undefined, { signal: time.signal }).catch(() => undefined);
    if (time.signal.aborted) return false;
    try {
      const stands = await change.stands(Math.min(longestLook, msToLook(time)));
      if (stands !== false) return false;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return false;
    }
  }
  return true;
}

const belied = () =>
  new AppError("upstream", "Dataverse answered as if it had been done, and it does not stand.", {
    request: { effect: "write", outcome: "notDone", lastTry: "malformed" },
  });

async function lookFor<T>(
  time: CallTime,
  change: Change<T>,
  failure: AppError,
  waits: readonly number[],
): Promise<Settled<T>> {
  let wasSeen = false;
  let waited = 0;
  for (const pause of waits) {
    // The last look counts, so none is begun that cannot be ended.
    if (pause > 0 && pause >= msToLook(time)) break;
    await wait(pause, undefined, { signal: time.signal }).catch(() => undefined);
    if (time.signal.aborted) break;
    waited += pause;
    try {
      const value = await change.look(Math.min(longestLook, msToLook(time)));
      if (value !== undefined) return { outcome: "done", value, wasSeen: true };
      wasSeen = true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      wasSeen = false;
    }
  }
  // Who stopped waiting for an answer has heard no end of it: Dataverse may have the change before it yet. So it may where the
  // call's time ended before Dataverse had had its own.
  const isOpen = failure.kind === "timeout" || waited < Math.min(sum(pauses), sum(waits));
  return wasSeen && !isOpen
    ? { outcome: "notDone", failure, wasSeen }
    : { outcome: "notKnown", failure, notYet: wasSeen };
}
