import { AppError } from "../errors";

/** Where the user's word is needed: it was missing and is asked for, or the caller says that it was given. */
export type Consent = "asked" | "given";

/** What the caller says of the user's word; a call that does not say has yet to ask. */
export const consentOf = (hasUserApproved: boolean | undefined): Consent =>
  hasUserApproved === true ? "given" : "asked";

/** A call that does nothing before the user was asked. */
export class ConsentMissing extends AppError {
  readonly consent: Consent = "asked";

  constructor(message: string) {
    super("invalid", message, {
      hint: "Ask the user, then call again with hasUserApproved: true.",
    });
  }
}
