// `npm run conformance`: the official suite against the product's endpoint code, once for each era of the protocol.
// The suite needs Node 22; what it finds is compared with expected-failures.*.yaml, in which stale entries fail, too.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const outside = dirname(here);
const root = join(outside, "..", "..");
const binary = process.platform === "win32" ? "node.exe" : "node";
const node22 = join(outside, "node_modules", "node22", "bin", binary);
const suite = join(
  outside,
  "node_modules",
  "@modelcontextprotocol",
  "conformance",
  "dist",
  "index.js",
);

const isNew = Number(process.versions.node.split(".")[0]) >= 22;
const node = isNew ? process.execPath : node22;
if (!existsSync(suite) || !existsSync(node)) {
  console.error("The conformance suite is not installed. Run: npm ci --prefix test/outside");
  process.exit(1);
}

const outfile = join(root, "out", "conformance", "server.mjs");
await build({
  absWorkingDir: root,
  entryPoints: [join(here, "server.ts")],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  logLevel: "warning",
  // As in build.mjs: the word vectors.
  loader: { ".bin": "binary" },
  external: ["@azure/functions-core", "node:sqlite", "@photostructure/sqlite"],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
const { startConformanceServer } = await import(pathToFileURL(outfile).href);
const server = await startConformanceServer();
const failed = [];
for (const version of ["2025-11-25", "2026-07-28"]) {
  console.log(`\nConformance with ${version}`);
  if ((await run(version)) !== 0) failed.push(version);
}
for (const bug of server.bugs) console.error(bug);
await server.close();
if (failed.length > 0 || server.bugs.length > 0) {
  console.error(`Conformance failed: ${failed.join(", ") || "the endpoint had bugs"}.`);
  process.exit(1);
}
console.log("\nConformance: both eras pass.");

function run(version) {
  const args = [
    suite,
    "server",
    "--url",
    server.url,
    "--suite",
    "all",
    "--spec-version",
    version,
    "--expected-failures",
    join(here, `expected-failures.${version}.yaml`),
    ...process.argv.slice(2),
  ];
  const child = spawn(node, args, {
    stdio: ["ignore", "inherit", "inherit"],
    cwd: join(root, "out"),
  });
  return new Promise((done) => child.on("close", (code) => done(code ?? 1)));
}
