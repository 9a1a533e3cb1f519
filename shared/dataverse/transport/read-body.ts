import { addAbortSignal, type Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { type HttpClient, RestError } from "@azure/core-rest-pipeline";
import { AnswerTooLargeError } from "./answer-limit";

/**
 * The client, with bodies read here, so that they end with the signal, with their connection, and at the limit. The library's
 * own reading ends with none of them: where it reports progress it pipes the answer on without its errors, and then waits for
 * ever (core-rest-pipeline 1.24.0 with ts-http-runtime 0.3.6, the last ones that run on Node 20).
 *
 * @param longest bytes
 * @throws RestError with code PARSE_ERROR when a body is cut, AnswerTooLargeError when it is longer
 */
export const readingBodies = (
  client: HttpClient,
  longest: number,
  signal: AbortSignal,
): HttpClient => ({
  async sendRequest(request) {
    request.streamResponseStatusCodes = new Set([Number.POSITIVE_INFINITY]);
    const { readableStreamBody, ...response } = await client.sendRequest(request);
    if (readableStreamBody === undefined) return response;
    try {
      const body = addAbortSignal(signal, readableStreamBody as Readable);
      return { ...response, bodyAsText: await textOf(body, longest) };
    } catch (error) {
      if (signal.aborted || error instanceof AnswerTooLargeError) throw error;
      const { message } = error as Error;
      throw new RestError(`The answer was cut: ${message}`, {
        code: RestError.PARSE_ERROR,
        request,
      });
    }
  },
});

/**
 * Read as it comes in, a piece at a time: to turn megabytes of another script into text at once holds the event loop for as
 * long as everybody else may wait. Leaving the loop by an error closes the connection.
 */
async function textOf(body: Readable, longest: number): Promise<string> {
  const decoder = new StringDecoder("utf8");
  let text = "";
  let length = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > longest) throw new AnswerTooLargeError(longest);
    text += decoder.write(bytes);
  }
  return text + decoder.end();
}
