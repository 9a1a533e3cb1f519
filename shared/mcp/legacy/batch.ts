import { rpcCodes, rpcError } from "../guards";
import type { Message } from "../message";
import { paramsFault } from "../params";

const faultOf = (message: Message) => (message.id === undefined ? undefined : paramsFault(message));

/**
 * Answers one message or a batch of an older revision: what is wrong with parameters here, the rest by `serve`. A batch is
 * answered by a list, however short; one that asks nothing, by 202.
 *
 * @param serve answers messages whose parameters are right
 */
export async function serveMessages(
  body: Message | readonly Message[],
  serve: (body: Message | readonly Message[]) => Promise<Response>,
): Promise<Response> {
  if (!isBatch(body)) {
    const fault = faultOf(body);
    return fault === undefined ? serve(body) : invalidParams(body, fault);
  }
  const answers: unknown[] = [];
  const rest: Message[] = [];
  for (const message of body) {
    const fault = faultOf(message);
    if (fault !== undefined) answers.push(await invalidParams(message, fault).json());
    // Who takes back what he asks for in the same breath is answered all the same: the SDK would never answer the batch.
    else if (message.method !== "notifications/cancelled") rest.push(message);
  }
  if (rest.length > 0) {
    const response = await serve(rest);
    if (response.status >= 400) return response;
    if (response.status === 200) answers.push(...[await response.json()].flat());
  }
  return answers.length === 0
    ? new Response(null, { status: 202 })
    : new Response(JSON.stringify(answers), { headers: { "content-type": "application/json" } });
}

const isBatch = (body: Message | readonly Message[]): body is readonly Message[] =>
  Array.isArray(body);

const invalidParams = ({ id }: Message, fault: string): Response =>
  rpcError(200, rpcCodes.invalidParams, fault, { id: id ?? null });
