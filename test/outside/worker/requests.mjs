import { Agent, request as httpRequest } from "node:http";

/** One message of MCP; `body` is what was answered, as JSON. */
export async function post(url, message, options = {}) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, ...message });
  const { status, text } = await send(url, "/mcp", { body, ...options });
  return { status, body: text === "" ? undefined : JSON.parse(text) };
}

/** One request, signed in by `token`; with `chunks` its body goes out in so many parts and without a length. */
export function send(url, path, options) {
  const { method = "POST", body = "", token = "", headers = {}, chunks = 0 } = options;
  return new Promise((done, fail) => {
    const request = httpRequest(url + path, {
      method,
      timeout: 30_000,
      // A connection of its own: the server closes one whose long body it did not read.
      agent: new Agent({ keepAlive: false }),
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
        ...(chunks > 0 || body === "" ? {} : { "content-length": Buffer.byteLength(body) }),
        ...headers,
      },
    });
    request.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
      response.on("end", () => done({ status: response.statusCode, text }));
    });
    request.on("timeout", () => request.destroy(new Error(`${method} ${path} was not answered`)));
    request.on("error", fail);
    const size = Math.ceil(body.length / Math.max(chunks, 1)) || 1;
    for (let at = 0; at < body.length; at += size) request.write(body.slice(at, at + size));
    request.end();
  });
}

/** A client that goes away in the middle of its request; the next one must be served all the same. */
export function leave(url, token) {
  return new Promise((done) => {
    const request = httpRequest(`${url}/mcp`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-length": 1_000 },
    });
    request.on("error", () => done());
    request.write("{", () => request.destroy(new Error("gone")));
  });
}
