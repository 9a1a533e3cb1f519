import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createDataverseEnvironment } from "../../../shared/compose";
import { readConfig } from "../../../shared/config";
import type { Dataverse } from "../../../shared/dataverse";
import type { FieldSpec } from "../../../shared/intelligence";
import { neverAutomatic } from "../../../shared/policy/automatic";
import { readFieldSpecs } from "../../../shared/service/enrichment/case-fields";
import { createTrace } from "../../../shared/trace";
import { type ServiceDesk, startServiceDesk } from "../../support/service-desk";
import { category, incident, mail, resolvedCases } from "../intelligence/cases";

/** By hand, so that a field which leaves the policy is missed here; the table is one that has the column. */
const guarded: [field: string, table: string][] = [
  ["prioritycode", "incident"],
  ["severitycode", "incident"],
  ["isescalated", "incident"],
  ["entitlementid", "incident"],
  ["slaid", "incident"],
  ["customerid", "incident"],
  ["ownerid", "incident"],
  ["queueid", "queueitem"],
  ["statecode", "incident"],
  ["statuscode", "incident"],
];

test("the policy holds these fields back, and no other", () => {
  expect([...neverAutomatic].sort()).toEqual(guarded.map(([field]) => field).sort());
});

describe("the first lock: a field that is asked for with mode auto is at most recommended", () => {
  let desk: ServiceDesk;
  let dataverse: Dataverse;
  beforeAll(async () => {
    desk = await startServiceDesk({ cases: 20 });
    dataverse = desk.dataverse();
  });
  afterAll(() => desk.close());
  const specOf = async (field: string, tableName: string) => {
    const table = await dataverse.metadata.table(tableName);
    const column = table?.columnByName.get(field);
    if (column === undefined) throw new Error(`${tableName} has no column ${field}`);
    const setting = {
      mode: "auto",
      selectAt: 0,
      autoAt: 0,
      targetPrecision: 0.5,
      overwriteHuman: true,
    } as const;
    return (await readFieldSpecs(dataverse, [[column, setting]], true))[0];
  };

  test.each(guarded)("%s", async (field, tableName) => {
    expect(await specOf(field, tableName)).toMatchObject({ logicalName: field, mode: "recommend" });
  });

  test("and any other is what it was asked for as", async () => {
    expect((await specOf("casetypecode", "incident"))?.mode).toBe("auto");
  });
});

describe("the second lock: what the process wires together writes none of them, even when asked to", () => {
  const cases = resolvedCases(300);
  const dataverse = createDataverseEnvironment(
    readConfig({
      DATAVERSE_URL: "http://127.0.0.1:9",
      MCP_AUTH_MODE: "dev",
      MCP_DEV_USER_OBJECT_ID: "0b000000-0000-4000-8000-000000000001",
    }),
    () => {},
  );
  const decisionOn = async (field: string) => {
    const signal = new AbortController().signal;
    const fields: FieldSpec[] = [{ ...category, logicalName: field }];
    const { predictions } = await dataverse
      .intelligence(dataverse.as("app", signal, createTrace()))
      .predictFields(
        {
          case: incident,
          sources: [mail("The pump leaks and the valve is stuck, alarm and motor noise")],
          fields,
          similar: [],
          history: {
            scope: `policy-${field}`,
            version: "1",
            read: async () =>
              cases.map((one) => ({ ...one, values: { [field]: one.values.casetypecode } })),
          },
        },
        signal,
      );
    return predictions[0];
  };

  test.each(guarded)("%s", async (field) => {
    expect(await decisionOn(field)).toMatchObject({ decision: "select", best: { value: 2 } });
  });

  test("and writes another that is as sure", async () => {
    expect((await decisionOn("casetypecode"))?.decision).toBe("auto");
  });
});
