/** One segment of a path: a name and, in brackets behind it, a key. Both still encoded. */
export interface Segment {
  readonly name: string;
  readonly key: string | undefined;
}

/**
 * `accounts(accountnumber='a/b(c)')/primarycontactid/$ref` in segments. Slashes and brackets inside quotes belong to the
 * value. Undefined when the brackets do not match.
 */
export function segmentsOf(path: string): Segment[] | undefined {
  const segments: Segment[] = [];
  for (const part of splitOutsideQuotes(path)) {
    const open = part.indexOf("(");
    if (open < 0) segments.push({ name: part, key: undefined });
    else if (part.endsWith(")"))
      segments.push({ name: part.slice(0, open), key: part.slice(open + 1, -1) });
    else return undefined;
  }
  return segments;
}

function splitOutsideQuotes(path: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (const match of path.matchAll(/'|%27|\//g)) {
    if (match[0] !== "/") isQuoted = !isQuoted;
    else if (!isQuoted) {
      parts.push(path.slice(start, match.index));
      start = match.index + 1;
    }
  }
  parts.push(path.slice(start));
  return parts;
}
