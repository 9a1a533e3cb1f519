import type { Duplex } from "node:stream";

const reasons: Readonly<Record<string, readonly [status: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [
    "431 Request Header Fields Too Large",
    "The request line and headers are too large.",
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "The request did not arrive in time."],
};

/** Answers what is no HTTP request, or one that cannot be served, in the service's own shape, and hangs up. */
export function answerBroken(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = reasons[error.code ?? ""] ?? [
    "400 Bad Request",
    "The request is not valid HTTP, or asks for a protocol that is not spoken here.",
  ];
  const body = JSON.stringify({ error: { code: "0x80060888", message } });
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nOData-Version: 4.0\r\nContent-Type: application/json; odata.metadata=minimal\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
