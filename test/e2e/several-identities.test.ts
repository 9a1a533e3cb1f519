import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { applicationUser, personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { placeOf } from "../../shared/dataverse/spread";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

type Row = Record<string, unknown>;
const second = {
  applicationId: "0c000000-0000-4000-8000-0000000000d2",
  systemUserId: "0a000000-0000-4000-8000-0000000000d2",
};
let desk: ServiceDesk;
const rows = async (path: string) => (await desk.read(path)).value as Row[];

beforeAll(async () => {
  desk = await startServiceDesk({
    cases: 20,
    settings: {
      AZURE_CLIENT_ID: applicationUser.applicationId,
      DATAVERSE_MORE_CLIENT_IDS: second.applicationId,
    },
  });
  const [unit] = await rows(
    "businessunits?$select=businessunitid&$filter=_parentbusinessunitid_value eq null",
  );
  await desk.write("PATCH", `systemusers(${second.systemUserId})`, {
    applicationid: second.applicationId,
    "businessunitid@odata.bind": `/businessunits(${unit?.businessunitid})`,
    firstname: "#",
    lastname: "Customer Service MCP 2",
  });
  const roles = await rows(
    `systemusers(${applicationUser.systemUserId})/systemuserroles_association?$select=roleid`,
  );
  for (const { roleid } of roles)
    await desk.write(
      "POST",
      `systemusers(${second.systemUserId})/systemuserroles_association/$ref`,
      {
        "@odata.id": `${desk.emulator.url}/api/data/v9.2/roles(${roleid})`,
      },
    );
}, 60_000);
afterAll(() => desk?.close());

test("a person's calls go by one of the application's users, and the people are spread over both", async () => {
  const working = personas.filter(({ key }) =>
    /^(representative|manager|administrator)$/.test(key),
  );
  const places = new Set<number>();
  for (const { key, objectId, systemUserId } of working) {
    const place = placeOf({ objectId }, 2);
    places.add(place);
    for (const subject of ["One", "Other"]) {
      const { structured } = await desk.call(
        "create_record",
        { tablename: "task", item: { subject } },
        key,
      );
      const made = await desk.read(
        `tasks(${structured.recordId})?$select=_createdby_value,_createdonbehalfby_value`,
      );
      expect(made).toMatchObject({
        _createdby_value: systemUserId,
        _createdonbehalfby_value: place === 0 ? applicationUser.systemUserId : second.systemUserId,
      });
    }
  }
  expect([...places].sort()).toEqual([0, 1]);
  expect(desk.bugs).toEqual([]);
});
