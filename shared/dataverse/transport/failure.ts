import { RestError } from "@azure/core-rest-pipeline";
import { AppError, type FailedRequest } from "../../errors";
import { nextStep } from "../next-step";
import { AnswerTooLargeError } from "./answer-limit";

/** Faults of the network before a connection stands: nothing has been sent. */
const neverSent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

export const isNeverSent = (code: string | undefined): boolean =>
  code !== undefined && neverSent.has(code);

/** What is known of the tries of one request. */
export class Tries {
  readonly #changes: boolean;
  #isUnderWay = false;
  #hasLost = false;
  #last: FailedRequest["lastTry"] = "unsent";

  /** @param changes the request may change something */
  constructor(changes: boolean) {
    this.#changes = changes;
  }

  /** A try goes out. */
  begins(): void {
    this.#isUnderWay = true;
  }

  /** Dataverse did nothing, and says so. */
  refused(): void {
    this.#isUnderWay = false;
    this.#last = "refused";
  }

  /** It was done; should nobody hear of it, because the time was over meanwhile, that is a lost answer. */
  succeeded(): void {
    this.lost("lost");
  }

  /** What came says nothing of what was done. */
  lost(how: "lost" | "malformed"): void {
    this.#isUnderWay = false;
    this.#hasLost = true;
    this.#last = how;
  }

  /** The try ended by an error of the network, or was given up. */
  failed(code: string | undefined): void {
    if (!this.#isUnderWay) return;
    if (isNeverSent(code)) {
      this.#isUnderWay = false;
      this.#last = "unsent";
    } else this.lost("lost");
  }

  get facts(): FailedRequest {
    return {
      effect: this.#changes ? "write" : "read",
      outcome: this.#changes && this.#hasLost ? "notKnown" : "notDone",
      lastTry: this.#last,
    };
  }
}

/** A good answer never came: the kind of fault that is of no one's making here. */
export const malformed = (request: FailedRequest, cause: unknown): AppError =>
  new AppError(
    "upstream",
    "The answer of Dataverse was cut off or is not what the Web API sends.",
    {
      hint: `${nextStep(request)} If it lasts, an administrator has to check that DATAVERSE_URL is the environment's own address and that no gateway answers in its place.`,
      request,
      cause,
    },
  );

/** Any error of one request as an AppError that says what is known of it; a bug stays what it is. */
export function failureOf(error: unknown, request: FailedRequest, signal: AbortSignal): unknown {
  if (error instanceof AnswerTooLargeError) return new AnswerTooLargeError(error.limit, request);
  if (error instanceof AppError) return ofRequest(error, request);
  // Whoever ends a call says why.
  if (signal.aborted && signal.reason instanceof AppError) return ofRequest(signal.reason, request);
  const details = { hint: nextStep(request), request, cause: error };
  if (signal.aborted) return new AppError("timeout", "Dataverse did not answer in time.", details);
  if (error instanceof RestError && error.code === malformedCode) return malformed(request, error);
  const isNetwork = error instanceof Error && (error.name === "RestError" || "code" in error);
  if (!isNetwork) return error;
  return new AppError("upstream", "The connection to Dataverse failed.", details);
}

/** Code of the RestError by which an answer that is none reaches whoever sends again. */
export const malformedCode = "MALFORMED_ANSWER";

function ofRequest(error: AppError, request: FailedRequest): AppError {
  const { kind, message, hint, problems, code, retryAfterSeconds, said, cause } = error;
  const details = { hint, problems, code, retryAfterSeconds, said, request, cause };
  return new AppError(kind, message, details);
}
