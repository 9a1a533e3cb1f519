import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { batchBody, batchType, type Operation, readBatchAnswers } from "../support/batch";
import { type RunningEmulator, runEmulator } from "../support/running-emulator";
import { recorded } from "./fact";

/** Batches and FetchXML as Microsoft's pages and captured answers show them. */

let emulator: RunningEmulator;
let account: string;
beforeAll(async () => {
  emulator = await runEmulator();
  const { headers } = await emulator.post("accounts", { name: "Fetched", industrycode: 2 });
  account = (headers.get("odata-entityid") ?? "").slice(-37, -1);
  await emulator.post("contacts", {
    lastname: "Linked",
    "parentcustomerid_account@odata.bind": `/accounts(${account})`,
  });
});
afterAll(() => emulator.close());

const batch = async (items: readonly (Operation | readonly Operation[])[], headers = {}) => {
  const answer = await emulator.post("$batch", batchBody(items), {
    headers: { ...batchType, ...headers },
  });
  return {
    status: answer.status,
    type: answer.headers.get("content-type") ?? "",
    parts: readBatchAnswers(String(answer.body)),
  };
};
const at = (path: string) => `${emulator.url}/api/data/v9.2/${path.replaceAll(" ", "%20")}`;
const fetchXml = (text: string, set: string, annotations = '"*"') =>
  emulator.get(`${set}?fetchXml=${encodeURIComponent(text)}`, {
    headers: { Prefer: `odata.include-annotations=${annotations}` },
  });

describe("batches", () => {
  recorded("D", "batchDoc", "rows of a change set are tied by their numbers", async () => {
    const { status, type, parts } = await batch([
      [
        { method: "POST", url: at("accounts"), contentId: "1", body: { name: "Batched" } },
        {
          method: "POST",
          url: at("contacts"),
          contentId: "2",
          body: { lastname: "Batched", "parentcustomerid_account@odata.bind": "$1" },
        },
      ],
      {
        method: "GET",
        url: at(
          "contacts?$select=fullname&$filter=lastname eq 'Batched'&$expand=parentcustomerid_account($select=name)",
        ),
      },
    ]);
    expect([status, type]).toEqual([
      200,
      expect.stringMatching(/^multipart\/mixed; ?boundary=batchresponse_/),
    ]);
    expect(parts.map((part) => [part.status, part.contentId])).toEqual([
      [204, "1"],
      [204, "2"],
      [200, undefined],
    ]);
    expect(parts[0]?.headers.get("odata-entityid")).toMatch(/accounts\([0-9a-f-]{36}\)$/);
    expect(JSON.parse(parts[2]?.text ?? "").value[0].parentcustomerid_account.name).toBe("Batched");
  });

  recorded(
    "D",
    "batchDoc",
    "one refusal undoes its change set, and is its only answer",
    async () => {
      const { parts } = await batch([
        [
          { method: "POST", url: at("accounts"), contentId: "1", body: { name: "Undone" } },
          {
            method: "POST",
            url: at("accounts"),
            contentId: "2",
            body: { name: "Undone", nothing: 1 },
          },
        ],
      ]);
      expect(parts.map((part) => part.status)).toEqual([400]);
      const { body } = await emulator.get("accounts?$select=name&$filter=name eq 'Undone'");
      expect(body.value).toEqual([]);
    },
  );

  recorded(
    "D",
    "batchDoc",
    "a batch ends with its first refusal, unless it is to go on",
    async () => {
      const items = [
        { method: "GET", url: at("accounts?$select=nothing") },
        { method: "GET", url: at("accounts?$select=name&$top=1") },
      ];
      const ended = await batch(items);
      expect(ended.parts.map((part) => part.status)).toEqual([400]);
      const gone = await batch(items, { Prefer: "odata.continue-on-error" });
      expect([gone.status, ...gone.parts.map((part) => part.status)]).toEqual([200, 400, 200]);
    },
  );
});

describe("FetchXML", () => {
  recorded(
    "R",
    "annotations",
    "what a link brings has its alias before it, with its text",
    async () => {
      const { body } = await fetchXml(
        `<fetch><entity name="contact"><attribute name="fullname"/><filter><condition attribute="lastname" operator="eq" value="Linked"/></filter><link-entity name="account" from="accountid" to="parentcustomerid" alias="a"><attribute name="name"/><attribute name="industrycode"/></link-entity></entity></fetch>`,
        "contacts",
      );
      const [row] = body.value;
      expect(row["a.name"]).toBe("Fetched");
      expect(row["a.industrycode@OData.Community.Display.V1.FormattedValue"]).toMatch(
        /Agriculture/,
      );
      expect(row["a.industrycode@OData.Community.Display.V1.AttributeName"]).toBe("industrycode");
    },
  );

  recorded("D", "fetchDoc", "a page, its cookie, and whether there is more", async () => {
    const { body } = await fetchXml(
      `<fetch count="2" page="1" returntotalrecordcount="true"><entity name="contact"><attribute name="fullname"/></entity></fetch>`,
      "contacts",
    );
    expect(body.value).toHaveLength(2);
    expect(body["@Microsoft.Dynamics.CRM.morerecords"]).toBe(true);
    expect(body["@Microsoft.Dynamics.CRM.totalrecordcount"]).toBeGreaterThan(2);
    expect(body["@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"]).toBe(false);
    const cookie = decodeURIComponent(
      decodeURIComponent(
        /pagingcookie="([^"]*)"/.exec(body["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"])?.[1] ??
          "",
      ),
    );
    expect(cookie).toMatch(
      /^<cookie page="1"><contactid last="\{[0-9A-F-]{36}\}" first="\{[0-9A-F-]{36}\}" ?\/><\/cookie>$/,
    );
  });

  recorded("D", "fetchDoc", "groups and what is counted in them, by their aliases", async () => {
    const { body } = await fetchXml(
      `<fetch aggregate="true"><entity name="incident"><attribute name="incidentid" aggregate="count" alias="n"/><attribute name="statecode" groupby="true" alias="state"/></entity></fetch>`,
      "incidents",
    );
    for (const row of body.value) {
      expect(row.n).toEqual(expect.any(Number));
      expect(row["state@OData.Community.Display.V1.FormattedValue"]).toEqual(expect.any(String));
      expect(row["state@OData.Community.Display.V1.AttributeName"]).toBe("statecode");
    }
  });

  recorded("D", "fetchDoc", "the first rows alone have no pages", async () => {
    const { status, body } = await fetchXml(
      `<fetch top="2" page="1"><entity name="contact"><attribute name="fullname"/></entity></fetch>`,
      "contacts",
    );
    expect([status, body.error.code]).toEqual([400, expect.stringMatching(/^0x8004/)]);
  });
});
