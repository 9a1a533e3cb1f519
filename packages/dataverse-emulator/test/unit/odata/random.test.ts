import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { applyQuery, type Json, type Query, rowQuery } from "../evaluator/odata-query";
import { openCompany } from "../evaluator/open-company";
import { Tape } from "../evaluator/tape";
import { fold } from "../evaluator/values";
import { type OData, openOData } from "./support";

/** Random queries, answered by the emulator and by a plain evaluator that shares nothing with it. */

/** A loaded machine takes its time. */
const patience = 180_000;

const tape = fc.array(fc.nat(0x3fff_ffff), { minLength: 150, maxLength: 150 });

/** Without what an evaluator of values cannot know: etags and links. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.includes("@odata."))
      .map(([name, one]) => [name, bare(one)]),
  );
}

function ask(dataverse: OData, { target }: Query): Json[] {
  const { status, body } = dataverse.get(target);
  if (status !== 200) throw new Error(`${decodeURIComponent(target)}\n${JSON.stringify(body)}`);
  return bare(body.value) as Json[];
}

test.each([
  ["whoever sees all", 1, 0],
  ["whom rights hide rows from", 2, 4],
])(
  "1,500 random queries give the rows of a plain evaluator: %s",
  async (_, seed, hides) => {
    const { dataverse, company } = await openCompany(openOData, seed, hides);
    let rows = 0;
    fc.assert(
      fc.property(tape, (numbers) => {
        const query = rowQuery(new Tape(numbers), company);
        const found = ask(dataverse, query);
        rows += found.length;
        expect([decodeURIComponent(query.target), found]).toEqual([
          decodeURIComponent(query.target),
          query.expected,
        ]);
      }),
      { seed, numRuns: 1_500 },
    );
    expect(rows).toBeGreaterThan(10_000);
  },
  patience,
);

test(
  "700 random aggregates give the groups of a plain evaluator",
  async () => {
    const { dataverse, company } = await openCompany(openOData, 3, 5);
    const sortedText = (rows: readonly Json[]) =>
      rows
        .map((row) =>
          JSON.stringify(
            Object.entries(row)
              .map(([name, value]) => [
                name,
                typeof value === "number" ? Number(value.toFixed(6)) : value,
              ])
              .sort(),
          ),
        )
        .sort();
    let groups = 0;
    fc.assert(
      fc.property(tape, (numbers) => {
        const query = applyQuery(new Tape(numbers), company);
        const found = ask(dataverse, query).map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([name, value]) => [
              name,
              typeof value === "string" && !/^m\d$/.test(name) ? fold(value) : value,
            ]),
          ),
        );
        groups += found.length;
        expect([decodeURIComponent(query.target), sortedText(found)]).toEqual([
          decodeURIComponent(query.target),
          sortedText(query.expected),
        ]);
      }),
      { seed: 3, numRuns: 700 },
    );
    expect(groups).toBeGreaterThan(2_000);
  },
  patience,
);
