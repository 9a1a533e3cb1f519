/** What went wrong, in one word; tests and the tool look at this, people read `message`. */
export type SqlErrorCode =
  | "syntax" // not T-SQL
  | "not_select" // another statement than one SELECT
  | "unsupported" // T-SQL, but not offered here (yet)
  | "unknown_table"
  | "unknown_column"
  | "unknown_option"
  | "ambiguous_column"
  | "group_by"
  | "type"
  | "too_large" // more tokens, nesting or conditions than one query may have
  | "budget" // more rows, memory or time than one query may use
  | "busy" // other queries hold the memory; the same query may run in a moment
  | "cursor"; // a cursor of another query, or damaged

export interface SqlErrorDetails {
  /** What to write instead, one or two sentences. */
  readonly hint?: string | undefined;
  /** Nearest right names, best first. */
  readonly suggestions?: readonly string[] | undefined;
  /** After how many seconds the same query may run; for `busy`. */
  readonly retryAfterSeconds?: number | undefined;
}

/** The only error this engine throws on purpose. Line and column count from 1; 0 when there is no place. */
export class SqlError extends Error {
  readonly code: SqlErrorCode;
  readonly line: number;
  readonly column: number;
  readonly hint: string | undefined;
  readonly suggestions: readonly string[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: SqlErrorCode,
    message: string,
    place: { readonly line: number; readonly column: number },
    details: SqlErrorDetails = {},
  ) {
    super(message);
    this.name = "SqlError";
    this.code = code;
    this.line = place.line;
    this.column = place.column;
    this.hint = details.hint;
    this.suggestions = details.suggestions ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** An error at an offset of the query text; the place becomes part of the message. */
export function errorAt(
  source: string,
  offset: number,
  code: SqlErrorCode,
  message: string,
  details: SqlErrorDetails = {},
): SqlError {
  const before = source.slice(0, offset);
  const line = before.split("\n").length;
  const column = offset - (before.lastIndexOf("\n") + 1) + 1;
  return new SqlError(
    code,
    `${message} at line ${line}, column ${column}.`,
    { line, column },
    details,
  );
}

/** An error of the whole query, without a place in its text. */
export const errorOfQuery = (
  code: SqlErrorCode,
  message: string,
  details: SqlErrorDetails = {},
): SqlError => new SqlError(code, message, { line: 0, column: 0 }, details);

/** Longer pieces of a query are not repeated in an error. */
const longestPiece = 60;

/** Behind the brackets that close what was opened in the piece: an expression ends before those around its last part. */
function closedAt(source: string, start: number, end: number): number {
  let open = 0;
  for (let at = start; at < end; at += 1) {
    if (source[at] === "(") open += 1;
    else if (source[at] === ")") open -= 1;
  }
  let closed = end;
  for (let at = end; open > 0 && (source[at] === ")" || source[at] === " "); at += 1) {
    if (source[at] !== ")") continue;
    open -= 1;
    closed = at + 1;
  }
  return closed;
}

/** An error of a row, with the expression that came upon it and its place. */
export function errorOn(
  error: SqlError,
  { source, start, end }: { readonly source: string; readonly start: number; readonly end: number },
): SqlError {
  const piece = source.slice(start, closedAt(source, start, end)).replace(/\s+/g, " ");
  const name =
    piece.length <= longestPiece ? piece : `${piece.slice(0, longestPiece).toWellFormed()}…`;
  const { code, hint, suggestions } = error;
  const message = `${error.message.replace(/\.$/, "")} in ${name}`;
  return errorAt(source, start, code, message, { hint, suggestions });
}
