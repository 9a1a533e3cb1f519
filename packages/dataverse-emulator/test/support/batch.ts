import { personas } from "../../src";

const administrator = personas.find(({ key }) => key === "administrator")?.objectId ?? "";

/** One operation of a batch as a client writes it; unless its headers say so, the administrator's. */
export interface Operation {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentId?: string;
}

export interface BatchAnswer {
  readonly status: number;
  readonly contentId: string | undefined;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly code: string | undefined;
}

const part = ({ method, url, body, headers = {}, contentId }: Operation): string[] => [
  "Content-Type: application/http",
  "Content-Transfer-Encoding: binary",
  ...(contentId === undefined ? [] : [`Content-ID: ${contentId}`]),
  "",
  `${method} ${url} HTTP/1.1`,
  ...(body === undefined ? [] : ["Content-Type: application/json; type=entry"]),
  ...Object.entries({ CallerObjectId: administrator, ...headers })
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${value}`),
  "",
  ...(body === undefined ? [] : [typeof body === "string" ? body : JSON.stringify(body)]),
];

/** The body of a batch; an array among the items is a change set. */
export function batchBody(
  items: readonly (Operation | readonly Operation[])[],
  lineBreak = "\r\n",
): string {
  const lines = items.flatMap((item, index) => {
    if (!Array.isArray(item)) return ["--batch_1", ...part(item as Operation)];
    const set = `changeset_${index}`;
    return [
      "--batch_1",
      `Content-Type: multipart/mixed; boundary="${set}"`,
      "",
      ...item.flatMap((each: Operation) => [`--${set}`, ...part(each)]),
      `--${set}--`,
      "",
    ];
  });
  return [...lines, "--batch_1--", ""].join(lineBreak);
}

export const batchType = { "Content-Type": 'multipart/mixed; boundary="batch_1"' };

/** The answers inside a batch answer, in order, change sets unfolded. */
export function readBatchAnswers(text: string): BatchAnswer[] {
  const boundary = /^--batchresponse_[0-9a-f-]+/.exec(text)?.[0];
  if (boundary === undefined) throw new Error(`No batch answer: ${text.slice(0, 200)}`);
  if (!text.endsWith(`${boundary}--\r\n`)) throw new Error("The batch answer is cut.");
  return text
    .slice(boundary.length, -`${boundary}--\r\n`.length)
    .split(/--(?:batch|changeset)response_[0-9a-f-]+(?:--)?\r\n/)
    .filter((section) => section.includes("HTTP/1.1 "))
    .map((section) => {
      const at = section.indexOf("HTTP/1.1 ");
      const [head = "", ...rest] = section.slice(at).split("\r\n\r\n");
      const [first = "", ...lines] = head.split("\r\n");
      const body = rest.join("\r\n\r\n").trim();
      return {
        status: Number(first.split(" ")[1]),
        contentId: /Content-ID: (\S+)/.exec(section.slice(0, at))?.[1],
        headers: new Map(
          lines.map((line): [string, string] => [
            line.slice(0, line.indexOf(":")).toLowerCase(),
            line.slice(line.indexOf(":") + 1).trim(),
          ]),
        ),
        text: body,
        code: /"code":"([^"]+)"/.exec(body)?.[1],
      };
    });
}
