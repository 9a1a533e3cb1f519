import type { Asked } from "../../policy/grades";
import type { Label } from "../../policy/preview";

/** All that the approval page says in one language. Text of records never stands in it. */
export interface PageWords {
  /** BCP 47. */
  readonly tag: string;
  /** What would be done, as the beginning of a sentence without its end. */
  readonly acts: Readonly<Record<Asked, string>>;
  readonly labels: Readonly<Record<Label, string>>;
  readonly title: string;
  /** Title of a page that asks for nothing. */
  readonly subject: string;
  /** @param count things that are asked for together */
  several(count: number): string;
  signedInAs(name: string): string;
  readonly askedBy: string;
  readonly dataNote: string;
  readonly strange: string;
  typeName(name: string): string;
  readonly yes: string;
  readonly no: string;
  readonly until: string;
  readonly done: string;
  /** Before the answer of the tool, which says what is so: not done, done in part, or not known. */
  readonly failed: string;
  readonly declined: string;
  readonly changed: string;
  readonly answered: string;
  readonly expired: string;
  readonly somebodyElse: string;
  readonly signInFailed: string;
  readonly refused: string;
  readonly wrongName: string;
  readonly down: string;
  readonly close: string;
  readonly developer: string;
}
