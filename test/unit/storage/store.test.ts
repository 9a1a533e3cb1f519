import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  createBlobStore,
  createFileStore,
  createMemoryStore,
  type Store,
  StoreDown,
} from "../../../shared/storage";
import { type BlobService, startBlobService } from "../../support/blob-service";

let folder: string;
let service: BlobService;
const memory = createMemoryStore();
const stores: Record<string, () => Store> = {
  "a folder": () => createFileStore(join(folder, "consent")),
  memory: () => memory,
  "a container": () =>
    createBlobStore({ container: service.container, getToken: async () => "token" }),
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "store-"));
  service = await startBlobService("token");
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await service.close();
});

describe.each(Object.keys(stores))("%s", (kind) => {
  const open = () => (stores[kind] as () => Store)();

  test("lets one of many create a name, over instances", async () => {
    const tries = await Promise.all(
      Array.from({ length: 12 }, (_, index) => open().create("approvals/one", `by ${index}`)),
    );
    expect(tries.filter(Boolean)).toHaveLength(1);
    expect((await open().read("approvals/one"))?.text).toBe(`by ${tries.indexOf(true)}`);
  });

  test("replaces what is at the version that was read, and nothing else", async () => {
    const store = open();
    expect(await store.read("approvals/two")).toBeUndefined();
    expect(await store.replace("approvals/two", "x", '"0x0"')).toBe(false);
    await store.create("approvals/two", "begun");
    const { etag } = (await store.read("approvals/two")) ?? { etag: "" };
    expect(await store.replace("approvals/two", "done", etag)).toBe(true);
    expect(await store.replace("approvals/two", "again", etag)).toBe(false);
    expect((await store.read("approvals/two"))?.text).toBe("done");
  });

  test("counts up to a limit, whoever counts at the same time", async () => {
    const store = open();
    const counted = await Promise.all(
      Array.from({ length: 25 }, () => store.append("counts/person/deletes/h", ".", 10)),
    );
    expect(counted.filter(Boolean)).toHaveLength(10);
    expect((await store.read("counts/person/deletes/h"))?.text).toBe("..........");
  });

  test.each(["", "/x", "../x", "a/../b", "a//b", "a?b", ".hidden", `a${"x".repeat(600)}`])(
    "takes no name %j",
    async (name) => {
      await expect(async () => open().read(name)).rejects.toThrow(
        /TypeError|parts of letters|does not answer/,
      );
    },
  );
});

describe("a store that is down", () => {
  const asked = (store: Store) => [
    store.create("a/x", "1"),
    store.read("a/x"),
    store.replace("a/x", "1", "e"),
    store.append("a/x", "1", 9),
  ];

  test.each<[string, NonNullable<BlobService["failure"]>]>([
    ["refuses", (response) => response.writeHead(403).end()],
    ["fails", (response) => response.writeHead(500).end()],
    ["hangs up", (response) => response.destroy()],
    ["redirects", (response) => response.writeHead(302, { location: "/elsewhere" }).end()],
  ])("says so where it %s", async (_, failure) => {
    service.failure = failure;
    for (const result of await Promise.allSettled(asked((stores["a container"] as () => Store)())))
      expect(result).toMatchObject({ status: "rejected", reason: expect.any(StoreDown) });
    service.failure = undefined;
  });

  test("says so where there is no token", async () => {
    const getToken = async () => {
      throw new Error("no identity");
    };
    const store = createBlobStore({ container: service.container, getToken });
    await expect(store.create("a/y", "1")).rejects.toThrow(StoreDown);
    expect(service.blobs.has("a/y")).toBe(false);
  });

  test("says so where the folder is a file", async () => {
    await writeFile(join(folder, "file"), "");
    for (const result of await Promise.allSettled(asked(createFileStore(join(folder, "file")))))
      expect(result).toMatchObject({ status: "rejected", reason: expect.any(StoreDown) });
  });
});
