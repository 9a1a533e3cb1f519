import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { sections, withSections } from "./sections";

/** `npm run docs`: writes what code says into the pages. */
const root = resolve(__dirname, "../..");
for (const page of Object.keys(sections)) {
  const file = join(root, page);
  writeFileSync(file, withSections(page, readFileSync(file, "utf8")));
  process.stdout.write(`${page}\n`);
}
