import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Call, type Dataverse, outcome, startDataverse } from "../../support/dataverse";

let dataverse: Dataverse;
const ids: Record<string, string> = {};
beforeAll(async () => {
  dataverse = await startDataverse({
    cases: 25,
    now: () => new Date("2026-11-24T10:00:00Z"),
  });
  const make = async (set: string, body: object) => (await dataverse.send("POST", set, body)).id;
  for (const [name, revenue, city, employees] of [
    ["Zq Alpha", 100, "Oslo", 5],
    ["Zq beta", 250.5, "oslo ", 8],
    ["Zq Čapek", null, "Prag", null],
    ["Zq 100% off", 40, null, 2],
    ["Zq 100 off", 60, "Rom", 4],
  ] as const) {
    ids[name] = await make("accounts", {
      name,
      revenue,
      address1_city: city,
      numberofemployees: employees,
      ...(name === "Zq beta"
        ? { "parentaccountid@odata.bind": `/accounts(${ids["Zq Alpha"]})` }
        : {}),
    });
  }
  for (const [lastname, account] of [
    ["Zr One", "Zq Alpha"],
    ["Zr Two", "Zq Alpha"],
    ["Zr Three", "Zq Čapek"],
  ] as const) {
    ids[lastname] = await make("contacts", {
      firstname: "F",
      lastname,
      "parentcustomerid_account@odata.bind": `/accounts(${ids[account]})`,
    });
  }
});
afterAll(() => dataverse.close());

type Row = Record<string, unknown>;
const ask = (sql: string, set = "accounts", call: Call = {}) =>
  dataverse.send("GET", `${set}?sql=${encodeURIComponent(sql)}`, undefined, call);
async function rows(sql: string, set?: string, call?: Call): Promise<Row[]> {
  const answer = await ask(sql, set, call);
  expect([answer.status, answer.message]).toEqual([200, ""]);
  return answer.json.value as Row[];
}
const names = async (where: string) =>
  (await rows(`SELECT name FROM account WHERE name LIKE 'Zq%' AND ${where} ORDER BY name`)).map(
    (row) => String(row.name).slice(3),
  );
const all = { headers: { prefer: 'odata.include-annotations="*"' } };

describe("?sql= answers", () => {
  test("as the documented example does", async () => {
    const answer = await ask(
      "SELECT name \r\nFROM account AS a \r\nWHERE a.name LIKE 'zq alpha'",
      "accounts",
      all,
    );
    expect(answer.json).toEqual({
      "@odata.context": `${dataverse.root}$metadata#accounts(name,accountid)`,
      "@Microsoft.Dynamics.CRM.totalrecordcount": -1,
      "@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded": false,
      "@Microsoft.Dynamics.CRM.globalmetadataversion": expect.stringMatching(/^\d+$/),
      value: [
        {
          "@odata.etag": expect.stringMatching(/^W\/"\d+"$/),
          accountid: ids["Zq Alpha"],
          name: "Zq Alpha",
        },
      ],
    });
  });

  test("with aliases, annotated by the column's name, directly before the property", async () => {
    const [row] = await rows(
      "SELECT a.name AS account_name, a.address1_city AS [city], a.statecode, a.statecode AS state FROM account AS a WHERE a.name = 'Zq Alpha'",
      "accounts",
      all,
    );
    expect(Object.keys(row ?? {})).toEqual([
      "@odata.etag",
      "accountid",
      "account_name@OData.Community.Display.V1.AttributeName",
      "account_name",
      "city@OData.Community.Display.V1.AttributeName",
      "city",
      "statecode@OData.Community.Display.V1.FormattedValue",
      "statecode",
      "state@OData.Community.Display.V1.AttributeName",
      "state@OData.Community.Display.V1.FormattedValue",
      "state",
    ]);
    expect(row).toMatchObject({
      "account_name@OData.Community.Display.V1.AttributeName": "name",
      "state@OData.Community.Display.V1.FormattedValue": "Active",
      state: 0,
    });
  });

  test("lookups as the Web API does", async () => {
    const [row] = await rows(
      "SELECT parentaccountid, ownerid FROM account WHERE name = 'Zq beta'",
      "accounts",
      all,
    );
    expect(row).toMatchObject({
      _parentaccountid_value: ids["Zq Alpha"],
      "_parentaccountid_value@OData.Community.Display.V1.FormattedValue": "Zq Alpha",
      "_parentaccountid_value@Microsoft.Dynamics.CRM.lookuplogicalname": "account",
      "_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname": "systemuser",
    });
  });

  test.each([
    ["revenue = 100", ["Alpha"]],
    ["revenue <> 100", ["100 off", "100% off", "beta"]],
    ["revenue != 100 AND revenue <= 60", ["100 off", "100% off"]],
    ["revenue > 60 OR address1_city = 'prag'", ["Alpha", "beta", "Čapek"]],
    ["(revenue > 60 OR address1_city = 'prag') AND numberofemployees IS NULL", ["Čapek"]],
    ["60 < revenue", ["Alpha", "beta"]],
    ["revenue BETWEEN 60 AND 100", ["100 off", "Alpha"]],
    ["revenue NOT BETWEEN 60 AND 100", ["100% off", "beta"]],
    ["address1_city IN ('OSLO', 'Rom')", ["100 off", "Alpha", "beta"]],
    ["address1_city NOT IN ('OSLO', 'Rom')", ["Čapek"]],
    ["address1_city IS NULL", ["100% off"]],
    ["address1_city IS NOT NULL AND revenue IS NULL", ["Čapek"]],
    ["address1_city = NULL", []],
    ["name LIKE 'zq c%'", ["Čapek"]],
    ["name LIKE '%100[%]%'", ["100% off"]],
    ["name LIKE 'Zq _eta'", ["beta"]],
    ["name LIKE 'Zq [a-b]%'", ["Alpha", "beta"]],
    ["name NOT LIKE '%off'", ["Alpha", "beta", "Čapek"]],
    ["name > 'Zq B'", ["beta", "Čapek"]],
    ["statecode = '0' AND creditonhold = 1", []],
    [
      "createdon >= DATEADD(day, -1, GETUTCDATE())",
      ["100 off", "100% off", "Alpha", "beta", "Čapek"],
    ],
    ["createdon > DATEADD(hour, 1, '2026-11-24 10:00:00')", []],
    ["createdon < DATEADD(month, 1, DATEADD(day, 1, '2026-01-30'))", []],
  ])("WHERE %s", async (where, expected) => {
    expect(await names(where)).toEqual(expected);
  });

  test("by id, in any case and in braces", async () => {
    for (const id of [ids["Zq beta"]?.toUpperCase(), `{${ids["Zq beta"]}}`]) {
      expect(await names(`accountid = '${id}'`)).toEqual(["beta"]);
    }
  });

  test("joins: inner, left, itself, filters in ON", async () => {
    const joined = (kind: string, more = "") =>
      rows(
        `SELECT a.name, c.lastname FROM account AS a ${kind} JOIN contact AS c ON a.accountid = c.parentcustomerid ${more} WHERE a.name LIKE 'Zq%' ORDER BY a.name, c.lastname`,
      );
    const pairs = (list: Row[]) => list.map((row) => [row.name, row["c.lastname"]]);
    expect(pairs(await joined("INNER"))).toEqual([
      ["Zq Alpha", "Zr One"],
      ["Zq Alpha", "Zr Two"],
      ["Zq Čapek", "Zr Three"],
    ]);
    expect(pairs(await joined("LEFT OUTER"))).toEqual([
      ["Zq 100 off", null],
      ["Zq 100% off", null],
      ["Zq Alpha", "Zr One"],
      ["Zq Alpha", "Zr Two"],
      ["Zq beta", null],
      ["Zq Čapek", "Zr Three"],
    ]);
    expect(
      pairs(await joined("", "AND (c.lastname LIKE '%one' OR c.lastname = 'Zr Three')")),
    ).toEqual([
      ["Zq Alpha", "Zr One"],
      ["Zq Čapek", "Zr Three"],
    ]);
    expect(
      await rows(
        "SELECT child.name AS account, parent.name AS parent_account FROM account AS child INNER JOIN account AS parent ON child.parentaccountid = parent.accountid WHERE child.name LIKE 'Zq%'",
      ),
    ).toMatchObject([{ account: "Zq beta", parent_account: "Zq Alpha" }]);
    const comma = await rows(
      "SELECT a.name, c.lastname FROM account a, contact c WHERE a.name = 'Zq beta' AND c.lastname LIKE 'Zr%'",
    );
    expect(comma).toHaveLength(3);
  });

  test.each([
    ["c.lastname LIKE 'B%'", "without columns of the two tables"],
    ["a.accountid <> c.parentcustomerid", "anything but ="],
    ["a.accountid = c.parentcustomerid OR c.lastname LIKE 'B%'", "without columns"],
    ["a.accountid = c.parentcustomerid AND a.name LIKE 'A%'", "not on the joined table"],
    ["a.accountid = a.parentaccountid", "does not compare the joined table"],
  ])("refuses ON %s", async (on, words) => {
    const answer = await ask(`SELECT a.name FROM account a JOIN contact c ON ${on}`);
    expect(outcome(answer)).toBe("400 0x80040203");
    expect(answer.message).toContain(words);
  });

  test("aggregates and groups", async () => {
    expect(
      await rows(
        "SELECT COUNT(*) AS n, COUNT(revenue) AS some, SUM(revenue) AS total, AVG(revenue) AS mean, MIN(revenue) AS least, MAX(name) AS last, AVG(numberofemployees) AS staff FROM account WHERE name LIKE 'Zq%'",
      ),
    ).toEqual([
      { n: 5, some: 4, total: 450.5, mean: 112.625, least: 40, last: "Zq Čapek", staff: 4 },
    ]);
    const grouped = await rows(
      "SELECT a.name, COUNT(*) AS contact_count FROM account AS a INNER JOIN contact AS c ON a.accountid = c.parentcustomerid WHERE a.name LIKE 'Zq%' GROUP BY a.name ORDER BY contact_count DESC",
    );
    expect(grouped).toEqual([
      { name: "Zq Alpha", contact_count: 2 },
      { name: "Zq Čapek", contact_count: 1 },
    ]);
    const cities = await rows(
      "SELECT address1_city AS city, COUNT(*) AS n FROM account WHERE name LIKE 'Zq%' GROUP BY address1_city ORDER BY address1_city",
    );
    expect(cities.map((row) => row.n)).toEqual([1, 2, 1, 1]);
    expect(await rows("SELECT COUNT(*) AS n FROM account WHERE name = 'Nobody'")).toEqual([
      { n: 0 },
    ]);
    const bad = await ask("SELECT name, COUNT(*) AS n FROM account");
    expect(bad.message).toContain("not contained in either an aggregate function or the GROUP BY");
    expect(outcome(await ask("SELECT SUM(name) AS n FROM account"))).toBe("400 0x80040203");
  });

  test("DISTINCT without key and etag, whatever the case", async () => {
    expect(
      (
        await rows(
          "SELECT DISTINCT a.address1_city FROM account AS a WHERE a.name LIKE 'Zq%' ORDER BY a.address1_city",
        )
      ).map((row) => Object.keys(row).concat(String(row.address1_city).toLowerCase().trim())),
    ).toEqual([
      ["address1_city", "null"],
      ["address1_city", "oslo"],
      ["address1_city", "prag"],
      ["address1_city", "rom"],
    ]);
    expect(
      await rows("SELECT DISTINCT TOP 1 statecode FROM account WHERE name LIKE 'Zq%'"),
    ).toEqual([{ statecode: 0 }]);
  });

  test("TOP, OFFSET and FETCH", async () => {
    const some = async (head: string, tail: string) =>
      (
        await rows(
          `SELECT ${head} name FROM account WHERE name LIKE 'Zq%' ORDER BY name DESC ${tail}`,
        )
      ).map((row) => String(row.name).slice(3));
    expect(await some("TOP 2", "")).toEqual(["Čapek", "beta"]);
    expect(await some("TOP (0)", "")).toEqual([]);
    expect(await some("", "OFFSET 1 ROW FETCH NEXT 2 ROWS ONLY")).toEqual(["beta", "Alpha"]);
    expect(await some("", "OFFSET 3 ROWS")).toEqual(["100% off", "100 off"]);
  });

  test("choices and lookups sorted by what people read", async () => {
    const sorted = await rows(
      "SELECT prioritycode, customerid FROM incident ORDER BY prioritycode, customerid",
      "incidents",
      all,
    );
    const label = (row: Row, name: string) =>
      String(row[`${name}@OData.Community.Display.V1.FormattedValue`]).toLowerCase();
    const priorities = sorted.map((row) => label(row, "prioritycode"));
    expect(new Set(priorities).size).toBeGreaterThan(1);
    expect(priorities).toEqual([...priorities].sort());
  });
});

describe("?sql= pages", () => {
  const sql = "SELECT title FROM incident ORDER BY statuscode";
  const read = async (first: string, size: number, extra = {}) => {
    const pages: Row[][] = [];
    let next: string | undefined = first;
    while (next !== undefined) {
      const answer = await dataverse.send("GET", next, undefined, {
        headers: { prefer: `odata.maxpagesize=${size}` },
        ...extra,
      });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("preference-applied")).toBe(`odata.maxpagesize=${size}`);
      pages.push(answer.json.value as Row[]);
      next = answer.json["@odata.nextLink"] as string | undefined;
    }
    return pages;
  };

  test("by nextLink, every row once", async () => {
    const whole = await rows(sql, "incidents");
    const pages = await read(`incidents?sql=${encodeURIComponent(sql)}`, 7);
    expect(pages.map((page) => page.length)).toEqual([
      ...Array(Math.floor(whole.length / 7)).fill(7),
      ...(whole.length % 7 === 0 ? [] : [whole.length % 7]),
    ]);
    expect(pages.flat()).toEqual(whole);
  });

  test("no further than TOP", async () => {
    const top = encodeURIComponent("SELECT TOP 10 title FROM incident ORDER BY title");
    const pages = await read(`incidents?sql=${top}`, 4);
    expect(pages.map((page) => page.length)).toEqual([4, 4, 2]);
    expect(new Set(pages.flat().map((row) => row.incidentid)).size).toBe(10);
  });

  test("and refuses a token that is not its own", async () => {
    const answer = await dataverse.send(
      "GET",
      `incidents?sql=${encodeURIComponent(sql)}&$skiptoken=abc`,
    );
    expect(outcome(answer)).toBe("400 0x80060888");
  });
});

describe("?sql= refuses", () => {
  test.each([
    ["SELECT title FROM incident", "accounts", "400 0x80040203"],
    ["SELECT name FROM nothing", "accounts", "400 0x80041102"],
    ["SELECT nothing FROM account", "accounts", "400 0x80041103"],
    ["SELECT a.nothing FROM account a", "accounts", "400 0x80041103"],
    ["SELECT b.name FROM account a", "accounts", "400 0x80040203"],
    ["SELECT statecodename FROM account", "accounts", "400 0x80041103"],
    [
      "SELECT name FROM account a JOIN lead l ON a.accountid = l.parentaccountid WHERE statecode = 0",
      "accounts",
      "400 0x80040203",
    ],
    ["SELECT name, name FROM account", "accounts", "400 0x80040203"],
    ["SELECT name AS [a b] FROM account", "accounts", "400 0x80040203"],
    ["SELECT name FROM account WHERE accountid = 'x'", "accounts", "400 0x80040203"],
    ["SELECT name FROM account WHERE createdon > 'soon'", "accounts", "400 0x80040203"],
    ["SELECT name FROM account WHERE revenue > 'much'", "accounts", "400 0x80040203"],
    ["SELECT name FROM account WHERE revenue LIKE '1%'", "accounts", "400 0x80040203"],
    ["SELECT name FROM account WHERE accountid = parentaccountid", "accounts", "400 0x80040203"],
    ["SELECT name FROM account", "nothings", "404 0x80060888"],
    [
      `SELECT name FROM account WHERE ${"name = 'x' OR ".repeat(500)}name = 'x'`,
      "accounts",
      "400 0x8004430c",
    ],
  ])("%.80s on %s", async (sql, set, expected) => {
    expect(outcome(await ask(sql, set))).toBe(expected);
  });

  test("other query options beside it", async () => {
    const sql = encodeURIComponent("SELECT name FROM account");
    expect(outcome(await dataverse.send("GET", `accounts?sql=${sql}&$top=1`))).toBe(
      "400 0x80060888",
    );
  });

  test("an aggregate over too many rows", async () => {
    process.env.EMULATOR_AGGREGATE_LIMIT = "4";
    try {
      const sql = "SELECT COUNT(*) AS n FROM account WHERE name LIKE 'Zq%'";
      expect(outcome(await ask(sql))).toBe("400 0x8004e023");
    } finally {
      delete process.env.EMULATOR_AGGREGATE_LIMIT;
    }
  });
});

describe("?sql= shows only what the caller may see", () => {
  test("in the root, in joins and in aggregates", async () => {
    const mine = { as: "representative" } as const;
    const visible = (await dataverse.send("GET", "incidents?$select=incidentid", undefined, mine))
      .json.value as Row[];
    const every = await rows("SELECT incidentid FROM incident", "incidents");
    expect(visible.length).toBeLessThan(every.length);
    const key = (list: Row[]) => list.map((row) => row.incidentid).sort();
    expect(key(await rows("SELECT incidentid FROM incident", "incidents", mine))).toEqual(
      key(visible),
    );
    expect(await rows("SELECT COUNT(*) AS n FROM incident", "incidents", mine)).toEqual([
      { n: visible.length },
    ]);
    const joined = await rows(
      "SELECT a.accountid, i.incidentid AS incidentid FROM account a JOIN incident i ON a.accountid = i.customerid",
      "accounts",
      mine,
    );
    const seen = new Set(key(visible));
    expect(joined.length).toBeGreaterThan(0);
    expect(joined.every((row) => seen.has(row.incidentid))).toBe(true);
    const refused = await ask("SELECT name FROM account", "accounts", { as: "without-roles" });
    expect(outcome(refused)).toBe("403 0x80042f09");
  });

  test("also inside of a batch", async () => {
    const body = `--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET /api/data/v9.2/accounts?sql=${encodeURIComponent("SELECT name FROM account WHERE name = 'Zq Alpha'")} HTTP/1.1\r\nAccept: application/json\r\n\r\n--b--\r\n`;
    const answer = await dataverse.send("POST", "$batch", body, {
      headers: { "content-type": "multipart/mixed; boundary=b" },
    });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('"name":"Zq Alpha"');
  });
});
