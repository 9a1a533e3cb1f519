import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { AppError } from "../../errors";
import type { DataverseResponse } from "../index";
import { serviceError } from "../service-error";
import { statusesOf, unwrapAnswer } from "./batch";
import { retryAfterSeconds } from "./retry";

/** The answer to the one request of a batch. */
export function readBatch(response: PipelineResponse): DataverseResponse {
  const text = response.bodyAsText ?? "";
  // A batch whose only request was refused has the status of the refusal, and the refusal inside all the same.
  const answer = unwrapAnswer(text);
  if (answer === undefined && response.status >= 400)
    return readAnswer(response.status, response.headers, text);
  if (answer === undefined) throw cut();
  return readAnswer(answer.status, answer.headers, answer.body);
}

/** All parts of a change set succeed; or one part says why none did. */
export function readChangeSet(response: PipelineResponse, count: number): DataverseResponse {
  const statuses = statusesOf(response.bodyAsText ?? "");
  if (statuses.some((status) => status >= 400) || response.status >= 400)
    return readBatch(response);
  if (statuses.length !== count) throw cut();
  return { status: 204, headers: { get: (name) => response.headers.get(name) }, body: undefined };
}

const cut = (cause?: unknown) =>
  new AppError(
    "upstream",
    "The answer of Dataverse was cut off or is not what the Web API sends.",
    {
      hint: "Try again; if it lasts, check that DATAVERSE_URL is the environment's own address.",
      cause,
    },
  );

export function readAnswer(
  status: number,
  headers: { get(name: string): string | undefined },
  text: string,
): DataverseResponse {
  const isFailure = status >= 400 || (status >= 300 && status !== 304);
  let body: unknown;
  try {
    body = text.trim() === "" ? undefined : JSON.parse(text);
  } catch (error) {
    // A failure may well be a page of HTML; a success may not.
    if (!isFailure) throw cut(error);
    body = undefined;
  }
  if (isFailure) throw serviceError(status, body, retryAfterSeconds({ headers: headers as never }));
  return { status, headers: { get: (name) => headers.get(name.toLowerCase()) }, body };
}
