import { isObject, type Message } from "./message";

/**
 * What is wrong with the parameters of a request, in words: the SDKs' own answer is the dump of a schema. Undefined where
 * nothing is, and for methods that are not served.
 */
export function paramsFault({ method, params = {} }: Message): string | undefined {
  if (method === "tools/call") return callFault(params);
  if (method === "initialize") return initializeFault(params);
  if (method !== "tools/list") return undefined;
  const { cursor } = params;
  if (cursor === undefined || cursor === "") return undefined;
  return "There is no such cursor: the list has one page, which is answered without a cursor.";
}

function callFault({ name, arguments: args, task }: Readonly<Record<string, unknown>>) {
  if (typeof name !== "string") return "params.name must be the name of a tool.";
  if (args !== undefined && !isObject(args))
    return "params.arguments must be an object with the arguments by name.";
  if (task !== undefined) return "This server runs no tasks: call without params.task.";
  return undefined;
}

function initializeFault(params: Readonly<Record<string, unknown>>): string | undefined {
  const { protocolVersion, capabilities, clientInfo } = params;
  if (typeof protocolVersion !== "string")
    return "params.protocolVersion must be a revision of the protocol, such as 2025-11-25.";
  if (!isObject(capabilities)) return "params.capabilities must be an object; {} will do.";
  if (
    !isObject(clientInfo) ||
    typeof clientInfo.name !== "string" ||
    typeof clientInfo.version !== "string"
  )
    return "params.clientInfo must be an object with name and version.";
  return undefined;
}

const envelope = "io.modelcontextprotocol/";
export const versionKey = `${envelope}protocolVersion`;
export const capabilitiesKey = `${envelope}clientCapabilities`;

/** What is wrong with the envelope of a modern message (2026-07-28); a notification needs none. */
export function envelopeFault({ id, params }: Message): string | undefined {
  if (id === undefined) return undefined;
  const meta = isObject(params?._meta) ? params._meta : {};
  if (typeof meta[versionKey] !== "string")
    return `params._meta must name the revision of the protocol as ${versionKey}.`;
  if (!isObject(meta[capabilitiesKey]))
    return `params._meta must say what the client can do as ${capabilitiesKey}; {} will do.`;
  const info = meta[`${envelope}clientInfo`];
  const isInfo =
    isObject(info) && typeof info.name === "string" && typeof info.version === "string";
  if (info !== undefined && !isInfo)
    return `${envelope}clientInfo must be an object with name and version.`;
  return undefined;
}
