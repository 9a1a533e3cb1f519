import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { personas } from "../../src";
import { batchBody, batchType, readBatchAnswers } from "../support/batch";
import { type DoorAnswer, type RunningEmulator, runEmulator } from "../support/running-emulator";
import { recorded } from "./fact";

const label = (Label: string) => ({ LocalizedLabels: [{ Label, LanguageCode: 1033 }] });
const crm = "Microsoft.Dynamics.CRM";

let emulator: RunningEmulator;
let account: string;
beforeAll(async () => {
  emulator = await runEmulator();
  account = await make("accounts", { name: "Refused" });
});
afterAll(() => emulator.close());

const outcome = ({ status, body }: DoorAnswer) => `${status} ${body?.error?.code ?? ""}`.trim();
const words = ({ body }: DoorAnswer): string => body.error.message;
async function make(set: string, row: object): Promise<string> {
  const answer = await emulator.post(set, row);
  expect(answer.status).toBe(204);
  return /\(([^)]+)\)$/.exec(answer.headers.get("odata-entityid") ?? "")?.[1] ?? "";
}
const customer = () => ({ "customerid_account@odata.bind": `/accounts(${account})` });
const newCase = (title: string, more: object = {}) =>
  make("incidents", { title, ...customer(), ...more });
const below = (parent: string) => ({ "parentcaseid@odata.bind": `/incidents(${parent})` });
const patch = (path: string, row: object) => emulator.send("PATCH", path, row);
const column = (type: string, SchemaName: string, more: object) =>
  emulator.post("EntityDefinitions(LogicalName='account')/Attributes", {
    "@odata.type": `${crm}.${type}AttributeMetadata`,
    SchemaName,
    DisplayName: label(SchemaName),
    RequiredLevel: { Value: "None" },
    ...more,
  });
const switches = async (columns: object) => {
  const [{ organizationid }] = (await emulator.get("organizations?$select=organizationid")).body
    .value;
  expect((await patch(`organizations(${organizationid})`, columns)).status).toBe(204);
};

describe("what the service refuses, passed or shown before", () => {
  recorded("N", "crm", "the model as JSON", async () => {
    const answer = await emulator.get("$metadata", { headers: { Accept: "application/json" } });
    expect(outcome(answer)).toBe("415 0x80060888");
  });

  recorded("R", "errors", "a column of yes or no without its options", async () => {
    expect(outcome(await column("Boolean", "new_Bare", { DefaultValue: false }))).toBe(
      "400 0x80048403",
    );
  });

  recorded("N", "rededis", "a global choice defined within a column", async () => {
    const OptionSet = {
      "@odata.type": `${crm}.OptionSetMetadata`,
      IsGlobal: true,
      Name: "new_within",
      OptionSetType: "Picklist",
      Options: [{ Value: 1, Label: label("One") }],
    };
    expect(outcome(await column("Picklist", "new_Within", { OptionSet }))).toBe("400 0x80048403");
  });

  recorded("N", "crm", "PUT of a relationship through a cast", async () => {
    const path = `RelationshipDefinitions(SchemaName='account_parent_account')/${crm}.OneToManyRelationshipMetadata`;
    const { body } = await emulator.get(path);
    expect(outcome(await emulator.send("PUT", path, body))).toBe("405 0x80060888");
  });

  recorded("R", "spaarke", "an owner who could not read the row", async () => {
    const ines = personas.find(({ key }) => key === "without-roles")?.systemUserId;
    const answer = await patch(`accounts(${account})`, {
      "ownerid@odata.bind": `/systemusers(${ines})`,
    });
    expect(outcome(answer)).toBe("403 0x80040299");
    expect(words(answer)).toMatch(/^Read Privilege Check For Owner failed/);
  });

  recorded("R", "spaarke", "a team without a role as owner", async () => {
    const { BusinessUnitId } = (await emulator.get("WhoAmI")).body;
    const team = await make("teams", {
      name: "Roleless",
      teamtype: 0,
      "businessunitid@odata.bind": `/businessunits(${BusinessUnitId})`,
      "administratorid@odata.bind": `/systemusers(${personas[2]?.systemUserId})`,
    });
    const answer = await patch(`accounts(${account})`, { "ownerid@odata.bind": `/teams(${team})` });
    expect(outcome(answer)).toBe("403 0x80040299");
  });

  recorded("D", "batchDoc", "a batch whose lines end in LF alone, with a body", async () => {
    const text = batchBody(
      [
        [
          {
            method: "POST",
            url: "/api/data/v9.2/accounts",
            body: { name: "By LF" },
            contentId: "1",
          },
        ],
      ],
      "\n",
    );
    const answer = await emulator.send("POST", "$batch", text, { headers: batchType });
    const [part] = readBatchAnswers(answer.body);
    expect([part?.status, part?.code]).toEqual([400, "0x80048d19"]);
    expect(part?.text).toContain("Stream was not readable");
  });

  recorded("R", "classes", "columns that are not for reading", async () => {
    for (const [set, name] of [
      ["incidents", "isprivate"],
      ["activitypointers", "isprivate"],
    ])
      expect(outcome(await emulator.get(`${set}?$select=${name}&$top=1`))).toMatch(/^400 /);
  });

  recorded("R", "classes", "a state given at birth is not taken", async () => {
    const { body } = await emulator.get(
      "EntityDefinitions(LogicalName='incident')/Attributes(LogicalName='statecode')?$select=IsValidForCreate,IsValidForUpdate",
    );
    expect([body.IsValidForCreate, body.IsValidForUpdate]).toEqual([false, true]);
  });
});

describe("binds and keys", () => {
  recorded("R", "psDataverse", "a lookup bound to nothing at birth", async () => {
    const answer = await emulator.post("contacts", {
      lastname: "Unbound",
      "parentcustomerid_account@odata.bind": null,
    });
    expect(outcome(answer)).toBe("400 0x80048d19");
  });

  recorded("D", "associateDoc", "a lookup bound to nothing later is emptied", async () => {
    const id = await make("accounts", {
      name: "Child",
      "parentaccountid@odata.bind": `/accounts(${account})`,
    });
    expect((await patch(`accounts(${id})`, { "parentaccountid@odata.bind": null })).status).toBe(
      204,
    );
    const { body } = await emulator.get(`accounts(${id})?$select=_parentaccountid_value`);
    expect(body._parentaccountid_value).toBeNull();
  });

  recorded("R", "dataverseIfy", "a property to bind may be null at birth", async () => {
    await make("contacts", { lastname: "Alone", parentcustomerid_account: null });
  });

  recorded("R", "serviceClient", "a lookup's logical name is no property", async () => {
    const answer = await emulator.post("contacts", { lastname: "Alone", parentcustomerid: null });
    expect(outcome(answer)).toBe("400 0x80048d19");
  });

  recorded("D", "joinDoc", "links within an expanded collection", async () => {
    const answer = await emulator.get(
      `accounts(${account})?$select=name&$expand=contact_customer_accounts/$ref`,
    );
    expect(outcome(answer)).toBe("400 0x80060888");
  });

  recorded("D", "keyDoc", "keys with characters that no address bears", async () => {
    const key = {
      SchemaName: "new_NumberKey",
      DisplayName: label("N"),
      KeyAttributes: ["accountnumber"],
    };
    expect((await emulator.post("EntityDefinitions(LogicalName='account')/Keys", key)).status).toBe(
      204,
    );
    for (const character of "/<>*%&:\\?+")
      expect(
        outcome(await emulator.get(`accounts(accountnumber='A${encodeURIComponent(character)}1')`)),
      ).toBe("400 0x80060888");
  });
});

describe("parties and recipients", () => {
  recorded("D", "partyDoc", "a party on its own", async () => {
    const [party] = (await emulator.get("activityparties?$select=activitypartyid&$top=1")).body
      .value;
    const path = `activityparties(${party.activitypartyid})`;
    expect(outcome(await emulator.post("activityparties", { participationtypemask: 2 }))).toBe(
      "400 0x80040800",
    );
    expect(outcome(await patch(path, { participationtypemask: 2 }))).toBe("400 0x80040800");
    expect(outcome(await emulator.send("DELETE", path))).toBe("400 0x80040800");
  });

  const mailTo = async (contact: string): Promise<DoorAnswer> => {
    const { UserId } = (await emulator.get("WhoAmI")).body;
    const mail = await make("emails", {
      subject: "Unwanted",
      email_activity_parties: [
        { "partyid_systemuser@odata.bind": `/systemusers(${UserId})`, participationtypemask: 1 },
        { "partyid_contact@odata.bind": `/contacts(${contact})`, participationtypemask: 2 },
      ],
    });
    return emulator.post(`emails(${mail})/${crm}.SendEmail`, { IssueSend: true });
  };
  recorded("D", "codes", "mail to who wants none, or has no address", async () => {
    const deaf = await make("contacts", {
      lastname: "Deaf",
      emailaddress1: "deaf@example.com",
      donotemail: true,
    });
    expect(outcome(await mailTo(deaf))).toBe("400 0x80040b00");
    expect(outcome(await mailTo(await make("contacts", { lastname: "Lost" })))).toBe(
      "400 0x80040b00",
    );
  });
});

describe("hierarchies of cases", () => {
  recorded("D", "hierarchyDoc", "they are one level deep", async () => {
    const parent = await newCase("Parent");
    const child = await newCase("Child", below(parent));
    const answer = await emulator.post("incidents", {
      title: "Grandchild",
      ...customer(),
      ...below(child),
    });
    expect(outcome(answer)).toBe("400 0x8003f453");
    const higher = await newCase("Higher");
    expect(outcome(await patch(`incidents(${parent})`, below(higher)))).toBe("400 0x8003f455");
  });

  recorded("D", "codes", "a row does not stand below itself", async () => {
    const id = await newCase("Alone");
    expect(outcome(await patch(`incidents(${id})`, below(id)))).toBe("400 0x80040387");
    const top = await make("accounts", { name: "Top" });
    const bottom = await make("accounts", {
      name: "Bottom",
      "parentaccountid@odata.bind": `/accounts(${top})`,
    });
    expect(
      outcome(
        await patch(`accounts(${top})`, { "parentaccountid@odata.bind": `/accounts(${bottom})` }),
      ),
    ).toBe("400 0x80040387");
  });

  const merge = (target: string, subordinate: string) =>
    emulator.post("Merge", {
      Target: { "@odata.type": `${crm}.incident`, incidentid: target },
      Subordinate: { "@odata.type": `${crm}.incident`, incidentid: subordinate },
      PerformParentingChecks: false,
    });
  recorded("D", "codes", "cases of different parents are not merged", async () => {
    const one = await newCase("One", below(await newCase("First")));
    const two = await newCase("Two", below(await newCase("Second")));
    expect(outcome(await merge(one, two))).toBe("400 0x8003f450");
  });

  const resolve = (id: string) =>
    emulator.post("CloseIncident", {
      IncidentResolution: {
        subject: "Done",
        "incidentid@odata.bind": `/incidents(${id})`,
        "@odata.type": `${crm}.incidentresolution`,
      },
      Status: -1,
    });
  const stateOf = async (id: string) =>
    (await emulator.get(`incidents(${id})?$select=statecode`)).body.statecode;
  recorded("D", "hierarchyDoc", "children stay open when their parent closes", async () => {
    const parent = await newCase("Parent");
    const child = await newCase("Child", below(parent));
    expect(outcome(await resolve(parent))).toBe("204");
    expect([await stateOf(parent), await stateOf(child)]).toEqual([1, 0]);
  });

  recorded(
    "D",
    "hierarchyDoc",
    "unless the organization says that they close with it",
    async () => {
      await switches({ cascadestatusupdate: true });
      const parent = await newCase("Parent");
      const child = await newCase("Child", below(parent));
      expect(outcome(await resolve(parent))).toBe("204");
      expect([await stateOf(parent), await stateOf(child)]).toEqual([1, 1]);
      await switches({ cascadestatusupdate: false });
    },
  );

  recorded("D", "hierarchyDoc", "or that they keep it open", async () => {
    await switches({ restrictstatusupdate: true });
    const parent = await newCase("Parent");
    await newCase("Child", below(parent));
    expect(outcome(await resolve(parent))).toBe("400 0x8003f451");
    expect(await stateOf(parent)).toBe(0);
    await switches({ restrictstatusupdate: false });
  });
});

describe("queues", () => {
  const bound = (set: string, id: string, name: string, body: object = {}) =>
    emulator.post(`${set}(${id})/${crm}.${name}`, body);
  const newQueue = (name: string) => make("queues", { name, queueviewtype: 0 });
  const add = (queue: string, id: string, more: object = {}) =>
    bound("queues", queue, "AddToQueue", {
      Target: { "@odata.type": `${crm}.incident`, incidentid: id },
      ...more,
    });
  const itemsOf = async (id: string) =>
    (
      await emulator.get(
        `queueitems?$select=title,objecttypecode,enteredon,statecode,_queueid_value,_workerid_value&$filter=_objectid_value eq ${id}`,
      )
    ).body.value;

  recorded("D", "queueDoc", "a case waits in one queue, and is moved to another", async () => {
    const [one, two] = [await newQueue("One"), await newQueue("Two")];
    const id = await newCase("Waiting");
    const item = (await add(one, id)).body.QueueItemId;
    const [found] = await itemsOf(id);
    expect(found).toMatchObject({ title: "Waiting", objecttypecode: 112, statecode: 0 });
    expect(found.enteredon).toEqual(expect.any(String));
    const moved = await add(two, id);
    expect([moved.status, moved.body.QueueItemId]).toEqual([200, item]);
    expect(await itemsOf(id)).toMatchObject([{ _queueid_value: two }]);
  });

  recorded("D", "codes", "no second item of the same case", async () => {
    const queue = await newQueue("Once");
    const id = await newCase("Once");
    const row = {
      "queueid@odata.bind": `/queues(${queue})`,
      "objectid_incident@odata.bind": `/incidents(${id})`,
    };
    await make("queueitems", row);
    expect(outcome(await emulator.post("queueitems", row))).toBe("400 0x80040526");
  });

  recorded("D", "codes", "no case that is closed", async () => {
    const queue = await newQueue("Open");
    const id = await newCase("Closed");
    await add(queue, id);
    expect((await patch(`incidents(${id})`, { statecode: 2, statuscode: 6 })).status).toBe(204);
    // It left the queue when it was closed.
    expect(await itemsOf(id)).toMatchObject([{ statecode: 1 }]);
    expect(outcome(await add(queue, id))).toBe("400 0x8004051e");
  });

  recorded("D", "codes", "no queue that is inactive", async () => {
    const queue = await newQueue("Shut");
    expect((await patch(`queues(${queue})`, { statecode: 1, statuscode: 2 })).status).toBe(204);
    expect(outcome(await add(queue, await newCase("Late")))).toBe("400 0x80040521");
  });

  recorded("R", "classes", "an item needs its object and its queue", async () => {
    expect(outcome(await emulator.post("queueitems", {}))).toMatch(/^400 0x8004052[89]$/);
  });

  recorded("D", "queueDoc", "an item is picked, released, routed and removed", async () => {
    const [one, two] = [await newQueue("From"), await newQueue("To")];
    const id = await newCase("Carried");
    const item = (await add(one, id)).body.QueueItemId;
    const { UserId } = (await emulator.get("WhoAmI")).body;
    const user = { "@odata.type": `${crm}.systemuser`, systemuserid: UserId };
    const picked = await bound("queueitems", item, "PickFromQueue", {
      SystemUser: user,
      RemoveQueueItem: false,
    });
    expect(picked.status).toBe(204);
    expect(await itemsOf(id)).toMatchObject([{ _workerid_value: UserId }]);
    expect((await bound("queueitems", item, "ReleaseToQueue")).status).toBe(204);
    expect(await itemsOf(id)).toMatchObject([{ _workerid_value: null }]);
    const route = (queue: string) =>
      bound("queueitems", item, "RouteTo", {
        Target: { "@odata.type": `${crm}.queue`, queueid: queue },
      });
    expect((await route(two)).status).toBe(204);
    expect(outcome(await route(two))).toBe("400 0x8004051b");
    expect((await bound("queueitems", item, "RemoveFromQueue")).status).toBe(204);
    expect(
      (await itemsOf(id)).filter(({ statecode }: { statecode: number }) => statecode === 0),
    ).toEqual([]);
  });
});
