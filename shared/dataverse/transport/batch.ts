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

/** Status of every answer in a batch answer. */
export const statusesOf = (text: string): number[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));

/**
 * The one answer inside a batch answer, or undefined when the text is none: the batch was refused whole, or cut.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export function unwrapAnswer(
  text: string,
): { status: number; headers: Map<string, string>; body: string } | undefined {
  const start = /\r?\n\r?\nHTTP\/1\.1 (\d{3})[^\r\n]*\r?\n/.exec(text);
  if (start?.[1] === undefined) return undefined;
  // The refusal of a change set may stand inside an answer of its own.
  const boundary = text
    .slice(0, start.index)
    .match(/^--\S+/gm)
    ?.at(-1);
  if (boundary === undefined) return undefined;
  const rest = text.slice(start.index + start[0].length);
  const end = rest.lastIndexOf(`\n${boundary}--`);
  const split = /\r?\n\r?\n/.exec(rest);
  if (end < 0 || split === null) return undefined;
  const headers = new Map(
    rest
      .slice(0, split.index)
      .split(/\r?\n/)
      .map((line): [string, string] => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
      }),
  );
  return {
    status: Number(start[1]),
    headers,
    body: rest.slice(split.index + split[0].length, end).trim(),
  };
}
