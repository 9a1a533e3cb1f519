import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { startEmulator } from "../../../src";
import { openDatabase } from "../../../src/store";

const folder = mkdtempSync(join(tmpdir(), "older-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a file of other definitions gets the columns it lacks, and its rows are read", async () => {
  const data = join(folder, "data.db");
  await (await startEmulator({ data, cases: 0 })).close();
  const db = await openDatabase(data);
  db.exec('ALTER TABLE "organization" DROP COLUMN "expirechangetrackingindays"');
  db.exec("PRAGMA user_version = 1");
  db.close();
  const emulator = await startEmulator({ data });
  const { records } = emulator.world;
  const [row] = emulator.world.db.prepare("SELECT * FROM organization").all();
  expect(row).toHaveProperty("expirechangetrackingindays", null);
  expect(records.read("organization", String(row?.organizationid))).toHaveProperty("name");
  await emulator.close();
});
