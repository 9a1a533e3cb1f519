import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { type RunningEmulator, runEmulator } from "../support/running-emulator";
import { recorded } from "./fact";

/** Requests and answers as Microsoft's pages of the Web API show them, and headers as clients captured them. */

let emulator: RunningEmulator;
let account: string;
let contact: string;
const guid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const root = () => `${emulator.url}/api/data/v9.2/`;
const context = (ending: string) => `${root()}$metadata#${ending}`;
const made = (answer: { headers: Headers }) =>
  new RegExp(`\\((${guid})\\)$`).exec(answer.headers.get("odata-entityid") ?? "")?.[1] ?? "";
const represent = { headers: { Prefer: "return=representation" } };
const absent = "00000000-0000-4000-8000-0000000000ff";

beforeAll(async () => {
  emulator = await runEmulator();
  contact = made(await emulator.post("contacts", { firstname: "Peter", lastname: "Cambel" }));
  account = made(
    await emulator.post("accounts", {
      name: "Fourth Coffee",
      revenue: 75000,
      creditonhold: false,
      "primarycontactid@odata.bind": `contacts(${contact})`,
      Account_Tasks: [{ subject: "one" }, { subject: "two" }],
    }),
  );
});
afterAll(() => emulator.close());

describe("creating, changing and deleting", () => {
  recorded("D", "createDoc", "a new row answers 204, its address and the version", async () => {
    const answer = await emulator.post("accounts", { name: "Sample" });
    expect([answer.status, answer.body]).toEqual([204, undefined]);
    expect(answer.headers.get("odata-entityid")).toMatch(
      new RegExp(`^${root().replaceAll(".", "\\.")}accounts\\(${guid}\\)$`),
    );
    expect(answer.headers.get("odata-version")).toBe("4.0");
  });

  recorded(
    "D",
    "createDoc",
    "a new row that is asked back has its etag and what was asked",
    async () => {
      const answer = await emulator.post(
        "accounts?$select=name,creditonhold,revenue",
        { name: "Back", creditonhold: false, revenue: 5 },
        represent,
      );
      expect(answer.status).toBe(201);
      expect(answer.headers.get("preference-applied")).toBe("return=representation");
      expect(answer.body["@odata.context"]).toMatch(
        /#accounts\(name,creditonhold,revenue.*\)\/\$entity$/,
      );
      expect(answer.body["@odata.etag"]).toMatch(/^W\/"\d+"$/);
      expect(answer.body.accountid).toMatch(new RegExp(guid));
    },
  );

  recorded(
    "D",
    "updateDoc",
    "a change answers 204 with the address, or 200 with the row",
    async () => {
      const plain = await emulator.send("PATCH", `accounts(${account})`, { telephone1: "1" });
      expect([plain.status, made(plain)]).toEqual([204, account]);
      const shown = await emulator.send(
        "PATCH",
        `accounts(${account})?$select=name`,
        { telephone1: "2" },
        represent,
      );
      expect([shown.status, shown.body.name]).toEqual([200, "Fourth Coffee"]);
    },
  );

  recorded(
    "D",
    "updateDoc",
    "one value is set by PUT, read in `value`, and emptied by DELETE",
    async () => {
      const path = `accounts(${account})/description`;
      expect((await emulator.send("PUT", path, { value: "said" })).status).toBe(204);
      const read = await emulator.get(path);
      expect(read.body).toMatchObject({
        "@odata.context": context(`accounts(${account})/description`),
        value: "said",
      });
      expect((await emulator.send("DELETE", path)).status).toBe(204);
      expect((await emulator.get(path)).status).toBe(204);
    },
  );

  recorded("D", "upsertDoc", "an upsert that may only make, or only change", async () => {
    const only = (name: string, id: string) =>
      emulator.send("PATCH", `accounts(${id})`, { name: "x" }, { headers: { [name]: "*" } });
    const there = await only("If-None-Match", account);
    expect([there.status, there.body.error.code]).toEqual([412, "0x80040237"]);
    const gone = await only("If-Match", absent);
    expect([gone.status, gone.body.error.code]).toEqual([404, "0x80040217"]);
    expect(gone.body.error.message).toMatch(/'?account'? With Id = .* Does Not Exist/);
  });

  recorded("D", "concurrencyDoc", "an older version changes and deletes nothing", async () => {
    const old = { headers: { "If-Match": 'W/"1"' } };
    for (const method of ["PATCH", "DELETE"]) {
      const body = method === "PATCH" ? { name: "x" } : undefined;
      const answer = await emulator.send(method, `accounts(${account})`, body, old);
      expect([answer.status, answer.body.error.code]).toEqual([412, "0x80060882"]);
      expect(answer.body.error.message).toBe(
        "The version of the existing record doesn't match the RowVersion property provided.",
      );
    }
  });

  recorded("D", "concurrencyDoc", "what a reader has already is not sent again", async () => {
    const path = `accounts(${account})?$select=name`;
    const { body } = await emulator.get(path);
    const again = await emulator.get(path, { headers: { "If-None-Match": body["@odata.etag"] } });
    expect([again.status, again.body]).toEqual([304, undefined]);
  });

  recorded("D", "updateDoc", "a row is deleted once", async () => {
    const id = made(await emulator.post("accounts", { name: "Gone" }));
    expect((await emulator.send("DELETE", `accounts(${id})`)).status).toBe(204);
    const again = await emulator.send("DELETE", `accounts(${id})`);
    expect([again.status, again.body.error.code]).toEqual([404, "0x80040217"]);
  });

  recorded("D", "associateDoc", "rows are tied and parted by $ref", async () => {
    const id = made(await emulator.post("contacts", { lastname: "Tied" }));
    const list = `accounts(${account})/contact_customer_accounts`;
    const tied = await emulator.post(`${list}/$ref`, { "@odata.id": `${root()}contacts(${id})` });
    expect(tied.status).toBe(204);
    const refs = await emulator.get(`${list}/$ref`);
    expect(refs.body["@odata.context"]).toBe(context("Collection($ref)"));
    expect(refs.body.value).toEqual([{ "@odata.id": `${root()}contacts(${id})` }]);
    expect((await emulator.send("DELETE", `${list}(${id})/$ref`)).status).toBe(204);
    expect((await emulator.get(`${list}?$select=fullname`)).body.value).toEqual([]);
  });
});

describe("reading one row", () => {
  recorded("D", "retrieveDoc", "the context names the columns and what is expanded", async () => {
    const { body } = await emulator.get(
      `accounts(${account})?$select=name&$expand=primarycontactid($select=fullname),Account_Tasks($select=subject)`,
    );
    expect(body["@odata.context"]).toBe(
      context("accounts(name,primarycontactid(fullname),Account_Tasks(subject))/$entity"),
    );
    expect(body.primarycontactid).toMatchObject({ fullname: "Peter Cambel", contactid: contact });
    expect(body.Account_Tasks.map((each: { subject: string }) => each.subject).sort()).toEqual([
      "one",
      "two",
    ]);
  });

  recorded("D", "retrieveDoc", "along a lookup, and its address alone", async () => {
    const along = await emulator.get(`accounts(${account})/primarycontactid?$select=fullname`);
    expect(along.body).toMatchObject({
      "@odata.context": context("contacts(fullname)/$entity"),
      fullname: "Peter Cambel",
    });
    const ref = await emulator.get(`accounts(${account})/primarycontactid/$ref`);
    expect(ref.body).toEqual({
      "@odata.context": context("$ref"),
      "@odata.id": `${root()}contacts(${contact})`,
    });
  });

  recorded("D", "retrieveDoc", "one value as it is", async () => {
    const { body, headers } = await emulator.get(`accounts(${account})/name/$value`);
    expect([body, headers.get("content-type")]).toEqual([
      "Fourth Coffee",
      expect.stringMatching(/^text\/plain/),
    ]);
  });

  recorded("D", "retrieveDoc", "rows that belong to it, and how many", async () => {
    const { body } = await emulator.get(
      `accounts(${account})/Account_Tasks?$select=subject&$orderby=subject&$count=true`,
    );
    expect(body["@odata.context"]).toBe(context("tasks(subject)"));
    expect([body["@odata.count"], body.value.length]).toEqual([2, 2]);
    expect((await emulator.get(`accounts(${account})/Account_Tasks/$count`)).body).toMatch(/2$/);
  });

  recorded("D", "retrieveDoc", "a row that is not there", async () => {
    const { status, body } = await emulator.get(`accounts(${absent})`);
    expect([status, body.error.code]).toEqual([404, "0x80040217"]);
    expect(Object.keys(body.error)).toEqual(["code", "message"]);
  });
});

describe("reading many rows", () => {
  recorded("D", "pageDoc", "a page of the wished size, and the way on", async () => {
    const page = await emulator.get("contacts?$select=fullname", {
      headers: { Prefer: "odata.maxpagesize=2" },
    });
    expect(page.headers.get("preference-applied")).toBe("odata.maxpagesize=2");
    expect(page.body.value).toHaveLength(2);
    expect(page.body["@odata.nextLink"]).toMatch(/\$skiptoken=/);
    const next = await emulator.get(page.body["@odata.nextLink"].slice(root().length), {
      headers: { Prefer: "odata.maxpagesize=2" },
    });
    expect(next.body.value[0].contactid).not.toBe(page.body.value[0].contactid);
  });

  recorded("D", "filterDoc", "groups and how many each has", async () => {
    const { body } = await emulator.get(
      "incidents?$apply=groupby((statuscode),aggregate($count as count))",
    );
    const count = await emulator.get("incidents/$count");
    const sum = body.value.reduce((all: number, row: { count: number }) => all + row.count, 0);
    expect(String(count.body).replace(/^\uFEFF/, "")).toBe(String(sum));
    for (const row of body.value) expect(Object.keys(row).sort()).toEqual(["count", "statuscode"]);
  });

  recorded(
    "D",
    "filterDoc",
    "a sum, a mean, the least and the most of what is filtered",
    async () => {
      const { body } = await emulator.get(
        `accounts?$apply=filter(accountid eq ${account})/aggregate(revenue with sum as total,revenue with average as mean,revenue with min as least,revenue with max as most)`,
      );
      expect(body.value).toEqual([{ total: 75000, mean: 75000, least: 75000, most: 75000 }]);
    },
  );

  recorded("D", "filterDoc", "functions of the service in a filter", async () => {
    const { body } = await emulator.get(
      "incidents?$select=title&$filter=Microsoft.Dynamics.CRM.In(PropertyName='prioritycode',PropertyValues=['1','2','3'])&$count=true&$top=1",
    );
    expect(body["@odata.count"]).toBeGreaterThan(0);
    const between = await emulator.get(
      `accounts?$select=name&$filter=Microsoft.Dynamics.CRM.Between(PropertyName='revenue',PropertyValues=["74999","75001"])`,
    );
    expect(between.body.value.map((each: { name: string }) => each.name)).toContain(
      "Fourth Coffee",
    );
  });

  recorded("D", "filterDoc", "rows that have, or have not, rows of another table", async () => {
    const any = await emulator.get(
      "accounts?$select=name&$filter=Account_Tasks/any(t:t/subject eq 'two')",
    );
    expect(any.body.value.map((each: { name: string }) => each.name)).toEqual(["Fourth Coffee"]);
    const all = await emulator.get(
      `accounts?$select=name&$filter=Account_Tasks/all(t:t/subject ne 'x') and accountid eq ${account}`,
    );
    expect(all.body.value).toHaveLength(1);
  });

  recorded("D", "filterDoc", "through a lookup", async () => {
    const { body } = await emulator.get(
      "accounts?$select=name&$filter=primarycontactid/firstname eq 'Peter' and startswith(name,'Fourth')",
    );
    expect(body.value).toHaveLength(1);
  });

  recorded("D", "changesDoc", "changes since a link", async () => {
    const first = await emulator.get("accounts?$select=name", {
      headers: { Prefer: "odata.track-changes" },
    });
    expect(first.headers.get("preference-applied")).toBe("odata.track-changes");
    const link = first.body["@odata.deltaLink"];
    expect(link).toMatch(/\$deltatoken=/);
    await emulator.send("PATCH", `accounts(${account})`, { name: "Fourth Coffee" });
    const id = made(await emulator.post("accounts", { name: "Short" }));
    await emulator.send("DELETE", `accounts(${id})`);
    const { body } = await emulator.get(link.slice(root().length));
    expect(body["@odata.context"]).toMatch(/#accounts\(name\)\/\$delta$/);
    expect(body.value.some((each: { accountid?: string }) => each.accountid === account)).toBe(
      true,
    );
    expect(body.value).toContainEqual(expect.objectContaining({ id, reason: "deleted" }));
  });
});

describe("functions and refusals", () => {
  recorded("D", "functionsDoc", "who asks", async () => {
    const { body } = await emulator.get("WhoAmI");
    expect(body["@odata.context"]).toBe(context("Microsoft.Dynamics.CRM.WhoAmIResponse"));
    expect(Object.keys(body).slice(1)).toEqual(["BusinessUnitId", "UserId", "OrganizationId"]);
  });

  recorded("D", "functionsDoc", "which version the service is of", async () => {
    const { body } = await emulator.get("RetrieveVersion");
    expect(body["@odata.context"]).toBe(context("Microsoft.Dynamics.CRM.RetrieveVersionResponse"));
    expect(body.Version).toMatch(/^9\.2\.\d+\.\d+$/);
  });

  recorded("D", "functionsDoc", "how many rows tables have", async () => {
    const { body } = await emulator.get(
      "RetrieveTotalRecordCount(EntityNames=['account','contact'])",
    );
    const { Count, Keys, Values } = body.EntityRecordCountCollection;
    expect([Count, Keys, Values.length]).toEqual([2, ["account", "contact"], 2]);
  });

  recorded(
    "R",
    "errors",
    "a property that is not there, in the address and in a body",
    async () => {
      const asked = await emulator.get("accounts?$select=nothing");
      expect([asked.status, asked.body.error.code]).toEqual([400, "0x80060888"]);
      expect(asked.body.error.message).toBe(
        "Could not find a property named 'nothing' on type 'Microsoft.Dynamics.CRM.account'.",
      );
      const sent = await emulator.post("accounts", { nothing: 1 });
      expect([sent.status, sent.body.error.code]).toEqual([400, "0x80048d19"]);
      expect(sent.body.error.message).toMatch(
        /^Error identified in Payload provided by the user for Entity :'accounts'/,
      );
      expect(sent.body.error.message).toMatch(
        /Invalid property 'nothing' was found in entity 'Microsoft\.Dynamics\.CRM\.account'/,
      );
    },
  );

  recorded("R", "errors", "a table that is not there", async () => {
    const { status, body } = await emulator.get("nothings");
    expect([status, body.error.code]).toEqual([404, "0x80060888"]);
    expect(body.error.message).toBe("Resource not found for the segment 'nothings'.");
  });
});
