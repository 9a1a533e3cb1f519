import { AppError, type FailedRequest } from "../../errors";

/** Bytes of one answer, unpacked. The largest row that is asked for is a note with its file, 20 MB and more as base64. */
export const longestAnswer = 64 * 1_048_576;

/** The answer was given up while it came in. Whoever reads pages can ask for a smaller one. */
export class AnswerTooLargeError extends AppError {
  readonly limit: number;

  /** @param limit bytes */
  constructor(limit: number, request?: FailedRequest) {
    super(
      "unsupported",
      `The answer of Dataverse is larger than ${Math.floor(limit / 1_048_576)} MB, which is not read here.`,
      {
        hint: "Ask for fewer rows, or leave out the columns that hold files or long texts.",
        request,
      },
    );
    this.limit = limit;
  }
}
