import { beforeAll, describe, expect, test } from "@jest/globals";
import { fillSmall, id, type Json, type OData, openOData, root } from "./support";

let dataverse: OData;
beforeAll(async () => {
  dataverse = await openOData();
  fillSmall(dataverse);
  dataverse.insert("account", [
    { accountid: id(2, 5), name: "Northwind", parentaccountid: id(2, 1) },
  ]);
});

const one = (target: string, headers?: Record<string, string>): Json =>
  dataverse.get(target, headers).body;
const nextLink = (property: string) => `${property}@odata.nextLink`;

describe("$expand", () => {
  test("to one: a row or null, without an etag, and named in the context", () => {
    const { body } = dataverse.get(
      "incidents?$select=title&$orderby=incidentid&$expand=customerid_account($select=name),customerid_contact($select=firstname)",
    );
    expect(body["@odata.context"]).toBe(
      `${root}$metadata#incidents(title,customerid_account(name),customerid_contact(firstname))`,
    );
    const rows = body.value as Json[];
    expect(rows[0]).toMatchObject({ customerid_contact: null });
    expect(rows[0]?.customerid_account).toEqual({ name: "Contoso", accountid: id(2, 1) });
    expect(rows[3]).toMatchObject({ customerid_account: null });
    expect(rows[3]?.customerid_contact).toEqual({ firstname: "Eve", contactid: id(6, 1) });
    expect(rows[7]).toMatchObject({ customerid_account: null, customerid_contact: null });
  });

  test("an owner tells which kind it is", () => {
    const owner = (n: number, select = "") =>
      one(`incidents(${id(1, n)})?$select=title&$expand=ownerid${select}`).ownerid as Json;
    expect(owner(1, "($select=fullname,name)")).toEqual({
      "@odata.type": "#Microsoft.Dynamics.CRM.systemuser",
      fullname: "Ada",
      systemuserid: id(3, 1),
    });
    expect(owner(3)).toMatchObject({
      "@odata.type": "#Microsoft.Dynamics.CRM.team",
      name: "Service",
    });
    expect(dataverse.refusal("incidents?$expand=ownerid($select=colour)").message).toBe(
      "Could not find a property named 'colour' on type 'Microsoft.Dynamics.CRM.principal'.",
    );
  });

  test("to many: each row's own, filtered, sorted and cut, with the lookup and a link to the same rows", () => {
    const options = "$select=title;$filter=statecode lt 2;$orderby=createdon desc;$top=1";
    const { body } = dataverse.get(
      `accounts?$select=name&$orderby=accountid&$top=2&$expand=incident_customer_accounts(${options})`,
    );
    const [contoso, fabrikam] = body.value as Json[];
    const children = contoso?.incident_customer_accounts as Json[];
    expect(children).toEqual([
      {
        "@odata.etag": expect.stringMatching(/^W\/"\d+"$/),
        title: "Broken fan",
        _customerid_value: id(2, 1),
        incidentid: id(1, 1),
      },
    ]);
    expect(fabrikam?.incident_customer_accounts).toHaveLength(1);
    const link = String(contoso?.[nextLink("incident_customer_accounts")]);
    expect(link).toMatch(/accounts\([^)]+\)\/incident_customer_accounts\?\$select=title&\$filter=/);
    expect(dataverse.rows(link).map((row) => row.incidentid)).toEqual([id(1, 1)]);
    // The annotation follows its property, as Microsoft's reader wants it for links.
    expect(Object.keys(contoso ?? {}).slice(-2)).toEqual([
      "incident_customer_accounts",
      nextLink("incident_customer_accounts"),
    ]);
  });

  test("many to many, with nothing where there is nothing", () => {
    const rows = dataverse.rows(
      "systemusers?$select=fullname&$orderby=fullname&$expand=teammembership_association($select=name)",
    );
    expect(
      rows.map((row) => (row.teammembership_association as Json[]).map((team) => team.name)),
    ).toEqual([["Service"], ["Service"], []]);
  });

  test("references", () => {
    const { body } = dataverse.get(
      `incidents(${id(1, 1)})?$select=title&$expand=customerid_account/$ref`,
    );
    expect(body.customerid_account).toEqual({ "@odata.id": `${root}accounts(${id(2, 1)})` });
    expect(dataverse.refusal("accounts?$expand=incident_customer_accounts/$ref").message).toBe(
      "Expand with $ref is only supported on lookup type navigation property.",
    );
  });

  test("nested, to any depth, with collections in pages", () => {
    const target = `accounts(${id(2, 1)})?$select=name&$expand=incident_customer_accounts($select=title;$expand=ownerid($select=fullname)),account_parent_account($select=name;$expand=parentaccountid($select=name;$expand=ownerid($select=fullname)))`;
    const whole = one(target);
    expect(whole).not.toHaveProperty([nextLink("incident_customer_accounts")]);
    expect(whole.account_parent_account).toEqual([
      {
        name: "Fabrikam",
        accountid: id(2, 2),
        parentaccountid: {
          name: "Contoso",
          accountid: id(2, 1),
          ownerid: {
            "@odata.type": "#Microsoft.Dynamics.CRM.systemuser",
            fullname: "Ada",
            systemuserid: id(3, 1),
          },
        },
      },
      expect.objectContaining({ name: "Northwind" }),
    ]);
    const paged = one(target, { prefer: "odata.maxpagesize=1" });
    expect(paged.incident_customer_accounts).toHaveLength(1);
    const link = String(paged[nextLink("incident_customer_accounts")]);
    expect(link).toContain("$skiptoken=%3Ccookie%20pagenumber=%222%22");
    const rest = dataverse.rows(link, { prefer: "odata.maxpagesize=1" });
    expect(rest).toEqual([
      expect.objectContaining({
        title: "broken FAN ",
        ownerid: expect.objectContaining({ fullname: "Bob" }),
      }),
    ]);
  });

  test("of a collection with more than 5,000 rows stops there for each row", async () => {
    const many = await openOData();
    many.insert("account", [
      { accountid: id(2, 1), name: "big" },
      { accountid: id(2, 2), name: "small" },
    ]);
    many.insert(
      "incident",
      Array.from({ length: 5_010 }, (_, n) => ({
        incidentid: id(1, n),
        customerid: id(2, n < 5_003 ? 1 : 2),
        customerid__type: "account",
      })),
    );
    const rows = many.rows(
      "accounts?$select=name&$orderby=name&$expand=incident_customer_accounts($select=incidentid)",
    );
    expect(rows.map((row) => (row.incident_customer_accounts as Json[]).length)).toEqual([
      5_000, 7,
    ]);
  });
});

describe("$expand is refused", () => {
  const sorts =
    "Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or nested one-to-many relationship.";
  test.each<[string, string | RegExp]>([
    ["customerid_account($top=1)", sorts],
    ["customerid_account($orderby=name)", sorts],
    ["Incident_Tasks($top=1;$expand=ownerid)", sorts],
    ["Incident_Tasks($orderby=subject),customerid_account($expand=ownerid)", sorts],
    [
      "colour",
      /Could not find a property named 'colour' on type 'Microsoft.Dynamics.CRM.incident'/,
    ],
    ["CustomerId_Account", /named 'CustomerId_Account'/],
    ["customerid", /named 'customerid'/],
    ["Incident_Tasks($skip=1)", /^Skip Clause is not supported in CRM\.$/],
    ["Incident_Tasks($count=true)", /\$count is not supported inside \$expand/],
    ["Incident_Tasks($levels=2)", /\$levels is not supported/],
    ["Incident_Tasks($select=colour)", /named 'colour' on type 'Microsoft.Dynamics.CRM.task'/],
    ["Incident_Tasks($filter=subject eq @p1)", /alias cannot be used here/],
    ["Incident_Tasks($select=subject;$select=subject)", /more than once/],
    ["Incident_Tasks($select=subject", /'\)' or ';' expected at position/],
    ["Incident_Tasks,", /Syntax error at position/],
    ["", /Syntax error at position 0/],
    [
      Array.from({ length: 16 }, () => "Incident_Tasks").join(","),
      /\(16\) in query exceeded maximum limit of 15/,
    ],
  ])("%s", (expand, message) => {
    const refusal = dataverse.refusal(`incidents?$expand=${encodeURIComponent(expand)}`);
    expect(refusal.status).toBe(400);
    if (typeof message === "string") expect(refusal.message).toBe(message);
    else expect(refusal.message).toMatch(message);
  });
});
