import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startEndpoint, type TestEndpoint } from "../../support/endpoint";
import { type Connection, keepConnection } from "../../support/raw-http";

/**
 * Requests that no client should send, on one connection: each is answered in words with the status that is due, and the next
 * request on the connection is answered, too.
 */
let endpoint: TestEndpoint;
let connection: Connection;
beforeAll(async () => {
  endpoint = await startEndpoint();
  connection = keepConnection();
});
afterAll(async () => {
  connection.close();
  await endpoint.close();
});

type Body = string | Uint8Array | object;
type Headers = Record<string, string | string[]>;
/** `code`: of the JSON-RPC error; 0 for a result; undefined where nothing is answered. */
type Case = readonly [name: string, body: Body, status: number, code?: number, headers?: Headers];

const show = (value: unknown) => JSON.stringify(value)?.slice(0, 70) ?? "absent";
const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
const notice = { jsonrpc: "2.0", method: "notifications/initialized" };
const say = (changed: object = {}, id: unknown = 1) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name: "say", arguments: { word: "a" }, ...changed },
});
const hello = (changed: object = {}) => ({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "x", version: "1" },
    ...changed,
  },
});
const text = JSON.stringify(ping);
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))),
  );
const bom = [0xef, 0xbb, 0xbf];
const utf16 = (value: string) => Buffer.from(value, "utf16le");
const nested = (levels: number, open = "[", close = "]") =>
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"say","arguments":{"word":${open.repeat(levels)}1${close.repeat(levels)}}}}`;
const inText = (value: string | number[]) =>
  bytes('{"jsonrpc":"2.0","id":1,"method":"', value, '"}');

const notJson: Case[] = [
  "",
  " ",
  "\n",
  "{",
  "}",
  "[",
  "]",
  "{]",
  "[}",
  "tru",
  "nul",
  "NaN",
  "Infinity",
  "-",
  "undefined",
  "'x'",
  "{'a':1}",
  '{"a":1,}',
  "[1,]",
  '{"a"}',
  "{a:1}",
  '{"a":1}{"b":2}',
  `${text}x`,
  `${text},`,
  `x${text}`,
  "<xml/>",
  "a=b&c=d",
  '"',
  '"\\',
  '"\\u12"',
  '"\\x41"',
  "0x1",
  "01",
  "1.",
  ".5",
  "+1",
  "1e",
  "/* c */ {}",
  '{"a":1} // c',
  "\u0000",
  `${text}\u0000`,
  `\ufeff\ufeff${text}`,
  '"\n"',
  '{"jsonrpc":"2.0","id":NaN,"method":"ping"}',
  '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":-Infinity}}',
].map((body) => [`no JSON: ${show(body)}`, body, 400, -32700]);

const encodings: Case[] = [
  ["a byte-order mark", bytes(bom, text), 200, 0],
  ["a byte-order mark before a batch", bytes(bom, `[${text}]`), 200, 0],
  ["a byte-order mark alone", bytes(bom), 400, -32700],
  ["two byte-order marks", bytes(bom, bom, text), 400, -32700],
  ["half a byte-order mark", bytes([0xef, 0xbb], text), 400, -32700],
  ["a byte-order mark inside", inText([0xef, 0xbb, 0xbf]), 200, -32601],
  ["UTF-16 with its mark", bytes([0xff, 0xfe], [...utf16(text)]), 400, -32700],
  ["UTF-16 without a mark", utf16(text), 400, -32700],
  ["UTF-16, big end first", bytes([0xfe, 0xff], [...utf16(text)].reverse()), 400, -32700],
  ["UTF-32", bytes([0xff, 0xfe, 0, 0], text), 400, -32700],
  ["Latin-1", inText([0xe9]), 400, -32700],
  ["a lone continuation", inText([0x80]), 400, -32700],
  ["a cut sequence", inText([0xe2, 0x82]), 400, -32700],
  ["an overlong slash", inText([0xc0, 0xaf]), 400, -32700],
  ["a surrogate in UTF-8", inText([0xed, 0xa0, 0x80]), 400, -32700],
  ["beyond Unicode", inText([0xf4, 0x90, 0x80, 0x80]), 400, -32700],
  ["byte 255", inText([0xff]), 400, -32700],
  ["half a pair, escaped", { ...ping, method: "\ud800" }, 200, -32601],
  ["gzip that says so", gzipSync(text), 415, -32600, { "content-encoding": "gzip" }],
  ["gzip that does not", gzipSync(text), 400, -32700],
  ["deflate", text, 415, -32600, { "content-encoding": "deflate" }],
  ["br", text, 415, -32600, { "content-encoding": "br" }],
  ["two encodings", text, 415, -32600, { "content-encoding": "gzip, identity" }],
  ["an encoding that nobody knows", text, 415, -32600, { "content-encoding": "x" }],
  ["identity", text, 200, 0, { "content-encoding": "identity" }],
  ["no encoding", text, 200, 0, { "content-encoding": "" }],
];

const type = (value: string, status: number): Case => [
  `content type ${show(value)}`,
  text,
  status,
  status === 200 ? 0 : -32600,
  { "content-type": value },
];
const types: Case[] = [
  ...[
    "application/json; charset=utf-8",
    'application/json;charset="UTF-8"',
    "Application/JSON; Charset=UTF8",
    'application/json; charset="utf8"',
    "application/json;",
    "application/json ; charset=utf-8",
    "application/json; odata=verbose",
    "application/json; charset=utf-8; x=y",
    "application/json;;charset=utf-8",
    " application/json",
  ].map((value) => type(value, 200)),
  ...[
    "application/json; charset=utf-16",
    'application/json; charset="utf-16"',
    "application/json; charset=iso-8859-1",
    "application/json; charset=us-ascii",
    "application/json; charset=windows-1252",
    "application/json; charset=utf-7",
    "application/json; charset=",
    "application/json; charset",
    "application/json; charset = utf-8",
    "application/json; charset=utf-8; charset=utf-16",
    "application/json; charset='utf-8'",
    'application/json; charset="utf-8',
    "application/json; charset=utf-88",
    "application/json; charset=xutf-8",
    "",
    "text/plain",
    "text/json",
    "text/html",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json-rpc",
    "application/jsonx",
    "application/vnd.api+json",
    "application/problem+json",
    "json",
    "*/*",
    "application/*",
    "application/json, text/plain",
    "application/json,application/json",
    "text/plain; application/json",
    "application / json",
  ].map((value) => type(value, 415)),
];

const envelopes: Case[] = [
  ...[1, 0, true, false, null, "x", {}, { a: 1 }].map(
    (body): Case => [`not a message: ${show(body)}`, JSON.stringify(body), 400, -32600],
  ),
  ...[undefined, null, "1.0", "2", 2, "2.00", " 2.0", ["2.0"], {}].map(
    (jsonrpc): Case => [`jsonrpc ${show(jsonrpc)}`, { ...ping, jsonrpc }, 400, -32600],
  ),
  ...[undefined, null, 1, true, [], {}, ["ping"]].map(
    (method): Case => [`method ${show(method)}`, { ...ping, method }, 400, -32600],
  ),
  ...[
    "",
    " ",
    "ping ",
    "PING",
    "no/such",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "tools/",
    "/tools/list",
    "rpc.discover",
    "notifications/initialized",
    "tools/call\u0000",
    "\u202e",
    "x".repeat(20_000),
    "prompts/list",
    "resources/read",
    "completion/complete",
    "logging/setLevel",
    "tasks/get",
    "sampling/createMessage",
    "elicitation/create",
    "roots/list",
    "server/discover",
    "subscriptions/listen",
  ].map((method): Case => [`method ${show(method)}`, { ...ping, method }, 200, -32601]),
  ...[
    null,
    true,
    false,
    [],
    [1],
    {},
    { a: 1 },
    1.5,
    0.1,
    1e21,
    9_007_199_254_740_992,
    -9_007_199_254_740_992,
  ].map((id): Case => [`id ${show(id)}`, { ...ping, id }, 400, -32600]),
  ["id 1e400", text.replace('"id":1', '"id":1e400'), 400, -32600],
  ["id 9007199254740993", text.replace('"id":1', '"id":9007199254740993'), 400, -32600],
  ...[
    0,
    -1,
    9_007_199_254_740_991,
    "",
    "1",
    " ",
    "\u0000",
    "__proto__",
    "é",
    "i".repeat(10_000),
  ].map((id): Case => [`id ${show(id)}`, { ...ping, id }, 200, 0]),
  ["id 1.0", text.replace('"id":1', '"id":1.0'), 200, 0],
  ["id 1e2", text.replace('"id":1', '"id":1e2'), 200, 0],
  ["id -0", text.replace('"id":1', '"id":-0'), 200, 0],
  ["id twice: the last counts", text.replace('"id":1', '"id":2,"id":1'), 200, 0],
  ["method twice: the last counts", text.replace("}", ',"method":"no/such"}'), 200, -32601],
  ["members beyond the four", { ...ping, extra: 1, auth: {} }, 200, 0],
  ["a result beside the method", { ...ping, result: {} }, 400, -32600],
  ["an error beside the method", { ...ping, error: null }, 400, -32600],
  ["a response", { jsonrpc: "2.0", id: 1, result: {} }, 400, -32600],
  ["an error response", { jsonrpc: "2.0", id: 1, error: { code: 1, message: "x" } }, 400, -32600],
  ["a key __proto__", text.replace("}", ',"__proto__":{"id":2}}'), 400, -32600],
  ["a key __proto__, escaped", text.replace("}", ',"\\u005f_proto__":{"id":2}}'), 400, -32600],
  [
    "a key __proto__, its letters escaped",
    text.replace("}", ',"params":{"__\\u0070r\\u006Ft\\u006f__":1}}'),
    400,
    -32600,
  ],
  [
    "a key __proto__ among arguments",
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"say","arguments":{"word":"a","__proto__":{"times":5}}}}',
    400,
    -32600,
  ],
  ["__proto__ as a text", say({ arguments: { word: "__proto__" } }), 200, 0],
  ["a key constructor", say({ arguments: { word: "a", constructor: {} } }), 200, 0],
  ...[1, "x", true, [], [1], ["a"]].map(
    (params): Case => [`params ${show(params)}`, { ...list, params }, 400, -32600],
  ),
  ...[null, {}, { cursor: null }, { cursor: "" }, { _meta: null }, { _meta: {} }, { x: 1 }].map(
    (params): Case => [`list with params ${show(params)}`, { ...list, params }, 200, 0],
  ),
  ...["x", 1, {}, [], true].map(
    (cursor): Case => [`cursor ${show(cursor)}`, { ...list, params: { cursor } }, 200, -32602],
  ),
  ...[1, "x", [], true].map(
    (meta): Case => [`_meta ${show(meta)}`, { ...list, params: { _meta: meta } }, 400, -32600],
  ),
  ...[{}, [], true, null, 1.5, 1e300].map(
    (progressToken): Case => [
      `progressToken ${show(progressToken)}`,
      { ...list, params: { _meta: { progressToken } } },
      400,
      -32600,
    ],
  ),
  [
    "related task of a wrong type",
    say({ _meta: { "io.modelcontextprotocol/related-task": 1 } }),
    400,
    -32600,
  ],
];

const calls: Case[] = [
  ["call without params", { ...ping, method: "tools/call" }, 200, -32602],
  ["call with params null", { ...ping, method: "tools/call", params: null }, 200, -32602],
  ...[undefined, null, 1, true, [], {}, ["say"]].map(
    (name): Case => [`tool ${show(name)}`, say({ name }), 200, -32602],
  ),
  ...[
    "",
    "Say",
    "say ",
    "__proto__",
    "constructor",
    "toString",
    "../say",
    "x".repeat(5_000),
    "\u202esay",
    "a\nb",
  ].map((name): Case => [`tool ${show(name)}`, say({ name }), 200, -32602]),
  ...["x", 1, true, [], [1]].map(
    (args): Case => [`arguments ${show(args)}`, say({ arguments: args }), 200, -32602],
  ),
  ["arguments null count as absent", say({ arguments: null }), 200, 0],
  ["arguments absent", say({ arguments: undefined }), 200, 0],
  [
    "a lone surrogate in arguments",
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"say","arguments":{"word":"\\ud800"}}}',
    200,
    0,
  ],
  ["a task", say({ task: { ttl: 1 } }), 200, -32602],
  ["a task of a wrong type", say({ task: 5 }), 200, -32602],
  ["a task null", say({ task: null }), 200, 0],
  ...[undefined, null, 1, [], {}].map(
    (protocolVersion): Case => [
      `version ${show(protocolVersion)}`,
      hello({ protocolVersion }),
      200,
      -32602,
    ],
  ),
  ...["", "1900-01-01", "2099-12-31", "x".repeat(1_000), "2026-07-28"].map(
    (protocolVersion): Case => [
      `version ${show(protocolVersion)}`,
      hello({ protocolVersion }),
      200,
      0,
    ],
  ),
  ...[undefined, null, 1, "x", []].map(
    (capabilities): Case => [
      `capabilities ${show(capabilities)}`,
      hello({ capabilities }),
      200,
      -32602,
    ],
  ),
  ...[undefined, null, 1, "x", [], {}, { name: "x" }, { name: 1, version: "1" }].map(
    (clientInfo): Case => [`clientInfo ${show(clientInfo)}`, hello({ clientInfo }), 200, -32602],
  ),
  ["initialize without params", { ...ping, method: "initialize" }, 200, -32602],
  ["initialize as a notification", { jsonrpc: "2.0", method: "initialize", params: {} }, 202],
  [
    "initialize under a modern version header",
    hello(),
    200,
    0,
    { "mcp-protocol-version": "2026-07-28" },
  ],
  [
    "initialize under any version header",
    hello(),
    200,
    0,
    { "mcp-protocol-version": "1900-01-01" },
  ],
  ["initialize with more", hello({ sessionContext: {}, _meta: null }), 200, 0],
  ...[null, 1, true, "x", [1], { listChanged: null }].map(
    (said): Case => [
      `initialize, where a client says ${show(said)} of itself`,
      hello({
        capabilities: {
          roots: said,
          sampling: said,
          elicitation: said,
          tasks: said,
          extensions: said,
        },
        clientInfo: { name: "x", version: "1", title: said, icons: said, websiteUrl: said },
      }),
      200,
      0,
    ],
  ),
];

const notices: Case[] = [
  ["a notification", notice, 202],
  ["a notification with params null", { ...notice, params: null }, 202],
  ["a notification that nobody knows", { ...notice, method: "no/such" }, 202],
  ["a call as a notification", { jsonrpc: "2.0", method: "tools/call" }, 202],
  ["cancelled, without an id", { ...notice, method: "notifications/cancelled" }, 202],
  [
    "cancelled, of a wrong id",
    { ...notice, method: "notifications/cancelled", params: { requestId: {} } },
    202,
  ],
  [
    "cancelled, of nothing",
    { ...notice, method: "notifications/cancelled", params: { requestId: 99 } },
    202,
  ],
  [
    "progress",
    { ...notice, method: "notifications/progress", params: { progressToken: {}, progress: "x" } },
    202,
  ],
  ["a notification with id null", { ...notice, id: null }, 400, -32600],
];

const depths: Case[] = [
  ["100 levels", nested(100), 200, 0],
  ["129 levels", nested(126), 400, -32600],
  ["5,000 levels of lists", nested(5_000), 400, -32600],
  ["5,000 levels of objects", nested(5_000, '{"a":', "}"), 400, -32600],
  ["5,000 levels mixed", nested(2_500, '[{"a":', "}]"), 400, -32600],
  ["500,000 levels", "[".repeat(500_000), 400, -32600],
  ["1,000,000 levels of objects that never close", '{"":'.repeat(250_000), 400, -32600],
  ["5,000 brackets in a text", say({ arguments: { word: "[".repeat(5_000) } }), 200, 0],
  [
    "5,000 brackets behind an escaped quote",
    say({ arguments: { word: `\\"${"[{".repeat(2_500)}` } }),
    200,
    0,
  ],
  [
    "5,000 lists beside each other",
    `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":[${"[],".repeat(5_000)}[]]}}`,
    200,
    0,
  ],
  ["closing brackets first", `${"]".repeat(5_000)}${"[".repeat(5_000)}`, 400, -32700],
  ["a text that never ends", `{"a":"${"[".repeat(5_000)}`, 400, -32700],
  ["an escape at the end", '{"a":"\\', 400, -32700],
];

const sizes: Case[] = [
  [
    "a number of 100,000 digits",
    text.replace('"id":1', `"params":{"x":${"9".repeat(100_000)}},"id":1`),
    200,
    0,
  ],
  [
    "100,000 keys",
    text.replace(
      '"id":1',
      `"params":{${Array.from({ length: 60_000 }, (_, i) => `"k${i}":1`).join()}},"id":1`,
    ),
    200,
    0,
  ],
  [
    "a key of 500,000 letters",
    text.replace('"id":1', `"params":{"${"k".repeat(500_000)}":1},"id":1`),
    200,
    0,
  ],
  ["one byte below the limit", text + " ".repeat(1_048_576 - text.length), 200, 0],
  ["one byte above the limit", text + " ".repeat(1_048_577 - text.length), 413, -32600],
  ["2 MiB", text + " ".repeat(2_097_152), 413, -32600],
];

const batches: Case[] = [
  ["an empty batch", [], 400, -32600],
  ["a batch of nothing", [null], 400, -32600],
  ["a batch of numbers", [1, 2], 400, -32600],
  ["a batch in a batch", [[ping]], 400, -32600],
  ["a batch with one that is none", [ping, {}], 400, -32600],
  ["21 messages", Array.from({ length: 21 }, (_, id) => ({ ...ping, id })), 400, -32600],
  ["two equal ids", [ping, list], 400, -32600],
  ["two equal ids of calls", [say(), say()], 400, -32600],
  [
    "two equal texts as ids",
    [
      { ...ping, id: "a" },
      { ...list, id: "a" },
    ],
    400,
    -32600,
  ],
  ["ids 1 and 1.0", `[${text},${text.replace('"id":1', '"id":1.0')}]`, 400, -32600],
  [
    "ids 100 and 1e2",
    `[${text.replace('"id":1', '"id":100')},${text.replace('"id":1', '"id":1e2')}]`,
    400,
    -32600,
  ],
  [
    "ids 0 and -0",
    `[${text.replace('"id":1', '"id":0')},${text.replace('"id":1', '"id":-0')}]`,
    400,
    -32600,
  ],
  ["a fraction among ids", [ping, { ...ping, id: 2.5 }], 400, -32600],
  ["initialize in a batch", [hello()], 400, -32600],
  ["initialize in a batch, among others", [{ ...ping, id: 2 }, hello()], 400, -32600],
  ["a response in a batch", [ping, { jsonrpc: "2.0", id: 2, result: {} }], 400, -32600],
  [
    "a batch under a modern version header",
    [ping],
    400,
    -32600,
    { "mcp-protocol-version": "2026-07-28" },
  ],
  [
    "a batch with a modern envelope",
    [{ ...ping, params: { _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } } }],
    400,
    -32600,
  ],
  [
    "a name without a text among notifications",
    [{ jsonrpc: "2.0", method: "tools/call", params: { name: { toString: null, valueOf: null } } }],
    202,
  ],
  ["a batch of notifications", [notice, notice], 202],
  [
    "a batch of one that is cancelled",
    [{ ...notice, method: "notifications/cancelled", params: { requestId: 1 } }],
    202,
  ],
];

const meta = (changed: object = {}) => ({
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": { name: "x", version: "1" },
  ...changed,
});
const modern = (
  name: string,
  params: object,
  status: number,
  code: number,
  more: Headers = {},
  method = "tools/call",
): Case => [
  `2026: ${name}`,
  {
    jsonrpc: "2.0",
    id: 1,
    method,
    params: {
      ...(method === "tools/call" ? { name: "say", arguments: { word: "a" } } : {}),
      _meta: meta(),
      ...params,
    },
  },
  status,
  code,
  {
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": method,
    ...(method === "tools/call" ? { "mcp-name": "say" } : {}),
    ...more,
  },
];
const moderns: Case[] = [
  modern("a call", {}, 200, 0),
  modern("arguments null", { arguments: null }, 200, 0),
  modern("arguments a list", { arguments: [1] }, 200, -32602),
  modern("name a number", { name: 5 }, 200, -32602, { "mcp-name": "5" }),
  modern("no such tool", { name: "x" }, 200, -32602, { "mcp-name": "x" }),
  modern("no name header", {}, 400, -32020, { "mcp-name": "" }),
  modern("another method header", {}, 400, -32020, { "mcp-method": "tools/list" }),
  modern("another version header", {}, 400, -32020, { "mcp-protocol-version": "2025-11-25" }),
  modern(
    "no capabilities",
    { _meta: meta({ "io.modelcontextprotocol/clientCapabilities": undefined }) },
    400,
    -32602,
  ),
  modern(
    "capabilities a number",
    { _meta: meta({ "io.modelcontextprotocol/clientCapabilities": 5 }) },
    400,
    -32602,
  ),
  modern(
    "clientInfo a number",
    { _meta: meta({ "io.modelcontextprotocol/clientInfo": 5 }) },
    400,
    -32602,
  ),
  modern(
    "no clientInfo",
    { _meta: meta({ "io.modelcontextprotocol/clientInfo": undefined }) },
    200,
    0,
  ),
  modern(
    "a version that is a number",
    { _meta: meta({ "io.modelcontextprotocol/protocolVersion": 5 }) },
    400,
    -32602,
  ),
  modern(
    "a version that nobody knows",
    { _meta: meta({ "io.modelcontextprotocol/protocolVersion": "2027-01-01" }) },
    400,
    -32022,
    { "mcp-protocol-version": "2027-01-01" },
  ),
  modern("no envelope", { _meta: undefined }, 400, -32602),
  modern("a cursor", { cursor: "x" }, 200, -32602, {}, "tools/list"),
  modern("a cursor null", { cursor: null }, 200, 0, {}, "tools/list"),
  modern("ping", {}, 404, -32601, {}, "ping"),
  modern(
    "initialize",
    { protocolVersion: "2026-07-28", capabilities: {}, clientInfo: { name: "x", version: "1" } },
    404,
    -32601,
    {},
    "initialize",
  ),
  modern("initialize without its parameters", {}, 404, -32601, {}, "initialize"),
  modern("a wrong progress token", { _meta: meta({ progressToken: {} }) }, 400, -32600),
  modern("listen to nothing", { notifications: 5 }, 200, -32602, {}, "subscriptions/listen"),
  modern("answers of a wrong type", { inputResponses: 5, requestState: 7 }, 200, -32602),
];

const others: Case[] = [
  ["a foreign origin", ping, 403, -32000, { origin: "https://evil.example" }],
  ["origin null", ping, 403, -32000, { origin: "null" }],
  [
    "an origin like a friend's",
    ping,
    403,
    -32000,
    { origin: "https://friend.example.evil.example" },
  ],
  ["an origin with a port", ping, 403, -32000, { origin: "https://friend.example:444" }],
  ["a friend over http", ping, 403, -32000, { origin: "http://friend.example" }],
  ["a version header that nobody knows", ping, 400, -32000, { "mcp-protocol-version": "x" }],
  ["a stale session", ping, 200, 0, { "mcp-session-id": "old", "last-event-id": "7" }],
  ["accepting nothing that is here", ping, 200, 0, { accept: "image/png" }],
];

const all = [
  ...notJson,
  ...encodings,
  ...types,
  ...envelopes,
  ...calls,
  ...notices,
  ...depths,
  ...sizes,
  ...batches,
  ...moderns,
  ...others,
];

/** What nobody outside should read: dumps of schemas, stacks, and words for what is our own fault. */
const insides =
  /invalid_type|"path"|unrecognized_keys|Invalid input|\bat \S+ \(|node_modules|Report this id|failed inside/;

test("there are more than 215 of them, each another", () => {
  expect(all.length).toBeGreaterThanOrEqual(280);
  expect(new Set(all.map(([name]) => name)).size).toBe(all.length);
});

describe("what is answered in words, and leaves the connection fit for the next request:", () => {
  test.each(all.map((each) => [each[0], each] as const))("%s", async (name, each) => {
    const [, body, status, code, headers = {}] = each;
    const raw =
      typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
    const all = { "content-type": "application/json", ...headers };
    const answer = await connection.post(endpoint.url, raw, all);
    expect([answer.status, answer.text.slice(0, 300)]).toEqual([status, expect.any(String)]);
    if (code === undefined) expect(answer.text).toBe("");
    else {
      const parsed = JSON.parse(answer.text) as { error?: { code: number; message: string } };
      expect([parsed.error?.code ?? 0, parsed.error?.message]).toEqual([
        code,
        code === 0 ? undefined : expect.stringMatching(/^\S.+\S$/s),
      ]);
    }
    if (!name.startsWith("100 levels")) expect(answer.text).not.toMatch(insides);
    const next = await connection.post(endpoint.url, text, { "content-type": "application/json" });
    expect([next.status, JSON.parse(next.text)]).toEqual([
      200,
      { jsonrpc: "2.0", id: 1, result: {} },
    ]);
    expect(endpoint.bugs).toEqual([]);
  });
});

describe("a batch is answered by a list", () => {
  const post = async (body: object) => {
    const answer = await connection.post(endpoint.url, JSON.stringify(body), {
      "content-type": "application/json",
    });
    return {
      status: answer.status,
      list: JSON.parse(answer.text) as { id: unknown; error?: { code: number } }[],
    };
  };

  test("of one", async () => {
    expect((await post([ping])).list).toEqual([{ jsonrpc: "2.0", id: 1, result: {} }]);
  });

  test("of one request among notifications", async () => {
    expect((await post([notice, ping])).list).toEqual([{ jsonrpc: "2.0", id: 1, result: {} }]);
  });

  test("of 20, ids that differ in type being two", async () => {
    const ids = [1, "1", 0, "0", ...Array.from({ length: 16 }, (_, index) => index + 2)];
    const { list } = await post(ids.map((id) => ({ ...ping, id })));
    expect(new Set(list.map(({ id }) => id))).toEqual(new Set(ids));
  });

  test("with the fault of one beside the answers of the others", async () => {
    const { status, list } = await post([
      say({ name: 5 }, "bad"),
      say({ name: { toString: 1 } }, "odd"),
      say({}, "good"),
      { ...ping, id: "lost", method: "no/such" },
    ]);
    expect(status).toBe(200);
    expect(Object.fromEntries(list.map(({ id, error }) => [id, error?.code ?? 0]))).toEqual({
      bad: -32602,
      odd: -32602,
      good: 0,
      lost: -32601,
    });
  });

  test("of one that is all faults", async () => {
    expect((await post([say({ name: 5 }, 1)])).list).toMatchObject([
      { id: 1, error: { code: -32602 } },
    ]);
  });

  test("also when it takes back what it asks for", async () => {
    const { list } = await post([
      say({}, 1),
      { ...notice, method: "notifications/cancelled", params: { requestId: 1 } },
    ]);
    expect(list).toMatchObject([{ id: 1 }]);
  });
});
