/** What the caller can do next. HTTP status, retry and log level are looked up from this word. */
export type ErrorKind =
  | "invalid" // change the input and call again
  | "not_found" // no such row, or this user may not see it
  | "forbidden" // Dataverse refused this user
  | "conflict" // changed since it was read: read again
  | "throttled" // the same call may work later
  | "unsupported" // understood, but not offered here
  | "upstream" // Dataverse, the identity endpoint or the model failed
  | "timeout" // our own deadline ran out
  | "cancelled"; // the client gave the call up; nobody reads the answer

/** What is known of a request to Dataverse that ended with an error. */
export interface FailedRequest {
  /** Whether it could change anything. A search that travels by POST is a read. */
  readonly effect: "read" | "write";
  /**
   * `notDone`: no try of it changed anything, and none will: nothing was sent, or Dataverse refused each try.
   * `notKnown`: a try went out whose answer is missing, says that Dataverse failed, or is none that Dataverse gives there, so that
   * it may have been carried out, or may yet be. A read is always `notDone`.
   */
  readonly outcome: "notDone" | "notKnown";
  /**
   * How the last try ended: it never left; Dataverse said no; no whole answer came, or one of 500 and above; or an answer came that is
   * not what Dataverse sends to such a request. `refused` beside `notKnown`: a try before it was lost, and the refusal may be
   * about what that try did.
   */
  readonly lastTry: "unsent" | "refused" | "lost" | "malformed";
}

export interface ErrorDetails {
  /** What to do next, in one or two sentences of our own. */
  readonly hint?: string | undefined;
  /** Every problem found, when there is more than one; `message` then sums them up. Our own words. */
  readonly problems?: readonly string[] | undefined;
  /** The service's own code, for example `0x80040217`. */
  readonly code?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** Of an error with which a request to Dataverse ended. */
  readonly request?: FailedRequest | undefined;
  /**
   * What the service itself says of a refusal that is not ours to word: the sentence of a company's own rule, or a reason that
   * has no words here. As it came, not marked; whoever renders the error shows it as data.
   */
  readonly said?: string | undefined;
  /** Whatever was caught, and any text that came from a record or a service. Never shown to a model. */
  readonly cause?: unknown;
}

/**
 * The one error thrown on purpose; any other is a bug. A language model reads `message`, `hint` and
 * `problems`, so they hold our own words, names and values that the model itself sent (quoted, on one line), and
 * names, labels and texts of records and metadata only as `text/record-text.ts` marks them. What a service said goes into
 * `said`, which is shown as data, or into `cause`, which is shown to nobody.
 */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  readonly problems: readonly string[];
  readonly code: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly request: FailedRequest | undefined;
  readonly said: string | undefined;

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = "AppError";
    this.kind = kind;
    this.hint = details.hint;
    this.problems = details.problems ?? [];
    this.code = details.code;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.request = details.request;
    this.said = details.said;
  }

  /**
   * The same refusal in other words: kind, code, waiting time, request and what the service said stay, and so does what `details`
   * leaves out.
   */
  restated(
    message: string,
    details: Pick<ErrorDetails, "hint" | "problems" | "request"> = {},
  ): AppError {
    return new AppError(this.kind, message, {
      hint: details.hint ?? this.hint,
      problems: details.problems ?? this.problems,
      code: this.code,
      retryAfterSeconds: this.retryAfterSeconds,
      request: details.request ?? this.request,
      said: this.said,
      cause: this,
    });
  }
}
