import { beforeAll, describe, expect, test } from "@jest/globals";
import { fillSmall, type OData, openOData } from "./support";

/** A secured column that no profile lets the caller read. */
let dataverse: OData;
beforeAll(async () => {
  dataverse = await openOData();
  fillSmall(dataverse);
  const revenue = dataverse.catalog.byName("account")!.attribute("revenue")!;
  dataverse.catalog.change((change) =>
    change.putAttribute("account", { ...revenue, isSecured: true }),
  );
});

const fetchOf = (table: string, body: string, aggregate = "") =>
  `fetchXml=${encodeURIComponent(`<fetch ${aggregate}><entity name="${table}">${body}</entity></fetch>`)}`;
const link = '<link-entity name="account" from="accountid" to="customerid" alias="a">';

describe("a secured column", () => {
  test("is not told with a row, a joined row or an expanded one", () => {
    const plain = dataverse.rows("accounts?$select=name,revenue");
    expect(plain).toHaveLength(4);
    expect(JSON.stringify(plain)).not.toMatch(/"revenue":\d/);
    expect(JSON.stringify(dataverse.rows("accounts"))).not.toMatch(/"revenue":\d/);
    const joined = dataverse.rows(
      `incidents?${fetchOf("incident", `${link}<attribute name="name"/><attribute name="revenue"/></link-entity>`)}`,
    );
    expect(joined[0]).toHaveProperty(["a.name"]);
    expect(joined.every((row) => !("a.revenue" in row))).toBe(true);
    const expanded = dataverse.rows("incidents?$expand=customerid_account($select=revenue)");
    expect(JSON.stringify(expanded)).not.toMatch(/"revenue":\d/);
  });

  test.each([
    "accounts?$filter=revenue gt 100",
    "accounts?$orderby=revenue",
    "accounts?$apply=aggregate(revenue with sum as total)",
    "accounts?$filter=Microsoft.Dynamics.CRM.Between(PropertyName='revenue',PropertyValues=['1','2'])",
    "incidents?$filter=customerid_account/revenue gt 100",
    "contacts?$filter=incident_customer_contacts/any(c:c/customerid_account/revenue gt 1)",
    `accounts?${fetchOf("account", '<filter><condition attribute="revenue" operator="gt" value="1"/></filter>')}`,
    `accounts?${fetchOf("account", '<filter><condition attribute="creditlimit" operator="gt" valueof="revenue"/></filter>')}`,
    `accounts?${fetchOf("account", '<order attribute="revenue"/>')}`,
    `accounts?${fetchOf("account", '<attribute name="revenue" alias="r" aggregate="sum"/>', 'aggregate="true"')}`,
    `incidents?${fetchOf("incident", `${link}<filter><condition attribute="revenue" operator="gt" value="1"/></filter></link-entity>`)}`,
  ])("is not told by a query either: %s", (target) => {
    expect(dataverse.refusal(target)).toEqual({
      status: 403,
      code: "0x8004f504",
      message:
        "The user does not have read permissions to a secured field. The requested operation could not be completed.",
    });
  });
});
