import { AppError } from "../errors";
import type { Grade } from "./grades";
import type { Preview } from "./preview";

/** Where somebody's yes is needed: it was missing and is asked for, or it was given. */
export type Consent = "asked" | "given";

/** Somebody's yes to one thing that was shown. */
export interface Permit {
  readonly grade: Grade;
  /** Id of the approval. */
  readonly id: string;
  /** Digest of what was shown, and of what was to be done. */
  readonly digest: string;
  /**
   * Uses it up, right before the first change.
   *
   * @throws AppError where it was used or answered before, or where nobody can tell
   */
  claim(): Promise<void>;
}

/** No error: a call comes to a change that needs a yes, and stops before it. It is no AppError, so nothing takes it for a failure. */
export class ConsentNeeded extends Error {
  readonly grade: Grade;
  readonly previews: readonly Preview[];
  /** Of what is shown, and of what would be done. */
  readonly digest: string;

  constructor(grade: Grade, previews: readonly Preview[], digest: string) {
    super("Somebody's yes is needed.");
    this.name = "ConsentNeeded";
    this.grade = grade;
    this.previews = previews;
    this.digest = digest;
  }
}

/** No error: a call that was only to show what it would do has come to it. */
export class DryRun extends ConsentNeeded {
  constructor(grade: Grade, previews: readonly Preview[], digest: string) {
    super(grade, previews, digest);
    this.name = "DryRun";
  }
}

/** What was said yes to is no longer what would be done. */
export const changedSince = (): AppError =>
  new AppError(
    "conflict",
    "What was shown has changed meanwhile, so the approval counts no longer. Nothing was done.",
    { hint: "Call again without approvalId, and the present state is shown and asked for." },
  );

export const refusedHere = (): AppError =>
  new AppError("forbidden", "Rights, identities and automation are not changed from here.", {
    hint: "Make the change in the admin center of Power Platform. Nothing was changed.",
  });

/** A call that was approved does another thing besides, which nobody was shown. */
export const beyondApproval = (): AppError =>
  new AppError("forbidden", "The call came to a change that its approval does not cover.", {
    hint: "Look with read_query at what was done, and ask for the rest by a call of its own.",
  });
