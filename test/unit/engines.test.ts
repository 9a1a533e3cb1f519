import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";

// Its types are a package of their own, for one function.
const { satisfies } = createRequire(__filename)("semver") as {
  satisfies(version: string, range: string): boolean;
};

interface Locked {
  readonly version?: string;
  readonly engines?: { readonly node?: string };
  readonly hasInstallScript?: boolean;
  readonly link?: boolean;
}

const read = (name: string) =>
  JSON.parse(readFileSync(resolve(__dirname, "../..", name), "utf8")) as Record<string, unknown>;

const packages = Object.entries(read("package-lock.json").packages as Record<string, Locked>);
const project = read("package.json");

/** The oldest Node that the two commands of the README promise. */
const oldest = "20.19.0";

describe("what npm ci installs", () => {
  test("is promised for Node 20.19", () => {
    expect((project.engines as { node: string }).node).toBe(">=20.19");
  });

  test("runs on it, so that npm prints no EBADENGINE", () => {
    const asked = packages.filter(([, { engines }]) => engines?.node !== undefined);
    expect(asked.length).toBeGreaterThan(300);
    const tooHigh = asked
      .filter(([, { engines }]) => !satisfies(oldest, engines?.node ?? ""))
      .map(([path, { version, engines }]) => `${path}@${version} demands ${engines?.node}`);
    expect(tooHigh).toEqual([]);
  });

  test("runs a script of its own only where package.json says so", () => {
    const known = Object.keys(project.allowScripts as Record<string, boolean>);
    const scripted = packages
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length));
    expect(scripted.filter((name) => !known.includes(name))).toEqual([]);
    expect(known.filter((name) => !scripted.includes(name))).toEqual([]);
  });
});
