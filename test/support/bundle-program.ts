import { join } from "node:path";
import { build } from "esbuild";

/**
 * Bundles a program of the tests as the product is: run as sources, the work of it would take several times as long. As modules: in
 * the other form what is imported when it is needed is copied property by property, which takes a minute for the bytes of the
 * sentence encoder.
 *
 * @param root of the project
 * @param name of a folder in `test/` whose `whole.ts` is the program
 * @returns path of the bundle
 */
export async function bundleProgram(root: string, name: string): Promise<string> {
  const outdir = join(root, "out", name);
  await build({
    absWorkingDir: root,
    entryPoints: [`test/${name}/whole.ts`],
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __dirname = import.meta.dirname;",
    },
    platform: "node",
    target: "node20.19",
    loader: { ".bin": "binary" },
    external: ["node:sqlite", "@photostructure/sqlite"],
    logLevel: "warning",
  });
  return join(outdir, "whole.mjs");
}
