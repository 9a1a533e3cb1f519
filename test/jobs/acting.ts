import { job } from "./job";

const me = "0a000000-0000-4000-8000-000000000001";
const file = Buffer.from("Serial;Date").toString("base64");

/** Jobs that change something. */
export const actingJobs = [
  ...(["Billing", "Routers"] as const).map((queue) =>
    job(`Move this case to ${queue}.`, async ({ call, newCase, rows }) => {
      const { id, number } = await newCase();
      await call("reassign_case", { caseNumber: number, targetType: "queue", targetId: queue });
      const [item] = await rows(
        `queueitems?$select=_queueid_value&$expand=queueid($select=name)&$filter=_objectid_value eq ${id} and statecode eq 0`,
      );
      return (item?.queueid as { name?: unknown })?.name === queue;
    }),
  ),
  job(
    "Hand it over to Ulla Hernández: she knows the customer.",
    async ({ call, newCase, rows, read }) => {
      const { id, number } = await newCase();
      await call("reassign_case", {
        caseNumber: number,
        targetId: "Ulla Hernández",
        reason: "You know the customer.",
      });
      const [user] = await rows(
        "systemusers?$select=systemuserid&$filter=fullname eq 'Ulla Hernández'",
      );
      const notes = await rows(`annotations?$select=notetext&$filter=_objectid_value eq ${id}`);
      const now = await read(`incidents(${id})?$select=_ownerid_value`);
      return now._ownerid_value === user?.systemuserid && notes.length === 1;
    },
  ),
  job("Second level shall look at it.", async ({ call, newCase, rows, read }) => {
    const { id, number } = await newCase();
    await call("reassign_case", {
      caseNumber: number,
      targetType: "team",
      targetId: "Second level",
    });
    const [team] = await rows("teams?$select=teamid&$filter=name eq 'Second level'");
    return (await read(`incidents(${id})?$select=_ownerid_value`))._ownerid_value === team?.teamid;
  }),
  job("I take this one from the queue.", async ({ call, newCase, rows, desk }) => {
    const { id, number } = await newCase();
    await desk.call("reassign_case", { caseNumber: number, targetId: "Scooters" });
    await call("pick_case_from_queue", { caseNumber: number });
    const [item] = await rows(
      `queueitems?$select=_workerid_value&$filter=_objectid_value eq ${id} and statecode eq 0`,
    );
    return item?._workerid_value === me;
  }),
  job("Give me the next from Night shift.", async ({ call, newCase, made, desk }) => {
    await made("queues", { name: "Night shift", queueviewtype: 0 });
    const { id, number } = await newCase();
    await desk.call("reassign_case", { caseNumber: number, targetId: "Night shift" });
    return (
      (await call("pick_case_from_queue", { queue: "Night shift" })).structured.incidentId === id
    );
  }),
  job("Note on it: the part is ordered.", async ({ call, newCase, rows }) => {
    const { id, number } = await newCase();
    await call("create_note", { caseNumber: number, text: "The part is ordered." });
    return (
      (await rows(`annotations?$select=notetext&$filter=_objectid_value eq ${id}`)).length === 1
    );
  }),
  ...([true, false] as const).map((isIncoming) =>
    job(
      isIncoming
        ? "The customer just called, ten minutes; log it."
        : "I called the customer; log it.",
      async ({ call, newCase, read }) => {
        const { number } = await newCase();
        const { structured } = await call("create_activity", {
          type: "phonecall",
          caseNumber: number,
          subject: "Call",
          isDone: true,
          isIncoming,
          minutes: 10,
        });
        const now = await read(
          `phonecalls(${structured.activityId})?$select=statecode,directioncode`,
        );
        return now.statecode === 1 && now.directioncode === !isIncoming;
      },
    ),
  ),
  job("Remind me on Thursday to ask accounts.", async ({ call, newCase, read }) => {
    const { number } = await newCase();
    const { structured } = await call("create_activity", {
      type: "task",
      caseNumber: number,
      subject: "Ask accounts",
      end: "2026-11-26T09:00:00Z",
    });
    return (
      (await read(`tasks(${structured.activityId})?$select=scheduledend`)).scheduledend ===
      "2026-11-26T09:00:00Z"
    );
  }),
  job("The task is done.", async ({ call, newCase, made, read }) => {
    const { id } = await newCase();
    const task = await made("tasks", {
      subject: "Ask",
      "ownerid@odata.bind": `/systemusers(${me})`,
      "regardingobjectid_incident@odata.bind": `/incidents(${id})`,
    });
    await call("update_record", {
      tablename: "task",
      recordId: task,
      item: { statecode: "Completed" },
    });
    return (await read(`tasks(${task})?$select=statecode`)).statecode === 1;
  }),
  job("Make an appointment with them on Friday at ten.", async ({ call, newCase, read }) => {
    const { number } = await newCase();
    const { structured } = await call("create_activity", {
      type: "appointment",
      caseNumber: number,
      subject: "Visit",
      start: "2026-11-27T10:00:00Z",
    });
    return (
      (await read(`appointments(${structured.activityId})?$select=scheduledend`)).scheduledend ===
      "2026-11-27T10:30:00Z"
    );
  }),
  ...([file, "Serial;Date"] as const).map((content) =>
    job(
      content === file ? "Attach devices.csv (its bytes)." : "Attach devices.csv (its words).",
      async ({ call, newCase, rows }) => {
        const { id, number } = await newCase();
        await call("attach_file", { caseNumber: number, fileName: "devices.csv", content });
        const [note] = await rows(
          `annotations?$select=documentbody&$filter=_objectid_value eq ${id}`,
        );
        return note?.documentbody === file;
      },
    ),
  ),
  job("Attach devices.csv to the draft.", async ({ call, made, rows }) => {
    const emailId = await made("emails", {
      subject: "Hello",
      "ownerid@odata.bind": `/systemusers(${me})`,
    });
    await call("attach_file", { emailId, fileName: "devices.csv", content: "Serial;Date" });
    return (
      (await rows(`activitymimeattachments?$select=filename&$filter=_objectid_value eq ${emailId}`))
        .length === 1
    );
  }),
  job("This is the same as that case: merge them.", async ({ call, newCase, read }) => {
    const [one, other] = [await newCase(), await newCase()];
    await call("update_record", {
      tablename: "incident",
      recordId: one.number,
      item: { masterid: other.number },
    });
    const now = await read(`incidents(${one.id})?$select=merged,_masterid_value`);
    return now.merged === true && now._masterid_value === other.id;
  }),
  job("It is solved: firmware 4.3.", async ({ call, newCase, read }) => {
    const { id, number } = await newCase();
    await call("resolve_incident", { caseNumber: number, resolutionNote: "Firmware 4.3" });
    return (await read(`incidents(${id})?$select=statecode`)).statecode === 1;
  }),
  job("It is back: reopen it.", async ({ call, newCase, read, desk }) => {
    const { id, number } = await newCase();
    await desk.call("resolve_incident", { caseNumber: number, resolutionNote: "Firmware 4.3" });
    await call("update_record", {
      tablename: "incident",
      recordId: number,
      item: { statecode: "Active" },
    });
    return (await read(`incidents(${id})?$select=statecode`)).statecode === 0;
  }),
  job("These four are urgent.", async ({ call, newCase, read }) => {
    const four = await Promise.all(Array.from({ length: 4 }, () => newCase()));
    await call("update_record", {
      tablename: "incident",
      recordIds: four.map(({ number }) => number),
      item: { prioritycode: "High" },
    });
    const now = await Promise.all(
      four.map(({ id }) => read(`incidents(${id})?$select=prioritycode`)),
    );
    return now.every(({ prioritycode }) => prioritycode === 1);
  }),
  ...(["On Hold", "Researching", "Waiting for Details"] as const).map((status) =>
    job(`Set it to ${status}.`, async ({ call, newCase, read }) => {
      const { id, number } = await newCase();
      await call("update_record", {
        tablename: "incident",
        recordId: number,
        item: { statuscode: status },
      });
      const labels = { "On Hold": 2, "Waiting for Details": 3, Researching: 4 };
      return (await read(`incidents(${id})?$select=statuscode`)).statuscode === labels[status];
    }),
  ),
  job("Make a case for Harrowgate Foods: the grinder is loud.", async ({ call, rows }) => {
    const { structured } = await call("create_record", {
      tablename: "incident",
      item: {
        title: "The grinder is loud",
        customerid: { relatedTable: "account", name: "Harrowgate Foods Ltd" },
      },
    });
    return (
      (await rows(`incidents?$select=title&$filter=incidentid eq ${structured.recordId}`))
        .length === 1
    );
  }),
  job("Send the draft that waits on CAS-01002-M9T3W8, to whom?", async ({ call, read }) => {
    const { structured } = await call("send_email", { emailId: "CAS-01002-M9T3W8" });
    const { statecode } = await read(`emails(${structured.emailId})?$select=statecode`);
    return statecode === 1 && structured.addresses.length > 0;
  }),
  job("These three go to Billing.", async ({ call, newCase, rows }) => {
    const three = await Promise.all(Array.from({ length: 3 }, () => newCase()));
    await call("reassign_case", {
      cases: three.map(({ number }) => number),
      targetType: "queue",
      targetId: "Billing",
    });
    const items = await Promise.all(
      three.map(({ id }) =>
        rows(
          `queueitems?$expand=queueid($select=name)&$filter=_objectid_value eq ${id} and statecode eq 0`,
        ),
      ),
    );
    return items.flat().every(({ queueid }) => (queueid as { name: string }).name === "Billing");
  }),
  job("Two tasks on it: ask the carrier, tell the customer.", async ({ call, newCase, rows }) => {
    const { id, number } = await newCase();
    await call("create_record", {
      tablename: "task",
      items: ["Ask the carrier", "Tell the customer"].map((subject) => ({
        subject,
        regardingobjectid: number,
      })),
    });
    return (await rows(`tasks?$filter=_regardingobjectid_value eq ${id}`)).length === 2;
  }),
  job("Suggest what to do next.", async ({ call, newCase }) => {
    const { number } = await newCase({ title: "The connection drops every night" });
    return !(await call("get_next_suggestion_on_case", { caseNumber: number })).isError;
  }),
  job("Draft an answer, and leave it unsent.", async ({ call, newCase, read }) => {
    const { number } = await newCase({ title: "The connection drops every night" });
    const { structured } = await call("draft_email_with_suggested_response", {
      caseNumber: number,
    });
    return (await read(`emails(${structured.emailId})?$select=statecode`)).statecode === 0;
  }),
];
