import { AppError } from "../../errors";

/** Bytes of one answer, unpacked. The largest row that is asked for is a note with its file, 20 MB and more as base64. */
export const longestAnswer = 64 * 1_048_576;

/** The answer was given up while it came in. Whoever reads pages can ask for a smaller one. */
export class AnswerTooLargeError extends AppError {
  constructor(limit: number) {
    super(
      "unsupported",
      `The answer of Dataverse is larger than ${Math.floor(limit / 1_048_576)} MB, which is not read here.`,
      {
        hint: "Ask for fewer rows, or leave out the columns that hold files or long texts.",
      },
    );
  }
}

export interface AnswerLimit {
  /** Aborts with the call, and when the answer is too large. */
  readonly signal: AbortSignal;
  readonly onDownloadProgress: (progress: { readonly loadedBytes: number }) => void;
  /** Set once the answer was given up. */
  readonly error: AnswerTooLargeError | undefined;
}

/** Watches one request, all its tries: what comes in is counted, and the connection closed at the limit. */
export function limitAnswer(call: AbortSignal, limit: number): AnswerLimit {
  const tooLarge = new AbortController();
  let error: AnswerTooLargeError | undefined;
  return {
    signal: AbortSignal.any([call, tooLarge.signal]),
    onDownloadProgress({ loadedBytes }) {
      if (loadedBytes <= limit) return;
      error ??= new AnswerTooLargeError(limit);
      tooLarge.abort(error);
      throw error;
    },
    get error() {
      return error;
    },
  };
}
