import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { escapeXml } from "../evaluator/fetch-filter";
import { aggregateQuery, joinQuery, pagedQuery } from "../evaluator/fetch-query";
import { openCompany } from "../evaluator/open-company";
import { Tape } from "../evaluator/tape";
import { fold } from "../evaluator/values";
import { type Json, openFetch } from "./support";

/** Random FetchXML, answered by the emulator and by a plain evaluator that shares nothing with it. */

/** A loaded machine takes its time. */
const patience = 180_000;

const tape = fc.array(fc.nat(0x3fff_ffff), { minLength: 150, maxLength: 150 });

const asText = (row: Json) =>
  JSON.stringify(
    Object.entries(row)
      .filter(([name]) => name !== "@odata.etag")
      .map(([name, value]) => [name, typeof value === "number" ? Number(value.toFixed(6)) : value])
      .sort(),
  );
const inNoOrder = (rows: readonly Json[]) => rows.map(asText).sort();

test.each([
  ["whoever sees all", 11, 0],
  ["whom rights hide rows from", 12, 4],
])(
  "1,000 random joins give the rows of a plain evaluator: %s",
  async (_, seed, hides) => {
    const { dataverse, company } = await openCompany(openFetch, seed, hides);
    let rows = 0;
    fc.assert(
      fc.property(tape, (numbers) => {
        const { xml, expected } = joinQuery(new Tape(numbers), company);
        const found = dataverse.rows(xml, "");
        rows += found.length;
        expect([xml, inNoOrder(found)]).toEqual([xml, inNoOrder(expected)]);
      }),
      { seed, numRuns: 1_000 },
    );
    expect(rows).toBeGreaterThan(5_000);
  },
  patience,
);

test(
  "300 random sorted queries give the same rows on every page",
  async () => {
    const { dataverse, company } = await openCompany(openFetch, 13, 5);
    fc.assert(
      fc.property(tape, (numbers) => {
        const { body, key, ids, size, raw } = pagedQuery(new Tape(numbers), company);
        const found: unknown[] = [];
        let cookie = "";
        for (let page = 1; ; page++) {
          const answer = dataverse.fetch(
            `<fetch count="${size}" page="${page}" ${raw} ${cookie}>${body}</fetch>`,
          ).body;
          found.push(...(answer.value as Json[]).map((row) => row[key]));
          if (answer["@Microsoft.Dynamics.CRM.morerecords"] !== true) break;
          const [, inner = ""] =
            /pagingcookie="([^"]*)"/.exec(
              String(answer["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"]),
            ) ?? [];
          cookie = `paging-cookie="${escapeXml(decodeURIComponent(decodeURIComponent(inner)))}"`;
          if (page > 100) throw new Error("The pages never end.");
        }
        expect([body, found]).toEqual([body, ids]);
      }),
      { seed: 13, numRuns: 300 },
    );
  },
  patience,
);

test(
  "700 random aggregates give the groups of a plain evaluator",
  async () => {
    const { dataverse, company } = await openCompany(openFetch, 14, 5);
    fc.assert(
      fc.property(tape, (numbers) => {
        const { xml, expected } = aggregateQuery(new Tape(numbers), company);
        const found = dataverse
          .rows(xml, "")
          .map((row) =>
            Object.fromEntries(
              Object.entries(row).map(([name, value]) => [
                name,
                typeof value === "string" && name.startsWith("g") ? fold(value) : value,
              ]),
            ),
          );
        expect([xml, inNoOrder(found)]).toEqual([xml, inNoOrder(expected)]);
      }),
      { seed: 14, numRuns: 700 },
    );
  },
  patience,
);
