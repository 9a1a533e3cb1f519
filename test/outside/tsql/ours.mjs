import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

export const here = dirname(fileURLToPath(import.meta.url));
export const root = resolve(here, "..", "..", "..");
export const out = join(root, "out", "tsql-parser");

/** `judge(sql)` of test/support/sql-shape.ts, with our parser as it stands in the sources. */
export async function loadOurs() {
  mkdirSync(out, { recursive: true });
  const outfile = join(out, "ours.mjs");
  await build({
    entryPoints: [join(root, "test", "support", "sql-shape.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "warning",
  });
  return (await import(pathToFileURL(outfile).href)).judge;
}
