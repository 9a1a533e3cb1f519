import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startHost } from "../support/host";

const root = resolve(__dirname, "../..");
let folder: string;
let files: string[];

const hash = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** The package, away from the project, so that nothing of the project's can be found by accident. */
beforeAll(() => {
  execFileSync(process.execPath, ["build.mjs", "--package"], { cwd: root, stdio: "pipe" });
  folder = mkdtempSync(join(tmpdir(), "package-"));
  cpSync(join(root, "out/package"), folder, { recursive: true });
  files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the package that is deployed", () => {
  test("holds the bundle, the host's settings, the entry's name and what of others is inside, and nothing else", () => {
    const others = files.filter((file) => !/^dist\/chunks\/[\w.-]+\.mjs$/.test(file));
    expect(others).toEqual([
      "LICENSE",
      "THIRD-PARTY-NOTICES.txt",
      "dist/functions/approve.mjs",
      "dist/functions/health.mjs",
      "dist/functions/mcp.mjs",
      "dist/telemetry/azure-monitor.cjs",
      "host.json",
      "package.json",
      "sbom.cdx.json",
    ]);
  });

  test("has no source map, no setting, no embedded Dataverse, no test and no path of a machine", () => {
    const forbidden = [
      /\n\/\/# sourceMappingURL=\S+\s*$/,
      /The embedded Dataverse/,
      /local-development-only/,
      /@jest\/globals/,
      new RegExp(root.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&")),
    ];
    // Names only: a whole bundle in the report of a failed test helps nobody.
    const found = files.flatMap((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      return forbidden.filter((each) => each.test(text)).map((each) => `${file}: ${each.source}`);
    });
    expect(found).toEqual([]);
  });

  test("names every package that is inside with its licence and text, in the notices as in the bill of materials", () => {
    const read = (file: string) => readFileSync(join(folder, file), "utf8");
    const bill = JSON.parse(read("sbom.cdx.json")) as {
      metadata: { component: { name: string; version: string } };
      components: { group?: string; name: string; version: string; licenses: unknown[] }[];
    };
    const { name, version } = JSON.parse(read("package.json"));
    expect(bill.metadata.component).toMatchObject({ name, version });
    const billed = bill.components.map(
      (each) => `${each.group === undefined ? "" : `${each.group}/`}${each.name} ${each.version}`,
    );
    const noticed = [...read("THIRD-PARTY-NOTICES.txt").matchAll(/^(\S+ \d\S+) \([^)]+\)$/gm)].map(
      ([, words = ""]) => words,
    );
    expect(noticed.length).toBeGreaterThan(50);
    expect([...new Set(billed)].sort()).toEqual([...new Set(noticed)].sort());
    expect(bill.components.filter(({ licenses }) => !(licenses?.length > 0))).toEqual([]);
    for (const name of ["zod", "jose", "@azure/identity", "openai"])
      expect(billed.filter((words) => words.startsWith(`${name} `))).toHaveLength(1);
    expect(read("THIRD-PARTY-NOTICES.txt")).toMatch(/all-MiniLM-L6-v2/);
  });

  test("is the same to the byte and may be read by the host when another makes it: no serial number, no time, no path, no habit", () => {
    const stateOf = (place: string) =>
      files.map((file) => {
        const path = join(place, file);
        return [file, hash(path), (statSync(path).mode & 0o777).toString(8)];
      });
    const before = stateOf(folder);
    expect(before.map(([, , mode]) => mode)).toEqual(files.map(() => "644"));
    const mask = process.umask(0o077);
    try {
      const env = { ...process.env, TZ: "Pacific/Auckland", LANG: "de_DE.UTF-8", HOME: tmpdir() };
      execFileSync(process.execPath, ["build.mjs", "--package"], { cwd: root, env, stdio: "pipe" });
    } finally {
      process.umask(mask);
    }
    expect(stateOf(join(root, "out/package"))).toEqual(before);
  }, 60_000);

  test("has telemetry in a file of its own, which nothing loads before it is needed", () => {
    const code = files.filter((file) => file.endsWith(".mjs"));
    const read = (file: string) => readFileSync(join(folder, file), "utf8");
    expect(code.filter((file) => read(file).includes("@opentelemetry/"))).toEqual([]);
    const naming = code.filter((file) => read(file).includes("azure-monitor.cjs"));
    expect(naming).toHaveLength(1);
    expect(read(naming[0] ?? "").split('import("../telemetry/azure-monitor.cjs")')).toHaveLength(2);
  });

  test("stays under 4 MB of code and notices, beside telemetry under 3 MB a table of words under 6 MB and a sentence encoder under 30 MB that are read when first needed", () => {
    const sizeOf = (file: string) => statSync(join(folder, file)).size;
    const tables = files.filter((file) => file.startsWith("dist/chunks/word-vectors-"));
    expect(tables).toHaveLength(1);
    expect(sizeOf(tables[0] ?? "")).toBeLessThan(5_600_000);
    const encoders = files.filter((file) => file.startsWith("dist/chunks/part-"));
    expect(encoders).toHaveLength(11);
    // Each is read at once, and nobody may have to wait for that.
    for (const file of encoders) expect(sizeOf(file)).toBeLessThan(2_800_000);
    expect(sizeOf("dist/telemetry/azure-monitor.cjs")).toBeLessThan(3_000_000);
    const size = files
      .filter(
        (file) => ![...tables, ...encoders].includes(file) && !file.startsWith("dist/telemetry/"),
      )
      .reduce((sum, file) => sum + sizeOf(file), 0);
    // Half a megabyte of it is the engine of T-SQL with its functions and the names of time zones; the library that exchanges
    // tokens on behalf of a person, which is read when that is chosen, has its part as well.
    expect(size).toBeLessThan(4_000_000);
    expect(size).toBeGreaterThan(300_000);
  });

  test("only has entries where the host looks for them", () => {
    const { main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      main: string;
    };
    expect(main).toBe("dist/functions/*.mjs");
    expect(files.filter((file) => posix.dirname(file) === "dist/functions")).toEqual([
      "dist/functions/approve.mjs",
      "dist/functions/health.mjs",
      "dist/functions/mcp.mjs",
    ]);
  });

  test("runs without any node_modules beside it, in both eras", async () => {
    const host = await startHost({
      APP_FOLDER: folder,
      DATAVERSE_URL: "http://127.0.0.1:9",
      MCP_AUTH_MODE: "dev",
      MCP_DEV_USER_OBJECT_ID: "0b000000-0000-4000-8000-000000000001",
    });
    const list = async (meta: object, headers: Record<string, string>) => {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: meta });
      const response = await fetch(`${host.url}/mcp`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body,
      });
      return ((await response.json()) as { result: { tools: unknown[] } }).result.tools.length;
    };
    const version = "2026-07-28";
    const envelope = {
      "io.modelcontextprotocol/protocolVersion": version,
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const old = await list({}, {});
    expect(old).toBeGreaterThan(5);
    expect(
      await list(
        { _meta: envelope },
        { "mcp-protocol-version": version, "mcp-method": "tools/list" },
      ),
    ).toBe(old);
    await host.close();
  }, 30_000);
});
