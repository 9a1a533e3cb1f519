import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createKeyRing, weekOf } from "../../../shared/approval/key-ring";
import { createSeals, type Purpose, type Seals } from "../../../shared/approval/seal";
import { createFileStore } from "../../../shared/storage";

let folder: string;
let at = Date.UTC(2026, 10, 29, 23, 59);
const now = () => at;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "seal-"));
});
beforeEach(() => {
  at = Date.UTC(2026, 10, 29, 23, 59);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const seals = (deployment = "https://here.example", below = "one"): Seals =>
  createSeals(createKeyRing(createFileStore(join(folder, below)), now), deployment, now);
const value = () => ({ exp: at + 600_000, oid: "somebody", text: "grüße 🛴" });

test.each([
  [Date.UTC(2026, 0, 1), "2026-W01"],
  [Date.UTC(2027, 0, 1), "2026-W53"],
  [Date.UTC(2026, 10, 29, 23, 59), "2026-W48"],
  [Date.UTC(2026, 10, 30), "2026-W49"],
  [Date.UTC(2025, 11, 29), "2026-W01"],
])("%d is in week %s", (time, week) => {
  expect(weekOf(time)).toBe(week);
});

describe("a seal", () => {
  test("is opened by every instance of the deployment, and hides what it holds", async () => {
    const sealed = await seals().seal("pending", value());
    expect(sealed).toMatch(/^v1\.2026-W48\.[\w-]+$/);
    expect(Buffer.from(sealed.split(".")[2] ?? "", "base64url").toString()).not.toContain("oid");
    expect(await seals().open("pending", sealed)).toEqual(value());
  });

  test("is one key for all instances that need it at once", async () => {
    const many = Array.from({ length: 8 }, () => seals("x", "many"));
    const sealed = await Promise.all(many.map((each) => each.seal("session", value())));
    for (const each of sealed) expect(await seals("x", "many").open("session", each)).toBeDefined();
  });

  test.each<Purpose>(["transaction", "session", "outcome"])(
    "for pending is none for %s",
    async (purpose) => {
      expect(await seals().open(purpose, await seals().seal("pending", value()))).toBeUndefined();
    },
  );

  test("of another deployment, or of other keys, is none", async () => {
    const sealed = await seals().seal("pending", value());
    expect(await seals("https://there.example").open("pending", sealed)).toBeUndefined();
    await seals("https://here.example", "two").seal("pending", value());
    expect(await seals("https://here.example", "two").open("pending", sealed)).toBeUndefined();
  });

  test("that was changed anywhere, cut, or spelt otherwise is none", async () => {
    const sealed = await seals().seal("pending", value());
    const seal = seals();
    for (let index = 0; index < sealed.length; index++) {
      const other = sealed[index] === "A" ? "B" : "A";
      const changed = sealed.slice(0, index) + other + sealed.slice(index + 1);
      expect(await seal.open("pending", changed)).toBeUndefined();
    }
    for (const other of [
      "",
      "v1",
      "v1.2026-W48.",
      sealed.slice(0, -1),
      `${sealed}A`,
      `${sealed}=`,
      `${sealed}.x`,
      ` ${sealed}`,
      "x".repeat(200_000),
    ])
      expect(await seal.open("pending", other)).toBeUndefined();
  });

  test("ends at its time", async () => {
    const sealed = await seals().seal("pending", value());
    at += 600_000;
    expect(await seals().open("pending", sealed)).toBeUndefined();
  });

  test("outlives the end of its week by one, and no more", async () => {
    const lasting = { exp: at + 30 * 86_400_000 };
    const sealed = await seals().seal("pending", lasting);
    at += 120_000;
    expect(await seals().open("pending", sealed)).toEqual(lasting);
    expect(await seals().seal("pending", lasting)).toContain("2026-W49");
    at += 7 * 86_400_000;
    expect(await seals().open("pending", sealed)).toBeUndefined();
  });
});
