import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { type RunningEmulator, runEmulator } from "../support/running-emulator";
import { recorded } from "./fact";

type Row = Record<string, unknown>;

const all = { headers: { Prefer: 'odata.include-annotations="*"' } };
const formatted = (column: string) => `${column}@OData.Community.Display.V1.FormattedValue`;
const navigation = (column: string) =>
  `${column}@Microsoft.Dynamics.CRM.associatednavigationproperty`;
const table = (column: string) => `${column}@Microsoft.Dynamics.CRM.lookuplogicalname`;

let emulator: RunningEmulator;
let account: string;
beforeAll(async () => {
  emulator = await runEmulator();
  const made = await emulator.post(
    "accounts?$select=accountid",
    { name: "Älvdal", revenue: 1234.5, address1_city: "Malmö", exchangerate: undefined },
    { headers: { Prefer: "return=representation" } },
  );
  account = made.body.accountid;
});
afterAll(() => emulator.close());

const first = async (path: string): Promise<Row> =>
  (await emulator.get(`${path}${path.includes("?") ? "&" : "?"}$top=1`, all)).body.value[0];
const fetchXml = (text: string, set: string, call = all, more = "") =>
  emulator.get(`${set}?fetchXml=${encodeURIComponent(text)}${more}`, call);

describe("rows and annotations as they were recorded", () => {
  recorded("R", "annotations", "a lookup to users alone names no property to bind", async () => {
    const row = await first(
      "accounts?$select=name,_createdby_value,_modifiedby_value,_ownerid_value",
    );
    for (const column of ["_createdby_value", "_modifiedby_value"]) {
      expect(row[table(column)]).toBe("systemuser");
      expect(row[formatted(column)]).toEqual(expect.any(String));
      expect(row).not.toHaveProperty([navigation(column)]);
    }
    expect(row[navigation("_ownerid_value")]).toBe("ownerid");
  });

  recorded("R", "annotations", "the owner as a user or a team has no name beside it", async () => {
    const row = await first("accounts?$select=_owninguser_value,_owningbusinessunit_value");
    expect(row[table("_owninguser_value")]).toBe("systemuser");
    expect(row).not.toHaveProperty([formatted("_owninguser_value")]);
    expect(row[formatted("_owningbusinessunit_value")]).toEqual(expect.any(String));
  });

  recorded(
    "R",
    "annotations",
    "a party's activity is an activitypointer without a name",
    async () => {
      const row = await first(
        "activityparties?$select=_activityid_value,_ownerid_value&$filter=_activityid_value ne null",
      );
      expect(row[table("_activityid_value")]).toBe("activitypointer");
      expect(row).not.toHaveProperty([formatted("_activityid_value")]);
      expect(row).not.toHaveProperty([formatted("_ownerid_value")]);
    },
  );

  recorded("D", "selectDoc", "money brings its currency, right behind the key", async () => {
    const { body } = await emulator.get(`accounts(${account})?$select=revenue`, all);
    const keys = Object.keys(body).filter((key) => !key.includes("@"));
    expect(keys).toEqual(
      expect.arrayContaining(["revenue", "accountid", "_transactioncurrencyid_value"]),
    );
    expect(keys.indexOf("_transactioncurrencyid_value")).toBe(keys.indexOf("accountid") + 1);
    expect(body[table("_transactioncurrencyid_value")]).toBe("transactioncurrency");
    expect(body["@odata.context"]).toMatch(/#accounts\(revenue\)\/\$entity$/);
  });

  recorded("R", "annotations", "a part of an address brings the whole", async () => {
    const { body } = await emulator.get(`accounts(${account})?$select=address1_city`, all);
    expect(body.address1_composite).toContain("Malmö");
    expect(body["@odata.context"]).toMatch(/#accounts\(address1_city\)\/\$entity$/);
  });

  recorded("R", "annotations", "FetchXML with money lists the currency, too", async () => {
    const { body } = await fetchXml(
      `<fetch top="1"><entity name="account"><attribute name="revenue"/><filter><condition attribute="accountid" operator="eq" value="${account}"/></filter></entity></fetch>`,
      "accounts",
    );
    expect(body["@odata.context"]).toContain("_transactioncurrencyid_value");
    expect(body.value[0]._transactioncurrencyid_value).toEqual(expect.any(String));
  });

  recorded("R", "annotations", "a rate of exchange is shown with twelve decimals", async () => {
    const row = await first("transactioncurrencies?$select=exchangerate");
    expect(row[formatted("exchangerate")]).toMatch(/^\d+\.\d{12}$/);
  });

  recorded("R", "annotations", "a new case stands at the first stage of service", async () => {
    const made = await emulator.post(
      "incidents?$select=servicestage",
      { title: "Staged", "customerid_account@odata.bind": `/accounts(${account})` },
      { headers: { Prefer: "return=representation" } },
    );
    expect(made.body.servicestage).toBe(0);
  });

  recorded("R", "annotations", "new rows of custom tables know a rule of time zones", async () => {
    const label = (Label: string) => ({ LocalizedLabels: [{ Label, LanguageCode: 1033 }] });
    const made = await emulator.post("EntityDefinitions", {
      "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
      SchemaName: "new_Lamp",
      DisplayName: label("Lamp"),
      DisplayCollectionName: label("Lamps"),
      OwnershipType: "UserOwned",
      Attributes: [
        {
          "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
          SchemaName: "new_Name",
          DisplayName: label("Name"),
          IsPrimaryName: true,
          MaxLength: 100,
          RequiredLevel: { Value: "None" },
        },
      ],
    });
    expect(made.status).toBe(204);
    const row = await emulator.post(
      "new_lamps",
      { new_name: "Bright" },
      { headers: { Prefer: "return=representation" } },
    );
    expect(row.body.timezoneruleversionnumber).toBe(0);
  });

  recorded("D", "fileDoc", "the name of a file is a column that can be read", async () => {
    const label = (Label: string) => ({ LocalizedLabels: [{ Label, LanguageCode: 1033 }] });
    const made = await emulator.post("EntityDefinitions(LogicalName='account')/Attributes", {
      "@odata.type": "Microsoft.Dynamics.CRM.FileAttributeMetadata",
      SchemaName: "new_Deed",
      DisplayName: label("Deed"),
      RequiredLevel: { Value: "None" },
      MaxSizeInKB: 1024,
    });
    expect(made.status).toBe(204);
    const { status, body } = await emulator.get(`accounts(${account})?$select=new_deed_name`);
    expect([status, body.new_deed_name]).toEqual([200, null]);
  });
});

describe("paging as it was recorded", () => {
  const page = (size: number) => ({
    headers: { Prefer: `odata.include-annotations="*",odata.maxpagesize=${size}` },
  });
  const xml = (more: string) =>
    `<fetch ${more}><entity name="account"><attribute name="name"/><order attribute="name"/></entity></fetch>`;

  recorded("R", "annotations", "a cookie keeps values as they are stored", async () => {
    const text = `<fetch count="1" page="1"><entity name="account"><attribute name="name"/><order attribute="name" descending="true"/></entity></fetch>`;
    const { body } = await fetchXml(text, "accounts");
    const cookie: string = body["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"];
    const inner = decodeURIComponent(
      decodeURIComponent(/pagingcookie="([^"]*)"/.exec(cookie)?.[1] ?? ""),
    );
    expect(inner).toContain(`last="${body.value[0].name}"`);
  });

  recorded("R", "annotations", "the cookie of the first page leads to the second", async () => {
    const { body } = await fetchXml(xml('count="3" page="1"'), "accounts");
    expect(body["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"]).toMatch(
      /^<cookie pagenumber="2" pagingcookie="/,
    );
    expect(body["@Microsoft.Dynamics.CRM.morerecords"]).toBe(true);
  });

  recorded("R", "annotations", "commas of the query stay commas in the next link", async () => {
    const { body } = await emulator.get("accounts?$select=name,accountid", page(2));
    expect(body["@odata.nextLink"]).toContain("$select=name,accountid&$skiptoken=");
  });

  recorded(
    "R",
    "annotations",
    "the token to go on with is encoded once more than it reads",
    async () => {
      const { body } = await emulator.get("accounts?$select=name", page(2));
      expect(body["@odata.nextLink"]).toContain(
        "$skiptoken=%3Ccookie%20pagenumber=%222%22%20pagingcookie=%22%253ccookie%2520page%253d%25221%2522",
      );
    },
  );

  recorded("N", "crm", "$count beside FetchXML counts", async () => {
    const { body } = await fetchXml(xml('count="3"'), "accounts", all, "&$count=true");
    const rows = (await emulator.get("accounts/$count")).body;
    expect(body["@odata.count"]).toBe(Number(rows));
    expect(body["@Microsoft.Dynamics.CRM.totalrecordcount"]).toBe(Number(rows));
  });

  recorded(
    "R",
    "headers",
    "each preference that was followed has a line, annotations first",
    async () => {
      const { headers } = await emulator.get("accounts?$select=name", {
        headers: { Prefer: 'odata.maxpagesize=2,odata.include-annotations="*"' },
      });
      expect(headers.get("preference-applied")).toMatch(
        /^odata\.include-annotations="\*", odata\.maxpagesize=2$/,
      );
    },
  );
});

describe("headers as they were recorded", () => {
  recorded("R", "headers", "what every answer bears", async () => {
    for (const path of ["WhoAmI", "accounts?$top=1&$select=name", "nothings"]) {
      const { headers } = await emulator.get(path);
      expect(headers.get("req_id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get("authactivityid")).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get("x-ms-service-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get("crm.serviceid")).toEqual(expect.any(String));
      expect(headers.get("x-ms-dop-hint")).toMatch(/^\d+$/);
      expect(headers.get("cache-control")).toBe("no-cache");
      expect(headers.get("allow")).toContain("GET");
      expect(headers.get("expires")).toBe("-1");
      expect(headers.get("odata-version")).toBe("4.0");
    }
  });

  recorded("R", "headers", "a new row's address stands in OData-EntityId", async () => {
    const { status, headers } = await emulator.post("accounts", { name: "Addressed" });
    expect(status).toBe(204);
    expect(headers.get("odata-entityid")).toMatch(/\/api\/data\/v9\.2\/accounts\([0-9a-f-]{36}\)$/);
  });

  recorded("R", "headers", "limits are told as numbers of requests and of time", async () => {
    const { headers } = await emulator.get("WhoAmI");
    expect(headers.get("x-ms-ratelimit-burst-remaining-xrm-requests")).toMatch(/^\d+$/);
    expect(headers.get("x-ms-ratelimit-time-remaining-xrm-requests")).toMatch(/^[\d,]+\.\d\d$/);
  });

  recorded("R", "annotations", "a row's etag is weak and its version", async () => {
    const row = await first("accounts?$select=name,versionnumber");
    expect(row["@odata.etag"]).toBe(`W/"${String(row.versionnumber)}"`);
  });
});
