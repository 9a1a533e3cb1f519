/** What a call has of time, as its context gives it. */
export interface CallTime {
  /** Aborts at the call's deadline. */
  readonly signal: AbortSignal;
  /** That deadline on the clock of `performance.now()`. */
  readonly endsAt?: number | undefined;
}

/** Of a call that does not say when it ends. */
const usualMs = 45_000;
/** Kept for looking whether a write was done, and for the answer. */
const keptMs = 12_000;
/** Kept for the answer alone. */
const answerMs = 1_500;

/** Milliseconds until the call's deadline. */
export const msLeft = ({ endsAt }: CallTime): number =>
  endsAt === undefined ? usualMs : Math.max(0, endsAt - performance.now());

/** How long a write may take: a write that takes all the time there is leaves none to look whether it was done. */
export function msToSend(time: CallTime): number {
  const left = msLeft(time);
  return Math.max(1, Math.floor(left - Math.min(keptMs, left * 0.3)));
}

/** How long looking may take, the answer still to be given. */
export function msToLook(time: CallTime): number {
  const left = msLeft(time);
  return Math.max(1, Math.floor(left - Math.min(answerMs, left * 0.2)));
}
