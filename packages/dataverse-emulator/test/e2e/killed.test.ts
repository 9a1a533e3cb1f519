import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { applicationUser, personas } from "../../src/sample/identities";
import { openDatabase } from "../../src/store";
import { batchBody, batchType, readBatchAnswers } from "../support/batch";
import { startDataverse } from "../support/dataverse";

/** Part 3: killed at any moment it reopens with every acknowledged write and no half change set. */

const program = join(__dirname, "..", "..", "dist", "main.mjs");
const administrator = personas.find((persona) => persona.key === "administrator")?.objectId ?? "";
const rounds = 6;
let folder = "";
let running: ChildProcess | undefined;

beforeAll(() => {
  if (!existsSync(program)) throw new Error("Build first: node build.mjs");
  folder = mkdtempSync(join(tmpdir(), "dataverse-"));
});
afterEach(() => void running?.kill("SIGKILL"));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

/** Starts the real program on the folder and waits for its address. */
function start(): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(
    program,
    ["--port", "0", "--data", folder, "--cases", "0", "--as-of", "2026-11-24"],
    {
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    },
  );
  running = child;
  return new Promise((done, fail) => {
    child.on("message", (message: { kind: string; url?: string; message?: string }) => {
      if (message.kind === "ready" && message.url) done({ child, url: message.url });
      if (message.kind === "failed") fail(new Error(message.message));
    });
    child.once("exit", (code) => fail(new Error(`It ended with ${code}.`)));
  });
}

async function headersFor(url: string): Promise<Record<string, string>> {
  const answer = await fetch(
    `${url}/msi/token?api-version=2019-08-01&resource=${url}&client_id=${applicationUser.applicationId}`,
    { headers: { "X-IDENTITY-HEADER": "x" } },
  );
  const { access_token } = (await answer.json()) as { access_token: string };
  return { Authorization: `Bearer ${access_token}`, CallerObjectId: administrator };
}

interface Promised {
  /** Names of rows that were acknowledged, single and by change set. */
  readonly single: string[];
  readonly sets: string[];
}

const setSize = 5;

/** Writes without pause until the connection breaks; notes what was acknowledged. */
async function write(url: string, round: string, promised: Promised): Promise<void> {
  const headers = await headersFor(url);
  for (let n = 0; ; n++) {
    const name = `${round}-${n}`;
    try {
      const one = await fetch(`${url}/api/data/v9.2/accounts`, {
        method: "POST",
        headers: { ...headers, "Content-Type": "application/json" },
        body: JSON.stringify({ name: `single ${name}` }),
      });
      if (one.status !== 204) throw new TypeError(`Refused: ${await one.text()}`);
      promised.single.push(`single ${name}`);
      const set = Array.from({ length: setSize }, (_, index) => ({
        method: "POST",
        url: "accounts",
        body: { name: `set ${name}` },
        contentId: String(index),
      }));
      const batch = await fetch(`${url}/api/data/v9.2/$batch`, {
        method: "POST",
        headers: { ...headers, ...batchType },
        body: batchBody([set]),
      });
      const answers = readBatchAnswers(await batch.text());
      if (batch.status === 200 && answers.length === setSize) promised.sets.push(`set ${name}`);
    } catch (error) {
      if (error instanceof TypeError && /Refused/.test(error.message)) throw error;
      return;
    }
  }
}

describe("the process", () => {
  test("may be killed at any moment", async () => {
    const promised: Promised = { single: [], sets: [] };
    for (let round = 0; round < rounds; round++) {
      const { child, url } = await start();
      const ended = new Promise((done) => child.once("exit", done));
      const writers = ["a", "b", "c"].map((each) => write(url, `${round}${each}`, promised));
      // Killed after a number of answers, not after a time, so that a slow machine tests the same.
      const enough = promised.single.length + 20 + round * 7;
      while (promised.single.length < enough) await new Promise((done) => setImmediate(done));
      child.kill("SIGKILL");
      await Promise.all([ended, ...writers]);
    }
    running = undefined;
    const file = join(folder, fileIn(folder));
    const db = await openDatabase(file);
    expect(db.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    const counts = new Map(
      db
        .prepare("SELECT name, count(*) AS n FROM account GROUP BY name")
        .all()
        .map((row) => [String(row.name), Number(row.n)]),
    );
    db.close();
    expect(promised.single.length).toBeGreaterThanOrEqual(rounds * 20);
    expect(promised.sets.length).toBeGreaterThan(rounds);
    expect(promised.single.filter((name) => counts.get(name) !== 1)).toEqual([]);
    expect(promised.sets.filter((name) => counts.get(name) !== setSize)).toEqual([]);
    const halves = [...counts].filter(([name, n]) => name.startsWith("set ") && n !== setSize);
    expect(halves).toEqual([]);
    const { child, url } = await start();
    const answer = await fetch(`${url}/api/data/v9.2/WhoAmI`, { headers: await headersFor(url) });
    expect(answer.status).toBe(200);
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await ended;
  }, 60_000);
});

/** The one database in a folder. */
function fileIn(path: string): string {
  const found = readdirSync(path).filter((name) => name.endsWith(".sqlite"));
  expect(found).toHaveLength(1);
  return found[0] ?? "";
}

describe("twenty writers at once", () => {
  test("lose nothing: neither rows, nor changes, nor numbers", async () => {
    const dataverse = await startDataverse({ cases: 0 });
    const send = dataverse.send;
    const shared = (await send("POST", "accounts", { name: "Shared", numberofemployees: 0 })).id;
    const rounds = 10;
    const add = async () => {
      for (;;) {
        const row = (await send("GET", `accounts(${shared})?$select=numberofemployees`)).json;
        const body = { numberofemployees: Number(row.numberofemployees) + 1 };
        const answer = await send("PATCH", `accounts(${shared})`, body, {
          headers: { "If-Match": String(row["@odata.etag"]) },
        });
        if (answer.status === 204) return;
        expect(answer.code).toBe("0x80060882");
      }
    };
    const writer = async (writer: number) => {
      for (let n = 0; n < rounds; n++) {
        const made = await send("POST", "incidents", {
          title: `${writer}-${n}`,
          "customerid_account@odata.bind": `/accounts(${shared})`,
        });
        expect(made.status).toBe(204);
      }
      await add();
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => writer(index)));
    const rows = (await send("GET", "incidents?$select=ticketnumber,title&$top=5000")).json
      .value as { ticketnumber: string; title: string }[];
    const made = rows.filter(({ title }) => /^\d+-\d+$/.test(title));
    expect(new Set(made.map(({ title }) => title)).size).toBe(20 * rounds);
    expect(new Set(made.map(({ ticketnumber }) => ticketnumber.slice(0, 9))).size).toBe(
      20 * rounds,
    );
    expect((await send("GET", `accounts(${shared})`)).json.numberofemployees).toBe(20);
    await dataverse.close();
  }, 60_000);
});
