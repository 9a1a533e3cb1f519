import type { Message } from "./message";
import type { ToolHandler } from "./tool-handler";

/**
 * Answers a call of an older revision whose body was not held, as the SDK would: to build a server and a transport for each
 * refusal costs more than to read the body, and there are many of them when the process has the least time for them.
 *
 * @param body one message or a batch, whose parameters are right
 * @param tools a handler that refuses every call
 * @returns undefined for all else, which is left to the SDK
 */
export async function refuseCall(
  body: Message | readonly Message[],
  tools: ToolHandler,
): Promise<Response | undefined> {
  if (!("method" in body) || body.method !== "tools/call" || body.id === undefined)
    return undefined;
  const { id, params } = body;
  const meta = params?._meta as Readonly<Record<string, unknown>> | undefined;
  const result = await tools.call(String(params?.name), undefined, {
    era: "legacy",
    requestId: id,
    meta,
  });
  return result && Response.json({ result, jsonrpc: "2.0", id });
}
