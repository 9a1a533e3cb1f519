import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { version } from "../../package.json";
import { serverInfo } from "../../shared/mcp/server-info";

const root = resolve(__dirname, "../..");
const read = (file: string) => readFileSync(resolve(root, file), "utf8");

test("package.json is the one place of the version: the server, npm's lock file and the changes follow it", () => {
  expect(serverInfo.version).toBe(version);
  const lock = JSON.parse(read("package-lock.json"));
  expect([lock.version, lock.packages[""].version]).toEqual([version, version]);
  const [released = ""] = /^## \[(?!Unreleased)[^\]]+\]/m.exec(read("CHANGELOG.md")) ?? [];
  expect(released).toBe(`## [${version}]`);
});

test("no other file of the product writes the version down", () => {
  const files = ["functions", "shared", "infra", "docs"]
    .flatMap((folder) =>
      readdirSync(resolve(root, folder), { recursive: true, encoding: "utf8" }).map(
        (name) => `${folder}/${name.replaceAll("\\", "/")}`,
      ),
    )
    .concat("build.mjs", "azure.yaml", "README.md", "CONTRIBUTING.md", "SECURITY.md")
    .filter((file) => /\.(ts|mjs|yaml|bicep|json|md)$/.test(file) && !/word-vectors/.test(file));
  expect(files.length).toBeGreaterThan(200);
  const written = new RegExp(`(?<![\\d.])${version.replaceAll(".", "\\.")}(?![\\d.])`);
  // The mutations seed a version by hand, and demand that the rules catch it.
  const copies = files.filter(
    (file) => !file.startsWith("infra/check/mutations/") && written.test(read(file)),
  );
  expect(copies).toEqual([]);
});
