import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { differing, pictureOf } from "../support/database-picture";
import { draftsAt } from "../support/mails";
import { callModern } from "../support/modern-call";
import type { ServiceDesk } from "../support/service-desk";
import { type Args, agreed, asker, callTogether, made, newTask } from "./approving";

/** Something that only a person may allow, or that is refused. */
interface Act {
  readonly name: string;
  readonly tool: string;
  readonly args: Args;
  /** A client may ask its user for it: what such a client says is then no disguise. */
  readonly isClients?: true;
}

async function actsAt(desk: ServiceDesk): Promise<Act[]> {
  const drafts = draftsAt(desk, personas[2]?.systemUserId ?? "");
  const { value } = await desk.read("teams?$select=teamid&$top=1");
  const [team] = value as Record<string, string>[];
  const item = [{ name: "Weather", type: "string" }];
  const table = await agreed(desk, "create_table", {
    tablename: "Visit",
    displayname: "Visit",
    item,
  });
  const tablename = String(table.structured.tablename);
  const article = await made(desk, "knowledgearticles", { title: "Draft", content: "<p>x</p>" });
  const account = await made(desk, "accounts", { name: "Halvren" });
  const customer = { "customerid_account@odata.bind": `/accounts(${account})` };
  await made(desk, "incidents", { title: "A case", ...customer });
  const mail = await drafts.toStranger();
  const remove = (table: string, recordId: string) => ({ tablename: table, recordId });
  return [
    { name: "a deletion", tool: "delete_record", args: remove("task", await newTask(desk)) },
    { name: "an account's deletion", tool: "delete_record", args: remove("account", account) },
    { name: "a mail's deletion", tool: "delete_record", args: remove("email", mail) },
    { name: "a mail to strangers", tool: "send_email", args: { emailId: mail } },
    {
      name: "a reply",
      tool: "send_email",
      args: { emailId: await drafts.reply() },
      isClients: true,
    },
    {
      name: "a mail sent as a change of status",
      tool: "update_record",
      args: { ...remove("email", mail), item: { statuscode: 6 } },
    },
    {
      name: "a publication",
      tool: "update_record",
      args: { ...remove("knowledgearticle", article), item: { statecode: 3, statuscode: 7 } },
    },
    {
      name: "a new team",
      tool: "create_record",
      args: { tablename: "team", item: { name: "All" } },
    },
    { name: "a team's deletion", tool: "delete_record", args: remove("team", team?.teamid ?? "") },
    {
      name: "another person's mailbox",
      tool: "update_record",
      args: {
        ...remove("systemuser", personas[0]?.systemUserId ?? ""),
        item: { internalemailaddress: "me@strangers.example" },
      },
    },
    {
      name: "a new table",
      tool: "create_table",
      args: { tablename: "Loan", displayname: "Loan", item },
    },
    {
      name: "a new column",
      tool: "update_table",
      args: { tablename, item: [{ name: "Mood", type: "string" }] },
    },
    { name: "a table's deletion", tool: "delete_table", args: { tablename } },
  ];
}

const yes = { consent: { action: "accept", content: { confirm: true } } };
const form = { elicitation: { form: {}, url: {} } };
const persona = { "x-persona": asker };

/** What an act is tried as. Each may call as often as it likes. */
const disguises: Readonly<Record<string, (desk: ServiceDesk, act: Act) => Promise<unknown>>> = {
  "nothing beside it": (desk, { tool, args }) => desk.ask(tool, args, asker),
  hasUserApproved: (desk, { tool, args }) =>
    desk.ask(tool, { ...args, hasUserApproved: true }, asker),
  "words that look like a yes": (desk, { tool, args }) =>
    desk.ask(tool, { ...args, hasUserApproved: "yes", approved: true, confirm: true }, asker),
  "dryRun that is off": (desk, { tool, args }) =>
    desk.ask(tool, { ...args, dryRun: false, approvalId: "" }, asker),
  "an id that nobody gave": (desk, { tool, args }) =>
    desk.ask(tool, { ...args, approvalId: "AAAAAAAAAAAAAAAAAAAAAA" }, asker),
  "the id of its own question": async (desk, act) => {
    const approvalId = await ownId(desk, act);
    await desk.ask(act.tool, { ...act.args, approvalId }, asker);
    return desk.ask(act.tool, { approvalId, hasUserApproved: true }, asker);
  },
  "the id of another act's question": async (desk, { tool, args }) => {
    const other = { tablename: "task", recordId: args.recordId ?? args.emailId };
    const { structured } = await desk.ask(
      "update_record",
      { ...other, item: { statecode: "Completed" } },
      asker,
    );
    return desk.ask(tool, { ...args, approvalId: structured?.approval?.approvalId ?? "x" }, asker);
  },
  "many times": async (desk, { tool, args }) => {
    for (let time = 0; time < 4; time++) await desk.ask(tool, args, asker);
  },
  "at the same time": (desk, { tool, args }) =>
    Promise.all(Array.from({ length: 4 }, () => desk.ask(tool, args, asker))),
  "a batch of one": (desk, act) => callTogether(desk, [act]),
  "a batch of the same": (desk, act) => callTogether(desk, [act, act, act]),
  "a batch whose second brings the first's id": async (desk, act) => {
    const [first] = await callTogether(desk, [act, act]);
    const args = { ...act.args, approvalId: first?.approval?.approvalId ?? "" };
    return callTogether(desk, [
      { ...act, args },
      { ...act, args: { approvalId: args.approvalId } },
    ]);
  },
  "headers of a platform and of a page": (desk, act) =>
    callTogether(desk, [act], {
      "x-ms-client-principal": Buffer.from('{"claims":[]}').toString("base64"),
      "x-ms-client-principal-id": "0b000000-0000-4000-8000-000000000001",
      "x-zumo-auth": "x",
      "x-approved": "true",
      cookie: "__Host-approve=x",
      origin: new URL(desk.url).origin,
      "sec-fetch-site": "same-origin",
    }),
  "the newer revision": (desk, { tool, args }) =>
    callModern({ url: desk.url, tool, args, headers: persona }),
  "an answer to no question": (desk, { tool, args }) =>
    callModern({
      url: desk.url,
      tool,
      args,
      headers: persona,
      capabilities: form,
      inputResponses: yes,
    }),
  "the id as the state of a question, answered": async (desk, act) => {
    const { tool, args } = act;
    const requestState = await ownId(desk, act);
    return callModern({
      url: desk.url,
      tool,
      args,
      headers: persona,
      capabilities: form,
      inputResponses: yes,
      requestState,
    });
  },
  "a question of its own, answered by the client": async (desk, { tool, args, isClients }) => {
    if (isClients) return undefined;
    const call = { url: desk.url, tool, args, headers: persona, capabilities: form };
    const { result } = await callModern(call);
    return callModern({ ...call, inputResponses: yes, requestState: result.requestState ?? "x" });
  },
};

/** The id under which a call asks a person; "x" where it is refused. */
async function ownId(desk: ServiceDesk, { tool, args }: Act): Promise<string> {
  return (await desk.ask(tool, args, asker)).structured?.approval?.approvalId ?? "x";
}

/** Tries every act in every disguise. @returns how often it was tried, and what changed the database */
export async function tryWithoutGrade(desk: ServiceDesk) {
  const acts = await actsAt(desk);
  const before = pictureOf(desk.emulator);
  let tries = 0;
  const acted: string[] = [];
  for (const act of acts) {
    for (const [name, wear] of Object.entries(disguises)) {
      await wear(desk, act);
      tries++;
      if (name !== "a question of its own, answered by the client") continue;
      const tables = differing(before, pictureOf(desk.emulator));
      if (tables.length > 0) acted.push(`${act.name}: ${tables.join(", ")}`);
    }
  }
  return { tries, acted };
}
