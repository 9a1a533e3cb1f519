import { AppError, type ErrorKind, type FailedRequest } from "../errors";
import { nextStep } from "./next-step";

type Words = readonly [kind: ErrorKind, message: string, hint: string];

/**
 * Our words for Dataverse's codes. The service's own text may quote a record, so it never reaches a model.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes
 */
const byCode: Readonly<Record<string, Words>> = {
  "0x80040217": [
    "not_found",
    "There is no such record, or you may not see it.",
    "Look it up again with read_query.",
  ],
  "0x80040220": [
    "forbidden",
    "Your security roles do not allow this on that table.",
    "Ask an administrator for the missing privilege.",
  ],
  "0x80048306": [
    "forbidden",
    "You may not do that to that record.",
    "It belongs to somebody else; ask its owner or an administrator.",
  ],
  "0x80072560": [
    "forbidden",
    "You are not a user of this Dataverse environment.",
    "An administrator has to add you (or the endpoint's application user) to the environment.",
  ],
  "0x80042f09": [
    "forbidden",
    "No security role is assigned to you in this environment.",
    "Ask an administrator for a role.",
  ],
  "0x80040225": [
    "forbidden",
    "Your user is disabled in this environment.",
    "Ask an administrator to enable it.",
  ],
  "0x8004a110": [
    "forbidden",
    "The endpoint's identity may not act for other users.",
    "An administrator has to give its application user the role Delegate.",
  ],
  "0x80060882": [
    "conflict",
    "The record was changed since it was read.",
    "Read it again, look at what changed, and repeat the change.",
  ],
  "0x80040237": [
    "conflict",
    "A record with this id exists already.",
    "Read it; the first try may have worked.",
  ],
  "0x80040333": [
    "conflict",
    "Duplicate detection found a record like this one.",
    "Look for the existing record with read_query.",
  ],
  "0x80060892": [
    "conflict",
    "Another record has the same value in a column that must be unique.",
    "Look for it with read_query, or use another value.",
  ],
  "0x80040227": [
    "conflict",
    "Other records depend on this one, so it cannot be deleted.",
    "Delete or move those first.",
  ],
  "0x80048d19": [
    "invalid",
    "Dataverse did not understand a column or a lookup of the record.",
    "Check the names with describe_table.",
  ],
  "0x80044331": [
    "invalid",
    "A text is longer than its column allows.",
    "describe_table shows the lengths.",
  ],
  "0x8004432f": [
    "invalid",
    "A number is outside the range of its column.",
    "describe_table shows the ranges.",
  ],
  "0x80044330": [
    "invalid",
    "A number is outside the range of its column.",
    "describe_table shows the ranges.",
  ],
  "0x8004431a": [
    "invalid",
    "A value is not among the options of its choice column.",
    "describe_table lists the options.",
  ],
  "0x80048408": [
    "invalid",
    "This status reason does not belong to the state of the record.",
    "describe_table lists the status reasons of each state.",
  ],
  "0x80044410": [
    "invalid",
    "A case needs a customer.",
    "Set customerid to an account or a contact.",
  ],
  "0x80044411": [
    "conflict",
    "The case is already resolved or cancelled.",
    "Read it; reopen it first if it has to change.",
  ],
  "0x8004f032": [
    "forbidden",
    "This table or column belongs to the system and cannot be deleted.",
    "Only custom ones can.",
  ],
};

const byStatus: Readonly<Record<number, Words>> = {
  400: ["invalid", "Dataverse refused the request.", "Check names and values with describe_table."],
  401: [
    "upstream",
    "Dataverse did not accept the endpoint's token, nor a new one.",
    "This is about the endpoint's own sign-in, not about you: an administrator has to check the application user and DATAVERSE_URL.",
  ],
  403: [
    "forbidden",
    "Dataverse refused this to you.",
    "It does not say why in a way that is known here; an administrator can look up the code.",
  ],
  404: [
    "not_found",
    "There is no such record or table, or you may not see it.",
    "Look it up with read_query or list_tables.",
  ],
  405: [
    "conflict",
    "Dataverse does not allow this on that record.",
    "Other records may depend on it.",
  ],
  412: [
    "conflict",
    "The record was changed since it was read, or exists already.",
    "Read it again.",
  ],
  413: ["invalid", "The request is too large for Dataverse.", "Send less at a time."],
  414: ["invalid", "The request is too large for Dataverse.", "Ask for less at a time."],
  429: [
    "throttled",
    "Dataverse is limiting the requests just now, and did not carry out this one.",
    "Wait, then repeat the call.",
  ],
  431: ["invalid", "The request is too large for Dataverse.", "Ask for less at a time."],
};

/** The code that an error body carries, in lower case, whatever else it is (an HTML page, a cut text). */
function codeOf(body: unknown): string | undefined {
  const error = (body as { error?: { code?: unknown } } | null | undefined)?.error;
  return typeof error?.code === "string" && /^0x[0-9a-f]{8}$/i.test(error.code)
    ? error.code.toLowerCase()
    : undefined;
}

/** The name of the privilege that is missing: a word of the platform's, the one part of its text that is shown. */
function privilegeOf(body: unknown): string | undefined {
  const message = (body as { error?: { message?: unknown } } | null)?.error?.message;
  return typeof message === "string"
    ? /\bis missing (prv\w{1,80}) privilege\b/.exec(message)?.[1]
    : undefined;
}

/** Statuses that say all by themselves: the service gives them codes that elsewhere mean something else. */
const beforeCode = new Set([401, 413, 414, 429, 431]);

function wordsOf(status: number, code: string | undefined): Words | undefined {
  const ofStatus = byStatus[status];
  if (beforeCode.has(status) || status >= 500) return ofStatus;
  const ofCode = code === undefined ? undefined : byCode[code];
  return ofCode ?? ofStatus ?? byStatus[400];
}

/**
 * Turns an answer of status 400 or above into an error in our words; the body goes to `cause`, which nobody is shown. The status
 * counts before the code: a token is refused with codes of missing privileges, and so is a service that fails.
 */
export function serviceError(
  status: number,
  body: unknown,
  request: FailedRequest,
  retryAfterSeconds?: number,
): AppError {
  const code = codeOf(body);
  const cause = { status, body };
  const words = wordsOf(status, code);
  if (words === undefined) {
    const hint = nextStep(request);
    const details = { hint, code, retryAfterSeconds, request, cause };
    return new AppError("upstream", `Dataverse failed (${status}).`, details);
  }
  const [kind, message, advice] = words;
  const privilege = code === "0x80040220" && status === 403 ? privilegeOf(body) : undefined;
  const hint = privilege === undefined ? advice : `Ask an administrator for ${privilege}.`;
  return new AppError(kind, message, { hint, code, retryAfterSeconds, request, cause });
}
