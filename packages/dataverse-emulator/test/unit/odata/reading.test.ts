import { afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { fillSmall, id, type Json, type OData, openOData, root } from "./support";

let dataverse: OData;
beforeAll(async () => {
  dataverse = await openOData();
  fillSmall(dataverse);
});
afterEach(() => {
  delete process.env.EMULATOR_AGGREGATE_LIMIT;
});

const all = { prefer: 'odata.include-annotations="*"' };
const numbers = (rows: readonly Json[]) =>
  rows.map((row) => Number(String(row.incidentid).slice(-2)));

describe("sorting", () => {
  test.each<[string, number[]]>([
    ["title", [4, 5, 1, 2, 3, 6, 7, 8]],
    ["title desc", [8, 7, 6, 3, 1, 2, 5, 4]],
    // Choices sort by their number in OData; NULL is the lowest value.
    ["statecode", [1, 3, 5, 6, 8, 2, 7, 4]],
    ["prioritycode desc,title", [3, 2, 6, 5, 1, 4, 7, 8]],
    ["isescalated", [3, 4, 5, 6, 8, 2, 7, 1]],
    // Lookups by the name of what they point to.
    ["_customerid_value", [7, 8, 6, 1, 2, 4, 5, 3]],
    ["_customerid_value desc", [3, 4, 5, 1, 2, 6, 7, 8]],
    ["customerid_account/name desc", [3, 1, 2, 6, 4, 5, 7, 8]],
    ["createdon desc", [7, 1, 2, 3, 4, 5, 6, 8]],
    ["incidentid desc", [8, 7, 6, 5, 4, 3, 2, 1]],
  ])("%s", (order, expected) => {
    const rows = dataverse.rows(`incidents?$select=incidentid&$orderby=${order}`);
    expect(numbers(rows)).toEqual(expected);
  });

  test("puts GUIDs in SQL Server's order: the last group first", async () => {
    const other = await openOData();
    const ids = [
      "01000000-0000-0000-0000-000000000000",
      "00000000-0100-0000-0000-000000000000",
      "00000000-0000-0100-0000-000000000000",
      "00000000-0000-0000-0001-000000000000",
      "00000000-0000-0000-0000-000000000001",
    ];
    other.insert(
      "account",
      [...ids].reverse().map((accountid) => ({ accountid })),
    );
    const read = (order: string) =>
      other.rows(`accounts?$select=accountid&$orderby=${order}`).map((row) => row.accountid);
    expect(read("accountid")).toEqual(ids);
    expect(read("accountid desc")).toEqual([...ids].reverse());
    const above = other.rows(`accounts?$filter=accountid gt ${ids[2]}&$select=accountid`);
    expect(above).toHaveLength(2);
  });
});

describe("pages", () => {
  /** All pages of a collection, each by the link of the one before. */
  function pages(target: string, size: number): Json[][] {
    const result: Json[][] = [];
    for (let next: string | undefined = target; next !== undefined; ) {
      const { status, body, headers } = dataverse.get(next, {
        prefer: `odata.maxpagesize=${size}`,
      });
      expect(status).toBe(200);
      expect(headers["Preference-Applied"]).toBe(`odata.maxpagesize=${size}`);
      result.push(body.value as Json[]);
      next = body["@odata.nextLink"] as string | undefined;
      if (result.length > 20) throw new Error("The pages never end.");
    }
    return result;
  }

  test.each([
    "",
    "&$orderby=title desc",
    "&$orderby=_customerid_value,prioritycode desc",
    "&$orderby=isescalated,createdon",
    "&$orderby=customerid_account/name",
    "&$orderby=incidentid desc",
    "&$filter=contains(title,'o')&$count=true",
  ])("give every row once, in order: %s", (options) => {
    const target = `incidents?$select=title${options}`;
    const whole = numbers(dataverse.rows(target));
    for (const size of [1, 3, 8]) {
      const found = pages(target, size);
      expect(numbers(found.flat())).toEqual(whole);
      expect(found.slice(0, -1).every((page) => page.length === size)).toBe(true);
    }
  });

  test("hold the keys of the page's ends in a cookie, encoded as the service does", () => {
    const { body } = dataverse.get("incidents?$select=title&$orderby=title", {
      prefer: "odata.maxpagesize=2",
    });
    const link = String(body["@odata.nextLink"]);
    expect(link).toMatch(
      /^http:\/\/127\.0\.0\.1:7072\/api\/data\/v9\.2\/incidents\?\$select=title&\$orderby=title&\$skiptoken=%3Ccookie%20pagenumber=%222%22%20pagingcookie=%22%253ccookie/,
    );
    const [, inner = ""] = /pagingcookie="([^"]*)"/.exec(decodeURIComponent(link)) ?? [];
    const cookie = decodeURIComponent(inner);
    expect(cookie).toBe(
      `<cookie page="1"><title last="[x] left*" firstnull="1" /><incidentid last="{${id(1, 5).toUpperCase()}}" first="{${id(1, 4).toUpperCase()}}" /></cookie>`,
    );
  });

  test("ignore $top beside a page size, and have no link with it alone", () => {
    const both = dataverse.get("incidents?$select=title&$top=1", {
      prefer: "odata.maxpagesize=3",
    });
    expect(both.body.value).toHaveLength(3);
    expect(both.body).toHaveProperty(["@odata.nextLink"]);
    const alone = dataverse.get("incidents?$select=title&$top=3");
    expect(alone.body.value).toHaveLength(3);
    expect(alone.body).not.toHaveProperty(["@odata.nextLink"]);
    expect(dataverse.rows("incidents?$top=0")).toEqual([]);
  });

  test.each(["abc", "%3Ccookie%20pagenumber=%222%22%20pagingcookie=%22x%22/%3E", "'"])(
    "are refused for the token %s",
    (token) => {
      expect(dataverse.refusal(`incidents?$skiptoken=${token}`)).toMatchObject({
        status: 400,
        code: "0x80060888",
      });
    },
  );

  test("are refused for the token of another query", () => {
    const { body } = dataverse.get("incidents?$orderby=title", { prefer: "odata.maxpagesize=2" });
    const token = /\$skiptoken=.*$/.exec(String(body["@odata.nextLink"]))![0];
    expect(dataverse.refusal(`incidents?$orderby=createdon&${token}`).code).toBe("0x80060888");
  });
});

describe("counting", () => {
  test("tells how many there are, whatever the page", () => {
    const { body } = dataverse.get(
      "incidents?$select=title&$count=true&$top=2&$filter=statecode eq 0",
      all,
    );
    expect(Object.keys(body)).toEqual([
      "@odata.context",
      "@odata.count",
      "@Microsoft.Dynamics.CRM.totalrecordcount",
      "@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded",
      "@Microsoft.Dynamics.CRM.globalmetadataversion",
      "value",
    ]);
    expect(body).toMatchObject({
      "@odata.count": 5,
      "@Microsoft.Dynamics.CRM.totalrecordcount": 5,
      "@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded": false,
    });
    expect(dataverse.get("incidents", all).body).toMatchObject({
      "@Microsoft.Dynamics.CRM.totalrecordcount": -1,
    });
  });

  test("by /$count is plain text", () => {
    const { body, headers } = dataverse.get("incidents/$count?$filter=statecode eq 1");
    expect([String(body), headers["Content-Type"]]).toEqual(["2", "text/plain"]);
    const tasks = dataverse.get(`accounts(${id(2, 1)})/incident_customer_accounts/$count`);
    expect(String(tasks.body)).toBe("2");
  });

  test("may be asked for beside FetchXML, which counts by itself", () => {
    const xml = '<fetch returntotalrecordcount="true" count="2"><entity name="incident"/></fetch>';
    const { status, body } = dataverse.get(
      `incidents?fetchXml=${encodeURIComponent(xml)}&$count=true`,
      all,
    );
    expect([status, body["@Microsoft.Dynamics.CRM.totalrecordcount"]]).toEqual([200, 8]);
  });

  test("stops at 5,000", async () => {
    const many = await openOData();
    many.insert(
      "account",
      Array.from({ length: 5_003 }, (_, n) => ({ accountid: id(2, n), name: `a${n % 7}` })),
    );
    const { body } = many.get("accounts?$select=name&$count=true", all);
    expect(body).toMatchObject({
      "@odata.count": 5_000,
      "@Microsoft.Dynamics.CRM.totalrecordcount": 5_000,
      "@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded": true,
    });
    expect(body.value).toHaveLength(5_000);
    expect(many.rows(String(body["@odata.nextLink"]))).toHaveLength(3);
    expect(String(many.get("accounts/$count").body)).toBe("5000");
    const far = many.get("accounts?$select=name", { prefer: "odata.maxpagesize=9000" });
    expect(far.body.value).toHaveLength(5_000);
  });
});

describe("single rows and what hangs on them", () => {
  const contoso = `accounts(${id(2, 1)})`;
  const first = `incidents(${id(1, 1)})`;

  test("show every column, or those selected and the key, with annotations before each value", () => {
    const plain = dataverse.get(`${first}?$select=title,prioritycode,_customerid_value`);
    expect(Object.keys(plain.body)).toEqual([
      "@odata.context",
      "@odata.etag",
      "title",
      "prioritycode",
      "_customerid_value",
      "incidentid",
    ]);
    expect(plain.body["@odata.context"]).toBe(
      `${root}$metadata#incidents(title,prioritycode,_customerid_value)/$entity`,
    );
    const { body, headers } = dataverse.get(`${first}?$select=statecode,_customerid_value`, all);
    const formatted = "OData.Community.Display.V1.FormattedValue";
    expect(Object.keys(body).slice(3)).toEqual([
      `statecode@${formatted}`,
      "statecode",
      `_customerid_value@${formatted}`,
      "_customerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty",
      "_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname",
      "_customerid_value",
      "incidentid",
    ]);
    expect(headers["Preference-Applied"]).toBe('odata.include-annotations="*"');
  });

  test("a selected navigation property is its lookup, and a type column tells the table", () => {
    const [row] = dataverse.rows(
      "incidents?$select=customerid_account,ownerid&$orderby=incidentid",
    );
    expect(row).toMatchObject({ _customerid_value: id(2, 1), _ownerid_value: id(3, 1) });
    dataverse.insert("annotation", [
      { annotationid: id(8, 1), subject: "n", objectid: id(1, 1), objectid__type: "incident" },
      { annotationid: id(8, 2), subject: "m", objectid: id(2, 1), objectid__type: "account" },
    ]);
    const notes = (filter: string) =>
      dataverse
        .rows(`annotations?$select=subject,objecttypecode&$filter=${filter}`)
        .map((note) => [note.subject, note.objecttypecode]);
    expect(notes("objecttypecode eq 'account'")).toEqual([["m", "account"]]);
    expect(notes("objecttypecode ne 'account'")).toEqual([["n", "incident"]]);
  });

  test.each<[string, unknown]>([
    [`${first}/title`, { value: "Broken fan" }],
    [`${first}/_customerid_value`, { value: id(2, 1) }],
    [`${first}/customerid_account?$select=name`, { name: "Contoso" }],
    [`${first}/customerid_account/name`, { value: "Contoso" }],
    [`${first}/ownerid?$select=fullname`, { fullname: "Ada" }],
    [`${first}/customerid_account/$ref`, { "@odata.id": `${root}${contoso}` }],
    [`incidents(incidentid=${id(1, 1)})?$select=title`, { title: "Broken fan" }],
    [`${contoso}/incident_customer_accounts(${id(1, 2)})?$select=title`, { title: "broken FAN " }],
    [
      `${contoso}/incident_customer_accounts(${id(1, 2)})/customerid_account/ownerid/fullname`,
      { value: "Ada" },
    ],
  ])("%s", (target, expected) => {
    const { status, body } = dataverse.get(target);
    expect([status, body]).toEqual([200, expect.objectContaining(expected as Json)]);
  });

  test("a bare value is text, and what is not there is no content", () => {
    const value = dataverse.get(`${first}/title/$value`);
    expect([String(value.body), value.headers["Content-Type"]]).toEqual([
      "Broken fan",
      "text/plain",
    ]);
    expect(dataverse.get(`incidents(${id(1, 4)})/title`).status).toBe(204);
    expect(dataverse.get(`incidents(${id(1, 8)})/customerid_account`).status).toBe(204);
    // A contact is the customer here.
    expect(dataverse.get(`incidents(${id(1, 4)})/customerid_account`).status).toBe(204);
    expect(dataverse.get(`incidents(${id(1, 4)})/customerid_contact`).status).toBe(200);
  });

  test("collections take every query option", () => {
    const children = `${contoso}/incident_customer_accounts`;
    const read = (options: string) =>
      numbers(dataverse.rows(`${children}?$select=title${options}`));
    expect(read("&$orderby=createdon")).toEqual([2, 1]);
    expect(read("&$filter=statecode eq 1")).toEqual([2]);
    expect(read("&$top=1&$orderby=incidentid desc")).toEqual([2]);
    expect(dataverse.rows(`${children}?$apply=aggregate($count as n)`)).toEqual([{ n: 2 }]);
    const links = dataverse.get(`${children}/$ref`);
    expect(links.body).toEqual({
      "@odata.context": `${root}$metadata#Collection($ref)`,
      value: [1, 2].map((n) => ({ "@odata.id": `${root}incidents(${id(1, n)})` })),
    });
    const paged = dataverse.get(`${children}?$select=title`, { prefer: "odata.maxpagesize=1" });
    expect(numbers(dataverse.rows(String(paged.body["@odata.nextLink"])))).toEqual([2]);
    const teams = dataverse.rows(
      `systemusers(${id(3, 2)})/teammembership_association?$select=name`,
    );
    expect(teams.map((row) => row.name)).toEqual(["Service"]);
    const fetch = `<fetch><entity name="incident"><attribute name="title"/><filter><condition attribute="statecode" operator="eq" value="1"/></filter></entity></fetch>`;
    expect(numbers(dataverse.rows(`${children}?fetchXml=${encodeURIComponent(fetch)}`))).toEqual([
      2,
    ]);
  });

  test("an unchanged row is 304", () => {
    const { headers } = dataverse.get(`${first}?$select=title`);
    expect(dataverse.get(first, { "if-none-match": String(headers.ETag) }).status).toBe(304);
    expect(dataverse.get(first, { "if-none-match": 'W/"1"' }).status).toBe(200);
  });
});

describe("$apply", () => {
  test.each<[string, unknown[]]>([
    ["groupby((statecode))", [{ statecode: 0 }, { statecode: 1 }, { statecode: 2 }]],
    [
      "groupby((statecode),aggregate($count as n))",
      [
        { statecode: 0, n: 5 },
        { statecode: 1, n: 2 },
        { statecode: 2, n: 1 },
      ],
    ],
    [
      "filter(statecode eq 0)/groupby((prioritycode),aggregate($count as n))",
      [{ n: 1 }, { prioritycode: 1, n: 2 }, { prioritycode: 2, n: 1 }, { prioritycode: 3, n: 1 }],
    ],
    ["filter(contains(title,')'))/filter(statecode eq 0)/aggregate($count as n)", [{ n: 0 }]],
    [
      "aggregate(numberofchildincidents with sum as s,numberofchildincidents with min as a,numberofchildincidents with max as b,numberofchildincidents with average as c,prioritycode with countdistinct as d,createdon with max as e)",
      [{ s: 8, a: 1, b: 4, c: 2, d: 3, e: "2026-06-18T00:00:00Z" }],
    ],
    [
      "groupby((customerid_account/name),aggregate($count as n))",
      [
        { n: 4 },
        { account_name: "Ålpha", n: 1 },
        { account_name: "Contoso", n: 2 },
        { account_name: "Fabrikam", n: 1 },
      ],
    ],
    [
      "filter(_customerid_value ne null)/groupby((_customerid_value),aggregate($count as n))",
      [
        { _customerid_value: id(2, 1), n: 2 },
        { _customerid_value: id(2, 2), n: 1 },
        { _customerid_value: id(2, 3), n: 1 },
        { _customerid_value: id(2, 4), n: 1 },
        { _customerid_value: id(6, 1), n: 2 },
      ],
    ],
  ])("%s", (apply, expected) => {
    expect(dataverse.rows(`incidents?$apply=${encodeURIComponent(apply)}`)).toEqual(expected);
  });

  test("shows labels when asked, sorts by what it groups by, and takes $filter and $top", () => {
    const apply = "$apply=groupby((statecode),aggregate($count as n))";
    const [first] = dataverse.rows(`incidents?${apply}&$orderby=statecode desc&$top=1`, all);
    const formatted = "@OData.Community.Display.V1.FormattedValue";
    expect(first).toMatchObject({ [`statecode${formatted}`]: "Cancelled", statecode: 2, n: 1 });
    expect(dataverse.rows(`incidents?${apply}&$filter=prioritycode eq 1`)).toEqual([
      { statecode: 0, n: 2 },
    ]);
  });

  test("stops at the limit of rows", () => {
    process.env.EMULATOR_AGGREGATE_LIMIT = "7";
    expect(dataverse.refusal("incidents?$apply=aggregate($count as n)")).toMatchObject({
      status: 400,
      code: "0x8004e023",
    });
    expect(
      dataverse.rows("incidents?$apply=filter(statecode eq 0)/aggregate($count as n)"),
    ).toEqual([{ n: 5 }]);
  });

  test.each<[string, RegExp]>([
    ["groupby((createdon))", /cannot group by dates/],
    ["aggregate(title with sum as t)", /does not support value type 'Edm.String'/],
    ["aggregate(prioritycode with median as t)", /'median' is not supported/],
    ["aggregate(prioritycode with sum)", /'as' expected/],
    ["concat(aggregate($count as n),identity)", /'concat' is not supported/],
    ["groupby((statecode))/filter(statecode eq 0)", /'filter' is not supported here/],
    ["groupby((rollup($all,statecode)))", /expected/],
    ["aggregate($count as n,$count as n)", /given to two/],
    ["filter(statecode eq 0)", /groups and aggregates nothing/],
    ["groupby((colour))", /Could not find a property named 'colour'/],
  ])("is refused: %s", (apply, message) => {
    expect(dataverse.refusal(`incidents?$apply=${encodeURIComponent(apply)}`)).toMatchObject({
      status: 400,
      message: expect.stringMatching(message),
    });
  });

  test("cannot be sorted by what it computes", () => {
    const target = "incidents?$apply=groupby((statecode),aggregate($count as n))&$orderby=n";
    expect(dataverse.refusal(target).message).toBe(
      "The query node SingleValueOpenPropertyAccess is not supported.",
    );
  });
});

describe("a request is refused", () => {
  test.each<[string, number, string, RegExp]>([
    ["incidents?$skip=5", 400, "0x80060888", /^Skip Clause is not supported in CRM\.$/],
    ["incidents?$search=a", 400, "0x80060888", /^The query parameter \$search is not supported\.$/],
    ["incidents?$format=json", 400, "0x80060888", /\$format is not supported/],
    ["incidents?colour=red", 400, "0x80060888", /colour is not supported/],
    [
      "incidents?$select=colour",
      400,
      "0x80060888",
      /Could not find a property named 'colour' on type 'Microsoft.Dynamics.CRM.incident'\./,
    ],
    ["incidents?$select=customerid", 400, "0x80060888", /named 'customerid'/],
    [
      "incidents?$select=customerid_account/name",
      400,
      "0x80060888",
      /is not valid in a \$select or \$expand/,
    ],
    ["incidents?$select=", 400, "0x80060888", /not valid in a \$select/],
    ["incidents?$orderby=colour", 400, "0x80060888", /named 'colour'/],
    ["incidents?$orderby=title down", 400, "0x80060888", /Syntax error at position 6/],
    ["incidents?$top=-1", 400, "0x80060888", /non-negative integer/],
    ["incidents?$top=x", 400, "0x80060888", /Invalid value 'x' for \$top/],
    ["incidents?$count=maybe", 400, "0x80060888", /'true' and 'false'/],
    ["incidents?$top=1&$top=2", 400, "0x80060888", /more than once/],
    ["incidents/title", 404, "0x80060888", /segment 'title'/],
    [
      `incidents(${id(1, 99)})`,
      404,
      "0x80040217",
      /^Entity 'incident' With Id = 00000001-0000-4000-8000-000000000099 Does Not Exist$/,
    ],
    [`incidents(${id(1, 1)})/colour`, 404, "0x80060888", /segment 'colour'/],
    [`incidents(${id(1, 1)})/title/length`, 404, "0x80060888", /segment 'length'/],
    [`incidents(${id(1, 1)})?$filter=statecode eq 0`, 400, "0x80060888", /is not a collection/],
    [`incidents(${id(1, 99)})/Incident_Tasks`, 404, "0x80040217", /Does Not Exist/],
    [
      `accounts(${id(2, 1)})/incident_customer_accounts(${id(1, 3)})`,
      404,
      "0x80040217",
      /Does Not Exist/,
    ],
    ["incidents(abc)", 400, "0x80060888", /is not a key/],
    ["incident", 404, "0x80060888", /segment 'incident'/],
    ["incidents?savedQuery=x", 400, "0x80060888", /not the id/],
    ["incidents?fetchXml=%3Cfetch/%3E&$select=title", 400, "0x80060888", /cannot be used together/],
  ])("%s", (target, status, code, message) => {
    expect(dataverse.refusal(target)).toEqual({
      status,
      code,
      message: expect.stringMatching(message),
    });
  });
});
