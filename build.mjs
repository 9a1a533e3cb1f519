// Builds everything with esbuild: the function app (dist/functions, dist/chunks) and the development tools
// (packages/dataverse-emulator/dist, dist/dev, dist/bench). `--if-changed` skips when no source is newer than the last build;
// `--package` makes the folder that is deployed, out/package, and touches nothing else; `--write-tool-list` only
// writes the golden file of the tools, which every other build compares with.
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { writeBillOfMaterials, writeNotices } from "./build-notices.mjs";
import {
  buildEmulator,
  external as emulatorExternal,
} from "./packages/dataverse-emulator/build.mjs";

const root = dirname(fileURLToPath(import.meta.url));
const flags = new Set(process.argv.slice(2));
const stamp = join(root, "dist", ".built");

if (flags.has("--if-changed") && isFresh()) process.exit(0);

// Functions' own core module is supplied by the language worker, through `require`.
const banner = {
  js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
};
const shared = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  outExtension: { ".js": ".mjs" },
  banner,
  logLevel: "warning",
  external: ["@azure/functions-core"],
  loader: { ".bin": "binary" },
  // The package's usual entry brings its table of zones twice, and another that nobody asks for.
  alias: {
    "windows-iana": join(root, "node_modules/windows-iana/dist/windows-iana.esm.js"),
  },
};

const deployed = { minify: true, keepNames: true, legalComments: "none" };

/**
 * Telemetry is a bundle of its own and shares no chunk with the rest, so that an app without it loads what it always
 * loaded. Entries and chunks lie one folder below `dist`, hence the one address.
 */
const telemetryApart = {
  name: "telemetry-apart",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/azure-monitor$/ }, () => ({
      path: "../telemetry/azure-monitor.cjs",
      external: true,
    }));
  },
};

const toolList = join(root, "shared", "mcp", "tool-list.generated.json");
if (flags.has("--write-tool-list")) {
  writeFileSync(toolList, await renderToolList());
  process.exit(0);
}
await compareToolList();

const isPackage = flags.has("--package");
const output = isPackage ? join("out", "package", "dist") : "dist";

rmSync(join(root, isPackage ? join("out", "package") : "dist"), { recursive: true, force: true });
const [functions, telemetry] = await Promise.all([
  build({
    ...shared,
    metafile: isPackage,
    entryPoints: {
      "functions/approve": "functions/approve.ts",
      "functions/health": "functions/health.ts",
      "functions/mcp": "functions/mcp.ts",
    },
    outdir: output,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    ...deployed,
    plugins: [telemetryApart],
  }),
  build({
    ...shared,
    metafile: isPackage,
    entryPoints: { "telemetry/azure-monitor": "shared/telemetry/azure-monitor.ts" },
    outdir: output,
    ...deployed,
    // The library looks beside its own file for settings, and a module of the newer kind has no `__dirname`.
    format: "cjs",
    outExtension: { ".js": ".cjs" },
    banner: {},
    alias: { ...shared.alias, ...oneOpenTelemetry() },
  }),
  ...(isPackage ? [] : developmentTools()),
]);
if (isPackage) completePackage([functions.metafile, telemetry.metafile]);
else writeFileSync(stamp, new Date().toISOString());

/** npm brings up to fifteen copies of these, a minor version apart; the newest stands for all. */
function oneOpenTelemetry() {
  const names = [
    "core",
    "otlp-transformer",
    "resources",
    "sdk-logs",
    "sdk-metrics",
    "sdk-trace",
    "sdk-trace-base",
    "sdk-trace-node",
  ];
  return Object.fromEntries(
    names.map((name) => [
      `@opentelemetry/${name}`,
      join(root, "node_modules", "@opentelemetry", name),
    ]),
  );
}

/** The emulator, `npm start` and the benchmarks. Never deployed. */
function developmentTools() {
  const entryPoints = {
    "dev/start": "dev/main.ts",
    "dev/functions-host": "dev/functions-host.ts",
    "bench/main": "bench/main.ts",
    "bench/eval": "bench/eval/main.ts",
    "bench/simulate": "bench/simulate/main.ts",
    "bench/flood": "bench/flood/main.ts",
    "bench/crossings": "bench/crossings/main.ts",
    "bench/sql": "bench/sql/main.ts",
    "bench/sql-speed": "bench/sql/speed.ts",
    "bench/flood-app": "bench/flood/app.ts",
  };
  const present = Object.fromEntries(
    Object.entries(entryPoints).filter(([, source]) => existsSync(join(root, source))),
  );
  return [
    buildEmulator(),
    build({
      ...shared,
      entryPoints: present,
      outdir: "dist",
      splitting: true,
      chunkNames: "dev/chunks/[name]-[hash]",
      external: [...shared.external, "@azure/functions", ...emulatorExternal],
      sourcemap: "linked",
    }),
  ];
}

/** The tool list that every client gets, rendered once, from the tools' own schemas. */
async function renderToolList() {
  const out = join(root, "out", "surface.mjs");
  await build({ ...shared, entryPoints: ["shared/mcp/render-surface.ts"], outfile: out });
  const { renderSurface } = await import(`${pathToFileURL(out).href}?at=${Date.now()}`);
  return renderSurface();
}

/** A build that rewrote the golden file would let a changed schema pass the tests that come after it. */
async function compareToolList() {
  const rendered = await renderToolList();
  const kept = existsSync(toolList) ? readFileSync(toolList, "utf8").replaceAll("\r\n", "\n") : "";
  if (kept === rendered) return;
  const lines = kept.split("\n");
  const now = rendered.split("\n");
  const at = now.findIndex((line, index) => line !== lines[index]);
  const cut = (line = "(nothing)") => line.trim().slice(0, 160);
  console.error(
    `shared/mcp/tool-list.generated.json is not what shared/tools/ says. Line ${at + 1} is\n  ${cut(lines[at])}\nand would be\n  ${cut(now[at])}\nIf that is meant, run: npm run tool-list`,
  );
  process.exit(1);
}

/** Beside the bundle, the host needs its settings and the name of the entry; a person, what of others is inside. */
function completePackage(metafiles) {
  const target = join(root, "out", "package");
  cpSync(join(root, "host.json"), join(target, "host.json"));
  cpSync(join(root, "LICENSE"), join(target, "LICENSE"));
  const { name, version, license, main, engines } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  const text = JSON.stringify({ name, version, license, private: true, main, engines }, null, 2);
  writeFileSync(join(target, "package.json"), `${text}\n`);
  writeNotices(metafiles, join(target, "THIRD-PARTY-NOTICES.txt"));
  writeBillOfMaterials(metafiles, join(target, "sbom.cdx.json"));
  openToEveryone(target);
}

/** The host runs as somebody else, and the archive keeps modes: those of whoever packed must not decide what it may read. */
function openToEveryone(path) {
  const isFolder = statSync(path).isDirectory();
  chmodSync(path, isFolder ? 0o755 : 0o644);
  if (isFolder) for (const name of readdirSync(path)) openToEveryone(join(path, name));
}

function isFresh() {
  if (!existsSync(stamp)) return false;
  const builtAt = statSync(stamp).mtimeMs;
  const sources = [
    "functions",
    "shared",
    "packages",
    "dev",
    "bench",
    // What benchmarks share with tests.
    "test/support",
    "test/crossings",
    "package.json",
    "package-lock.json",
    "build.mjs",
  ];
  return sources.every((source) => newest(join(root, source)) <= builtAt);
}

function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  // A removed file leaves no time of its own behind, but its folder's.
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
