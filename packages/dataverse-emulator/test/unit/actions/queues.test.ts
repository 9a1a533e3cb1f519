import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Dataverse, outcome, personaOf, startDataverse } from "../../support/dataverse";

let dataverse: Dataverse;
let incident: string;
let first: string;
let second: string;
const representative = personaOf("representative").systemUserId;
const user = { "@odata.type": "Microsoft.Dynamics.CRM.systemuser", systemuserid: representative };
const asQueue = (queueid: string) => ({ "@odata.type": "Microsoft.Dynamics.CRM.queue", queueid });
beforeAll(async () => {
  dataverse = await startDataverse({ cases: 2 });
  const { send } = dataverse;
  const account = (await send("POST", "accounts", { name: "Queued" })).id;
  incident = (
    await send("POST", "incidents", {
      title: "Waits",
      "customerid_account@odata.bind": `/accounts(${account})`,
    })
  ).id;
  first = (await send("POST", "queues", { name: "First" })).id;
  second = (await send("POST", "queues", { name: "Second" })).id;
});
afterAll(() => dataverse.close());

const bound = (path: string, action: string, body: object = {}) =>
  dataverse.send("POST", `${path}/Microsoft.Dynamics.CRM.${action}`, body);
const target = () => ({
  "@odata.type": "Microsoft.Dynamics.CRM.incident",
  incidentid: incident,
});
const itemOf = async (id: string) =>
  (
    await dataverse.send(
      "GET",
      `queueitems(${id})?$select=title,statecode,_queueid_value,_workerid_value,_objectid_value,workeridmodifiedon`,
    )
  ).json;
const ownerOf = async () =>
  (await dataverse.send("GET", `incidents(${incident})?$select=_ownerid_value`)).json
    ._ownerid_value;

describe("the way of a case through queues", () => {
  let item: string;

  test("AddToQueue makes an item, and moves it from one queue to the next", async () => {
    const added = await bound(`queues(${first})`, "AddToQueue", { Target: target() });
    expect(added.status).toBe(200);
    item = String(added.json.QueueItemId);
    expect(await itemOf(item)).toMatchObject({
      title: "Waits",
      statecode: 0,
      _queueid_value: first,
      _objectid_value: incident,
      _workerid_value: null,
    });
    const elsewhere = await bound(`queues(${second})`, "AddToQueue", {
      Target: target(),
      SourceQueue: asQueue(second),
    });
    expect(outcome(elsewhere)).toBe("400 0x80040524");
    const moved = await bound(`queues(${second})`, "AddToQueue", {
      Target: { "@odata.id": `incidents(${incident})` },
      SourceQueue: asQueue(first),
      QueueItemProperties: { "@odata.type": "Microsoft.Dynamics.CRM.queueitem", priority: 3 },
    });
    expect(moved.json.QueueItemId).toBe(item);
    expect(await itemOf(item)).toMatchObject({ _queueid_value: second });
  });

  test("PickFromQueue gives it to a user, ReleaseToQueue back to the queue's owner", async () => {
    const picked = await bound(`queueitems(${item})`, "PickFromQueue", {
      SystemUser: user,
      RemoveQueueItem: false,
    });
    expect(picked.status).toBe(204);
    expect(await itemOf(item)).toMatchObject({ _workerid_value: representative, statecode: 0 });
    expect(await ownerOf()).toBe(representative);
    expect((await bound(`queueitems(${item})`, "ReleaseToQueue")).status).toBe(204);
    expect(await itemOf(item)).toMatchObject({ _workerid_value: null, _queueid_value: second });
    expect(await ownerOf()).toBe(personaOf("administrator").systemUserId);
  });

  test("RouteTo sends it to a queue or a user, and never where it is", async () => {
    const path = `queueitems(${item})`;
    expect(outcome(await bound(path, "RouteTo", { Target: asQueue(second) }))).toBe(
      "400 0x8004051b",
    );
    expect((await bound(path, "RouteTo", { Target: asQueue(first) })).status).toBe(204);
    expect(await itemOf(item)).toMatchObject({ _queueid_value: first, _workerid_value: null });
    expect((await bound(path, "RouteTo", { Target: user })).status).toBe(204);
    expect(await itemOf(item)).toMatchObject({ _workerid_value: representative });
    expect(await ownerOf()).toBe(representative);
    expect(outcome(await bound(path, "RouteTo", { Target: target() }))).toBe("400 0x80040203");
  });

  test("and one that left its queue is not worked on any more", async () => {
    const path = `queueitems(${item})`;
    const body = { SystemUser: user, RemoveQueueItem: true };
    expect((await bound(path, "PickFromQueue", body)).status).toBe(204);
    expect(await itemOf(item)).toMatchObject({ statecode: 1 });
    expect(outcome(await bound(path, "PickFromQueue", body))).toBe("400 0x8004051d");
    expect(outcome(await bound(path, "ReleaseToQueue"))).toBe("400 0x8004051d");
    expect(outcome(await bound(path, "RouteTo", { Target: asQueue(second) }))).toBe(
      "400 0x80040527",
    );
    const again = await bound(`queues(${first})`, "AddToQueue", { Target: target() });
    expect(again.json.QueueItemId).not.toBe(item);
  });

  test("an inactive queue takes nothing, and a table without queues goes nowhere", async () => {
    const closed = (await dataverse.send("POST", "queues", { name: "Closed" })).id;
    await dataverse.send("PATCH", `queues(${closed})`, { statecode: 1, statuscode: 2 });
    const path = `queues(${closed})`;
    expect(outcome(await bound(path, "AddToQueue", { Target: target() }))).toBe("400 0x80040521");
    const subject = (await dataverse.send("GET", "subjects?$top=1&$select=subjectid")).json
      .value as { subjectid: string }[];
    const body = { Target: { "@odata.id": `subjects(${subject[0]?.subjectid})` } };
    expect(outcome(await bound(`queues(${first})`, "AddToQueue", body))).toBe("400 0x80040203");
  });
});

describe("DeliverIncomingEmail", () => {
  const deliver = (body: object) =>
    dataverse.send("POST", "emails/Microsoft.Dynamics.CRM.DeliverIncomingEmail", body);
  const mail = {
    MessageId: "<1@customer.example>",
    Subject: "It drops again",
    From: '"Ann" <ann@customer.example>',
    To: "desk@own.example; other@else.example",
    Body: "<p>Help</p>",
    Importance: "high",
  };

  test("wants somebody of the house among the recipients", async () => {
    expect(outcome(await deliver(mail))).toBe("400 0x80040b05");
    expect(outcome(await deliver({ ...mail, From: undefined }))).toBe("400 0x80040203");
    expect(outcome(await deliver({ ...mail, ReceivedOn: "soon" }))).toBe("400 0x80048d19");
  });

  test("knows sender and queue by address, ties the answer to its case, and takes a mail once", async () => {
    const { send } = dataverse;
    const ann = (
      await send("POST", "contacts", { lastname: "Lee", emailaddress1: "ANN@customer.example" })
    ).id;
    const queue = (
      await send("POST", "queues", {
        name: "Desk",
        emailaddress: "desk@own.example",
        emailrouteraccessapproval: 1,
      })
    ).id;
    const asked = (
      await send("POST", "emails", {
        subject: "Your router",
        directioncode: true,
        "regardingobjectid_incident_email@odata.bind": `/incidents(${incident})`,
        email_activity_parties: [
          { "partyid_queue@odata.bind": `/queues(${queue})`, participationtypemask: 1 },
          { "partyid_contact@odata.bind": `/contacts(${ann})`, participationtypemask: 2 },
        ],
      })
    ).id;
    const sent = await bound(`emails(${asked})`, "SendEmail", { IssueSend: true });
    const answer = {
      ...mail,
      Subject: `RE: ${sent.json.Subject}`,
      ReceivedOn: "2026-11-24T08:00:00Z",
      Attachments: [
        {
          "@odata.type": "Microsoft.Dynamics.CRM.activitymimeattachment",
          filename: "log.txt",
          body: "aGVsbG8=",
        },
      ],
    };
    const delivered = await deliver(answer);
    expect([delivered.status, delivered.message]).toEqual([200, ""]);
    const id = delivered.json.EmailId;
    const { json } = await send(
      "GET",
      `emails(${id})?$select=directioncode,statecode,statuscode,prioritycode,sender,senton,_regardingobjectid_value&$expand=email_activity_parties($select=addressused,participationtypemask,_partyid_value)`,
    );
    expect(json).toMatchObject({
      directioncode: false,
      statecode: 1,
      statuscode: 4,
      prioritycode: 2,
      sender: "ann@customer.example",
      senton: "2026-11-24T08:00:00Z",
      _regardingobjectid_value: incident,
    });
    const parties = json.email_activity_parties as Record<string, unknown>[];
    expect(
      parties.map((party) => [party.participationtypemask, party._partyid_value]).sort(),
    ).toEqual(
      [
        [1, ann],
        [2, queue],
        [2, null],
      ].sort(),
    );
    const items = await send("GET", `queueitems?$filter=_objectid_value eq ${id}&$select=title`);
    expect(items.json.value).toHaveLength(1);
    const files = await send(
      "GET",
      `activitymimeattachments?$filter=_objectid_value eq ${id}&$select=filename`,
    );
    expect(files.json.value).toMatchObject([{ filename: "log.txt" }]);
    expect((await deliver(answer)).json.EmailId).toBe(id);
  });
});
