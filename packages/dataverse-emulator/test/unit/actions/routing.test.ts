import { beforeAll, describe, expect, test } from "@jest/globals";
import { actionsHandler } from "../../../src/actions";
import { loadCatalog } from "../../../src/metadata";
import { DataverseError, type WebRequest, type World } from "../../../src/model";
import { openDatabase } from "../../../src/store";

const CASE = "0a000000-0000-4000-8000-0000000000c1";
const SEND = `emails(${CASE})/Microsoft.Dynamics.CRM.SendEmail`;
let world: World;

/** Everything here is decided before a row is touched, so rows and rights are out of reach. */
beforeAll(async () => {
  const db = await openDatabase(":memory:");
  const never = () => {
    throw new Error("A row was touched before the request was checked.");
  };
  world = {
    db,
    catalog: loadCatalog(db),
    records: {
      create: never,
      update: never,
      delete: never,
      read: never,
      render: never,
      formatted: never,
    },
    security: { demand: never, rowFilter: never },
    now: () => new Date("2026-01-05T10:00:00Z"),
    dispatch: never,
  };
});

function send(method: string, path: string, body?: unknown) {
  const request: WebRequest = {
    method,
    path,
    query: new Map(),
    headers: {},
    body,
    rawBody: undefined,
    principal: { systemUserId: CASE, businessUnitId: CASE, onBehalfOf: undefined },
    annotations: { wants: () => false },
    serviceRoot: "http://127.0.0.1:7072/api/data/v9.2/",
  };
  try {
    return actionsHandler(request, world);
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error;
    return { status: error.status, code: error.code, message: error.message };
  }
}
const resolution = {
  "@odata.type": "Microsoft.Dynamics.CRM.incidentresolution",
  subject: "Replaced firmware",
  "incidentid@odata.bind": `/incidents(${CASE})`,
};

describe("actions and functions", () => {
  test.each([
    "incidents",
    `incidents(${CASE})`,
    "constructor",
    "EntityDefinitions(LogicalName='incident')/Attributes/Microsoft.Dynamics.CRM.StatusAttributeMetadata",
    "RelationshipDefinitions/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata",
  ])("leave %s to others", (path) => {
    expect(send("GET", path)).toBeUndefined();
  });

  test.each([
    [`incidents(${CASE})/Microsoft.Dynamics.CRM.SendEmail`, "SendEmail"],
    [`incidents(${CASE})/Microsoft.Dynamics.CRM.toString`, "toString"],
    ["accounts/Microsoft.Dynamics.CRM.Frobnicate", "Frobnicate"],
  ])("answer 404 for the unknown %s", (path, name) => {
    expect(send("POST", path, {})).toEqual({
      status: 404,
      code: "0x80060888",
      message: `Resource not found for the segment 'Microsoft.Dynamics.CRM.${name}'.`,
    });
  });

  test.each([`emails(${CASE})/SendEmail`, "emails/DeliverIncomingEmail"])(
    "want the namespace in %s",
    (path) => {
      expect(send("POST", path, { IssueSend: true })).toEqual({
        status: 400,
        code: "0x80060888",
        message: "Request message has unresolved parameters.",
      });
    },
  );

  test("of a row are not known without one, and the other way round", () => {
    for (const name of ["SendEmail", "AddToQueue", "PickFromQueue", "AddPrivilegesRole"]) {
      expect(send("POST", name, {})).toBeUndefined();
    }
    expect(send("GET", "RetrieveUserPrivileges()")).toBeUndefined();
    const bound = `incidents(${CASE})/Microsoft.Dynamics.CRM.CloseIncident`;
    expect(send("POST", bound, {})).toMatchObject({ status: 404, code: "0x80060888" });
  });

  test("refuse the wrong verb and an id that is none", () => {
    expect(send("POST", "WhoAmI")).toMatchObject({ status: 404 });
    expect(send("GET", SEND)).toMatchObject({ status: 405 });
    expect(send("POST", "emails(7)/Microsoft.Dynamics.CRM.SendEmail", {})).toMatchObject({
      status: 400,
      code: "0x80060888",
    });
  });
});

describe("CloseIncident", () => {
  test.each([
    ["no resolution", { Status: 5 }, "IncidentResolution"],
    [
      "another table's row as resolution",
      {
        Status: 5,
        IncidentResolution: { ...resolution, "@odata.type": "Microsoft.Dynamics.CRM.email" },
      },
      "'email'",
    ],
    [
      "a resolution without a case",
      { Status: 5, IncidentResolution: { subject: "x" } },
      "incidentid@odata.bind",
    ],
    [
      "a resolution bound to another table",
      {
        Status: 5,
        IncidentResolution: { ...resolution, "incidentid@odata.bind": `/accounts(${CASE})` },
      },
      "not a case",
    ],
  ])("refuses %s", (_, body, text) => {
    expect(send("POST", "CloseIncident", body)).toMatchObject({
      status: 400,
      code: "0x80040203",
      message: expect.stringContaining(text),
    });
  });

  test("refuses a body that is no object", () => {
    for (const body of [null, [], "x"]) {
      expect(send("POST", "CloseIncident", body)).toMatchObject({
        status: 400,
        code: "0x80048d19",
      });
    }
  });
});

describe("SendEmail", () => {
  test.each([
    [{}, "0x80040203"],
    [{ IssueSend: null }, "0x80040203"],
    [{ IssueSend: "yes" }, "0x80048d19"],
    [{ IssueSend: [true] }, "0x80048d19"],
    [{ IssueSend: true, Sender: "me", IssueSent: 1 }, "0x80048d19"],
  ])("refuses %j", (body, code) => {
    expect(send("POST", SEND, body)).toMatchObject({
      status: 400,
      code,
      message: expect.stringMatching(/IssueSend|Sender/),
    });
  });
});
