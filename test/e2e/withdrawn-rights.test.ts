import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { caseHistory } from "../../shared/service/case/case-history";
import { findCaseTable } from "../../shared/service/case/case-table";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

/** Rights that are taken away in Dataverse while somebody works: from rows at once, from what was learned within the time that is stated. */
const representative = personas[0];
const minute = 60_000;
const start = Date.UTC(2026, 10, 30, 9, 0);
let desk: ServiceDesk;

beforeAll(async () => {
  desk = await startServiceDesk({ cases: 60 });
}, 60_000);
afterAll(() => desk?.close());

const historyAt = async (now: number) => {
  const dataverse = desk.dataverse();
  const caseTable = await findCaseTable(dataverse.metadata, undefined);
  return caseHistory(dataverse, caseTable, ["subjectid"], {
    environment: desk.emulator.url,
    caller: representative?.objectId ?? "",
    now,
  });
};
const query = { querytext: "SELECT TOP 1 ticketnumber FROM incident" };

describe("rights that are withdrawn", () => {
  let learned: number;
  beforeAll(async () => {
    learned = (await (await historyAt(start)).cases()).length;
    expect((await desk.call("read_query", query)).isError).toBe(false);
    await desk.write("PATCH", `systemusers(${representative?.systemUserId})`, { isdisabled: true });
  }, 60_000);

  test("hold on every row with the next call, the same client's too", async () => {
    const { isError, text } = await desk.call("read_query", query);
    expect([isError, text]).toEqual([true, expect.stringContaining("disabled")]);
    const other = await desk.call("read_query", query, "administrator");
    expect(other.isError).toBe(false);
  });

  test("end what was learned within 15 minutes, and for no longer than that is it used", async () => {
    expect(learned).toBeGreaterThan(5);
    const inTime = await historyAt(start + 14 * minute);
    expect((await inTime.cases()).length).toBe(learned);
    const late = await historyAt(start + 15 * minute);
    // Another version is another model: what was trained before is not asked again.
    expect(late.version).not.toBe(inTime.version);
    await expect(late.cases()).rejects.toThrow(/disabled/);
  });
});
