/** The secrets of one sign-in, kept in the browser's cookie, sealed, until it comes back. */
export interface SignInTransaction {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Who signed in, as the issuer's signed token says. */
export interface SignedIn {
  readonly objectId: string;
  readonly tenantId: string;
  readonly name: string | undefined;
}

/** The page's own sign-in, for a client of its own: nothing that a client of the endpoint holds counts here. */
export interface SignIn {
  /** Where the browser goes to sign in. */
  start(
    redirectUri: string,
  ): Promise<{ readonly url: string; readonly transaction: SignInTransaction }>;
  /**
   * The id token for what came back, checked; undefined where it is not what was asked for.
   *
   * @param returned whole address that the browser came back to
   */
  redeem(returned: URL, transaction: SignInTransaction): Promise<string | undefined>;
  /** Who the token is about; undefined where it is none of the issuer's, of another client, too old, or lacks the step-up. */
  verify(idToken: string): Promise<SignedIn | undefined>;
}
