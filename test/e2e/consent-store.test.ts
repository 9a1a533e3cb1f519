import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { createBlobStore, type Store } from "../../shared/storage";
import { type BlobService, startBlobService } from "../support/blob-service";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

/** What the process meets at the store, in place of its answer. */
interface Hooks {
  beforeCreate?: ((name: string) => Promise<void>) | undefined;
  afterCreate?: ((name: string) => Promise<void>) | undefined;
  beforeReplace?: (() => Promise<void>) | undefined;
}

let blobs: BlobService;
let desk: ServiceDesk;
let hooks: Hooks = {};
const clock = { ahead: 0 };
const minute = 60_000;

beforeAll(async () => {
  blobs = await startBlobService();
  const container = createBlobStore({
    container: blobs.container,
    getToken: async () => "token",
  });
  const approvalsStore: Store = {
    ...container,
    async create(name, text) {
      await hooks.beforeCreate?.(name);
      const isNew = await container.create(name, text);
      await hooks.afterCreate?.(name);
      return isNew;
    },
    async replace(name, text, etag) {
      await hooks.beforeReplace?.();
      return container.replace(name, text, etag);
    },
  };
  desk = await startServiceDesk({
    cases: 30,
    approvalsStore,
    approvalsNow: () => Date.now() + clock.ahead,
  });
}, 120_000);
afterEach(() => {
  blobs.failure = undefined;
  hooks = {};
  clock.ahead = 0;
});
afterAll(async () => {
  expect(desk.bugs).toEqual([]);
  await desk.close();
  await blobs.close();
});

const ask = (args: Record<string, unknown>) => desk.ask("delete_record", args, "administrator");
const newTask = async () => {
  const made = { tablename: "task", item: { subject: "Stay" } };
  return (await desk.call("create_record", made, "administrator")).structured.recordId as string;
};
const exists = async (id: string) =>
  ((await desk.read(`tasks?$select=activityid&$filter=activityid eq ${id}`)).value as unknown[])
    .length === 1;
async function show() {
  const id = await newTask();
  const { structured } = await ask({ tablename: "task", recordId: id });
  const { link, approvalId } = structured.approval as { link: string; approvalId: string };
  const browser = desk.browser("administrator");
  const page = await browser.open(link);
  expect(page.status).toBe(200);
  return {
    id,
    approvalId,
    told: async () => (await ask({ approvalId })).text,
    press: (answer: "yes" | "no") => browser.press(link, page, answer),
    again: () => desk.browser("administrator").open(link),
  };
}

/** Resolves never: the process has ended at that point. */
const end = () => new Promise<never>(() => undefined);
const untilClaimed = () => {
  let claimed = () => {};
  const claim = new Promise<void>((done) => {
    claimed = done;
  });
  return { claim, claimed };
};
const isClaim = (name: string) => name.startsWith("approvals/");

describe("a store that is down", () => {
  const failures: Record<string, NonNullable<BlobService["failure"]>> = {
    "answers with an error": (response) => response.writeHead(503).end(),
    "turns us away": (response) => response.writeHead(403).end(),
    "hangs up": (response) => response.destroy(),
    "answers what nobody asked": (response) => response.writeHead(204).end(),
  };
  test.each(Object.keys(failures))(
    "that %s: nothing is asked for or done, in words",
    async (kind) => {
      const id = await newTask();
      const shown = await show();
      blobs.failure = failures[kind];
      const asked = await ask({ tablename: "task", recordId: id });
      expect([asked.isError, asked.text]).toEqual([
        true,
        expect.stringMatching(
          /^The store of approvals does not answer, so nothing was done\.\n[\s\S]*Storage Blob Data Contributor/,
        ),
      ]);
      const model = await desk.ask(
        "update_record",
        { tablename: "task", recordId: id, item: { statecode: "Completed" } },
        "administrator",
      );
      expect([model.isError, model.text]).toEqual([
        true,
        expect.stringContaining("nothing was done"),
      ]);
      for (const answer of ["yes", "no"] as const) {
        const page = await shown.press(answer);
        expect([page.status, page.html]).toEqual([
          503,
          expect.stringContaining("Nothing was done"),
        ]);
      }
      expect(await shown.told()).toContain("nothing was done");
      expect([await exists(id), await exists(shown.id)]).toEqual([true, true]);
      blobs.failure = undefined;
      // Nothing was used up: the same page is answered now.
      expect(await shown.told()).toContain("nobody has answered");
      expect((await shown.press("yes")).status).toBe(200);
      expect(await exists(shown.id)).toBe(false);
    },
  );

  test("does not stop the daily work, which is counted here meanwhile, to a part of the number", async () => {
    const id = await newTask();
    blobs.failure = failures["answers with an error"];
    const change = (subject: string) =>
      desk.ask(
        "update_record",
        { tablename: "task", recordId: id, item: { subject } },
        "administrator",
      );
    expect((await change("Go")).text).toMatch(/^Record updated successfully/);
    expect((await desk.read(`tasks(${id})?$select=subject`)).subject).toBe("Go");
  });

  test("after the act: the page says that it is done, and the chat is sent to the rows", async () => {
    const shown = await show();
    hooks.beforeReplace = async () => {
      blobs.failure = failures["answers with an error"];
    };
    const page = await shown.press("yes");
    expect([page.status, page.html]).toEqual([200, expect.stringContaining("Done")]);
    expect(await exists(shown.id)).toBe(false);
    blobs.failure = undefined;
    clock.ahead = 6 * minute;
    expect(await shown.told()).toContain("it may be done or not");
  });
});

describe("a process that ends", () => {
  test.each<[string, Hooks, boolean]>([
    [
      "between the claim and the act",
      { afterCreate: (name) => (isClaim(name) ? end() : Promise.resolve()) },
      true,
    ],
    ["between the act and its outcome", { beforeReplace: end }, false],
  ])(
    "%s: nothing is done twice, and nobody is told that it was or was not",
    async (_, met, stays) => {
      const shown = await show();
      const { claim, claimed } = untilClaimed();
      hooks = {
        ...met,
        async afterCreate(name) {
          if (isClaim(name) && stays) claimed();
          await met.afterCreate?.(name);
        },
        async beforeReplace() {
          claimed();
          await met.beforeReplace?.();
        },
      };
      // Nobody ever answers this one.
      shown.press("yes").catch(() => undefined);
      await claim;
      hooks = {};
      desk.forget();
      expect(await exists(shown.id)).toBe(stays);
      expect(await shown.told()).toContain("It is being done at this moment");
      clock.ahead = 6 * minute;
      for (const told of [await shown.told(), await shown.told()])
        expect(told).toMatch(
          /its outcome was never told: it may be done or not\. Look at the records/,
        );
      clock.ahead = 0;
      expect((await shown.press("yes")).status).toBe(409);
      const page = await shown.again();
      expect([page.status, page.html]).toEqual([409, expect.stringContaining("answered already")]);
      expect(await exists(shown.id)).toBe(stays);
    },
  );
});

test.each(["the first", "the second"])(
  "two instances that are pressed at once act once, when %s comes to claim it first",
  async (first) => {
    const shown = await show();
    let release = () => {};
    const released = new Promise<void>((done) => {
      release = done;
    });
    const { claim: held, claimed: hold } = untilClaimed();
    hooks.beforeCreate = async (name) => {
      if (!isClaim(name)) return;
      hooks.beforeCreate = undefined;
      hold();
      await released;
    };
    const one = shown.press("yes");
    await held;
    // Another instance from here on.
    desk.forget();
    const other = first === "the second" ? await shown.press("yes") : undefined;
    release();
    const answers = [(await one).status, (other ?? (await shown.press("yes"))).status];
    expect(answers).toEqual(first === "the first" ? [200, 409] : [409, 200]);
    expect(await exists(shown.id)).toBe(false);
    expect(await shown.told()).toMatch(/^Record deleted successfully/);
  },
);

test("what is kept holds no text of records that could be read there", async () => {
  const shown = await show();
  await shown.press("yes");
  const stored = [...blobs.blobs].map(([name, { text }]) => `${name} ${text}`).join("\n");
  expect(stored).not.toMatch(/Stay|delete_record|task/);
});
