import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { Duplex } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { admitLoopbackOnly, isLoopbackAddress, listeningOnLoopback } from "../../../dev/loopback";

/** A connection as a server is handed one, from a peer of any address. */
class Peer extends Duplex {
  readonly remoteAddress: string;
  answer = "";

  constructor(remoteAddress: string) {
    super();
    this.remoteAddress = remoteAddress;
    this.push("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.answer += chunk.toString();
    done();
  }
}

test.each(["127.0.0.1", "127.9.8.7", "::1", "::ffff:127.0.0.1", "::FFFF:127.1.2.3"])(
  "%s is this machine",
  (address) => expect(isLoopbackAddress(address)).toBe(true),
);

test.each([
  "192.168.1.7",
  "10.0.0.1",
  "0.0.0.0",
  "::",
  "fe80::1",
  "::ffff:10.0.0.1",
  "127.0.0.1.example",
  "1127.0.0.1",
  "::1:1",
  "",
  undefined,
])("%s is not", (address) => expect(isLoopbackAddress(address)).toBe(false));

describe("a server for this machine's peers", () => {
  const ask = async (address: string) => {
    let requests = 0;
    const server = createHttpServer((_, response) => {
      requests++;
      response.end("in");
    });
    admitLoopbackOnly(server);
    const peer = new Peer(address);
    const over = new Promise<void>((done) => {
      peer.once("finish", done).once("close", done);
    });
    server.emit("connection", peer);
    await over;
    return { requests, answer: peer.answer };
  };

  test("answers them, and drops another before it reads a byte", async () => {
    expect(await ask("127.0.0.1")).toMatchObject({
      requests: 1,
      answer: expect.stringContaining("200 OK"),
    });
    expect(await ask("192.168.1.7")).toEqual({ requests: 0, answer: "" });
  });
});

describe("servers that are opened by others' code", () => {
  const addressOf = async (open: (server: Server, done: () => void) => void) => {
    const server = createServer();
    await listeningOnLoopback(() => new Promise<void>((done) => open(server, done)));
    const { address } = server.address() as AddressInfo;
    await new Promise<void>((done) => void server.close(() => done()));
    return address;
  };

  test("listen on loopback where they name no address", async () => {
    expect(await addressOf((server, done) => server.listen(done))).toBe("127.0.0.1");
    expect(await addressOf((server, done) => server.listen(0, done))).toBe("127.0.0.1");
    expect(await addressOf((server, done) => server.once("listening", done).listen())).toBe(
      "127.0.0.1",
    );
  });

  test("where they name one, there", async () => {
    expect(await addressOf((server, done) => server.listen(0, "0.0.0.0", done))).toBe("0.0.0.0");
    expect(
      await addressOf((server, done) => server.listen({ port: 0, host: "0.0.0.0" }, done)),
    ).toBe("0.0.0.0");
  });

  test("listen as ever afterwards", async () => {
    await addressOf((server, done) => server.listen(done));
    const server = createServer();
    await new Promise<void>((done) => void server.listen(0, "0.0.0.0", () => done()));
    expect((server.address() as AddressInfo).address).toBe("0.0.0.0");
    server.close();
  });
});
