import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type StartedProduct, startProduct } from "../support/start";

/** Whatever comes in over the wire, neither process of the laptop ends, and the next request is answered. */

let product: StartedProduct;
let origin = "";
beforeAll(async () => {
  product = await startProduct(["--data", ":memory:", "--cases", "0"]);
  origin = new URL(product.endpoint).origin;
}, 60_000);
afterAll(async () => {
  expect(await product.interrupt()).toBe(0);
});

const line = (target: string, method = "GET") => `${method} ${target} HTTP/1.1\r\n`;
const get = (target: string, host = "127.0.0.1") => `${line(target)}Host: ${host}\r\n\r\n`;
const post = (headers: string, body = "") =>
  `${line("/mcp", "POST")}Host: 127.0.0.1\r\n${headers}\r\n${body}`;

const targets = [
  "//",
  "///",
  "//mcp",
  "//[::bad/mcp",
  "/mcp//",
  "/%",
  "/%zz",
  "/mcp/%c3%28",
  "/mcp?%",
  "/mcp?a=%ff&b=%",
  "/%00",
  "/mcp%00",
  "/..%2f..%2fetc/passwd",
  "/./../mcp",
  "/\\..\\mcp",
  "/mcp#fragment",
  "/\xff\xfe",
  "/[",
  "/{id}",
  "/mcp;a=b",
  "*",
  "http://",
  "http:///mcp",
  "http://[::bad/mcp",
  "http://other.example/mcp",
  "https://other.example:99999/",
  "HTTP://OTHER.EXAMPLE/health",
  "ftp://other.example/",
  "javascript:alert(1)",
  "mcp",
  "?",
  "#",
  "@",
  ":",
  "other.example:443",
  `/${"a".repeat(9_000)}`,
  `/mcp?${"a=b&".repeat(3_000)}`,
  `/${"%41".repeat(4_000)}`,
  `/${"a".repeat(200_000)}`,
  `/${"../".repeat(2_000)}mcp`,
];

const hosts = [
  "[::bad",
  "[::1",
  "::1",
  "[::1]:99999",
  "a:b:c",
  "a b",
  "a/b",
  'a",realm="x',
  "@",
  "a@b",
  "?",
  "#",
  "",
  " ",
  "%",
  "%00",
  "xn--",
  "\xff",
  "a".repeat(9_000),
  "127.0.0.1:-1",
  "127.0.0.1, 127.0.0.1",
];

const others: readonly string[] = [
  "",
  "\r\n\r\n",
  "GET",
  "GET /mcp",
  "GET /mcp\r\n\r\n",
  "GET /mcp HTTP/9.9\r\n\r\n",
  "GET /mcp HTTP/1.0\r\n\r\n",
  "get /mcp HTTP/1.1\r\nHost: a\r\n\r\n",
  "BREW /mcp HTTP/1.1\r\nHost: a\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
  "CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: a\r\n\r\n",
  "TRACE /mcp HTTP/1.1\r\nHost: a\r\n\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  `${line("/mcp")}\r\n`,
  `${line("/mcp")}Host: a\r\nHost: b\r\n\r\n`,
  `${line("/mcp")}Host: a\r\nNo colon\r\n\r\n`,
  `${line("/mcp")}Host: a\r\nX: \x00\r\n\r\n`,
  `${line("/mcp")}Host: a\r\n${"X: y\r\n".repeat(3_000)}\r\n`,
  `${line("/mcp")}Host: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n`,
  `${line("/mcp")}Host: a\r\nExpect: nothing\r\n\r\n`,
  post("Trailer: x\r\nContent-Length: 2\r\n", "{}"),
  post("TE: gzip\r\nConnection: te, close\r\nContent-Length: 2\r\n", "{}"),
  post("Expect: 100-continue\r\nContent-Length: 2\r\n", "{}"),
  post("Content-Length: -1\r\n", "{}"),
  post("Content-Length: 9\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
  post("Content-Length: 3, 4\r\n", "{}"),
  post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
  post("Transfer-Encoding: chunked\r\n", "zz\r\n"),
  post("Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\n"),
  post("Transfer-Encoding: chunked\r\n", "1\r\n{\r\n"),
  post("Content-Length: 1000\r\n", "{"),
  post("Content-Type: \xff\xfe\r\nContent-Length: 2\r\n", "{}"),
  post("traceparent: zz\r\nContent-Length: 2\r\n", "{}"),
  post("x-ms-invocation-id: 1\r\nContent-Length: 2\r\n", "{}"),
];

interface Attempt {
  readonly name: string;
  readonly bytes: string;
  /** Nothing more comes, and the server has to find out that a request is not whole. */
  readonly hangsUp: boolean;
}

const requests: readonly Attempt[] = [
  ...targets.map((target) => ({ name: `target ${target}`, bytes: get(target), hangsUp: false })),
  ...hosts.map((host) => ({ name: `Host: ${host}`, bytes: get("/mcp", host), hangsUp: false })),
  ...hosts.slice(0, 6).map((host) => ({
    name: `Host: ${host} at /health`,
    bytes: get("/health", host),
    hangsUp: false,
  })),
  ...others.map((bytes) => ({ name: bytes, bytes, hangsUp: true })),
].map((each) => ({ ...each, name: JSON.stringify(each.name.slice(0, 60)) }));

/** Gives what came back, up to the first status that ends an exchange. */
function exchange(
  url: string,
  { bytes, hangsUp }: Pick<Attempt, "bytes" | "hangsUp">,
): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((done) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes, "latin1");
      if (hangsUp) socket.end();
    });
    let answer = "";
    socket.setEncoding("latin1").on("data", (part: string) => {
      answer += part;
      // Whatever else it says: a kept connection is not waited for.
      if (/^HTTP\/1\.1 [2-5]/.test(answer)) socket.destroy();
    });
    // A connection that is cut off is an answer as well.
    socket.on("error", () => {});
    socket.on("close", () => done(answer));
  });
}

describe("the stand-in of the Functions host", () => {
  test("there are enough of them", () => expect(requests.length).toBeGreaterThanOrEqual(60));

  test.each(requests)("survives $name", async (attempt) => {
    const answer = await exchange(origin, attempt);
    expect(answer).not.toMatch(/^HTTP\/1\.1 5/);
    expect(answer).not.toMatch(/^\s+at /m);
    expect((await fetch(`${origin}/health`)).status).toBe(200);
  });

  test.each([
    ["//", 404],
    ["*", 400],
    ["http://[::bad/mcp", 400],
    ["/%", 400],
    ["/nothing", 404],
    ["http://other.example/health", 200],
  ])("answers %s with %i", async (target, status) => {
    expect(await exchange(origin, { bytes: get(target), hangsUp: false })).toMatch(
      new RegExp(`^HTTP/1.1 ${status} `),
    );
  });

  test("answers a Host that names none with 400 and a sentence", async () => {
    const answer = await exchange(origin, {
      bytes: get("/health", "[::bad"),
      hangsUp: false,
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*The Host header names no host\.$/);
  });

  test("answers two Host headers with 400, whichever is this machine's", async () => {
    for (const pair of ["127.0.0.1\r\nHost: a", "a\r\nhost: 127.0.0.1"]) {
      const answer = await exchange(origin, { bytes: get("/health", pair), hangsUp: false });
      expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*more than one Host header\.$/);
    }
  });

  test.each([
    [50, 200],
    [101, 431],
    [1_200, 431],
  ])("answers %i more headers with %i", async (count, status) => {
    const more = Array.from({ length: count }, (_, index) => `h${index}: \r\n`).join("");
    const bytes = `${line("/health")}Host: 127.0.0.1\r\n${more}\r\n`;
    expect(await exchange(origin, { bytes, hangsUp: false })).toMatch(
      new RegExp(`^HTTP/1.1 ${status} `),
    );
  });
});

describe("the embedded Dataverse", () => {
  test("survives them all", async () => {
    for (const { name, bytes, hangsUp } of requests) {
      const answer = await exchange(product.dataverse, {
        bytes: bytes.replaceAll("/mcp", "/api/data/v9.2/accounts"),
        hangsUp,
      });
      expect([name, answer]).toEqual([name, expect.not.stringMatching(/^HTTP\/1\.1 5/)]);
      const next = await fetch(`${product.dataverse}/api/data/v9.2/RetrieveVersion()`);
      expect([name, next.status]).toEqual([name, 401]);
    }
    expect(product.output).not.toMatch(/^\s+at /m);
  }, 30_000);
});
