import { AppError, type ErrorKind } from "../../../errors";
import type { Changed } from "./change-each";

/** What passes by itself, so that the same call may be made again as it stands. */
const passing: ReadonlySet<ErrorKind> = new Set(["upstream", "throttled", "timeout", "cancelled"]);

/** What is said where none of several records is known to be done. */
export interface NoneWords {
  /** None was: `None of 3 cases was moved.` */
  readonly none: string;
  /** Of one or more it is not known. */
  readonly open: string;
  /** A line for each of them. */
  readonly lines: readonly string[];
  /** What to do next, where what stood in the way passes by itself. */
  readonly again: string;
  /** What to do next, where something has to be mended. */
  readonly mend: string;
}

/** Blames whoever can mend it: a fault on the way to Dataverse is none of the caller's. */
export function noneChanged(left: readonly Changed[], words: NoneWords): AppError {
  const kinds = left.flatMap(({ kind }) => kind ?? []);
  const kind = kinds.find((each) => !passing.has(each)) ?? kinds[0] ?? "timeout";
  const isOpen = left.some(({ outcome }) => outcome === "not known");
  return new AppError(kind, isOpen ? words.open : words.none, {
    problems: words.lines,
    hint: passing.has(kind) ? words.again : words.mend,
  });
}
