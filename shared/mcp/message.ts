import { batchLimit } from "./guards";

export interface Message {
  readonly jsonrpc: "2.0";
  readonly method: string;
  readonly id?: string | number;
  readonly params?: Readonly<Record<string, unknown>>;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Clients whose language has no "absent" write null for it. */
const mayBeNull = ["arguments", "cursor", "task", "_meta"];

/**
 * One posted message with nothing but the members of JSON-RPC, and without those that are null for "absent"; or, in words,
 * why it is neither a request nor a notification.
 */
export function readMessage(value: unknown): Message | string {
  if (!isObject(value) || value.jsonrpc !== "2.0")
    return "A message must be a JSON-RPC 2.0 object.";
  const { method, id, params } = value;
  if ("result" in value || "error" in value)
    return "This server asks nothing of the client, so it takes no responses.";
  if (typeof method !== "string") return "The message has no method.";
  if (params !== undefined && params !== null && !isObject(params))
    return "params must be an object.";
  if ("id" in value && typeof id !== "string" && !Number.isSafeInteger(id))
    return "id must be a string or a whole number of at most 15 digits.";
  const kept = isObject(params) ? withoutNulls(params) : undefined;
  const fault = kept && metaFault(kept);
  if (fault !== undefined) return fault;
  return {
    jsonrpc: "2.0",
    method,
    ...("id" in value ? { id: id as string | number } : {}),
    ...(kept === undefined ? {} : { params: kept }),
  };
}

const withoutNulls = (params: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(params).filter(([name, value]) => value !== null || !mayBeNull.includes(name)),
  );

function metaFault({ _meta: meta }: Readonly<Record<string, unknown>>): string | undefined {
  if (meta === undefined) return undefined;
  if (!isObject(meta)) return "_meta must be an object.";
  const { progressToken: token, [relatedTask]: task } = meta;
  if (token !== undefined && typeof token !== "string" && !Number.isSafeInteger(token))
    return "progressToken must be a string or a whole number of at most 15 digits.";
  if (task !== undefined && !(isObject(task) && typeof task.taskId === "string"))
    return `${relatedTask} must be an object with a taskId.`;
  return undefined;
}

const relatedTask = "io.modelcontextprotocol/related-task";

/** The messages of a batch (2025-03-26), or why it is refused whole: nothing of it has been done then. */
export function readBatch(batch: readonly unknown[]): readonly Message[] | string {
  if (batch.length === 0) return "The batch is empty.";
  if (batch.length > batchLimit) return `A batch holds at most ${batchLimit} messages.`;
  const messages: Message[] = [];
  const ids = new Set<string | number>();
  for (const each of batch) {
    const message = readMessage(each);
    if (typeof message === "string") return message;
    if (message.method === "initialize") return "initialize must not be in a batch.";
    // One answer cannot tell which of two writes it belongs to.
    if (message.id !== undefined && ids.has(message.id))
      return "Two messages of the batch have the same id.";
    if (message.id !== undefined) ids.add(message.id);
    messages.push(message);
  }
  return messages;
}
