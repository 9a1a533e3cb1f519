import { expect, test } from "@jest/globals";
import { createProcessAccount, type SourceRequest } from "../../../shared/sql";
import { Account } from "../../../shared/sql/account/account";
import { limitsOf } from "../../../shared/sql/account/limits";
import { pages } from "../../../shared/sql/exec/scans/pages";
import { constantEnvironment } from "../../../shared/sql/expression/environment";
import { scansOf } from "../../../shared/sql/plan/explain";
import type { Plan } from "../../../shared/sql/plan/nodes";
import { prepare } from "../../../shared/sql/prepare";
import { memorySource } from "./support/memory-source";
import { catalog, now } from "./support/sample";

/** Pages that were asked for when the first ones came out, and how the reading of the rest ends. */
async function firstPages(isCounted: boolean, failing = Number.POSITIVE_INFINITY) {
  const { plan } = await prepare({ sql: "SELECT title FROM incident", catalog }, now);
  const [scan] = scansOf(plan);
  if (!scan) throw new Error("No scan");
  const inner = memorySource({ pageRows: 10 });
  let asked = 0;
  const source = {
    ...inner,
    async *scan(request: SourceRequest) {
      asked += 1;
      for await (const page of inner.scan(request)) {
        yield page;
        asked += 1;
        if (asked >= failing) throw new Error("gone");
      }
    },
  };
  const { signal } = new AbortController();
  const account = new Account({
    limits: limitsOf({}),
    process: createProcessAccount(),
    signal,
    clock: () => 0,
    person: undefined,
  });
  const counted: ReadonlySet<Plan> = new Set(isCounted ? [scan] : []);
  const execution = {
    source,
    signal,
    account,
    environment: constantEnvironment(),
    notes: new Set<string>(),
    spools: new Map(),
    counted,
  };
  const batches = pages(scan, execution);
  const seen: number[] = [];
  for (let page = 0; page < 2; page += 1) {
    await batches.next();
    seen.push(asked);
  }
  const rest = async () => {
    let rows = 20;
    for await (const batch of batches) rows += batch.length;
    return rows;
  };
  return { seen, rest, stop: () => batches.return() };
}

test("where all rows are needed the next page is on its way while one is worked on", async () => {
  const ahead = await firstPages(true);
  expect([ahead.seen, await ahead.rest()]).toEqual([[2, 3], 60]);
  const plain = await firstPages(false);
  expect([plain.seen, await plain.rest()]).toEqual([[1, 2], 60]);
});

test("who stops early neither waits for more pages nor hears of their failure; who goes on does", async () => {
  const stopped = await firstPages(true, 3);
  await expect(stopped.stop()).resolves.toMatchObject({ done: true });
  const failed = await firstPages(true, 3);
  await expect(failed.rest()).rejects.toThrow("gone");
});
