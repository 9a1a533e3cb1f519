import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createClient } from "../../../shared/dataverse/client";
import { createMetadataCache } from "../../../shared/dataverse/metadata/cache";
import { metadataWithin } from "../../../shared/dataverse/metadata/within";
import { createGate } from "../../../shared/dataverse/transport/gate";
import { createSender } from "../../../shared/dataverse/transport/sender";
import { createTrace } from "../../../shared/trace";
import { openDoor } from "../../support/consent";
import { json, startWebApi, type WebApi } from "../../support/web-api";

/** No answer fills the memory, and pages that change their size leave no row out. */

let api: WebApi;
beforeAll(async () => {
  api = await startWebApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.received.length = 0;
});

const label = { UserLocalizedLabel: { Label: "Note", LanguageCode: 1033 }, LocalizedLabels: [] };
const note = {
  LogicalName: "note",
  SchemaName: "note",
  EntitySetName: "notes",
  DisplayName: label,
  DisplayCollectionName: label,
  PrimaryIdAttribute: "noteid",
  PrimaryNameAttribute: "title",
  Attributes: [{ LogicalName: "noteid", AttributeType: "Uniqueidentifier" }],
  ManyToOneRelationships: [],
};

function client(longestAnswer: number) {
  const send = createSender({
    url: api.url,
    tokens: { getToken: async () => ({ token: "t" }), renew: async () => undefined },
    gate: createGate({ places: 8 }),
    retryWaitSeconds: 1,
    longestAnswer,
  });
  return createClient({
    door: openDoor,
    send,
    context: {
      identity: { objectId: "0b000000-0000-4000-8000-000000000001" },
      signal: AbortSignal.timeout(20_000),
      trace: createTrace(),
      budget: undefined,
    },
    metadata: metadataWithin(
      createMetadataCache(async () => ({ EntityMetadata: [note], ServerVersionStamp: "1" })),
      "app",
      AbortSignal.timeout(20_000),
    ),
    onMetadataVersion: () => {},
  });
}

/** Serves rows of these widths by `count` and `page`, or behind the row that the cookie names. */
function serve(widths: readonly number[], hasCookie: boolean): void {
  api.script = [
    (request, response) => {
      const fetchXml = new URL(request.url, api.url).searchParams.get("fetchXml") ?? "";
      const number = (name: string) =>
        Number(new RegExp(`\\s${name}="(\\d+)"`).exec(fetchXml)?.[1] ?? 0);
      const count = number("count");
      const last = /last=&quot;(\d+)&quot;/.exec(fetchXml)?.[1];
      const start = last === undefined ? (number("page") - 1) * count : Number(last);
      const rows = widths
        .slice(start, start + count)
        .map((width, index) => ({ n: start + index, body: "x".repeat(width) }));
      const cookie = encodeURIComponent(encodeURIComponent(`<cookie last="${start + count}"/>`));
      json({
        value: rows,
        "@Microsoft.Dynamics.CRM.morerecords": start + count < widths.length,
        ...(hasCookie && {
          "@Microsoft.Dynamics.CRM.fetchxmlpagingcookie": `<cookie pagenumber="2" pagingcookie="${cookie}" istracking="False" />`,
        }),
      })(request, response);
    },
  ];
}

const xml = '<fetch><entity name="note"><attribute name="body" /></entity></fetch>';

describe("an answer above the limit", () => {
  test("is given up while it comes in, once, and refused in words", async () => {
    api.script = [json({ value: ["x".repeat(100_000)] })];
    await expect(
      client(10_000).retrieve("note", "0a000000-0000-4000-8000-00000000000f"),
    ).rejects.toMatchObject({ kind: "unsupported", message: expect.stringMatching(/larger than/) });
    expect(api.received).toHaveLength(1);
  });

  test.each([true, false])(
    "is asked for again in smaller pages (cookie: %s)",
    async (hasCookie) => {
      const widths = Array.from({ length: 300 }, (_, n) => (n % 50 === 49 ? 9_000 : 100));
      serve(widths, hasCookie);
      const seen: unknown[] = [];
      let wanted = 64;
      for await (const page of client(12_000).fetchXml("note", xml, {
        pageSize: wanted,
        nextPageSize: () => {
          wanted = wanted > 40 ? 7 : wanted * 3;
          return wanted;
        },
      }))
        seen.push(...page.rows.map((row) => row.n));
      expect(seen).toEqual(widths.map((_, n) => n));
    },
  );

  test("of a single row is refused, with what to leave out", async () => {
    serve([50_000, 1], true);
    const read = async () => {
      for await (const _ of client(12_000).fetchXml("note", xml, { pageSize: 2 }));
    };
    await expect(read()).rejects.toMatchObject({
      hint: expect.stringMatching(/files or long texts/),
    });
  });
});
