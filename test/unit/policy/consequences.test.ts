import { describe, expect, test } from "@jest/globals";
import { actions } from "../../../shared/policy/consequences/actions";
import type { Live } from "../../../shared/policy/consequences/consequence";
import { consequencesOf } from "../../../shared/policy/consequences/consequences";
import { readChange, type WireWrite } from "../../../shared/policy/consequences/read-change";
import { askedNames, classOf, gradeRules, gradesOf, isAbove } from "../../../shared/policy/grades";
import { guardedByDefault } from "../../../shared/policy/guarded-tables";

const id = "0b000000-0000-4000-8000-0000000000ff";
const sets: Readonly<Record<string, string>> = {
  accounts: "account",
  appointments: "appointment",
  contacts: "contact",
  emails: "email",
  incidents: "incident",
  incidentresolutions: "incidentresolution",
  knowledgearticles: "knowledgearticle",
  new_things: "new_thing",
  queueitems: "queueitem",
  queues: "queue",
  phonecalls: "phonecall",
  tasks: "task",
  ...Object.fromEntries(Object.entries(guardedByDefault).map(([table, set]) => [set, table])),
};
const judge = (write: WireWrite, live: Live = {}) =>
  consequencesOf(
    readChange(write, (set) => (Object.hasOwn(sets, set) ? sets[set] : undefined)),
    live,
  );
const patch = (set: string, body: unknown): WireWrite => ({
  method: "PATCH",
  path: `${set}(${id})`,
  headers: { "If-Match": "*" },
  body,
});
const make = (set: string, body: unknown): WireWrite => ({
  method: "PATCH",
  path: `${set}(${id})`,
  headers: { "If-None-Match": "*" },
  body,
});
const act = (path: string, body: unknown = {}): WireWrite => ({ method: "POST", path, body });
const statuses = new Map([
  [1, 0],
  [2, 0],
  [5, 1],
  [6, 2],
  [1000, 1],
]);

describe("what a write does", () => {
  test.each<[string, WireWrite, Live, string[]]>([
    [
      "a call logged as over",
      patch("phonecalls", { statecode: 1, statuscode: 2 }),
      { isMadeWith: true },
      ["update"],
    ],
    [
      "a case closed as it is made",
      patch("incidents", { statecode: 2 }),
      { isMadeWith: true },
      ["update", "cancel"],
    ],
    [
      "an article published as it is made",
      patch("knowledgearticles", { statecode: 3 }),
      { isMadeWith: true },
      ["update", "publish"],
    ],
    ["a new row", make("accounts", { name: "A" }), {}, ["create"]],
    ["a new row by POST", act("accounts", { name: "A" }), {}, ["create"]],
    ["a new row with an owner", make("accounts", { "ownerid@odata.bind": "/x" }), {}, ["create"]],
    ["columns", patch("accounts", { name: "A" }), {}, ["update"]],
    ["a table of the organisation", patch("new_things", { new_x: 1 }), {}, ["update"]],
    ["its deletion", { method: "DELETE", path: `new_things(${id})` }, {}, ["delete"]],
    ["one property", { method: "PUT", path: `accounts(${id})/name`, body: {} }, {}, ["update"]],
    ["an owner", patch("accounts", { "ownerid@odata.bind": "/x" }), {}, ["update", "assign"]],
    [
      "an owner, written otherwise",
      patch("accounts", { _OwnerId_value: id }),
      {},
      ["update", "assign"],
    ],
    [
      "an owner by reference",
      { method: "PUT", path: `accounts(${id})/ownerid/$ref`, body: {} },
      {},
      ["update", "assign"],
    ],
    ["an address", patch("contacts", { emailaddress1: "a@b.example" }), {}, ["update", "address"]],
    [
      "the address in a case",
      patch("incidents", { emailaddress: "a@b" }),
      {},
      ["update", "address"],
    ],
    ["a new contact's address", make("contacts", { emailaddress1: "a@b" }), {}, ["create"]],
    [
      "a row within a row",
      make("accounts", { primarycontactid: { x: 1 } }),
      {},
      ["create", "unknown"],
    ],
    ["rows within a row", make("accounts", { Account_Emails: [{}] }), {}, ["create", "unknown"]],
    ["a mail with its parties", make("emails", { email_activity_parties: [{}] }), {}, ["create"]],
    [
      "the same reason",
      patch("incidents", { statuscode: 2 }),
      { state: 0, stateOfStatus: statuses },
      ["update"],
    ],
    [
      "a case resolved by its state",
      patch("incidents", { statecode: 1 }),
      { state: 0, openActivities: 0 },
      ["update", "resolve"],
    ],
    [
      "a case resolved by its reason",
      patch("incidents", { statuscode: 5 }),
      { state: 0, stateOfStatus: statuses },
      ["update", "resolve-with-open"],
    ],
    ["a case cancelled", patch("incidents", { statecode: 2 }), { state: 0 }, ["update", "cancel"]],
    [
      "a case cancelled by its reason",
      patch("incidents", { statuscode: 6 }),
      { state: 0, stateOfStatus: statuses },
      ["update", "cancel"],
    ],
    ["a case reopened", patch("incidents", { statecode: 0 }), { state: 1 }, ["update", "reopen"]],
    [
      "a case by an unknown reason",
      patch("incidents", { statuscode: 77 }),
      { state: 0 },
      ["update", "state"],
    ],
    [
      "a state whose present is not known",
      patch("tasks", { statecode: 0 }),
      {},
      ["update", "state"],
    ],
    ["a task completed", patch("tasks", { statecode: 1 }), { state: 0 }, ["update", "state"]],
    ["a resolution", make("incidentresolutions", {}), { openActivities: 0 }, ["create", "resolve"]],
    [
      "a resolution, activities open",
      make("incidentresolutions", {}),
      { openActivities: 1 },
      ["create", "resolve-with-open"],
    ],
    ["a draft's words", patch("emails", { description: "x" }), {}, ["update"]],
    ["a draft kept a draft", patch("emails", { statecode: 0, statuscode: 1 }), {}, ["update"]],
    ["pending send", patch("emails", { statuscode: 6 }), {}, ["update", "send"]],
    ["pending send, as text", patch("emails", { statuscode: "6" }), {}, ["update", "send"]],
    ["pending send of a new mail", make("emails", { StatusCode: 6 }), {}, ["create", "send"]],
    [
      "a mail completed",
      patch("emails", { statecode: 1 }),
      { isToOwnCustomer: true },
      ["update", "send"],
    ],
    [
      "a mail cancelled",
      patch("emails", { statecode: 2, statuscode: 5 }),
      {},
      ["update", "cancel"],
    ],
    [
      "a mail's status of no meaning",
      patch("emails", { statuscode: null }),
      {},
      ["update", "send"],
    ],
    [
      "an article published",
      patch("knowledgearticles", { statecode: 3 }),
      { state: 0 },
      ["update", "publish"],
    ],
    [
      "an article's unknown reason",
      patch("knowledgearticles", { statuscode: 7 }),
      { state: 0 },
      ["update", "publish"],
    ],
    [
      "an article archived",
      patch("knowledgearticles", { statecode: 5 }),
      { state: 3 },
      ["update", "state"],
    ],
    ["a queue's description", patch("queues", { description: "x" }), {}, ["update"]],
    ["a queue's address", patch("queues", { emailaddress: "x@y" }), {}, ["update", "rights"]],
    [
      "a reply",
      act(`emails(${id})/Microsoft.Dynamics.CRM.SendEmail`),
      { isToOwnCustomer: true },
      ["reply"],
    ],
    [
      "a mail to a stranger",
      act(`emails(${id})/Microsoft.Dynamics.CRM.SendEmail`),
      { isToOwnCustomer: false },
      ["send"],
    ],
    [
      "a mail to who knows whom",
      act(`emails(${id})/Microsoft.Dynamics.CRM.SendEmail`),
      {},
      ["send"],
    ],
    ["a case closed", act("CloseIncident"), { openActivities: 0 }, ["resolve"]],
    [
      "a case closed with open activities",
      act("CloseIncident"),
      { openActivities: 3 },
      ["resolve-with-open"],
    ],
    ["a case closed, nobody knows", act("CloseIncident"), {}, ["resolve-with-open"]],
    ["a merge", act("Merge"), {}, ["merge"]],
    ["a queue's item", act(`queues(${id})/Microsoft.Dynamics.CRM.AddToQueue`), {}, ["assign"]],
    ["picking", act(`queueitems(${id})/Microsoft.Dynamics.CRM.PickFromQueue`), {}, ["assign"]],
    ["routing", act(`queueitems(${id})/Microsoft.Dynamics.CRM.RouteTo`), {}, ["assign"]],
    ["a share", act("GrantAccess"), {}, ["share"]],
    ["an operation of nobody's knowledge", act("new_DoIt"), {}, ["unknown"]],
    ["a bound one", act(`accounts(${id})/Microsoft.Dynamics.CRM.new_DoIt()`), {}, ["unknown"]],
    ["the name of what every object has", act("constructor"), {}, ["unknown"]],
    ["a column", act("EntityDefinitions(LogicalName='account')/Attributes"), {}, ["schema"]],
    [
      "a table's end",
      { method: "DELETE", path: "EntityDefinitions(LogicalName='new_x')" },
      {},
      ["schema-delete"],
    ],
    [
      "a column's end",
      { method: "DELETE", path: "EntityDefinitions(LogicalName='a')/Attributes(LogicalName='b')" },
      {},
      ["schema-delete"],
    ],
    ["publishing tables", act("PublishXml"), {}, ["schema"]],
    ["who is in a team", act("AddMembersTeam"), {}, ["rights"]],
  ])("%s", (_, write, live, expected) => {
    expect(judge(write, live)).toEqual(expected);
  });

  test.each(Object.entries(guardedByDefault))(
    "every write to %s is one of rights",
    (table, set) => {
      for (const write of [
        make(set, { name: "x" }),
        patch(set, { name: "x" }),
        { method: "DELETE", path: `${set}(${id})` },
        act(`${set}(${id})/anything/$ref`, {}),
        act(`${set}(${id})/Microsoft.Dynamics.CRM.Anything`),
      ])
        expect([table, judge(write)]).toEqual([table, ["rights"]]);
    },
  );

  test("no operation that is known goes without being named in the table of grades", () => {
    for (const meaning of Object.values(actions))
      expect([...askedNames, "mail", "set-state"]).toContain(meaning);
  });
});

describe("grades", () => {
  test("are never below the least that may be asked for", () => {
    for (const name of askedNames) {
      const { grade, lowest } = gradeRules[name];
      expect([name, isAbove(lowest, grade)]).toEqual([name, false]);
    }
  });

  test("what leaves or destroys asks the person, what can be taken back flows", () => {
    const { gradeOf } = gradesOf();
    expect(Object.fromEntries(askedNames.map((name) => [name, gradeOf(name)]))).toMatchObject({
      ...{ create: "none", update: "none", resolve: "none", reopen: "none" },
      ...{ assign: "model", cancel: "model", "resolve-with-open": "model" },
      ...{ reply: "client", send: "person", delete: "person", merge: "person", many: "person" },
      ...{ schema: "person", "schema-delete": "person", unknown: "person", rights: "refused" },
    });
  });

  test("a trusted client takes all down to the model's yes, and rights stay refused", () => {
    const { gradeOf } = gradesOf({}, true);
    for (const name of askedNames)
      expect([name, gradeOf(name)]).toEqual([
        name,
        name === "rights"
          ? "refused"
          : isAbove(gradeRules[name].grade, "model")
            ? "model"
            : gradeRules[name].grade,
      ]);
  });

  test("an act is counted by the gravest that it does", () => {
    expect(classOf(["update", "assign"])).toBe("updates");
    expect(classOf(["update", "cancel"])).toBe("resolves");
    expect(classOf(["create", "send"])).toBe("sends");
    expect(classOf(["delete"])).toBe("deletes");
    expect(classOf(["schema"])).toBeUndefined();
  });
});
