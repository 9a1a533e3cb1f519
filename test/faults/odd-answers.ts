import type { Answer, Exchange } from "../support/fault-proxy";
import { type Fault, fault } from "./faults";

/**
 * Answers in the right form about something else, or right answers in a form that Dataverse does not use: beside the faults of
 * the list, tried by `npm run faults -- --odd`.
 */
const other = "0f000000-0000-4000-8000-00000000dead";
const head = {
  "content-type": "application/json; odata.metadata=minimal",
  "odata-version": "4.0",
};
const context = (end: string) => `https://org.example/api/data/v9.2/$metadata#${end}`;
const say =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = head) =>
  ({ answer }: Exchange) =>
    answer(status, headers, typeof body === "string" ? body : JSON.stringify(body));

/** What is said in place of the answer, however it was. */
const instead: readonly (readonly [name: string, words: string, answer: Fault["answer"]])[] = [
  [
    "value null",
    "200 with null for rows",
    say(200, { "@odata.context": context("x"), value: null }),
  ],
  [
    "value object",
    "200 with an object for rows",
    say(200, { "@odata.context": context("x"), value: {} }),
  ],
  [
    "rows of numbers",
    "200 with numbers for rows",
    say(200, { "@odata.context": context("x"), value: [1, null, "x"] }),
  ],
  [
    "rows of another set",
    "200 with no rows of another set",
    say(200, { "@odata.context": context("queues"), value: [] }),
  ],
  [
    "row of another set",
    "200 with a row of another set",
    say(200, { "@odata.context": context("queues/$entity"), queueid: other, name: "x" }),
  ],
  [
    "definitions of nothing",
    "200 with no definitions",
    say(200, { "@odata.context": context("x"), EntityMetadata: [], ServerVersionStamp: "1!2" }),
  ],
  [
    "number for a result",
    "200 with a number for every result",
    say(200, { "@odata.context": context("x"), value: 7, Subject: 1 }),
  ],
  ["204 without id", "204 that names nothing", say(204, "", { "odata-version": "4.0" })],
  [
    "204 of another row",
    "204 that names another row",
    say(204, "", {
      "odata-version": "4.0",
      "odata-entityid": `https://org.example/api/data/v9.2/incidents(${other})`,
    }),
  ],
  ["202", "202 without a body", say(202, "", head)],
  [
    "201 of another row",
    "201 with another row",
    say(201, { "@odata.context": context("incidents/$entity"), incidentid: other }),
  ],
  ["206", "206 with no rows", say(206, { "@odata.context": context("x"), value: [] })],
  [
    "error in 200",
    "200 with an error of OData",
    say(200, { error: { code: "0x80040217", message: "Does Not Exist" } }),
  ],
  ["400 without code", "400 with an error without a code", say(400, { error: { message: "Bad" } })],
  ["404 of nobody", "404 with JSON that is no error", say(404, { message: "not here" })],
  [
    "chunk cut",
    "the answer ends within a chunk",
    ({ cut }) =>
      cut(
        'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nOData-Version: 4.0\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{"@odata.context":"x","value":[',
      ),
  ],
  [
    "last chunk missing",
    "the answer ends before its last chunk",
    ({ cut }) =>
      cut(
        'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nOData-Version: 4.0\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n{"value":[]}\r\n',
      ),
  ],
  [
    "compressed, and not",
    "200 that calls itself compressed and is not",
    say(
      200,
      { "@odata.context": context("x"), value: [] },
      { ...head, "content-encoding": "gzip" },
    ),
  ],
  [
    "empty batch",
    "200 with a batch of nothing",
    say(200, "--b--\r\n", {
      "odata-version": "4.0",
      "content-type": "multipart/mixed; boundary=b",
    }),
  ],
];

/** The answer as it was, in another form. */
const altered: readonly (readonly [name: string, words: string, (answer: Answer) => Answer])[] = [
  [
    "double BOM",
    "the answer behind two byte order marks",
    (real) => ({
      ...real,
      headers: withoutLength(real),
      body: Buffer.concat([Buffer.from("\uFEFF\uFEFF"), real.body]),
    }),
  ],
  [
    "called HTML",
    "the answer as text/html",
    (real) => ({ ...real, headers: { ...real.headers, "content-type": "text/html" } }),
  ],
  [
    "no version",
    "the answer without OData-Version",
    (real) => {
      const { "odata-version": _, ...headers } = real.headers;
      return { ...real, headers };
    },
  ],
  [
    "half",
    "the first half of the answer, in its length",
    (real) => ({
      ...real,
      headers: withoutLength(real),
      body: real.body.subarray(0, real.body.length / 2),
    }),
  ],
  [
    "other ids",
    "the answer with every id exchanged",
    (real) => ({
      ...real,
      headers: withoutLength(real),
      body: Buffer.from(
        real.body.toString().replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, other),
      ),
    }),
  ],
];
const withoutLength = ({ headers }: Answer) => {
  const { "content-length": _, "transfer-encoding": __, ...rest } = headers;
  return rest;
};

const always = Number.POSITIVE_INFINITY;
const alteration = (alter: (answer: Answer) => Answer) => async (exchange: Exchange) =>
  exchange.give(alter(await exchange.reach()));

export const oddReads: readonly Fault[] = [
  ...instead.map(([name, words, answer]) => fault({ name, words, answer, times: always })),
  ...altered
    .filter(([name]) => name !== "other ids")
    .map(([name, words, alter]) =>
      fault({ name, words, answer: alteration(alter), times: always }),
    ),
];

export const oddWrites: readonly Fault[] = [
  ...instead.flatMap(([name, words, answer]) => [
    fault({ name: `${name}, not done`, words: `instead of the change ${words}`, answer }),
    fault({
      name: `${name}, done`,
      words: `the change is made, then ${words}`,
      answer,
      reach: "after",
    }),
  ]),
];
