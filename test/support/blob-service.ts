import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface BlobService {
  /** Address of a container, to be used as CONSENT_STORE. */
  readonly container: string;
  /** What is stored, by name below the container. */
  readonly blobs: Map<string, { text: string; etag: string; kind: string }>;
  /** Answers in the service's place, when set. */
  failure: ((response: ServerResponse) => void) | undefined;
  /** Verb and name of every request. */
  readonly requests: string[];
  close(): Promise<void>;
}

/**
 * The part of Azure Blob Storage that approvals use, on loopback: conditional writes of block and append blobs, with the
 * statuses and headers of the service.
 *
 * @param token the one that is let in; undefined lets in whoever brings one
 * @see https://learn.microsoft.com/rest/api/storageservices/put-blob and …/append-block
 */
export async function startBlobService(token?: string): Promise<BlobService> {
  const blobs: BlobService["blobs"] = new Map();
  const requests: string[] = [];
  let version = 0;
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://localhost");
      const name = url.pathname.replace(/^\/consent\//, "");
      requests.push(`${request.method} ${name}`);
      if (service.failure) return service.failure(response);
      const end = (status: number, body = "", etag?: string) =>
        response.writeHead(status, etag === undefined ? {} : { etag }).end(body);
      const [scheme, given] = (request.headers.authorization ?? "").split(" ");
      if (scheme !== "Bearer" || !given || given !== (token ?? given)) return end(403);
      if (request.headers["x-ms-version"] === undefined) return end(400);
      const found = blobs.get(name);
      if (request.method === "GET")
        return found === undefined ? end(404) : end(200, found.text, found.etag);
      const put = (next: string, kind: string) => {
        const etag = `"0x${(++version).toString(16)}"`;
        blobs.set(name, { text: next, etag, kind });
        return end(201, "", etag);
      };
      if (url.searchParams.get("comp") === "appendblock") {
        if (found === undefined) return end(404);
        if (found.kind !== "AppendBlob") return end(409);
        const longest = Number(request.headers["x-ms-blob-condition-maxsize"]);
        const next = found.text + text;
        return Buffer.byteLength(next) > longest ? end(412) : put(next, found.kind);
      }
      if (request.headers["if-none-match"] === "*" && found !== undefined) return end(409);
      const match = request.headers["if-match"];
      if (match !== undefined && match !== found?.etag) return end(412);
      return put(text, String(request.headers["x-ms-blob-type"]));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const service: BlobService = {
    container: `http://127.0.0.1:${(server.address() as AddressInfo).port}/consent`,
    blobs,
    failure: undefined,
    requests,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return service;
}
