import { describe, expect, test } from "@jest/globals";
import { isLoopback, isLoopbackHost } from "../../shared/loopback";

describe("an address of this machine", () => {
  test.each([
    "http://localhost",
    "http://LOCALHOST:7071/x",
    "http://127.0.0.1:80",
    "http://127.8.9.10",
    "https://[::1]:7071",
    "http://2130706433", // 127.0.0.1 as one number, as a browser reads it
  ])("is %s", (url) => {
    expect(isLoopback(new URL(url))).toBe(true);
  });

  test.each([
    "http://localhost.example",
    "http://127.0.0.1.example",
    "http://example/localhost",
    "http://[::2]",
    "http://128.0.0.1",
    "http://0.0.0.0",
    "http://localhost@example",
  ])("is not %s", (url) => {
    expect(isLoopback(new URL(url))).toBe(false);
  });
});

describe("a Host header of this machine", () => {
  test.each(["localhost", "Localhost:7071", "127.0.0.1:1", "[::1]", "[::1]:65535"])(
    "is %s",
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );

  test.each([
    "",
    "2130706433",
    "127.1",
    "localhost:",
    "localhost:1:2",
    "localhost:123456",
    "::1",
    "a@localhost",
  ])("is not %j", (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});
