import { AppError, type FailedRequest } from "../errors";
import { nextStep } from "./next-step";
import { byCode, byStatus, ownRule, ruleTimedOut, type Words } from "./service-words";

/** Longest sentence of the service's that is passed on. */
const longestSaid = 1_000;

/**
 * Codes by which the platform passes on what a plug-in, a workflow or a custom API of the organisation refuses. A rule may also
 * bring a number of its own, which lies outside of the platform's (`0x8…`).
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/handle-exceptions
 */
const ownRuleCodes: ReadonlySet<string> = new Set([
  "0x80040224", // IsvUnExpected
  "0x80040265", // IsvAborted
  "0x80045f00", // CalloutIsvException
  "0x80045f01", // CalloutIsvAbort
  "0x80045f02", // CalloutIsvStop
]);
/** The rule was given up by its sandbox; what it stood in the way of is rolled back. */
const ruleTimeouts: ReadonlySet<string> = new Set([
  "0x80044171",
  "0x80044172",
  "0x80044173",
  "0x80081111",
]);
/** Refusals whose reason may be told where no code says it: a request that is wrong, not one that failed. */
const reasoned: ReadonlySet<number> = new Set([400, 405, 409, 412, 422]);

/** The code that an error body carries, in lower case, whatever else it is (an HTML page, a cut text). */
function codeOf(body: unknown): string | undefined {
  const error = (body as { error?: { code?: unknown } } | null | undefined)?.error;
  return typeof error?.code === "string" && /^0x[0-9a-f]{8}$/i.test(error.code)
    ? error.code.toLowerCase()
    : undefined;
}

function messageOf(body: unknown): string | undefined {
  const message = (body as { error?: { message?: unknown } } | null | undefined)?.error?.message;
  return typeof message === "string" && message.trim() !== "" ? message.trim() : undefined;
}

const isOwnRuleCode = (code: string): boolean => ownRuleCodes.has(code) || !code.startsWith("0x8");

/** Our words, sharpened by what the platform's message names: privileges, tables and ids, which are no text of a record. */
function sharpened(code: string | undefined, [kind, said, advice]: Words, message = ""): Words {
  if (code === "0x80040220") {
    const privilege = /\bis missing (prv\w{1,80}) privilege\b/.exec(message)?.[1];
    const table = /\bfor entity '([a-z]\w{0,99})'/.exec(message)?.[1];
    return [
      kind,
      table === undefined ? said : said.replace("that table", `table ${table}`),
      privilege === undefined ? advice : `Ask an administrator for ${privilege}.`,
    ];
  }
  if (code === "0x80040217") {
    const [, table, id] = missingRow.exec(message) ?? [];
    if (table === undefined || id === undefined) return [kind, said, advice];
    return [kind, `There is no ${table} ${id.toLowerCase()}, or you may not see it.`, advice];
  }
  return [kind, said, advice];
}

/** `Entity 'account' With Id = … Does Not Exist`, since 2024; `account With Id = …` before. */
const missingRow =
  /^(?:Entity ')?([a-z]\w{0,99})'? With Ids? = ([0-9a-f-]{36}) Do(?:es)? Not Exist/i;

/** Statuses that say all by themselves: the service gives them codes that elsewhere mean something else. */
const beforeCode = new Set([401, 413, 414, 429, 431]);

interface Wording {
  readonly words: Words;
  /** The service's own sentence is shown beside them. */
  readonly isSaid: boolean;
}

/** Undefined for a service that failed. */
function wordingOf(status: number, code: string | undefined): Wording | undefined {
  const ofStatus = byStatus[status];
  const silent = (words: Words | undefined) => words && { words, isSaid: false };
  if (beforeCode.has(status)) return silent(ofStatus);
  // Whatever becomes of a rule, a gateway that fails knows nothing of it.
  if (code !== undefined && status <= 500) {
    if (ruleTimeouts.has(code)) return silent(ruleTimedOut);
    if (isOwnRuleCode(code)) return { words: ownRule, isSaid: true };
  }
  if (status >= 500) return undefined;
  const ofCode = code === undefined ? undefined : byCode[code];
  if (ofCode !== undefined) return silent(ofCode);
  const words = ofStatus ?? byStatus[400];
  return words && { words, isSaid: reasoned.has(status) };
}

/**
 * Turns an answer of status 400 or above into an error in our words. The body goes to `cause`, which nobody is shown; only the
 * sentence of a refusal that has no words of ours goes to `said`. The status counts before the code: a token is refused with codes
 * of missing privileges, and so is a service that fails.
 */
export function serviceError(
  status: number,
  body: unknown,
  request: FailedRequest,
  retryAfterSeconds?: number,
): AppError {
  const code = codeOf(body);
  const cause = { status, body };
  const wording = wordingOf(status, code);
  if (wording === undefined) {
    const hint = nextStep(request);
    const details = { hint, code, retryAfterSeconds, request, cause };
    return new AppError("upstream", `Dataverse failed (${status}).`, details);
  }
  const message = messageOf(body);
  const [kind, text, hint] = sharpened(code, wording.words, message);
  const said = wording.isSaid ? message?.slice(0, longestSaid).toWellFormed() : undefined;
  return new AppError(kind, text, { hint, code, retryAfterSeconds, said, request, cause });
}
