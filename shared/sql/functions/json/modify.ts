import { Failure } from "../../types/failure";
import { type JsonPath, notFound, stepInto } from "./path";
import { type JsonNode, needJson } from "./scan";
import { jsonString } from "./write";

/**
 * JSON_MODIFY: the text with another value at a path; everything else stays as it is written.
 *
 * @param value JSON text of the new value, undefined for NULL: that removes a member in lax mode
 * @see https://learn.microsoft.com/sql/t-sql/functions/json-modify-transact-sql
 */
export function modifyJson(text: string, path: JsonPath, value: string | undefined): string {
  const root = needJson(text);
  if (path.steps.length === 0 && !path.append) {
    throw new Failure(13619, "Unsupported JSON path found in argument 2 of JSON_MODIFY").error();
  }
  let parent: JsonNode | undefined;
  let node: JsonNode | undefined = root;
  for (const step of path.steps) {
    parent = node;
    node = node && stepInto(node, step);
  }
  const last = path.steps.at(-1);
  if (path.append) return append(text, path, node, parent, last, value ?? "null");
  if (!node) return insert(text, path, parent, last, value);
  if (value !== undefined) return text.slice(0, node.start) + value + text.slice(node.end);
  // An item of an array keeps its place.
  if (path.strict || typeof last === "number" || !parent) {
    return `${text.slice(0, node.start)}null${text.slice(node.end)}`;
  }
  return remove(text, parent, node);
}

function insert(
  text: string,
  path: JsonPath,
  parent: JsonNode | undefined,
  last: string | number | undefined,
  value: string | undefined,
): string {
  if (path.strict) throw notFound();
  if (value === undefined || !parent || last === undefined) return text;
  if (typeof last === "string" && parent.members) {
    return addInside(text, parent, parent.members.length, `${jsonString(last)}:${value}`);
  }
  if (typeof last === "number" && parent.items && last === parent.items.length) {
    return addInside(text, parent, parent.items.length, value);
  }
  return text;
}

function append(
  text: string,
  path: JsonPath,
  node: JsonNode | undefined,
  parent: JsonNode | undefined,
  last: string | number | undefined,
  value: string,
): string {
  if (node?.items) return addInside(text, node, node.items.length, value);
  if (node || path.strict) {
    if (path.strict) {
      throw new Failure(13622, "Array cannot be found in the specified JSON path").error();
    }
    return text;
  }
  return insert(text, path, parent, last, `[${value}]`);
}

/** In front of the closing bracket. */
function addInside(text: string, node: JsonNode, count: number, piece: string): string {
  const end = node.end - 1;
  return `${text.slice(0, end)}${count > 0 ? "," : ""}${piece}${text.slice(end)}`;
}

/** A member with the comma that parted it from the next, or from the one before. */
function remove(text: string, parent: JsonNode, node: JsonNode): string {
  const members = parent.members ?? [];
  const index = members.findIndex(({ value }) => value === node);
  const member = members[index];
  if (!member) return text;
  const next = members[index + 1];
  if (next) return text.slice(0, member.start) + text.slice(next.start);
  const before = members[index - 1];
  const start = before ? before.value.end : member.start;
  return text.slice(0, start) + text.slice(node.end);
}
