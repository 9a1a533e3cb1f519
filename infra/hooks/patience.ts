/**
 * What is young, throttled or busy gets another try: an identity that Entra has not told everywhere yet, 429, 5xx, a
 * connection that broke. Each hook does only what is not done yet, so that a whole step can be repeated.
 */
export interface Patience {
  /** Tries in all. */
  readonly tries: number;
  /** Milliseconds before the second try; each further wait is half as long again. A service's own word counts more. */
  readonly waitMs: number;
  /** Where "waiting" is said. */
  readonly print: (line: string) => void;
}

/** Longest wait that a service may ask for, in seconds. */
const longestAsked = 120;

export interface Hope {
  /** What is waited for, in words: `Entra has not told the identity everywhere yet`. */
  readonly words: string;
  /** Seconds that the service asked for. */
  readonly afterSeconds?: number | undefined;
}

/**
 * @param hopeOf what another try may cure; undefined ends the tries
 * @throws what the last try threw
 */
export async function patiently<T>(
  work: () => Promise<T>,
  hopeOf: (error: unknown) => Hope | undefined,
  { tries, waitMs, print }: Patience,
): Promise<T> {
  let wait = waitMs;
  for (let left = tries - 1; ; left--) {
    try {
      return await work();
    } catch (error) {
      const hope = hopeOf(error);
      if (hope === undefined || left <= 0) throw error;
      const asked = (hope.afterSeconds ?? 0) * 1_000;
      const pause = Math.max(wait, Math.min(asked, longestAsked * 1_000));
      print(`  ${hope.words}: tried again in ${Math.ceil(pause / 1_000)} s, ${left} more times.`);
      await new Promise((done) => setTimeout(done, pause));
      wait *= 1.5;
    }
  }
}

/** `Retry-After` in seconds; undefined when it is absent or a date that has passed. */
export function retryAfter(headers: Headers, now = Date.now()): number | undefined {
  const text = headers.get("retry-after");
  if (text === null) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1_000;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

/** Answers that say "later": throttled, or the service is not well. */
export const isLater = (status: number): boolean =>
  status === 408 || status === 429 || status >= 500;
