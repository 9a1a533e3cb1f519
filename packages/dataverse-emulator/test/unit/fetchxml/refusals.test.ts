import { beforeAll, describe, expect, test } from "@jest/globals";
import { type Fetch, openFetch } from "./support";

let emulator: Fetch;
beforeAll(async () => {
  emulator = await openFetch();
});

const entity = (body: string, fetch = "") =>
  `<fetch ${fetch}><entity name="incident">${body}</entity></fetch>`;
const filter = (condition: string) => entity(`<filter><condition ${condition}/></filter>`);
const link = (attributes: string, inside = "") =>
  `<link-entity ${attributes}>${inside}</link-entity>`;
const customer = 'name="account" from="accountid" to="customerid"';
const aggregate = (body: string) => entity(body, 'aggregate="true"');

describe("a query is refused", () => {
  test.each<[string, string, string, RegExp]>([
    ["for broken XML", "<fetch><entity", "0x80040201", /line 1, column 1/],
    [
      "for an unclosed element",
      "<fetch>\n <entity name='incident'>\n</fetch>",
      "0x80040201",
      /line 3/,
    ],
    ["for a DOCTYPE", '<!DOCTYPE f [<!ENTITY a "b">]><fetch/>', "0x80040201", /DOCTYPE/],
    [
      "for an undeclared entity",
      filter('attribute="title" operator="eq" value="&a;"'),
      "0x80040201",
      /entity/i,
    ],
    [
      "for deep nesting",
      entity("<filter>".repeat(70) + "</filter>".repeat(70)),
      "0x80040201",
      /deeper/,
    ],
    ["for another root", "<query/>", "0x80040201", /Expected 'fetch'/],
    ["without an entity", "<fetch/>", "0x80040201", /exactly one entity/],
    [
      "for an unknown element",
      entity("<columns/>"),
      "0x80040201",
      /'columns' may not stand inside 'entity'/,
    ],
    [
      "for an unknown attribute",
      entity('<attribute nam="title"/>'),
      "0x80040201",
      /'nam' is not known on 'attribute'/,
    ],
    ["for text between elements", entity("title"), "0x80040201", /holds text/],
    [
      "for an unknown operator",
      filter('attribute="title" operator="equals" value="a"'),
      "0x80040203",
      /'equals' is not known/,
    ],
    [
      "for an unknown table",
      '<fetch><entity name="incidentt"/></fetch>',
      "0x80041102",
      /'incidentt' with namemapping = 'Logical' was not found/,
    ],
    [
      "for an unknown linked table",
      entity(link('name="acount" from="a" to="b"')),
      "0x80041102",
      /'acount'/,
    ],
    [
      "for an unknown column",
      entity('<attribute name="titel"/>'),
      "0x80041103",
      /^'incident' entity doesn't contain attribute with Name = 'titel' and NameMapping = 'Logical'\. \(line 1, column \d+\)$/,
    ],
    [
      "for an unknown column of a link",
      entity(link(customer, '<attribute name="title"/>')),
      "0x80041103",
      /'account'/,
    ],
    [
      "for an unknown column in a condition",
      filter('attribute="x" operator="null"'),
      "0x80041103",
      /'x'/,
    ],
    ["for an unknown column in an order", entity('<order attribute="x"/>'), "0x80041103", /'x'/],
    [
      "for an unknown alias",
      filter('entityname="b" attribute="name" operator="null"'),
      "0x80040203",
      /'b' was not found/,
    ],
    [
      "for an alias used twice",
      entity(link(`${customer} alias="a"`).repeat(2)),
      "0x80040203",
      /'a' is not unique/,
    ],
    [
      "for an odd alias",
      entity('<attribute name="title" alias="a b"/>'),
      "0x80040203",
      /'a b' is not valid/,
    ],
    ["for 16 links", entity(link(customer).repeat(16)), "0x8004430d", /limit of 15/],
    [
      "for 501 conditions",
      entity(`<filter>${'<condition attribute="title" operator="null"/>'.repeat(501)}</filter>`),
      "0x8004430c",
      /limit of 500/,
    ],
    [
      "for a far page without a cookie",
      entity("", 'count="5000" page="11"'),
      "0x8004430a",
      /cookie is required/,
    ],
    ["for top with count", entity("", 'top="5" count="5"'), "0x80040203", /paging attribute count/],
    ["for top with page", entity("", 'top="5" page="2"'), "0x80040203", /paging attribute page/],
    ["for top above 5,000", entity("", 'top="5001"'), "0x80040203", /from 1 to 5000/],
    ["for a word that is no flag", entity("", 'distinct="maybe"'), "0x80040203", /true or false/],
    [
      "for a text in a number column",
      filter('attribute="prioritycode" operator="eq" value="high"'),
      "0x80040203",
      /^Condition for attribute 'incident.prioritycode': expected argument\(s\) of type 'System.Int32' but received 'high'/,
    ],
    [
      "for a bad GUID",
      filter('attribute="customerid" operator="eq" value="Contoso"'),
      "0x80040203",
      /System.Guid/,
    ],
    [
      "for a bad date",
      filter('attribute="createdon" operator="ge" value="2026-02-30"'),
      "0x80040203",
      /System.DateTime/,
    ],
    [
      "for a bad flag value",
      filter('attribute="isescalated" operator="eq" value="perhaps"'),
      "0x80040203",
      /System.Boolean/,
    ],
    [
      "for LIKE on a choice",
      filter('attribute="statecode" operator="like" value="A%"'),
      "0x80040203",
      /'like' is not valid/,
    ],
    [
      "for a date operator on text",
      filter('attribute="title" operator="today"'),
      "0x80040203",
      /'today' is not valid/,
    ],
    [
      "for a user operator on text",
      filter('attribute="title" operator="eq-userid"'),
      "0x80040203",
      /'eq-userid' is not valid/,
    ],
    [
      "for between with one value",
      filter('attribute="prioritycode" operator="between" value="1"'),
      "0x80040203",
      /takes two values/,
    ],
    [
      "for eq without a value",
      filter('attribute="title" operator="eq"'),
      "0x80040203",
      /takes one value/,
    ],
    [
      "for columns of two types",
      filter('attribute="title" operator="eq" valueof="createdon"'),
      "0x80040203",
      /cannot be compared/,
    ],
    [
      "for a link of two types",
      entity(link('name="account" from="name" to="customerid"')),
      "0x80040203",
      /cannot be linked/,
    ],
    [
      "for a link without from and to",
      entity(link('name="account"')),
      "0x80040203",
      /^No system many-to-many relationship exists between incident and account/,
    ],
    [
      "for columns of an exists link",
      entity(link(`${customer} link-type="exists"`, '<attribute name="name"/>')),
      "0x80040203",
      /returns no columns/,
    ],
    [
      "for any outside a filter",
      entity(link(`${customer} link-type="any"`)),
      "0x80040203",
      /must be one of inner/,
    ],
    [
      "for an aggregate without the flag",
      entity('<attribute name="title" alias="n" aggregate="count"/>'),
      "0x80040203",
      /no aggregate="true"/,
    ],
    [
      "for a plain column in an aggregate",
      aggregate('<attribute name="title" alias="t"/>'),
      "0x80040203",
      /neither groupby not aggregate/,
    ],
    [
      "for an aggregate without an alias",
      aggregate('<attribute name="title" aggregate="count"/>'),
      "0x80040203",
      /needs an alias/,
    ],
    [
      "for all-attributes in an aggregate",
      aggregate("<all-attributes/>"),
      "0x80040203",
      /all-attributes/,
    ],
    [
      "for a sum of text",
      aggregate('<attribute name="title" alias="t" aggregate="sum"/>'),
      "0x80040203",
      /'sum' is not valid/,
    ],
    [
      "for a date without its grouping",
      aggregate('<attribute name="createdon" alias="t" groupby="true"/>'),
      "0x80040203",
      /needs a dategrouping/,
    ],
    [
      "for an order by attribute in an aggregate",
      aggregate(
        '<attribute name="statecode" alias="s" groupby="true"/><order attribute="statecode"/>',
      ),
      "0x80040203",
      /use alias instead/,
    ],
    [
      "for an unknown order alias",
      aggregate('<attribute name="statecode" alias="s" groupby="true"/><order alias="x"/>'),
      "0x80040203",
      /alias 'x'/,
    ],
    [
      "for a broken cookie",
      entity("", 'page="2" paging-cookie="&lt;cookie page=&quot;1&quot;/&gt;"'),
      "0x80040203",
      /Malformed XML in the Paging Cookie/,
    ],
    [
      "for a party list",
      '<fetch><entity name="email"><attribute name="to"/></entity></fetch>',
      "0x80040203",
      /PartyList/,
    ],
  ])("%s", (_, xml, code, message) => {
    const refusal = emulator.refusal(xml);
    expect(refusal).toEqual({ code, message: expect.stringMatching(message) });
  });

  test("when its entity is not the one of the set, or the set does not exist", () => {
    const query = '<fetch><entity name="account"/></fetch>';
    expect(emulator.send("incidents", query)).toMatchObject({
      status: 400,
      body: { error: { code: "0x80040203", message: expect.stringMatching(/'accounts'/) } },
    });
    expect(emulator.send("incident", query)).toMatchObject({ status: 404 });
  });
});
