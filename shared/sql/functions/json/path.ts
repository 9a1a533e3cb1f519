import { Failure } from "../../types/failure";
import type { JsonNode } from "./scan";

/** A path into JSON: `lax $.a[0]."b c"`. */
export interface JsonPath {
  readonly strict: boolean;
  /** `append` stands in front of a path of JSON_MODIFY. */
  readonly append: boolean;
  /** Names of members and positions of items. */
  readonly steps: readonly (string | number)[];
}

const head = /^\s*(?:(append)\s+)?(?:(lax|strict)\s+)?\$/i;
const step = /\s*(?:\.\s*(?:"((?:[^"\\]|\\.)*)"|([\p{L}_][\p{L}\p{N}_]*))|\[\s*(\d+)\s*\])/uy;

const known = new Map<string, JsonPath | Failure>();
const mostKnown = 1000;

/** Reads a path, or says at which character it is none. */
export function readPath(text: string): JsonPath | Failure {
  let path = known.get(text);
  if (!path) {
    path = parsePath(text);
    // Paths are constants nearly always; where they come from rows the map is emptied now and then.
    if (known.size >= mostKnown) known.clear();
    if (text.length < 500) known.set(text, path);
  }
  return path;
}

const malformed = (text: string, at: number): Failure =>
  new Failure(
    13607,
    `JSON path is not properly formatted. Unexpected character '${text.charAt(at)}' is found at position ${at}`,
    "A path is written '$.name', '$.items[0].name' or '$.\"name with blanks\"'.",
  );

function parsePath(text: string): JsonPath | Failure {
  const start = head.exec(text);
  if (!start) return malformed(text, 0);
  const steps: (string | number)[] = [];
  let at = start[0].length;
  while (at < text.trimEnd().length) {
    step.lastIndex = at;
    const match = step.exec(text);
    if (!match) return malformed(text, at);
    const [whole, quoted, name, index] = match;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(quoted === undefined ? (name ?? "") : unescapeName(quoted));
    at += whole.length;
  }
  return {
    strict: start[2]?.toLowerCase() === "strict",
    append: start[1] !== undefined,
    steps,
  };
}

const unescapeName = (quoted: string): string => quoted.replace(/\\(["\\])/g, "$1");

export function needPath(text: string): JsonPath {
  const path = readPath(text);
  if (path instanceof Failure) throw path.error();
  return path;
}

/** One step down; the first of two members of one name counts. */
export function stepInto(node: JsonNode, step: string | number): JsonNode | undefined {
  if (typeof step === "number") return node.items?.[step];
  return node.members?.find(({ name }) => name === step)?.value;
}

/** What stands at a path, or undefined. */
export function walk(root: JsonNode, steps: readonly (string | number)[]): JsonNode | undefined {
  let node: JsonNode | undefined = root;
  for (const one of steps) {
    if (!node) return undefined;
    node = stepInto(node, one);
  }
  return node;
}

export const notFound = (): Error =>
  new Failure(
    13608,
    "Property cannot be found on the specified JSON path",
    "A lax path gives NULL instead: leave `strict` out.",
  ).error();
