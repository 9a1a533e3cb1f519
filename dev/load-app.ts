import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Loads the entries that `main` of package.json names, as the worker does. */
export async function loadApp(folder: string, log: (line: string) => void): Promise<void> {
  const { main, type } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    main?: string;
    type?: string;
  };
  const files = main === undefined ? [] : expand(folder, main);
  if (files.length === 0)
    throw new Error(`"main" of package.json (${main ?? "missing"}) matches no file: build first.`);
  for (const file of files) {
    const isModule = file.endsWith(".mjs") || (type === "module" && !file.endsWith(".cjs"));
    if (isModule) await import(pathToFileURL(file).href);
    else createRequire(join(folder, "package.json"))(file);
    log(`Loaded ${file.slice(folder.length + 1)}`);
  }
}

/** `main` may be a pattern; `*` within one part of the path is all that Node 20 needs here. */
function expand(folder: string, pattern: string): string[] {
  let level = [folder];
  for (const part of pattern.split("/")) {
    const matcher = new RegExp(
      `^${part.replace(/[.+^$()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`,
    );
    level = level
      .filter((path) => existsSync(path) && statSync(path).isDirectory())
      .flatMap((path) =>
        readdirSync(path)
          .filter((name) => matcher.test(name))
          .map((name) => join(path, name)),
      );
  }
  return level.sort();
}

/** What host.json puts before every route. */
export function routePrefix(folder: string): string {
  const file = join(folder, "host.json");
  const host = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as {
        extensions?: { http?: { routePrefix?: string } };
      })
    : {};
  return host.extensions?.http?.routePrefix ?? "api";
}
