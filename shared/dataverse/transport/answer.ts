import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { type Answer, type Expected, objectionTo } from "../expected";
import type { DataverseResponse } from "../request";
import { answersIn, type RawAnswer } from "./batch";

/** What an answer is, held against what its request expects. */
export type Judged =
  | { readonly kind: "answer"; readonly answer: DataverseResponse }
  /** Dataverse refused, or failed; `isNotDone`: and says so in a way that only it can, so nothing was done. */
  | { readonly kind: "refusal"; readonly answer: Answer; readonly isNotDone: boolean }
  /** Nothing that Dataverse sends; `why` holds nothing of it. */
  | { readonly kind: "malformed"; readonly why: string };

export type WellFormed = Exclude<Judged, { readonly kind: "malformed" }>;

/** Statuses by which the front of the service turns a request away, whatever stands in the body. */
const turnedAway = new Set([401, 413, 414, 429, 431]);

/** Judges one answer. */
export function judge({ status, headers, text }: RawAnswer, expected: Expected): Judged {
  const body = text.trim() === "" ? undefined : parse(text);
  if (status >= 400) {
    const isNotDone = turnedAway.has(status) || (status < 500 && isODataError(body));
    if (isNotDone || status >= 500)
      return { kind: "refusal", answer: { status, headers, body }, isNotDone };
    return { kind: "malformed", why: `status ${status} without an error of OData` };
  }
  if (body === notJson) return { kind: "malformed", why: `status ${status} without JSON` };
  const answer = { status, headers, body };
  const why = objectionTo(answer, expected);
  return why === undefined ? { kind: "answer", answer } : { kind: "malformed", why };
}

/** Judges the answer to a batch: all of its parts succeed, or one says why none did. */
export function judgeBatch(response: PipelineResponse, parts: readonly Expected[]): Judged {
  const raw = rawOf(response);
  const answers = answersIn(raw);
  // A batch whose only request was refused has the status of the refusal, and the refusal inside all the same.
  if (answers === undefined) {
    if (raw.status >= 400) return judge(raw, "noContent");
    return { kind: "malformed", why: "no batch, or not all of it" };
  }
  const judged = answers.map((each, at) => judge(each, parts[at] ?? "noContent"));
  const refused = judged.find(({ kind }) => kind === "refusal");
  if (refused !== undefined) return refused;
  const broken = judged.find(({ kind }) => kind === "malformed");
  if (broken !== undefined) return broken;
  const [first] = judged;
  if (judged.length !== parts.length || first === undefined)
    return { kind: "malformed", why: `${judged.length} answers to ${parts.length} requests` };
  return first;
}

export const rawOf = ({ status, headers, bodyAsText }: PipelineResponse): RawAnswer => ({
  status,
  headers: { get: (name) => headers.get(name.toLowerCase()) },
  text: bodyAsText ?? "",
});

const notJson = Symbol("no JSON");

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Judged by its status, and never shown.
    return notJson;
  }
}

/** `{"error":{"code":"…","message":"…"}}`: a proxy's page of the same status is no refusal of Dataverse. */
function isODataError(body: unknown): boolean {
  const error = (body as { error?: { code?: unknown; message?: unknown } } | null | undefined)
    ?.error;
  return typeof error?.code === "string" && typeof error.message === "string";
}
