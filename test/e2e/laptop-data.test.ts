import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { openDatabase } from "../../packages/dataverse-emulator/src/store";
import { administratorOf, type Program, type ProgramOptions, runProgram } from "../support/program";
import { temporaryFolder } from "../support/start";

/** A laptop's data: whatever is wrong with its files, nothing is lost, and one sentence says what to do. */

const root = temporaryFolder();
const template = join(root.path, "template");
const size = ["--cases", "0", "--as-of", "2026-11-24"];
const running = new Set<Program>();
let file = "";
let count = 0;

function run(folder: string, options: ProgramOptions & { args?: readonly string[] } = {}) {
  const { args = [], ...rest } = options;
  const program = runProgram("main", ["--data", folder, ...size, ...args], rest);
  running.add(program);
  void program.ended.then(() => running.delete(program));
  return program;
}

/** Adds an account of this name through the Web API; answers with its status. */
async function add(program: Program, name: string) {
  return (await administratorOf(await program.url))("POST", "accounts", { name });
}

async function has(program: Program, name: string): Promise<boolean> {
  const send = await administratorOf(await program.url);
  const { text } = await send("GET", `accounts?$select=name&$filter=name eq '${name}'`);
  return JSON.parse(text).value.length === 1;
}

/** A folder with a database that holds the account "Kept". */
function copy(): { folder: string; path: string } {
  const folder = join(root.path, `copy-${count++}`);
  cpSync(template, folder, { recursive: true });
  return { folder, path: join(folder, file) };
}

/** It ended with 1 and one sentence or two on one line, without a stack. */
async function expectRefusal(program: Program, words: RegExp): Promise<void> {
  expect(await program.ended).toBe(1);
  const lines = program.words().trim().split("\n");
  expect(lines.filter((line) => !line.startsWith("Making sample data"))).toEqual([
    expect.stringMatching(words),
  ]);
  expect(program.words()).not.toMatch(/^\s+at /m);
}

beforeAll(async () => {
  const program = run(template);
  expect((await add(program, "Kept")).status).toBe(204);
  expect(await program.end()).toBe(0);
  file = readdirSync(template).find((name) => name.endsWith(".sqlite")) ?? "";
  expect(file).not.toBe("");
}, 60_000);
afterEach(async () => {
  await Promise.all([...running].map((program) => program.end("SIGKILL")));
});
afterAll(() => root.remove());

describe("a side file that is missing or damaged does not cost the database", () => {
  test.each<[string, (path: string) => void, RegExp | undefined]>([
    ["no file of faults", (path) => rmSync(`${path}.faults.json`), /faults\.json is missing.*kept/],
    ["half a file of faults, and a left mark of making", (path) => halveFaults(path), undefined],
    ["rubbish as lock, journal and index of the journal", (path) => litter(path), undefined],
    ["no side file at all", (path) => removeBeside(path), /faults\.json is missing/],
  ])("%s", async (_, change, words) => {
    const { folder, path } = copy();
    change(path);
    const program = run(folder);
    expect(await has(program, "Kept")).toBe(true);
    expect(program.words()).not.toContain("Making sample data");
    if (words) expect(program.words()).toMatch(words);
    await program.end();
  });

  test("a database of an earlier version, without our mark", async () => {
    const { folder, path } = copy();
    const db = await openDatabase(path);
    db.exec("PRAGMA application_id = 0; PRAGMA user_version = 1");
    db.close();
    rmSync(`${path}.faults.json`);
    const program = run(folder);
    expect(await has(program, "Kept")).toBe(true);
    await program.end();
  });
});

function halveFaults(path: string): void {
  truncateSync(`${path}.faults.json`, 1);
  writeFileSync(`${path}.making`, "");
}

function litter(path: string): void {
  writeFileSync(`${path}.lock`, "rubbish ".repeat(900));
  writeFileSync(`${path}-wal`, "x".repeat(9_000));
  writeFileSync(`${path}-shm`, "x");
  // A later version's data has a name of its own.
  cpSync(path, path.replace(/-v\d+-/, "-v999-"));
}

function removeBeside(path: string): void {
  for (const suffix of [".faults.json", ".lock", ".making", "-wal", "-shm"])
    rmSync(`${path}${suffix}`, { force: true });
}

describe("a database that cannot be used is refused in a sentence, and left as it is", () => {
  test.each<[string, (path: string) => void, RegExp]>([
    ["empty", (path) => truncateSync(path, 0), /is empty.*--reset/],
    ["text", (path) => writeFileSync(path, "Dear diary. ".repeat(500)), /is not a SQLite database/],
    ["one byte", (path) => writeFileSync(path, "S"), /is not a SQLite database/],
    ["cut to half", (path) => truncateSync(path, statSync(path).size >> 1), /is damaged/],
    ["overwritten in the middle", (path) => overwrite(path), /is damaged/],
    ["a folder", (path) => makeFolder(path), /is not a SQLite database|is a folder/],
  ])("%s", async (_, change, words) => {
    const { folder, path } = copy();
    change(path);
    const before = statSync(path).isFile() ? readFileSync(path) : undefined;
    const program = run(folder);
    await expectRefusal(program, words);
    expect(program.words()).toContain(path);
    expect(existsSync(`${path}.faults.json`)).toBe(true);
    if (before) expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("one of another program", async () => {
    const { folder, path } = copy();
    rmSync(path);
    const db = await openDatabase(path);
    db.exec("CREATE TABLE diary (day TEXT); INSERT INTO diary VALUES ('Dear diary')");
    db.close();
    await expectRefusal(run(folder), /not one of the embedded Dataverse/);
    const again = await openDatabase(path);
    expect(again.prepare("SELECT day FROM diary").all()).toEqual([{ day: "Dear diary" }]);
    again.close();
  });

  test("--reset takes a damaged one away", async () => {
    const { folder, path } = copy();
    writeFileSync(path, "rubbish");
    const program = run(folder, { args: ["--reset"] });
    expect(await has(program, "Kept")).toBe(false);
    await program.end();
  });
});

function overwrite(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(0x5a, 4_096, bytes.length >> 1);
  writeFileSync(path, bytes);
}

function makeFolder(path: string): void {
  rmSync(path);
  mkdirSync(path);
}

describe("one database belongs to one process", () => {
  test("a second one is refused, also with --reset, and the first goes on", async () => {
    const { folder } = copy();
    const first = run(folder);
    await first.url;
    await expectRefusal(run(folder), /is in use by another process.*--data/);
    await expectRefusal(run(folder, { args: ["--reset"] }), /is in use by another process/);
    expect((await add(first, "After")).status).toBe(204);
    expect([await has(first, "Kept"), await has(first, "After")]).toEqual([true, true]);
    await first.end("SIGKILL");
    // No lock outlives its process, however that ended.
    const next = run(folder);
    expect([await has(next, "Kept"), await has(next, "After")]).toEqual([true, true]);
    await next.end();
  });

  test("the database itself is locked as well, should its lock be deleted", async () => {
    const { folder, path } = copy();
    const first = run(folder);
    await first.url;
    rmSync(`${path}.lock`, { force: true });
    await expectRefusal(run(folder), /is in use by another process/);
    await first.end();
  });

  test("a tool that holds it is named as a reason", async () => {
    const { folder, path } = copy();
    const db = await openDatabase(path);
    await expectRefusal(run(folder), /in use by another process.*SQLite tool/);
    db.close();
  });

  test("npm start says the same", async () => {
    const { folder } = copy();
    const first = run(folder);
    await first.url;
    await expectRefusal(
      runProgram("start", ["--data", folder, ...size]),
      /is in use by another process/,
    );
    await first.end();
  });
});

test("killed while the data is made, it makes it anew", async () => {
  const folder = join(root.path, "killed");
  const first = run(folder, { args: ["--cases", "2000"] });
  while (!first.words().includes("Making sample data")) {
    await new Promise((done) => first.child.stderr?.once("data", done));
  }
  await first.end("SIGKILL");
  const second = run(folder, { args: ["--cases", "2000"] });
  expect((await add(second, "New")).status).toBe(204);
  expect(second.words()).toContain("was not made to its end");
  await second.end();
}, 60_000);

describe("a folder that cannot be used", () => {
  test("a path through a file", async () => {
    const path = join(root.path, "plain-file");
    writeFileSync(path, "");
    await expectRefusal(run(path), /leads through a file.*--data/);
    await expectRefusal(run(join(path, "below")), /leads through a file.*--data/);
  });

  // Root writes everywhere, so somebody else tries.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const isWindows = process.platform === "win32";
  (isWindows ? test.skip : test)("a read-only folder and file", async () => {
    const { folder, path } = copy();
    chmodSync(root.path, 0o755);
    for (const each of [folder, ...readdirSync(folder).map((name) => join(folder, name))])
      chmodSync(each, each === folder ? 0o555 : 0o444);
    const before = readFileSync(path);
    await expectRefusal(run(folder, nobody), /may not be written.*--data/);
    await expectRefusal(run(join(folder, "new"), nobody), /may not be written.*--data/);
    chmodSync(folder, 0o777);
    await expectRefusal(run(folder, nobody), /may not be written.*--data/);
    expect(readFileSync(path).equals(before)).toBe(true);
    if (nobody.uid !== undefined) chownSync(folder, 0, 0);
  });
});

(process.platform === "win32" ? describe.skip : describe)("a disk that is full", () => {
  test("while the data is made: nothing half-made is left", async () => {
    const folder = join(root.path, "full");
    await expectRefusal(run(folder, { fileLimit: 1_000 }), /full|no space/i);
    expect(readdirSync(folder).filter((name) => !name.endsWith(".lock"))).toEqual([]);
  });

  test("while it runs: the change is refused in words, all else is kept and readable", async () => {
    const { folder, path } = copy();
    const blocks = Math.ceil(statSync(path).size / 1_024);
    const program = run(folder, { fileLimit: blocks });
    const send = await administratorOf(await program.url);
    const made: string[] = [];
    let last = await add(program, "first");
    for (let n = 0; last.status === 204 && n < 2_000; n++) {
      made.push(n === 0 ? "first" : `account ${n - 1}`);
      last = await send("POST", "accounts", {
        name: `account ${n}`,
        description: "x".repeat(2_000),
      });
    }
    expect(last.status).toBe(500);
    expect(JSON.parse(last.text).error.message).toMatch(/full|no space/i);
    expect(program.words()).toMatch(/full|no space/i);
    expect(program.words()).not.toMatch(/^\s+at /m);
    expect(await has(program, "Kept")).toBe(true);
    await program.end();
    const again = run(folder);
    for (const name of ["Kept", made.at(-1) ?? ""]) expect(await has(again, name)).toBe(true);
    expect((await add(again, "room again")).status).toBe(204);
    await again.end();
  }, 60_000);
});
