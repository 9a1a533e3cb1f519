import {
  claimOfSeveral,
  counted,
  type Item,
  made,
  mark,
  newCase,
  ofTwo,
  representative,
  rows,
  type ToolUse,
  type Truth,
} from "./call";

type Desk = Parameters<ToolUse["prepare"]>[0];

const queueNamed = async (desk: Desk, name: string): Promise<string> =>
  String((await rows(desk, `queues?$select=queueid&$filter=name eq '${name}'`))[0]?.queueid);

const queueCase = async (desk: Desk, queue: string): Promise<string> => {
  const id = await newCase(desk);
  const path = `queues(${await queueNamed(desk, queue)})/Microsoft.Dynamics.CRM.AddToQueue`;
  await desk.write("POST", path, {
    Target: { "@odata.type": "Microsoft.Dynamics.CRM.incident", incidentid: id },
  });
  return id;
};

const itemsOf = (desk: Desk, id: string): Promise<readonly Item[]> =>
  rows(
    desk,
    `queueitems?$select=_queueid_value,_workerid_value&$filter=_objectid_value eq ${id} and statecode eq 0`,
  );

const colleague = "0a000000-0000-4000-8000-000000000002";

/** What a desk does with a case beside answering it. */
export const deskUses: readonly ToolUse[] = [
  {
    tool: "reassign_case",
    use: "to a queue",
    as: "representative",
    isRepeatable: true,
    async prepare(desk) {
      const id = await newCase(desk);
      const queue = await queueNamed(desk, "Billing");
      return {
        args: { incidentId: id, targetType: "queue", targetId: "Billing" },
        truth: async () =>
          counted((await itemsOf(desk, id)).filter((item) => item._queueid_value === queue).length),
      };
    },
  },
  {
    tool: "reassign_case",
    use: "several to a queue",
    as: "representative",
    isRepeatable: true,
    claimOf: claimOfSeveral,
    async prepare(desk) {
      const ids = [await newCase(desk), await queueCase(desk, "Routers")];
      const queue = await queueNamed(desk, "Billing");
      return {
        args: { cases: ids, targetType: "queue", targetId: "Billing" },
        async truth(): Promise<Truth> {
          const there: number[] = [];
          for (const id of ids) {
            const items = await itemsOf(desk, id);
            there.push(items.filter((item) => item._queueid_value === queue).length);
          }
          return {
            done: ofTwo(there.filter((count) => count > 0).length),
            things: Math.max(...there),
          };
        },
      };
    },
  },
  {
    tool: "reassign_case",
    use: "from a queue to another",
    as: "representative",
    isRepeatable: true,
    async prepare(desk) {
      const id = await queueCase(desk, "Billing");
      const queue = await queueNamed(desk, "Routers");
      return {
        args: { incidentId: id, targetType: "queue", targetId: "Routers" },
        truth: async () =>
          counted((await itemsOf(desk, id)).filter((item) => item._queueid_value === queue).length),
      };
    },
  },
  {
    tool: "reassign_case",
    use: "to a colleague, with a reason",
    as: "representative",
    isRepeatable: true,
    async prepare(desk) {
      const id = await queueCase(desk, "Billing");
      const reason = `On leave ${mark()}`;
      return {
        args: { incidentId: id, targetType: "user", targetId: colleague, reason },
        async truth(): Promise<Truth> {
          const now = await desk.read(`incidents(${id})?$select=_ownerid_value`);
          const notes = await rows(
            desk,
            `annotations?$select=subject&$filter=_objectid_value eq ${id} and contains(notetext,'${reason}')`,
          );
          const isGiven = now._ownerid_value === colleague;
          const done = isGiven && notes.length > 0 ? "done" : isGiven ? "part" : "not done";
          return { done, things: notes.length };
        },
      };
    },
  },
  {
    tool: "pick_case_from_queue",
    use: "by its id",
    as: "representative",
    isRepeatable: true,
    async prepare(desk) {
      const id = await queueCase(desk, "Scooters");
      return {
        args: { incidentId: id },
        truth: async () =>
          counted(
            (await itemsOf(desk, id)).filter((item) => item._workerid_value === representative)
              .length,
          ),
      };
    },
  },
  {
    tool: "pick_case_from_queue",
    use: "the next one",
    as: "representative",
    isRepeatable: true,
    async prepare(desk) {
      const queue = `Desk ${mark()}`;
      await made(desk, "queues", { name: queue, queueviewtype: 0 });
      const id = await queueCase(desk, queue);
      return {
        args: { queue },
        truth: async () =>
          counted(
            (await itemsOf(desk, id)).filter((item) => item._workerid_value === representative)
              .length,
          ),
      };
    },
  },
  {
    tool: "create_note",
    use: "on a case",
    as: "representative",
    async prepare(desk) {
      const title = `Called ${mark()}`;
      return {
        args: { incidentId: await newCase(desk), title, text: "It drops" },
        truth: async () =>
          counted(
            (await rows(desk, `annotations?$select=subject&$filter=subject eq '${title}'`)).length,
          ),
      };
    },
  },
  {
    tool: "create_activity",
    use: "a call that is over",
    as: "representative",
    async prepare(desk) {
      const subject = `Called ${mark()}`;
      return {
        args: { type: "phonecall", incidentId: await newCase(desk), subject, isDone: true },
        truth: async () =>
          counted(
            (await rows(desk, `phonecalls?$select=subject&$filter=subject eq '${subject}'`)).length,
          ),
      };
    },
  },
  {
    tool: "create_activity",
    use: "an open appointment",
    as: "representative",
    async prepare(desk) {
      const subject = `Visit ${mark()}`;
      const times = { start: "2026-12-01T09:00:00Z", end: "2026-12-01T10:00:00Z" };
      return {
        args: { type: "appointment", incidentId: await newCase(desk), subject, ...times },
        truth: async () =>
          counted(
            (await rows(desk, `appointments?$select=subject&$filter=subject eq '${subject}'`))
              .length,
          ),
      };
    },
  },
  {
    tool: "attach_file",
    use: "to a case",
    as: "representative",
    async prepare(desk) {
      const fileName = `${mark()}.txt`;
      return {
        args: { incidentId: await newCase(desk), fileName, content: "It drops" },
        truth: async () =>
          counted(
            (await rows(desk, `annotations?$select=filename&$filter=filename eq '${fileName}'`))
              .length,
          ),
      };
    },
  },
  {
    tool: "attach_file",
    use: "to a draft",
    as: "representative",
    async prepare(desk) {
      const fileName = `${mark()}.txt`;
      const emailId = await made(desk, "emails", {
        subject: "Your router",
        "ownerid@odata.bind": `/systemusers(${representative})`,
      });
      return {
        args: { emailId, fileName, content: "It drops" },
        truth: async () =>
          counted(
            (
              await rows(
                desk,
                `activitymimeattachments?$select=filename&$filter=filename eq '${fileName}'`,
              )
            ).length,
          ),
      };
    },
  },
];
