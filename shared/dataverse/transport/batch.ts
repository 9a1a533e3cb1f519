import { randomUUID } from "node:crypto";

/** Requests wrapped into the body of one. */
export interface Batched {
  readonly contentType: string;
  /** Made when it is sent: what waits for its turn is not held twice. */
  readonly body: () => string;
}

/** One GET whose URL travels in the body: in the request line it may have 32,768 bytes, in a batch 65,536. */
export function wrapGet(url: string, headers: Readonly<Record<string, string>>): Batched {
  const boundary = `batch_${randomUUID()}`;
  const lines = () => [
    `--${boundary}`,
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    "",
    `GET ${url} HTTP/1.1`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "",
    "",
    `--${boundary}--`,
    "",
  ];
  return {
    contentType: `multipart/mixed; boundary="${boundary}"`,
    body: () => lines().join("\r\n"),
  };
}

/** A write that is made together with others. */
export interface BatchedWrite {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Writes that are made all or not at all, as one change set. */
export function wrapChangeSet(writes: readonly BatchedWrite[]): Batched {
  const boundary = `batch_${randomUUID()}`;
  const set = `changeset_${randomUUID()}`;
  const lines = () => [
    `--${boundary}`,
    `Content-Type: multipart/mixed; boundary="${set}"`,
    "",
    ...writes.flatMap((write, at) => [
      `--${set}`,
      "Content-Type: application/http",
      "Content-Transfer-Encoding: binary",
      `Content-ID: ${at + 1}`,
      "",
      `${write.method} ${write.url} HTTP/1.1`,
      "Content-Type: application/json; type=entry",
      ...Object.entries(write.headers).map(([name, value]) => `${name}: ${value}`),
      "",
      JSON.stringify(write.body),
    ]),
    `--${set}--`,
    `--${boundary}--`,
    "",
  ];
  return {
    contentType: `multipart/mixed; boundary="${boundary}"`,
    body: () => lines().join("\r\n"),
  };
}

/** An answer before its body is read. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  readonly text: string;
}

/**
 * The answers inside a batch answer, those of change sets among them, in order; undefined when it is none, or not whole.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export function answersIn({ headers, text }: Omit<RawAnswer, "status">): RawAnswer[] | undefined {
  const boundary = /^multipart\/mixed\b.*?\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(
    headers.get("content-type") ?? "",
  );
  const parts = boundary && partsOf(text, `--${boundary[1] ?? boundary[2]}`);
  if (!parts) return undefined;
  const answers: RawAnswer[] = [];
  for (const part of parts) {
    const { head, rest } = splitHead(part);
    const inner = /^multipart\/mixed\b/i.test(head.get("content-type") ?? "")
      ? answersIn({ headers: head, text: rest })
      : answerIn(rest);
    if (inner === undefined) return undefined;
    answers.push(...inner);
  }
  return answers;
}

/** What stands between the marks; undefined when the last one is missing. */
function partsOf(text: string, mark: string): string[] | undefined {
  const parts: string[] = [];
  let from = text.startsWith(mark) ? 0 : text.indexOf(`\n${mark}`) + 1;
  if (!text.startsWith(mark, from)) return undefined;
  for (;;) {
    const start = from + mark.length;
    if (text.startsWith("--", start)) return parts;
    const end = text.indexOf(`\n${mark}`, start);
    if (end < 0) return undefined;
    parts.push(text.slice(text.indexOf("\n", start) + 1, end));
    from = end + 1;
  }
}

function answerIn(text: string): RawAnswer[] | undefined {
  const status = /^HTTP\/1\.1 (\d{3})[^\r\n]*\r?\n/.exec(text);
  if (status === null) return undefined;
  const { head, rest } = splitHead(text.slice(status[0].length));
  return [{ status: Number(status[1]), headers: head, text: rest }];
}

/** Headers, by names in any case, and what stands behind the empty line. */
function splitHead(text: string): { head: RawAnswer["headers"]; rest: string } {
  const isBare = /^\r?\n/.exec(text);
  const gap = isBare ?? /\r?\n\r?\n/.exec(text) ?? { index: text.length, 0: "" };
  const lines = text.slice(0, gap.index).split(/\r?\n/);
  const known = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return {
    head: { get: (name) => known.get(name.toLowerCase()) },
    rest: text.slice(gap.index + gap[0].length).trim(),
  };
}
