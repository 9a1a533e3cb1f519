import type {
  PipelineRequest,
  PipelineResponse,
  RestError,
  RetryStrategy,
} from "@azure/core-rest-pipeline";
import { isNeverSent, malformedCode } from "./failure";

/** Faults after which a request that changes nothing twice may be sent again. */
const networkFaults = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ETIMEDOUT",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "REQUEST_SEND_ERROR",
  "PARSE_ERROR",
  malformedCode,
]);

const safeMethods = new Set(["GET", "HEAD", "DELETE"]);

/** Seconds of a Retry-After header, or undefined: a header that is missing must not be read as zero. */
export function retryAfterSeconds(response: Pick<PipelineResponse, "headers">): number | undefined {
  const text = response.headers.get("Retry-After");
  if (text === undefined || text.trim() === "") return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(text.trim())
    ? Number(text)
    : (Date.parse(text) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

/**
 * When a request is sent again, and after how long. Dataverse has no idempotency key, so a POST is never sent again after
 * a fault: the first may have been carried out. 429 means that nothing was done, whatever the verb, and so does a connection that
 * never stood. A PATCH that names a version, or makes our own id (`If-None-Match: *`), does nothing twice; one of any version
 * (`If-Match: *`) would undo what somebody else wrote in between, and so would a PUT of a whole definition, which has no version
 * to name. What changes nothing is sent again whatever its verb: a search, a long query inside a batch.
 *
 * @param maxWaitSeconds a longer Retry-After is left to the caller
 * @param changes the request may change something
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/api-limits#how-to-retry
 */
export function dataverseRetry(maxWaitSeconds: number, changes: boolean): RetryStrategy {
  return {
    name: "dataverseRetry",
    retry({ retryCount, response, responseError }) {
      const request = response?.request ?? (responseError as RestError | undefined)?.request;
      const isSafe = request !== undefined && (!changes || isRepeatable(request));
      const wait = request && waitMs(isSafe, response, responseError?.code, maxWaitSeconds);
      if (wait === "backoff")
        return { retryAfterInMs: 250 * 2 ** retryCount * (0.5 + Math.random()) };
      if (wait !== undefined) return { retryAfterInMs: wait };
      return responseError ? { errorToThrow: responseError } : { skipStrategy: true };
    },
  };
}

/** Milliseconds to wait, `backoff` where the service named none, or undefined: this must not be sent again. */
function waitMs(
  isSafe: boolean,
  response: PipelineResponse | undefined,
  fault: string | undefined,
  maxWaitSeconds: number,
): number | "backoff" | undefined {
  const isNotDone = response?.status === 429;
  if (!isNotDone && !isSafe && !isNeverSent(fault)) return undefined;
  if (response && (isNotDone || response.status === 503)) {
    const seconds = retryAfterSeconds(response);
    if (seconds === undefined) return "backoff";
    return seconds > maxWaitSeconds ? undefined : seconds * 1_000;
  }
  const isGateway = response?.status === 502 || response?.status === 504;
  const isNetwork = fault !== undefined && networkFaults.has(fault);
  return isGateway || isNetwork ? "backoff" : undefined;
}

function isRepeatable({ method, headers }: PipelineRequest): boolean {
  const isConditional = (headers.get("If-Match") ?? "*") !== "*" || headers.has("If-None-Match");
  return safeMethods.has(method) || (method === "PATCH" && isConditional);
}
