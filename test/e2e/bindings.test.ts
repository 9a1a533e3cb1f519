import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { matchColumn } from "../../shared/service/record/lookups/column-match";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

/** Every lookup of every table is found by whatever the documentation and clients call it. */

let desk: ServiceDesk;
beforeAll(async () => {
  desk = await startServiceDesk({ cases: 1 });
}, 60_000);
afterAll(() => desk?.close());

test("each lookup of each table goes by its column, its property, and column and target, in any case", async () => {
  const { metadata } = desk.dataverse();
  const wrong: string[] = [];
  let tried = 0;
  for (const { logicalName } of await metadata.tables()) {
    const table = await metadata.table(logicalName);
    for (const column of table?.columns ?? []) {
      if (table === undefined || column.attributeOf !== undefined) continue;
      for (const { target, property } of column.navigation ?? []) {
        const forms = [property, property.toUpperCase(), column.logicalName, column.schemaName];
        if (target !== "owner") forms.push(`${column.logicalName}_${target}`);
        for (const form of forms) {
          tried += 1;
          const match = matchColumn(table, `${form}@odata.bind`);
          const found = "column" in match ? match.column.logicalName : match.problem;
          const to = "column" in match ? (match.navigation?.target ?? target) : target;
          if (found !== column.logicalName || to !== target)
            wrong.push(
              `${logicalName}: ${form} is ${found} to ${to}, not ${column.logicalName} to ${target}`,
            );
        }
      }
    }
  }
  expect(tried).toBeGreaterThan(3_000);
  expect(wrong).toEqual([]);
}, 120_000);
