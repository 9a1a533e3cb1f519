// Builds the package: the program (dist/main.mjs) and its doors for other programs (dist/index.mjs, dist/command-line.mjs).
// `--types` writes their declarations beside them, as they are packed.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");

/** Which SQLite there is, is found out when it runs. */
export const external = ["node:sqlite", "@photostructure/sqlite"];

export async function buildEmulator() {
  rmSync(dist, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: {
      main: "src/main.ts",
      index: "src/index.ts",
      "command-line": "src/command-line/index.ts",
    },
    outdir: "dist",
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    format: "esm",
    platform: "node",
    target: "node20.19",
    outExtension: { ".js": ".mjs" },
    external,
    sourcemap: "linked",
    logLevel: "warning",
  });
}

/** Declarations of what the doors show, and of nothing else. */
function writeTypes() {
  const made = mkdtempSync(join(tmpdir(), "dataverse-emulator-types-"));
  try {
    const manifest = createRequire(import.meta.url).resolve("typescript/package.json");
    const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
    const compiler = join(dirname(manifest), bin.tsc);
    execFileSync(
      process.execPath,
      [compiler, "-p", join(root, "tsconfig.types.json"), "--outDir", made],
      { stdio: "inherit" },
    );
    const seen = new Set();
    for (const door of ["index.d.ts", "command-line/index.d.ts"]) copyWithImports(made, door, seen);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** With the whole names of what they import, as Node's own resolution of modules asks for. */
function copyWithImports(made, file, seen) {
  if (seen.has(file)) return;
  seen.add(file);
  const text = readFileSync(join(made, file), "utf8").replace(
    /((?:from |import\()")(\.[^"]*)"/g,
    (_all, before, path) => {
      const target = declarationOf(made, posix.join(posix.dirname(file), path));
      copyWithImports(made, target, seen);
      const name = posix.relative(posix.dirname(file), target).replace(/\.d\.ts$/, ".js");
      return `${before}${name.startsWith(".") ? name : `./${name}`}"`;
    },
  );
  const target = join(dist, "types", file);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

function declarationOf(made, base) {
  const found = [`${base}.d.ts`, `${base}/index.d.ts`].find((file) => existsSync(join(made, file)));
  if (found === undefined) throw new Error(`There is no declaration of ${base}.`);
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildEmulator();
  if (process.argv.includes("--types")) writeTypes();
}
