import type { WebResponse } from "../../model";
import type { Fault } from "./faults";

/** The three limits of service protection, in the service's numbers and words. */
const throttles = {
  requests: {
    code: "0x80072322",
    message: "Number of requests exceeded the limit of 6000 over time window of 300 seconds.",
  },
  time: {
    code: "0x80072321",
    message:
      "Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window of 300 seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.",
  },
  concurrency: {
    code: "0x80072326",
    message: "Number of concurrent requests exceeded the limit of 52.",
  },
} as const;

const page = (status: number) =>
  `<!DOCTYPE html>\r\n<html><head><title>${status} - Service unavailable</title></head><body><h2>Our services aren't available right now</h2><p>We're working to restore all services as soon as possible. Please check back soon.</p></body></html>\r\n`;

function answer(status: number, fault: Fault, code: string, message: string): WebResponse {
  return {
    status,
    ...(fault.retryAfter === undefined
      ? {}
      : { headers: { "Retry-After": String(fault.retryAfter) } }),
    body: { error: { code: fault.code ?? code, message: fault.message ?? message } },
  };
}

/** What a fault answers in the request's place; undefined when the request is worked on. */
export function faultResponse(fault: Fault): WebResponse | undefined {
  switch (fault.kind) {
    case "status":
      return answer(fault.status ?? 503, fault, "0x80040216", "An unexpected error occurred.");
    case "throttle": {
      const { code, message } = throttles[fault.limit ?? "requests"];
      return answer(429, { ...fault, retryAfter: fault.retryAfter ?? 5 }, code, message);
    }
    case "unavailable":
      return answer(503, fault, "0x80040216", "The service is unavailable.");
    case "unauthorized": {
      const refusal = answer(401, fault, "0x80040220", "Authentication failed: the token expired.");
      const challenge =
        "Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize, resource_id=https://faulty.crm.dynamics.com/";
      return { ...refusal, headers: { ...refusal.headers, "WWW-Authenticate": challenge } };
    }
    case "html": {
      const status = fault.status ?? 502;
      return { status, headers: { "Content-Type": "text/html" }, body: page(status) };
    }
    default:
      return undefined;
  }
}
