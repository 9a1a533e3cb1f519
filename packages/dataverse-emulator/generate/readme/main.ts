import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCatalog } from "../../src/metadata";
import { openDatabase } from "../../src/store";
import { fillIn, renderParts } from "./supported";

/** `npm run emulator:readme`: makes the generated parts of `packages/dataverse-emulator/README.md` anew. */
async function main(): Promise<void> {
  const file = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "README.md");
  const db = await openDatabase(":memory:");
  const parts = renderParts(loadCatalog(db));
  db.close();
  writeFileSync(file, fillIn(readFileSync(file, "utf8"), parts));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
