import { DataverseError } from "../../model";
import { invalid } from "./literal";

/** One step of an address: `incidents(…)`, `customerid_account`, `$count`. */
export interface Segment {
  readonly name: string;
  /** What stands between the brackets, still encoded. */
  readonly key: string | undefined;
}

const deepest = 20;

/** Splits an address at slashes that stand neither in brackets nor in quotes. */
export function parsePath(path: string): readonly Segment[] | undefined {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let from = 0;
  for (let at = 0; at < path.length; at++) {
    const character = path.charAt(at);
    if (character === "'") isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character === "/" && depth === 0) {
      parts.push(path.slice(from, at));
      from = at + 1;
    }
  }
  const last = path.slice(from);
  // A slash at the end of a collection is let pass.
  if (last !== "" || parts.length === 0) parts.push(last);
  if (parts.length > deepest) throw invalid(`The address has more than ${deepest} segments.`);
  const segments = parts.map((part) => {
    const match = /^([\w.$]+)(?:\((.*)\))?$/s.exec(part);
    return match === null ? undefined : { name: match[1] ?? "", key: match[2] };
  });
  return segments.includes(undefined) ? undefined : (segments as Segment[]);
}

export const noSegment = (name: string) =>
  new DataverseError(
    404,
    "0x80060888",
    `Resource not found for the segment '${name.slice(0, 200)}'.`,
  );
