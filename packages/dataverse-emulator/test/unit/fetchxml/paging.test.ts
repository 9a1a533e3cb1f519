import { beforeAll, describe, expect, test } from "@jest/globals";
import { type Fetch, fillSmall, id, type Json, openFetch } from "./support";

let emulator: Fetch;
beforeAll(async () => {
  emulator = await openFetch();
  fillSmall(emulator);
});

const CRM = "@Microsoft.Dynamics.CRM";
const escapeXml = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

/** The cookie for the next query out of an answer, decoded twice as the documentation says. */
function nextCookie(body: Json): string | undefined {
  const annotation = body[`${CRM}.fetchxmlpagingcookie`];
  if (typeof annotation !== "string") return undefined;
  const encoded = /^<cookie pagenumber="\d+" pagingcookie="([^"]*)" istracking="False" \/>$/.exec(
    annotation,
  )![1]!;
  return decodeURIComponent(decodeURIComponent(encoded));
}

/** All pages of a query, each by the cookie of the one before. */
function pages(body: string, count: number, attributes = ""): { rows: Json[][]; cookies: number } {
  const rows: Json[][] = [];
  let cookie: string | undefined;
  let cookies = 0;
  for (let page = 1; page < 50; page++) {
    const paging = cookie === undefined ? "" : ` paging-cookie="${escapeXml(cookie)}"`;
    const answer = emulator.fetch(
      `<fetch count="${count}" page="${page}"${paging} ${attributes}><entity name="incident">${body}</entity></fetch>`,
    );
    expect(answer.status).toBe(200);
    rows.push(answer.body.value as Json[]);
    if (answer.body[`${CRM}.morerecords`] !== true) return { rows, cookies };
    cookie = nextCookie(answer.body);
    if (cookie !== undefined) cookies += 1;
  }
  throw new Error("The pages never end.");
}

const numbers = (rows: readonly Json[]) =>
  rows.map((row) => Number(String(row.incidentid).slice(-1)));

describe("sorting", () => {
  test.each<[string, number[]]>([
    ['<order attribute="title"/>', [4, 5, 1, 2, 3, 6, 7, 8]],
    ['<order attribute="title" descending="true"/>', [8, 7, 6, 3, 1, 2, 5, 4]],
    // By label: Active, Cancelled, Resolved.
    ['<order attribute="statecode"/>', [1, 3, 5, 6, 8, 4, 2, 7]],
    // NULL, then High, Low, Normal.
    ['<order attribute="prioritycode"/>', [4, 7, 8, 1, 5, 3, 2, 6]],
    ['<order attribute="prioritycode" descending="true"/>', [2, 6, 3, 1, 5, 4, 7, 8]],
    ['<order attribute="isescalated"/>', [3, 4, 5, 6, 8, 2, 7, 1]],
    // By the customer's name: none, none, Ålpha, Contoso, Eve, Fabrikam.
    ['<order attribute="customerid"/>', [7, 8, 6, 1, 2, 4, 5, 3]],
    ['<order attribute="customeridname"/>', [7, 8, 6, 1, 2, 4, 5, 3]],
    ['<order attribute="createdon" descending="true"/>', [7, 1, 2, 3, 4, 5, 6, 8]],
    [
      '<order entityname="a" attribute="name" descending="true"/><link-entity name="account" from="accountid" to="customerid" alias="a" link-type="outer"/>',
      [3, 1, 2, 6, 4, 5, 7, 8],
    ],
    [
      '<link-entity name="account" from="accountid" to="customerid" alias="a"><order attribute="name"/></link-entity>',
      [7, 6, 1, 2, 3],
    ],
  ])("%s", (orders, expected) => {
    const rows = emulator.rows(
      `<fetch><entity name="incident"><attribute name="incidentid"/>${orders}</entity></fetch>`,
    );
    expect(numbers(rows)).toEqual(expected);
  });

  test("goes by value where the query says so", () => {
    const rows = emulator.rows(
      '<fetch useraworderby="true"><entity name="incident"><attribute name="incidentid"/><order attribute="statecode"/></entity></fetch>',
    );
    expect(numbers(rows)).toEqual([1, 3, 5, 6, 8, 2, 7, 4]);
  });

  test("puts GUIDs in SQL Server's order: the last group first", async () => {
    const other = await openFetch();
    const ids = [
      "ffffffff-0000-0000-0000-000000000001",
      "00000000-0000-0000-0000-000000000002",
      "00000000-0000-0000-0100-000000000001",
      "00000000-0000-0100-0000-000000000001",
      "00000000-0000-0001-0000-000000000001",
      "00000001-0000-0000-0000-000000000001",
      "01000000-0000-0000-0000-000000000001",
    ];
    other.insert(
      "account",
      ids.map((accountid) => ({ accountid })),
    );
    const rows = other.rows(
      '<fetch><entity name="account"><attribute name="name"/><order attribute="accountid"/></entity></fetch>',
    );
    // Of the first groups the low byte counts first, as SQL Server stores them.
    expect(rows.map((row) => row.accountid)).toEqual([
      ids[6],
      ids[5],
      ids[0],
      ids[3],
      ids[4],
      ids[2],
      ids[1],
    ]);
  });
});

describe("pages", () => {
  test.each([
    "",
    '<order attribute="title" descending="true"/>',
    '<order attribute="customerid"/>',
    '<order attribute="prioritycode"/><order attribute="createdon" descending="true"/>',
    '<order attribute="numberofchildincidents"/>',
  ])("by cookie give every row once, in order: %s", (order) => {
    const body = `<attribute name="incidentid"/>${order}`;
    const all = emulator.rows(`<fetch><entity name="incident">${body}</entity></fetch>`);
    for (const count of [1, 3, 8]) {
      const { rows, cookies } = pages(body, count);
      expect(numbers(rows.flat())).toEqual(numbers(all));
      expect(
        rows
          .map((page) => page.length)
          .slice(0, -1)
          .every((size) => size === count),
      ).toBe(true);
      expect(cookies).toBe(rows.length - 1);
    }
  });

  test("by number alone work too, and are all there is when a link sorts", () => {
    const body =
      '<attribute name="incidentid"/><link-entity name="account" from="accountid" to="customerid" alias="a"><order attribute="name"/></link-entity>';
    const { rows, cookies } = pages(body, 2);
    expect(numbers(rows.flat())).toEqual([7, 6, 1, 2, 3]);
    expect(cookies).toBe(0);
    const second = emulator.rows(
      '<fetch count="3" page="2"><entity name="incident"><attribute name="title"/></entity></fetch>',
    );
    expect(numbers(second)).toEqual([4, 5, 6]);
  });

  test("speak of the root's rows: rows of a child table that straddle a page are lost", () => {
    const read = (paging: string) =>
      emulator.fetch(
        `<fetch count="1" ${paging}><entity name="account"><attribute name="name"/><filter><condition attribute="accountid" operator="eq" value="${id(2, 1)}"/></filter><link-entity name="incident" from="customerid" to="accountid" alias="i"><attribute name="title"/></link-entity></entity></fetch>`,
      ).body;
    const first = read('page="1"');
    expect(first.value).toHaveLength(1);
    expect(first[`${CRM}.morerecords`]).toBe(true);
    const second = read(`page="2" paging-cookie="${escapeXml(nextCookie(first)!)}"`);
    expect(second.value).toEqual([]);
  });

  test("hold the cookie of the row's key and sort values", () => {
    const { body } = emulator.fetch(
      '<fetch count="2" page="1"><entity name="incident"><attribute name="title"/><order attribute="createdon"/></entity></fetch>',
    );
    expect(nextCookie(body)).toBe(
      `<cookie page="1"><createdon last="2025-12-31T23:59:59Z" firstnull="1" /><incidentid last="{${id(1, 6).toUpperCase()}}" first="{${id(1, 8).toUpperCase()}}" /></cookie>`,
    );
  });

  test("are counted when the query wants it, and only annotated when the request does", () => {
    const query =
      '<fetch count="2" page="1" returntotalrecordcount="true"><entity name="incident"/></fetch>';
    expect(emulator.fetch(query).body).toMatchObject({
      "@odata.context": expect.stringMatching(/\$metadata#incidents\(/),
      [`${CRM}.totalrecordcount`]: 8,
      [`${CRM}.totalrecordcountlimitexceeded`]: false,
      [`${CRM}.globalmetadataversion`]: String(emulator.catalog.version()),
      [`${CRM}.morerecords`]: true,
    });
    expect(Object.keys(emulator.fetch(query, "").body)).toEqual([
      "@odata.context",
      // The service sends the cookie unasked.
      "@Microsoft.Dynamics.CRM.fetchxmlpagingcookie",
      "value",
    ]);
  });

  test("are not made with top", () => {
    const { body } = emulator.fetch('<fetch top="3"><entity name="incident"/></fetch>');
    expect(body.value).toHaveLength(3);
    expect(body).not.toHaveProperty([`${CRM}.morerecords`]);
  });
});
