import type { Exchange } from "../support/fault-proxy";
import type { IdentityMode } from "./identity-faults";

/** Whether the struck request reaches Dataverse: not at all, before the fault is seen, or some time after it. */
export type Reach = "before" | "after" | "late";

export interface Fault {
  readonly name: string;
  /** As `docs/faults.md` says it: what happens to the request. */
  readonly words: string;
  readonly reach: Reach;
  /** How often the request is struck; its repeats pass from then on. */
  readonly times: number;
  /** What requests meet afterwards: nothing, a connection that is cut, or the same. */
  readonly afterwards: "well" | "dead" | "same";
  /** Milliseconds that the answer is held back, or that Dataverse is at work behind the fault. */
  readonly ms: number;
  /** What the client is given; undefined lets it wait for ever. */
  readonly answer: ((exchange: Exchange) => void | Promise<void>) | "real" | undefined;
  /** How the identity endpoint is, from the strike on. */
  readonly identity: IdentityMode | undefined;
}

type Given = Pick<Fault, "name" | "words"> & Partial<Fault>;

export const fault = (given: Given): Fault => ({
  reach: "before",
  times: 1,
  afterwards: "well",
  ms: 0,
  answer: "real",
  identity: undefined,
  ...given,
});

const always = Number.POSITIVE_INFINITY;
const jsonType = { "content-type": "application/json; odata.metadata=minimal" };
const htmlType = { "content-type": "text/html" };
const page =
  "<!DOCTYPE html><html><head><title>Service unavailable</title></head><body><h2>Our services aren't available right now</h2></body></html>";

const say =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = "") =>
  ({ answer }: Exchange) =>
    answer(status, headers, body);
const refuse = (
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
) => say(status, { ...jsonType, ...headers }, JSON.stringify({ error: { code, message } }));
const cut =
  (bytes?: string) =>
  (exchange: Exchange): void =>
    exchange.cut(bytes);

const limits = {
  number: ["0x80072322", "Number of requests exceeded the limit of 6000."],
  time: ["0x80072321", "Combined execution time exceeded the limit of 1,200,000 milliseconds."],
  concurrency: ["0x80072326", "Number of concurrent requests exceeded the limit of 52."],
} as const;
const throttle = (limit: keyof typeof limits, seconds: number) => {
  const [code, message] = limits[limit];
  return refuse(429, code, message, { "retry-after": String(seconds) });
};
const unavailable = (headers = {}) =>
  refuse(503, "0x80040216", "The service is unavailable.", headers);
const unauthorized = refuse(401, "0x80040220", "Authentication failed: the token has expired.", {
  "www-authenticate": 'Bearer error="invalid_token"',
});

/** Answers by which nothing was done, as Dataverse or what stands before it gives them. */
const refused: readonly Fault[] = [
  ...(["number", "time", "concurrency"] as const).map((limit) =>
    fault({
      name: `429 ${limit}`,
      words: `429 for the ${limit === "number" ? "number of requests" : limit === "time" ? "time they took" : "number at once"}, Retry-After 2, once`,
      answer: throttle(limit, 2),
    }),
  ),
  fault({
    name: "429 long",
    words: "429, Retry-After 300",
    answer: throttle("number", 300),
    times: always,
  }),
  fault({
    name: "429 always",
    words: "429, Retry-After 1, whenever it is sent",
    answer: throttle("number", 1),
    times: always,
  }),
  fault({
    name: "503 Retry-After",
    words: "503, Retry-After 2, once",
    answer: unavailable({ "retry-after": "2" }),
  }),
  fault({ name: "503", words: "503 without Retry-After, once", answer: unavailable() }),
  fault({
    name: "503 always",
    words: "503 without Retry-After, whenever it is sent",
    answer: unavailable(),
    times: always,
  }),
  fault({ name: "401 once", words: "401, once", answer: unauthorized }),
  fault({
    name: "401 always",
    words: "401, whatever the token and the request",
    answer: unauthorized,
    times: always,
    afterwards: "same",
  }),
  fault({
    name: "401, identity down",
    words: "401, and the identity endpoint is down",
    answer: unauthorized,
    times: always,
    afterwards: "same",
    identity: "down",
  }),
  fault({ name: "403 page", words: "403 with a page of HTML", answer: say(403, htmlType, page) }),
  fault({ name: "404 page", words: "404 with a page of HTML", answer: say(404, htmlType, page) }),
];

/** Answers that Dataverse never gives, by what is wrong with them. Whether it was asked, nobody sees. */
const spoiled: readonly (readonly [name: string, words: string, answer: Fault["answer"]])[] = [
  [
    "500",
    "500 with an error of Dataverse",
    refuse(500, "0x80040216", "An unexpected error occurred."),
  ],
  ["reset", "the connection is reset", cut()],
  ["cut head", "the answer ends within its headers", cut("HTTP/1.1 200 OK\r\nContent-Ty")],
  [
    "cut body",
    "the answer ends within its body",
    cut(
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"value":[{"na',
    ),
  ],
  ["HTML 200", "200 with a page of HTML", say(200, htmlType, page)],
  ["HTML 500", "500 with a page of HTML", say(500, htmlType, page)],
  ["HTML 502", "502 with a page of HTML", say(502, htmlType, page)],
  ["empty", "200 without a body", say(200)],
  ["XML", "200 with XML", say(200, { "content-type": "application/xml" }, "<feed/>")],
  ["text", "200 with plain text", say(200, { "content-type": "text/plain" }, "OK")],
  ["{}", "200 with {}", say(200, jsonType, "{}")],
  ["[]", "200 with []", say(200, jsonType, "[]")],
  ["null", "200 with null", say(200, jsonType, "null")],
  ["other object", "200 with an object of another kind", say(200, jsonType, '{"value":"none"}')],
  ["garbage", "200 with half of a JSON text", say(200, jsonType, '{"value":[{"name":"x"')],
  ["redirect 302", "302 to a sign-in page", say(302, { location: "http://127.0.0.1:9/login" })],
  ["redirect 307", "307 to another host", say(307, { location: "http://127.0.0.1:9/api/" })],
];

const stalled: readonly Fault[] = [
  fault({ name: "stall", words: "no answer ever", answer: undefined }),
  fault({
    name: "stall always",
    words: "no answer ever, whenever it is sent",
    answer: undefined,
    times: always,
  }),
  fault({ name: "slow", words: "the answer takes 8 seconds", ms: 8_000 }),
];

const identityFaults: readonly Fault[] = (
  [
    ["down", "cuts every connection"],
    ["failing", "answers 500"],
    ["slow", "takes 3 seconds"],
    ["stalled", "never answers"],
    ["page", "answers 200 with a page of HTML"],
    ["expired", "gives a token that has expired"],
    ["garbage", "gives a token that Dataverse refuses"],
    ["empty", "answers 200 with {}"],
  ] as const
).map(([mode, words]) =>
  fault({ name: `identity ${mode}`, words: `the identity endpoint ${words}`, identity: mode }),
);

const dead = fault({
  name: "dead",
  words: "every connection is cut from here on",
  answer: cut(),
  times: always,
  afterwards: "dead",
});

/** What a read can meet. */
export const faultsOfReads: readonly Fault[] = [
  ...refused,
  ...spoiled.map(([name, words, answer]) =>
    fault({ name: `${name} once`, words: `${words}, once`, answer }),
  ),
  ...spoiled.map(([name, words, answer]) =>
    fault({
      name: `${name} always`,
      words: `${words}, whenever it is sent`,
      answer,
      times: always,
    }),
  ),
  ...stalled,
  dead,
];

const after = (name: string) => `${name}, done`;
const isDead = (each: Fault): Fault => ({
  ...each,
  name: `${each.name}, then dead`,
  words: `${each.words}; from then on every connection is cut`,
  afterwards: "dead",
});

const doneAll: readonly Fault[] = [
  ...spoiled.map(([name, words, answer]) =>
    fault({
      name: after(name),
      words: `the change is made, then ${words}`,
      answer,
      reach: "after",
    }),
  ),
  fault({
    name: after("stall"),
    words: "the change is made, then no answer ever",
    answer: undefined,
    reach: "after",
  }),
];

/** What a write can meet: each with the change made before the fault and not made, and each of the former with a service that is dead afterwards. */
export const faultsOfWrites: readonly Fault[] = [
  ...refused,
  ...spoiled.map(([name, words, answer]) =>
    fault({ name: `${name}, not done`, words: `instead of the change ${words}`, answer }),
  ),
  ...doneAll,
  ...doneAll.map(isDead),
  fault({ name: "stall", words: "no answer ever, and nothing is done", answer: undefined }),
  fault({ name: "slow", words: "the answer takes 8 seconds", ms: 8_000 }),
  fault({
    name: "reset, done late",
    words: "the connection is reset, and the change is made 1.5 seconds later",
    answer: cut(),
    reach: "late",
    ms: 1_500,
  }),
  fault({
    name: "504, done late",
    words: "504, and the change is made 1.5 seconds later",
    answer: say(504, htmlType, page),
    reach: "late",
    ms: 1_500,
  }),
  fault({
    name: "reset, done late, then dead",
    words:
      "the connection is reset, the change is made 1.5 seconds later, and every connection is cut",
    answer: cut(),
    reach: "late",
    ms: 1_500,
    afterwards: "dead",
  }),
  fault({
    name: "slow past the deadline",
    words: "the change is made 2 seconds after the call's deadline",
    answer: undefined,
    reach: "late",
    ms: Number.NaN,
  }),
  dead,
];

export const faultsOfIdentity = identityFaults;
