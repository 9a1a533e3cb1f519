import { beforeEach, describe, expect, test } from "@jest/globals";
import {
  type Act,
  type Approvals,
  type Asker,
  createApprovals,
  createKeyRing,
  createSeals,
  newApprovalId,
} from "../../../shared/approval";
import { createMemoryStore, type Store } from "../../../shared/storage";

const asker: Asker = {
  objectId: "7b3a4c1e-0000-4000-8000-000000000001",
  tenantId: "7b3a4c1e-0000-4000-8000-000000000002",
  name: "Avery Lindholm",
  roles: ["CSR"],
  clientId: undefined,
};
const actOn = (id: string): Act => ({
  tool: "delete_record",
  args: { tablename: "task", recordId: id },
  digest: `digest of ${id}`,
});

let at: number;
let store: Store;
let approvals: Approvals;
beforeEach(() => {
  at = Date.UTC(2026, 10, 30, 12);
  store = createMemoryStore();
  approvals = over(store);
});
const over = (kept: Store, deployment = "https://here.example"): Approvals =>
  createApprovals(
    kept,
    createSeals(
      createKeyRing(kept, () => at),
      deployment,
      () => at,
    ),
    () => at,
  );

describe("an approval id", () => {
  test("is short, whatever is asked for, and says nothing of it", async () => {
    const act: Act = { ...actOn("a"), args: { body: "ß🛴".repeat(400_000) } };
    const id = await approvals.ask(asker, act, "person");
    expect(id).toMatch(/^[\w-]{22}$/);
    const pending = await approvals.open(id);
    expect(pending && (await approvals.actsOf(pending))).toEqual([act]);
    expect((await store.read(`pending/${id}`))?.text).not.toContain("Avery");
  });

  test("stands for what was asked for under it, and not for what was put there", async () => {
    const mine = await approvals.ask(asker, actOn("a"), "model");
    const other = newApprovalId();
    await store.create(`pending/${other}`, (await store.read(`pending/${mine}`))?.text ?? "");
    expect(await approvals.open(other)).toBeUndefined();
    await store.create(`pending/${newApprovalId()}`, "forged");
    expect((await approvals.open(mine))?.id).toBe(mine);
  });

  test("is none in another deployment that shares the store", async () => {
    const id = await approvals.ask(asker, actOn("a"), "person");
    expect(await over(store, "https://there.example").open(id)).toBeUndefined();
  });

  test.each([
    "",
    "x",
    "../keys/2026-W49",
    "keys",
    "a".repeat(23),
    `${"a".repeat(21)}/`,
    newApprovalId(),
  ])("that is %j is none", async (id) => {
    expect(await approvals.open(id)).toBeUndefined();
  });

  test("can be asked after for a day, and is none later", async () => {
    const id = await approvals.ask(asker, actOn("a"), "person");
    at += 600_000 + 86_399_999;
    expect(await approvals.open(id)).toBeDefined();
    at += 1;
    expect(await approvals.open(id)).toBeUndefined();
  });
});

test("acts of one request are answered together, each as it was asked for", async () => {
  const batch = { id: newApprovalId(), approvalId: undefined };
  const asked = [actOn("a"), actOn("b"), actOn("c")];
  const ids = await Promise.all(asked.map((act) => approvals.askTogether(asker, act, batch)));
  expect(new Set(ids)).toEqual(new Set([batch.id]));
  const pending = await approvals.open(batch.id);
  const acts = pending === undefined ? [] : await approvals.actsOf(pending);
  expect(acts.map(({ args }) => args.recordId).sort()).toEqual(["a", "b", "c"]);
});
