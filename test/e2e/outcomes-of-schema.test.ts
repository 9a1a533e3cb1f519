import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { quicken } from "../support/fast-time";
import {
  behind,
  cutBefore,
  late,
  lost,
  type ProxiedDesk,
  pass,
  startProxiedDesk,
} from "../support/proxied-desk";

/** What an administrator is told of tables and columns when an answer is lost. */
let desk: ProxiedDesk;
let slowDown: () => void;
let row = 0;

beforeAll(async () => {
  desk = await startProxiedDesk(10);
  await desk.call("list_tables", {}, "administrator");
  slowDown = quicken(10);
}, 120_000);
afterEach(() => desk.heal());
afterAll(async () => {
  slowDown?.();
  await desk?.close();
});

const call = (tool: string, args: Record<string, unknown>) =>
  desk.call(tool, args, "administrator");
const column = (name: string) => ({ name, type: "string" });
const newName = () => `Outcome ${++row}`;
const create = (name: string, item = [column("Name"), column("Colour")]) =>
  call("create_table", { tablename: name.replace(" ", ""), displayname: name, item });
/** Logical names of the columns of a table that people made; undefined where there is no such table. */
async function columnsOf(table: string): Promise<string[] | undefined> {
  try {
    const { value } = await desk.read(
      `EntityDefinitions(LogicalName='${table}')/Attributes?$select=LogicalName,IsCustomAttribute`,
    );
    return (value as { LogicalName: string; IsCustomAttribute: boolean }[])
      .filter(({ IsCustomAttribute }) => IsCustomAttribute)
      .map(({ LogicalName }) => LogicalName)
      .sort();
  } catch {
    return undefined;
  }
}
async function made(): Promise<string> {
  const { isError, text, structured } = await create(newName());
  if (isError) throw new Error(text);
  return structured.tablename;
}
/** What leaves nothing open leaves it open in no word. */
const certain = expect.not.stringMatching(/not known|may have/);

describe("create_table", () => {
  test.each([
    ["at once", lost],
    ["some seconds later", late(6_000)],
  ])(
    "says created when the answer is lost and Dataverse does it %s",
    async (_, act) => {
      desk.strike(/^POST EntityDefinitions$/, act);
      const { isError, text, structured } = await create(newName());
      expect([isError, text]).toEqual([false, text]);
      expect(structured).toMatchObject({ created: true, usable: true });
    },
    20_000,
  );

  test("says not created when nothing came of it", async () => {
    desk.strike(/^POST EntityDefinitions$/, cutBefore);
    const name = newName();
    const { isError, text } = await create(name);
    expect([isError, text]).toEqual([true, expect.stringMatching(/^The table was not created\./)]);
    expect(text).toEqual(certain);
    expect((await create(name)).structured).toMatchObject({ created: true });
  }, 20_000);

  test("says not known when nobody answers any more; the same call makes no second one", async () => {
    desk.strike(/^POST EntityDefinitions$/, lost, { thenDead: true });
    const name = newName();
    const { isError, text } = await create(name);
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/^It is not known whether the table was created\..*list_tables with/s),
    ]);
    await desk.heal();
    expect((await create(name)).structured).toMatchObject({ created: false, columnsAdded: [] });
  }, 30_000);

  test("says that it was there when another administrator was faster", async () => {
    const name = newName();
    desk.strike(
      /^POST EntityDefinitions$/,
      behind(() => create(name), pass),
    );
    const { isError, text, structured } = await create(name);
    expect([isError, text]).toEqual([false, expect.stringMatching(/was there already/)]);
    expect(structured).toMatchObject({ created: false, columnsAdded: [] });
  }, 20_000);

  test("says created though publishing, and looking afterwards, fail", async () => {
    desk.strike(/^POST PublishXml/, cutBefore, { thenDead: true });
    const { isError, text, structured } = await create(newName());
    expect([isError, text]).toEqual([
      false,
      expect.stringMatching(/created successfully\..*Publishing it was not confirmed/s),
    ]);
    expect(structured).toMatchObject({ created: true, usable: false });
  }, 60_000);
});

describe("update_table", () => {
  const add = (tablename: string, more: Record<string, unknown> = {}) =>
    call("update_table", { tablename, item: [column("Size")], ...more });

  test.each([
    ["at once", lost],
    ["some seconds later", late(6_000)],
  ])(
    "says added when the answer is lost and Dataverse does it %s",
    async (_, act) => {
      const table = await made();
      desk.strike(/^POST EntityDefinitions\(.*Attributes$/, act);
      const { structured } = await add(table);
      expect(structured?.columnsAdded).toHaveLength(1);
      expect(await columnsOf(table)).toContain(structured.columnsAdded[0]);
    },
    30_000,
  );

  test("says which columns were added and which not when one was not", async () => {
    const table = await made();
    const item = [column("First"), column("Second"), column("Third")];
    let asked = 0;
    desk.strike(
      /^POST EntityDefinitions\(.*Attributes$/,
      (exchange) => (++asked === 2 ? cutBefore(exchange) : pass(exchange)),
      { times: 3 },
    );
    const { isError, text } = await call("update_table", { tablename: table, item });
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(
        /^Column \w+_second could not be added .*Added before it: \w+_first\..*Not tried: \w+_third\./s,
      ),
    ]);
    expect(text).toEqual(certain);
    expect(
      (await call("update_table", { tablename: table, item })).structured.columnsAdded,
    ).toHaveLength(2);
  }, 30_000);

  test("says not known when nobody answers any more", async () => {
    const table = await made();
    desk.strike(/^POST EntityDefinitions\(.*Attributes$/, lost, { thenDead: true });
    const { text } = await add(table);
    expect(text).toMatch(/^It is not known whether column \w+_size was added/);
    expect(text).toContain("describe_table with");
    await desk.heal();
    expect((await add(table)).text).toMatch(/has all of this already/);
  }, 30_000);

  test.each([
    ["at once", lost],
    ["some seconds later", late(6_000)],
  ])(
    "says renamed when the answer is lost and Dataverse does it %s, and renames once",
    async (_, act) => {
      const table = await made();
      desk.proxy.seen = [];
      desk.strike(/^PUT EntityDefinitions/, act);
      const newDisplayName = newName();
      const { isError, structured } = await add(table, { item: [], newDisplayName });
      expect([isError, structured?.renamed]).toEqual([false, true]);
      // The whole definition is sent: a second time it would undo what somebody else changed of it in between.
      expect(desk.proxy.seen.filter(({ name }) => name.startsWith("PUT "))).toHaveLength(1);
    },
    30_000,
  );

  test("says not renamed when nothing came of it", async () => {
    const table = await made();
    desk.strike(/^PUT EntityDefinitions/, cutBefore);
    const newDisplayName = newName();
    const { isError, text } = await add(table, { item: [], newDisplayName });
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/^The table could not be renamed\./),
    ]);
    expect(text).toEqual(certain);
    expect((await add(table, { item: [], newDisplayName })).structured?.renamed).toBe(true);
  }, 30_000);
});

describe("delete_table", () => {
  const remove = (tablename: string) => call("delete_table", { tablename, hasUserApproved: true });

  test.each([
    ["at once", lost],
    ["some seconds later", late(6_000)],
  ])(
    "says deleted when the answer is lost and Dataverse does it %s",
    async (_, act) => {
      const table = await made();
      desk.strike(/^DELETE EntityDefinitions/, act, { times: 4 });
      expect((await remove(table)).structured).toMatchObject({ deleted: true });
      await desk.heal();
      expect(await columnsOf(table)).toBeUndefined();
    },
    30_000,
  );

  test("asks nobody about a table whose records could not be counted, and puts that down to the fault", async () => {
    const tablename = await made();
    desk.strike(/^GET cr8e3_outcome/, cutBefore, { times: Number.POSITIVE_INFINITY });
    const asked = await desk.ask("delete_table", { tablename }, "administrator");
    expect([asked.isError, asked.structured]).toEqual([true, undefined]);
    expect(asked.text).toMatch(/^The table was not deleted\. The connection to Dataverse failed\./);
    expect(asked.text).not.toContain("not readable by you");
    await desk.heal();
    const again = await desk.ask("delete_table", { tablename }, "administrator");
    expect(again.structured).toMatchObject({ approval: { state: "needed" } });
    expect(again.text).toContain(`(${tablename}): 0`);
    expect((await call("delete_table", { tablename })).structured).toMatchObject({
      deleted: true,
      records: 0,
    });
  }, 30_000);

  test("says not deleted when nothing came of it, and not known when nobody answers", async () => {
    const table = await made();
    desk.strike(/^DELETE EntityDefinitions/, cutBefore, { times: 4 });
    const first = await remove(table);
    expect(first.text).toMatch(/^The table was not deleted\./);
    expect(first.text).toEqual(certain);
    desk.strike(/^DELETE EntityDefinitions/, lost, { thenDead: true });
    expect((await remove(table)).text).toMatch(/^It is not known whether the table was deleted\./);
  }, 60_000);
});

test("no call ended in a bug", () => expect(desk.bugs).toEqual([]));
