import {
  contact,
  counted,
  made,
  mark,
  newCase,
  representative,
  rows,
  type ToolUse,
  type Truth,
  to,
} from "./call";

/** Tools that write rows of any table. */
export const recordUses: readonly ToolUse[] = [
  {
    tool: "create_record",
    use: "a case",
    as: "representative",
    async prepare(desk) {
      const title = `The scooter stops ${mark()}`;
      return {
        args: {
          tablename: "incident",
          item: { title, customerid: to("contact", await contact(desk)) },
        },
        truth: async () =>
          counted((await rows(desk, `incidents?$select=title&$filter=title eq '${title}'`)).length),
      };
    },
  },
  {
    tool: "create_record",
    use: "a mail, by names",
    as: "representative",
    async prepare(desk) {
      const subject = `About it ${mark()}`;
      return {
        args: {
          tablename: "email",
          item: {
            subject,
            description: "<p>Hello</p>",
            to: ["Marlow"],
            regardingobjectid: to("incident", await newCase(desk)),
          },
        },
        truth: async () =>
          counted(
            (await rows(desk, `emails?$select=subject&$filter=subject eq '${subject}'`)).length,
          ),
      };
    },
  },
  {
    tool: "create_record",
    use: "a note with an id",
    as: "representative",
    isRepeatable: false,
    async prepare(desk) {
      const subject = `Called ${mark()}`;
      const incidentId = await newCase(desk);
      return {
        args: {
          tablename: "annotation",
          item: {
            annotationid: crypto.randomUUID(),
            subject,
            notetext: "It drops",
            objectid: to("incident", incidentId),
          },
        },
        truth: async () =>
          counted(
            (await rows(desk, `annotations?$select=subject&$filter=subject eq '${subject}'`))
              .length,
          ),
      };
    },
  },
  ...[false, true].map(
    (pinned): ToolUse => ({
      tool: "update_record",
      use: pinned ? "at a version" : "a case",
      as: "representative",
      isRepeatable: !pinned,
      extent: pinned ? "usual" : "all",
      async prepare(desk) {
        const id = await newCase(desk);
        const description = `Seen ${mark()}`;
        const before = await desk.read(`incidents(${id})?$select=title`);
        const args = { tablename: "incident", recordId: id, item: { description } };
        return {
          args: pinned ? { ...args, etag: before["@odata.etag"] } : args,
          async truth() {
            const now = await desk.read(`incidents(${id})?$select=description`);
            return counted(now.description === description ? 1 : 0);
          },
        };
      },
    }),
  ),
  {
    tool: "delete_record",
    use: "a task",
    as: "administrator",
    isRepeatable: false,
    async prepare(desk) {
      const id = await made(desk, "tasks", { subject: "Call back" });
      return {
        args: { tablename: "task", recordId: id, hasUserApproved: true },
        async truth() {
          const left = await rows(desk, `tasks?$select=subject&$filter=activityid eq ${id}`);
          return counted(left.length === 0 ? 1 : 0);
        },
      };
    },
  },
];

/** Tools that work on cases and mails, but for those that predict. */
export const serviceUses: readonly ToolUse[] = [
  {
    tool: "resolve_incident",
    use: "a case",
    as: "representative",
    isRepeatable: true,
    says: { resolved: true, wasResolvedBefore: false },
    async prepare(desk) {
      const id = await newCase(desk);
      return {
        args: { incidentId: id, resolutionNote: `Firmware ${mark()}` },
        async truth(): Promise<Truth> {
          const now = await desk.read(`incidents(${id})?$select=statecode`);
          const resolutions = await rows(
            desk,
            `incidentresolutions?$select=subject&$filter=_incidentid_value eq ${id}`,
          );
          const isResolved = now.statecode === 1;
          return { done: isResolved ? "done" : "not done", things: resolutions.length };
        },
      };
    },
  },
  ...[false, true].map(
    (isUnsafe): ToolUse => ({
      tool: "send_email",
      use: isUnsafe ? "a draft that must be cleaned first" : "a draft",
      as: "representative",
      isRepeatable: true,
      says: { sent: true, wasSentBefore: false },
      async prepare(desk) {
        const id = await made(desk, "emails", {
          subject: `Your router ${mark()}`,
          description: isUnsafe ? "<p>Hello</p><script>x</script>" : "<p>Hello</p>",
          "ownerid@odata.bind": `/systemusers(${representative})`,
          email_activity_parties: [
            {
              participationtypemask: 1,
              "partyid_systemuser@odata.bind": `/systemusers(${representative})`,
            },
            {
              participationtypemask: 2,
              "partyid_contact@odata.bind": `/contacts(${await contact(desk)})`,
            },
          ],
        });
        return {
          args: { emailId: id },
          async truth(): Promise<Truth> {
            const mail = await desk.read(`emails(${id})?$select=statuscode,deliveryattempts`);
            return counted(Number(mail.statuscode) === 1 ? 0 : 1);
          },
        };
      },
    }),
  ),
];
