import { recordLine } from "../../text/records/record-text";
import { errorAt, errorOfQuery, type SqlError } from "../errors";

/**
 * What SQL Server would say, with its number. Binding gives it instead of a result, and so does the conversion of a value: making one is
 * cheap, because TRY_CAST may make one for every row, and its words are only put together when they are read.
 *
 * @see https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
 */
export class Failure {
  readonly number: number;
  readonly hint: string | undefined;
  readonly #message: string | (() => string);

  constructor(number: number, message: string | (() => string), hint?: string) {
    this.number = number;
    this.#message = message;
    this.hint = hint;
  }

  /** SQL Server's words, without a full stop. */
  get message(): string {
    return typeof this.#message === "string" ? this.#message : this.#message();
  }

  /** With the place in the query's text at which it came up. */
  at(source: string, offset: number): SqlError {
    return errorAt(source, offset, "type", this.#words(), { hint: this.hint });
  }

  /** Without a place: it came up on a row. */
  error(): SqlError {
    return errorOfQuery("type", `${this.#words()}.`, {
      hint: this.hint ?? "Filter out the rows whose value is not of that kind.",
    });
  }

  #words(): string {
    return `${this.message} (SQL Server error ${this.number})`;
  }
}

const longestShown = 100;

/** A text of a record within an error: data, marked as such, and short. */
export const shown = (text: string): string =>
  recordLine(text.length > longestShown ? `${text.slice(0, longestShown)}…` : text);

export const tryCastHint = "TRY_CAST and TRY_CONVERT give NULL where a value does not convert.";

/** Throws what went wrong with a value, or gives the result. */
export function orThrow<T>(result: T | Failure): T {
  if (result instanceof Failure) throw result.error();
  return result;
}
