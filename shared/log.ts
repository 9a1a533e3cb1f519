/** Where a function writes what its operator should know, and what the host says of the invocation. */
export interface Log {
  log(...words: unknown[]): void;
  warn(...words: unknown[]): void;
  error(...words: unknown[]): void;
  readonly invocationId?: string;
  readonly traceContext?: { readonly traceParent?: string | undefined } | undefined;
}

/** An error that nobody threw on purpose, without its message: what a record said may stand there. */
export const stackOf = (error: unknown): string =>
  error instanceof Error
    ? `${error.name} ${(error.stack ?? "").split("\n").slice(1).join("\n")}`
    : typeof error;

/** Logs why the token issuer's keys could not be read; callers are told that it is so, and when to come again. */
export const reportKeys =
  (log: Log) =>
  (reason: string): void =>
    log.error(JSON.stringify({ event: "signing_keys", reason }));
