import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Database } from "../../../src/model";
import { fold, openDatabase } from "../../../src/store";

let db: Database;
beforeEach(async () => {
  db = await openDatabase(":memory:");
  db.exec('CREATE TABLE "incident" (id TEXT PRIMARY KEY, title TEXT)');
});
afterEach(() => db.close());

const insert = (id: string, title: string | null = null) =>
  db.prepare("INSERT INTO incident (id, title) VALUES (?, ?)").run(id, title);
const ids = () =>
  db
    .prepare("SELECT id FROM incident ORDER BY id")
    .all()
    .map((row) => row.id);

describe("a transaction", () => {
  test("keeps all or nothing", () => {
    expect(() =>
      db.transaction(() => {
        insert("a");
        throw new Error("half way");
      }),
    ).toThrow("half way");
    expect(ids()).toEqual([]);
    expect(db.transaction(() => insert("a").changes)).toBe(1);
    expect(ids()).toEqual(["a"]);
  });

  test("inside another loses only its own work", () => {
    db.transaction(() => {
      insert("a");
      expect(() =>
        db.transaction(() => {
          insert("b");
          insert("a");
        }),
      ).toThrow(/UNIQUE/);
      insert("c");
    });
    expect(ids()).toEqual(["a", "c"]);
  });
});

test("a statement prepared before a change of the schema works after it", () => {
  insert("a", "x");
  expect(db.prepare("SELECT * FROM incident").all()).toEqual([{ id: "a", title: "x" }]);
  db.exec("ALTER TABLE incident ADD COLUMN n INTEGER");
  expect(db.prepare("SELECT * FROM incident").all()).toEqual([{ id: "a", title: "x", n: null }]);
});

describe("text is compared as SQL Server's accent-insensitive collations do", () => {
  test.each([
    ["Élan ", "elan", true],
    ["straße", "STRASSE", true],
    ["Ægir Þórr Œuvre", "aegir thorr oeuvre", true],
    ["ä", "ae", false],
    ["a\n", "a", false],
    ["Müller", "mULLER   ", true],
    [" a", "a", false],
    ["Ａ", "a", true],
  ])("%j and %j: %s", (left, right, isSame) => {
    expect(fold(left) === fold(right)).toBe(isSame);
    const row = db.prepare("SELECT fold(?) = fold(?) AS same").get(left, right);
    expect(row?.same).toBe(isSame ? 1 : 0);
  });

  test("null stays null", () => {
    expect(db.prepare("SELECT fold(NULL) AS folded").get()).toEqual({ folded: null });
  });
});

test("a file keeps what was written", async () => {
  const folder = mkdtempSync(join(tmpdir(), "store-"));
  const file = join(folder, "data.sqlite");
  const first = await openDatabase(file);
  first.exec("CREATE TABLE t (x TEXT)");
  first.prepare("INSERT INTO t VALUES (?)").run("kept");
  first.close();
  const second = await openDatabase(file);
  expect(second.prepare("SELECT x FROM t").all()).toEqual([{ x: "kept" }]);
  second.close();
  rmSync(folder, { recursive: true });
});
