import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Dataverse, outcome, personaOf, startDataverse } from "../../support/dataverse";

let dataverse: Dataverse;
let contact: string;
let mute: string;
let queue: string;
const user = personaOf("representative").systemUserId;
beforeAll(async () => {
  dataverse = await startDataverse({ cases: 3 });
  const { send } = dataverse;
  contact = (
    await send("POST", "contacts", { lastname: "Ford", emailaddress1: "ford@customer.example" })
  ).id;
  mute = (await send("POST", "contacts", { lastname: "Mute" })).id;
  queue = (
    await send("POST", "queues", {
      name: "Replies",
      emailaddress: "replies@desk.example",
      emailrouteraccessapproval: 1,
    })
  ).id;
});
afterAll(() => dataverse.close());

const from = (mask: object, participationtypemask = 1) => ({ ...mask, participationtypemask });
const sender = from({ "partyid_systemuser@odata.bind": `/systemusers(${user})` });
const to = () => from({ "partyid_contact@odata.bind": `/contacts(${contact})` }, 2);

async function draft(parties: object[], more: object = {}): Promise<string> {
  const made = await dataverse.send("POST", "emails", {
    subject: "Your router",
    description: "<p>Hello</p>",
    directioncode: true,
    email_activity_parties: parties,
    ...more,
  });
  expect(made.status).toBe(204);
  return made.id;
}
const send = (id: string, body: object = { IssueSend: true }) =>
  dataverse.send("POST", `emails(${id})/Microsoft.Dynamics.CRM.SendEmail`, body);
const stateOf = async (id: string) => {
  const { json } = await dataverse.send(
    "GET",
    `emails(${id})?$select=statecode,statuscode,subject,trackingtoken,senton`,
  );
  return json;
};

describe("SendEmail sends", () => {
  test("a draft of a user to a contact, with a token in its subject", async () => {
    const id = await draft([sender, to()]);
    const answer = await send(id);
    expect(answer.status).toBe(200);
    expect(answer.json["@odata.context"]).toBe(
      `${dataverse.root}$metadata#Microsoft.Dynamics.CRM.SendEmailResponse`,
    );
    expect(answer.json.Subject).toMatch(/^Your router CRM:\d{7}$/);
    expect(await stateOf(id)).toMatchObject({
      statecode: 1,
      statuscode: 3,
      subject: answer.json.Subject,
      senton: expect.any(String),
    });
  });

  test("each mail with a token of its own", async () => {
    const subjects = new Set<unknown>();
    for (let n = 0; n < 3; n++)
      subjects.add((await send(await draft([sender, to()]))).json.Subject);
    expect(subjects.size).toBe(3);
  });

  test("with the token that is given", async () => {
    const id = await draft([sender, to()]);
    const answer = await send(id, { IssueSend: true, TrackingToken: "CRM:0900001" });
    expect(answer.json.Subject).toBe("Your router CRM:0900001");
    expect(await stateOf(id)).toMatchObject({ trackingtoken: "CRM:0900001" });
  });

  test("from a queue", async () => {
    const id = await draft([from({ "partyid_queue@odata.bind": `/queues(${queue})` }), to()]);
    expect((await send(id)).status).toBe(200);
  });

  test("to a bare address, and to copies alone", async () => {
    const bare = from({ addressused: "anyone@else.example" }, 2);
    expect((await send(await draft([sender, bare]))).status).toBe(200);
    for (const mask of [3, 4]) {
      const copy = from({ "partyid_contact@odata.bind": `/contacts(${contact})` }, mask);
      expect((await send(await draft([sender, copy]))).status).toBe(200);
    }
  });

  test("a subject of full length, cut so that the token has room", async () => {
    const answer = await send(await draft([sender, to()], { subject: "x".repeat(800) }));
    expect(String(answer.json.Subject)).toHaveLength(800);
    expect(answer.json.Subject).toMatch(/x CRM:\d{7}$/);
  });

  test("nothing over the wire when IssueSend is false, but marks it sent", async () => {
    await dataverse.send("PATCH", `queues(${queue})`, { emailrouteraccessapproval: 2 });
    const id = await draft([from({ "partyid_queue@odata.bind": `/queues(${queue})` }), to()]);
    expect((await send(id, { IssueSend: false })).status).toBe(200);
    expect(await stateOf(id)).toMatchObject({ statecode: 1, statuscode: 3 });
    await dataverse.send("PATCH", `queues(${queue})`, { emailrouteraccessapproval: 1 });
  });
});

describe("SendEmail refuses, and leaves the draft a draft,", () => {
  test.each([
    ["no recipient", () => [sender], "400 0x80040b04"],
    ["no sender", () => [to()], "400 0x80040b02"],
    ["two senders", () => [sender, sender, to()], "400 0x80040b01"],
    [
      "a bare address as sender",
      () => [from({ addressused: "me@home.example" }), to()],
      "400 0x80040203",
    ],
    [
      "a contact as sender",
      () => [from({ "partyid_contact@odata.bind": `/contacts(${contact})` }), to()],
      "400 0x80040203",
    ],
    [
      "a recipient without an address",
      () => [sender, from({ "partyid_contact@odata.bind": `/contacts(${mute})` }, 2)],
      "400 0x80040b00",
    ],
  ])("%s", async (_, parties, expected) => {
    const id = await draft(parties());
    expect(outcome(await send(id))).toBe(expected);
    expect(await stateOf(id)).toMatchObject({
      statecode: 0,
      statuscode: 1,
      subject: "Your router",
    });
  });

  test("a queue without an address", async () => {
    const nameless = (await dataverse.send("POST", "queues", { name: "Nameless" })).id;
    const parties = [from({ "partyid_queue@odata.bind": `/queues(${nameless})` }), to()];
    expect(outcome(await send(await draft(parties)))).toBe("400 0x80040b08");
  });

  test("a mailbox that is not approved", async () => {
    const unapproved = (
      await dataverse.send("POST", "queues", {
        name: "New",
        emailaddress: "new@desk.example",
        emailrouteraccessapproval: 2,
      })
    ).id;
    const id = await draft([from({ "partyid_queue@odata.bind": `/queues(${unapproved})` }), to()]);
    const answer = await send(id);
    expect(answer.status).toBe(400);
    expect(answer.message).toContain("new@desk.example");
    expect(await stateOf(id)).toMatchObject({ statecode: 0, statuscode: 1 });
  });

  test("a mail that was sent, one that came in, and one that is not there", async () => {
    const sent = await draft([sender, to()]);
    await send(sent);
    expect(outcome(await send(sent))).toBe("400 0x80040203");
    const incoming = await draft([sender, to()], { directioncode: false });
    expect(outcome(await send(incoming))).toBe("400 0x80040203");
    expect(outcome(await send("11111111-1111-4111-8111-111111111111"))).toBe("404 0x80040217");
  });
});
