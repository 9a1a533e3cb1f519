import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

let desk: ServiceDesk;
let small: ServiceDesk;

const contact = async (firstname: string, lastname: string): Promise<string> => {
  const id = crypto.randomUUID();
  const emailaddress1 = `${id}@example.com`;
  await desk.write("PATCH", `contacts(${id})`, { firstname, lastname, emailaddress1 });
  return id;
};

beforeAll(async () => {
  desk = await startServiceDesk({ cases: 40 });
  // The first call reads definitions, for everybody.
  await desk.call("create_record", { tablename: "email", item: { to: "nobody at all" } });
}, 60_000);
afterAll(async () => {
  await desk?.close();
  await small?.close();
});
beforeEach(() => {
  desk.calls.length = 0;
});

/** Definitions are not the call's to pay for: before a refusal they are looked at once. */
const requests = () =>
  (desk.calls.at(-1)?.trace.tries ?? []).filter(
    ({ path }) => !path.startsWith("RetrieveMetadataChanges"),
  ).length;
const writes = (of = desk) =>
  of.calls.flatMap(({ trace }) => trace.tries.filter(({ method }) => method !== "GET"));
const mail = (item: Record<string, unknown>) =>
  desk.call("create_record", { tablename: "email", item: { subject: "Hello", ...item } });
const unknown = (count: number) => Array.from({ length: count }, (_, n) => `Nobody Known ${n}`);

describe("a mail to people by name", () => {
  test("more than fifty of them are refused, over all its lists, and nobody is looked up", async () => {
    for (const item of [
      { to: unknown(499) },
      { to: unknown(20), cc: unknown(20), bcc: unknown(11) },
    ]) {
      const { isError, text } = await mail(item);
      expect([isError, requests(), writes()]).toEqual([true, 0, []]);
      expect(text).toMatch(/(499|51) parties are given by name \(.*(499|20) in to.*\); at most 50/);
      expect(text).toContain("by e-mail address or recordId");
    }
  });

  test("fifty unknown ones cost two requests a table, and are all named, ten with what is near", async () => {
    await contact("Nobody", "Known 3 Indeed");
    const { isError, text } = await mail({ to: unknown(50) });
    expect(isError).toBe(true);
    expect(text.match(/there is no .* named "Nobody Known \d+"/g)).toHaveLength(50);
    expect(text).toMatch(
      /named "Nobody Known 3" that you may see\. These have it as part of their name: contact /,
    );
    // One more says what the one is like that is near.
    expect(requests()).toBeLessThanOrEqual(11);
    expect(writes()).toEqual([]);
  });

  test("known ones are found in one go, whatever letters, quotes and marks they have", async () => {
    const names = [
      ["José", "Ñandú-Müller"],
      ["O'Neil & <Sons>", 'the "Best"'],
      ["100%", "[Real]_Name"],
      ["东京", "客户"],
    ] as const;
    const ids: string[] = [];
    for (const [first, last] of names) ids.push(await contact(first, last));
    const asked = ["JOSÉ ñandú-müller", ...names.slice(1).map((name) => name.join(" "))];
    const { isError, text, structured } = await mail({ to: asked, cc: asked[0] });
    expect([isError, text]).toEqual([false, expect.any(String)]);
    const written = await desk.read(
      `emails(${String((structured as { recordId: string }).recordId)})?$select=subject&$expand=email_activity_parties($select=_partyid_value,participationtypemask)`,
    );
    const parties = written.email_activity_parties as Record<string, unknown>[];
    const of = (mask: number) =>
      parties
        .filter((party) => party.participationtypemask === mask)
        .map((party) => party._partyid_value);
    expect(of(2).sort()).toEqual([...ids].sort());
    expect(of(3)).toEqual([ids[0]]);
    // One of each of five tables, who is asking, and the mail itself.
    expect(requests()).toBeLessThanOrEqual(8);
  });

  test("names of several people, unknown ones and ids of nobody are told apart in one answer", async () => {
    for (let n = 0; n < 2; n++) await contact("Double", "Trouble");
    const nobody = crypto.randomUUID();
    const single = await contact("Only", "One");
    const { text, isError } = await mail({
      to: ["Double Trouble", "Only One", "Nobody X", nobody],
    });
    expect(isError).toBe(true);
    expect(text).toMatch(
      /2 records are named "Double Trouble": contact .*, contact .*Ask the user which, and name it by its id/,
    );
    expect(text).toContain('named "Nobody X" that you may see');
    expect(text).toContain(`with the id ${nobody} that you may see`);
    expect(text).not.toContain(single);
    expect(text).not.toContain("Only One");
  });

  test("a name that hundreds have does not hide the others", async () => {
    const rare = await contact("Rare", "Bird");
    for (let n = 0; n < 13; n++)
      await Promise.all(Array.from({ length: 20 }, () => contact("Popular", "Person")));
    const { text } = await mail({ to: ["Popular Person", "Rare Bird", "Nobody X"] });
    expect(text).toContain('more than 5 records are named "Popular Person"');
    expect(text).toContain('named "Nobody X" that you may see');
    expect(text).not.toContain("Rare Bird");
    const { isError } = await mail({
      to: ["Rare Bird", { relatedTable: "contact", recordId: rare }],
    });
    expect(isError).toBe(false);
  });

  test("by address and id as many as five hundred fit, with a handful of requests", async () => {
    const { value } = (await desk.read(
      "contacts?$select=contactid&$filter=emailaddress1 ne null and donotemail ne true&$top=120",
    )) as {
      value: { contactid: string }[];
    };
    const addresses = Array.from({ length: 380 }, (_, n) => `person${n}@contoso.example`);
    const { isError, text } = await mail({
      to: [...addresses, ...value.map(({ contactid }) => contactid)],
    });
    expect([isError, text]).toEqual([false, expect.stringContaining("Created record")]);
    expect(requests()).toBeLessThanOrEqual(15);
  });
});

test("lookups of one record are found together", async () => {
  const person = "Rare Bird";
  const open = (ownerid: string) =>
    desk.call("create_record", {
      tablename: "incident",
      item: {
        title: "Many names",
        customerid: person,
        primarycontactid: person,
        responsiblecontactid: person,
        ownerid,
      },
    });
  // Definitions are read once, for everybody.
  expect((await open("nobody")).isError).toBe(true);
  const { isError, text } = await open("me");
  expect([isError, text]).toEqual([false, expect.stringContaining("Created record")]);
  // Accounts and contacts once each, who is asking, whether the owner may work, the case, and its number.
  expect(requests()).toBeLessThanOrEqual(6);
});

describe("a call that needs more than its budget", () => {
  beforeAll(async () => {
    small = await startServiceDesk({
      cases: 10,
      settings: { MCP_MAX_DATAVERSE_REQUESTS: "20" },
    });
  }, 60_000);

  test("is refused before anything is written: the figure, what used it, what to do", async () => {
    const item = Array.from({ length: 25 }, (_, n) => ({ name: `Budget ${n}`, type: "string" }));
    const { isError, text } = await small.call(
      "update_table",
      { tablename: "account", item },
      "administrator",
    );
    expect(isError).toBe(true);
    expect(text).toContain("What this call asks for needs more than 20 requests to Dataverse");
    expect(text).toContain("stopped before anything was changed");
    expect(text).toMatch(/Used: \d+ \(most of them .*GET /);
    expect(text).toContain("Needed next: 28 × change of the table.");
    expect(text).toContain("MCP_MAX_DATAVERSE_REQUESTS");
    expect(writes(small)).toEqual([]);
    const { isError: failed } = await small.call(
      "update_table",
      { tablename: "account", item: item.slice(0, 2) },
      "administrator",
    );
    expect(failed).toBe(false);
  }, 60_000);

  test("searches as much knowledge as it may, and says what it left out", async () => {
    for (const [at, table] of ["account", "contact", "task", "lead", "phonecall"].entries()) {
      const [search, entity, column] = [
        crypto.randomUUID(),
        crypto.randomUUID(),
        crypto.randomUUID(),
      ];
      await small.write("PATCH", `dvtablesearchs(${search})`, {
        name: `Shelf ${at}`,
        searchtype: 0,
      });
      await small.write("PATCH", `dvtablesearchentities(${entity})`, {
        name: table,
        entitylogicalname: table,
        "DVTableSearch@odata.bind": `/dvtablesearchs(${search})`,
      });
      await small.write("PATCH", `dvtablesearchattributes(${column})`, {
        name: table,
        attributelogicalname: "description",
        issearchable: true,
        isretrievable: true,
        "dvtablesearchentity@odata.bind": `/dvtablesearchentities(${entity})`,
      });
    }
    const question = "the router loses its connection";
    const all = await small.call("retrieve_knowledge", { question });
    expect([all.isError, all.text]).toEqual([
      false,
      expect.stringMatching(/a call makes only so many requests: .*"Shelf 4".* Name one of them/),
    ]);
    const one = await small.call("retrieve_knowledge", { question, source: "Shelf 4" });
    expect(one.isError).toBe(false);
    expect(one.text).not.toContain("only so many requests");
  }, 60_000);

  test("shares that of its batch: twenty calls cannot make twenty times as many", async () => {
    small.calls.length = 0;
    const item = { to: unknown(50) };
    const batch = Array.from({ length: 20 }, (_, id) => ({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name: "create_record", arguments: { tablename: "email", item } },
    }));
    const response = await fetch(small.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2025-03-26",
      },
      body: JSON.stringify(batch),
    });
    const answers = (await response.json()) as { result: { content: { text: string }[] } }[];
    const texts = answers.map(({ result }) => result.content[0]?.text ?? "");
    expect(texts).toHaveLength(20);
    const stopped = texts.filter((text) =>
      text.includes("The calls of this batch together need more than 100 requests"),
    );
    expect(stopped.length).toBeGreaterThanOrEqual(10);
    const all = small.calls.reduce((sum, { trace }) => sum + trace.requests, 0);
    // Definitions that were read for everybody are not in the budget.
    expect(all).toBeLessThanOrEqual(115);
    expect(writes(small)).toEqual([]);
  });
});
