import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { draftsAt } from "../support/mails";
import type { ServiceDesk } from "../support/service-desk";
import {
  type Approval,
  asker,
  askFor,
  callTogether,
  isThere,
  newTask,
  openPage,
} from "./approving";

interface Honest {
  readonly ask: () => Promise<{ readonly approval: Approval; isDone(): Promise<boolean> }>;
  /** Changes that a yes makes. */
  readonly acts: number;
}

function kindsAt(desk: ServiceDesk): Record<string, Honest & { readonly times: number }> {
  const drafts = draftsAt(desk, personas[2]?.systemUserId ?? "");
  const mail = (draft: () => Promise<string>): Honest => ({
    acts: 1,
    async ask() {
      const emailId = await draft();
      return {
        approval: await askFor(desk, "send_email", { emailId }),
        isDone: () => drafts.isSent(emailId),
      };
    },
  });
  const remove = (recordId: string) => ({ tablename: "task", recordId });
  return {
    deletions: {
      times: 30,
      acts: 1,
      async ask() {
        const id = await newTask(desk);
        return {
          approval: await askFor(desk, "delete_record", remove(id)),
          isDone: async () => !(await isThere(desk, id)),
        };
      },
    },
    "mails to strangers": { times: 15, ...mail(drafts.toStranger) },
    "replies at the page": { times: 10, ...mail(drafts.reply) },
    "batches of four": {
      times: 5,
      acts: 4,
      async ask() {
        const ids = await Promise.all(Array.from({ length: 4 }, () => newTask(desk)));
        const calls = ids.map((id) => ({ tool: "delete_record", args: remove(id) }));
        const [first] = await callTogether(desk, calls);
        if (first?.approval === undefined) throw new Error("The batch asks for nothing.");
        return {
          approval: first.approval,
          isDone: async () =>
            (await Promise.all(ids.map((id) => isThere(desk, id)))).every((there) => !there),
        };
      },
    },
  };
}

/** Asks, says yes twice at once, and asks what became of it. @returns how many acted once, and those that did not */
export async function approveHonestly(desk: ServiceDesk) {
  let once = 0;
  const others: string[] = [];
  for (const [kind, { times, acts, ask }] of Object.entries(kindsAt(desk)))
    for (let time = 1; time <= times; time++) {
      const { approval, isDone } = await ask();
      const { browser, page, link, approvalId } = await openPage(desk, approval);
      const begun = desk.calls.length;
      const press = () => browser.press(link, page, "yes");
      const statuses = (await Promise.all([press(), press()])).map(({ status }) => status).sort();
      const made = desk.calls.slice(begun).flatMap(({ trace }) => trace.acts).length;
      const tool =
        kind.includes("deletions") || kind.includes("batches") ? "delete_record" : "send_email";
      const told = await desk.ask(tool, { approvalId }, asker);
      const isOnce =
        statuses.join() === "200,409" && made === acts && (await isDone()) && !told.isError;
      if (isOnce) once++;
      else
        others.push(
          `${kind} ${time}: ${statuses.join()}, ${made} acts, ${told.text.slice(0, 200)}`,
        );
    }
  return { once, others };
}
