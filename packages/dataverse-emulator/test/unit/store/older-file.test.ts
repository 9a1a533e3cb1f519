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

test("a file whose texts were folded by other rules is folded anew, its indexes with it", async () => {
  const data = join(folder, "folded.db");
  const first = await startEmulator({ data, cases: 0 });
  const { db: written } = first.world;
  written.exec(
    `INSERT INTO account (accountid, name, name__fold) VALUES ('${"a".repeat(8)}-0000-4000-8000-000000000001', 'Weiße Wolke', 'weiße wolke')`,
  );
  await first.close();
  const db = await openDatabase(data);
  db.exec("PRAGMA user_version = 1");
  db.close();
  const emulator = await startEmulator({ data });
  const [row] = emulator.world.db
    .prepare("SELECT name__fold AS f FROM account WHERE name = 'Weiße Wolke'")
    .all();
  expect(row).toEqual({ f: "weisse wolke" });
  await emulator.close();
});
