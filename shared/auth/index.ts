import type { Config } from "../config";
import type { Caller } from "../context";
import { keepAssertion } from "./assertion";
import { localCaller } from "./local-caller";
import { refuse } from "./refusal";
import type { ReportKeys } from "./signing-keys";
import { createVerifier, type Verifier } from "./verify";

export { protectedResourceMetadata } from "./refusal";

const warn: ReportKeys = (reason) => process.emitWarning(reason);

const verifiers = new WeakMap<Config, Verifier>();

export interface AuthenticateOptions {
  /** Told why the issuer's keys could not be read, once for each try, without anything of a token. Else the process warns. */
  readonly report?: ReportKeys;
  /** Clock, in milliseconds since 1970; asked from the first request of a configuration on. */
  readonly now?: () => number;
}

/**
 * Says who is calling, or gives the answer that turns the request away. What the platform did before does not count:
 * a header that a front door adds is whatever the caller sends once that door is open.
 *
 * @param request headers (any case) and the full address of the request
 */
export async function authenticate(
  request: { readonly headers: Headers; readonly url: string },
  config: Config,
  { report = warn, now }: AuthenticateOptions = {},
): Promise<Caller | Response> {
  const result =
    config.authMode === "dev"
      ? localCaller(request, config)
      : await verifyBearer(
          request.headers.get("authorization"),
          verifierOf(config, now),
          report,
          config.personBy === "on-behalf-of",
        );
  return "status" in result ? refuse(result, config) : result;
}

/** @param keepsTokens the token is exchanged later for one of the same person's */
async function verifyBearer(
  header: string | null,
  verifier: Verifier,
  report: ReportKeys,
  keepsTokens: boolean,
) {
  if (header === null) {
    return {
      status: 401,
      error: undefined,
      description: "Sign in first: the request carries no bearer token.",
    } as const;
  }
  const token = /^Bearer +([\w.~+/=-]+) *$/i.exec(header)?.[1];
  if (token === undefined) {
    return {
      status: 401,
      error: "invalid_request",
      description: "The Authorization header must read: Bearer, a blank, the token.",
    } as const;
  }
  const caller = await verifier.verify(token, report);
  if (keepsTokens && !("status" in caller)) keepAssertion(caller, token);
  return caller;
}

function verifierOf(config: Config, now: AuthenticateOptions["now"]): Verifier {
  let verifier = verifiers.get(config);
  if (verifier === undefined) {
    verifier = createVerifier(config, now);
    verifiers.set(config, verifier);
  }
  return verifier;
}
