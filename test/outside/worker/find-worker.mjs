import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const script = join("dist", "src", "nodejsWorker.js");

/**
 * Microsoft's Node language worker: where FUNCTIONS_NODE_WORKER points (its script), else the one of the Functions Core
 * Tools on PATH. No package registry has it, so without either the stand-in beside this file takes its place.
 */
export function findWorker(environment = process.env) {
  const named = environment.FUNCTIONS_NODE_WORKER;
  if (named) {
    if (!existsSync(named)) throw new Error(`FUNCTIONS_NODE_WORKER: there is no file ${named}.`);
    return { path: realpathSync(named), isMicrosofts: true };
  }
  const name = process.platform === "win32" ? "func.exe" : "func";
  for (const folder of (environment.PATH ?? "").split(delimiter)) {
    const tool = join(folder, name);
    if (!existsSync(tool)) continue;
    const home = dirname(realpathSync(tool));
    const places = [home, join(home, "..", "bin")].map((at) => join(at, "workers", "node", script));
    const found = places.find((path) => existsSync(path));
    if (found) return { path: found, isMicrosofts: true };
  }
  const here = dirname(fileURLToPath(import.meta.url));
  return { path: join(here, "stand-in-worker.mjs"), isMicrosofts: false };
}
