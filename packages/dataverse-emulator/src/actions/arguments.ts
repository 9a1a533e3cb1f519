import { DataverseError, type WebRequest } from "../model";
import { invalidArgument } from "./access";

/** The parts of a list at its commas, save those in quotes or brackets. */
function partsOf(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let from = 0;
  for (let at = 0; at < list.length; at++) {
    const character = list.charAt(at);
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === "'" || character === '"') quote = character;
    else if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (character === "," && depth === 0) {
      parts.push(list.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(list.slice(from));
  return parts.filter((part) => part.trim() !== "");
}

/** A function's arguments as text, by name: written in place, or behind an alias (`Target=@t` with `?@t={…}`). */
export function argumentsOf(request: WebRequest): ReadonlyMap<string, string> {
  let path: string;
  try {
    path = decodeURIComponent(request.path);
  } catch {
    throw new DataverseError(400, "0x80060888", "Bad Request - Error in query syntax.");
  }
  // What follows the last slash outside of quotes is the call; a key before it has brackets of its own.
  const list = /(?:^|[/.])\w+\((.*)\)$/s.exec(path.replace(/^\w+\([^()]*\)\//, ""))?.[1] ?? "";
  const found = new Map<string, string>();
  for (const part of partsOf(list)) {
    const [, name, written] = /^\s*(\w+)\s*=\s*(.*?)\s*$/s.exec(part) ?? [];
    if (name === undefined || written === undefined) {
      throw new DataverseError(400, "0x80060888", "Bad Request - Error in query syntax.");
    }
    found.set(name, written.startsWith("@") ? aliased(request, written) : written);
  }
  return found;
}

function aliased({ query }: WebRequest, alias: string): string {
  const given = query.get(alias);
  if (given !== undefined) return given;
  throw new DataverseError(400, "0x80060888", `The parameter alias '${alias}' has no value.`);
}

/** A function's argument as text; undefined when it is not given. */
export const argumentOf = (request: WebRequest, name: string): string | undefined =>
  argumentsOf(request).get(name);

const missing = (name: string) => invalidArgument(`Required field '${name}' is missing`);

export function guidArgument(request: WebRequest, name: string): string {
  const text = argumentOf(request, name)?.replace(/^'(.*)'$/, "$1");
  if (text === undefined) throw missing(name);
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text.toLowerCase();
  throw new DataverseError(400, "0x80060888", `'${text.slice(0, 100)}' is no GUID (${name}).`);
}

export function jsonArgument(request: WebRequest, name: string): unknown {
  const text = argumentOf(request, name);
  if (text === undefined) throw missing(name);
  try {
    return JSON.parse(text);
  } catch {
    throw invalidArgument(`'${name}' is not valid JSON.`);
  }
}

/** `'a'` as text, with doubled quotes made single. */
export function textArgument(request: WebRequest, name: string): string {
  const text = argumentOf(request, name);
  if (text === undefined) throw missing(name);
  return text.replace(/^'(.*)'$/s, "$1").replaceAll("''", "'");
}

/** `['a','b']`, in either kind of quotes. */
export function textsArgument(request: WebRequest, name: string): string[] {
  const text = argumentOf(request, name) ?? "[]";
  return [...text.matchAll(/"([^"]*)"|'((?:[^']|'')*)'/g)].map(
    ([, double, single]) => double ?? (single ?? "").replaceAll("''", "'"),
  );
}
