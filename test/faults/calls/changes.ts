import {
  claimOfSeveral,
  contact,
  counted,
  mark,
  newCase,
  ofTwo,
  rows,
  type ToolUse,
  type Truth,
  to,
} from "./call";

/** Changes of records that are more than new values of one row: several rows, another state, an operation of the service. */
export const changeUses: readonly ToolUse[] = [
  {
    tool: "update_record",
    use: "several cases",
    as: "representative",
    isRepeatable: true,
    claimOf: claimOfSeveral,
    async prepare(desk) {
      const recordIds = [await newCase(desk), await newCase(desk)];
      const description = `Seen ${mark()}`;
      return {
        args: { tablename: "incident", recordIds, item: { description } },
        async truth(): Promise<Truth> {
          const changed = await rows(
            desk,
            `incidents?$select=title&$filter=contains(description,'${description}')`,
          );
          return { done: ofTwo(changed.length), things: Math.min(1, changed.length) };
        },
      };
    },
  },
  {
    tool: "create_record",
    use: "several cases",
    as: "representative",
    claimOf: claimOfSeveral,
    async prepare(desk) {
      const customerid = to("contact", await contact(desk));
      const titles = [`The scooter stops ${mark()}`, `The light fades ${mark()}`];
      return {
        args: { tablename: "incident", items: titles.map((title) => ({ title, customerid })) },
        async truth(): Promise<Truth> {
          const counts = await Promise.all(
            titles.map(
              async (title) =>
                (await rows(desk, `incidents?$select=title&$filter=title eq '${title}'`)).length,
            ),
          );
          return {
            done: ofTwo(counts.filter((count) => count > 0).length),
            things: Math.max(...counts),
          };
        },
      };
    },
  },
  {
    tool: "update_record",
    use: "merged into another",
    as: "administrator",
    isRepeatable: false,
    async prepare(desk) {
      const id = await newCase(desk);
      const master = await newCase(desk);
      return {
        args: { tablename: "incident", recordId: id, item: { masterid: to("incident", master) } },
        async truth() {
          const now = await desk.read(`incidents(${id})?$select=_masterid_value`);
          return counted(now._masterid_value === master ? 1 : 0);
        },
      };
    },
  },
  {
    tool: "update_record",
    use: "reopened",
    as: "representative",
    isRepeatable: true,
    async prepare(desk) {
      const id = await newCase(desk);
      await desk.write("POST", "CloseIncident", {
        IncidentResolution: { subject: "Done", "incidentid@odata.bind": `/incidents(${id})` },
        Status: 5,
      });
      return {
        args: { tablename: "incident", recordId: id, item: { statecode: "Active" } },
        async truth() {
          const now = await desk.read(`incidents(${id})?$select=statecode`);
          return counted(now.statecode === 0 ? 1 : 0);
        },
      };
    },
  },
  {
    tool: "create_record",
    use: "a case's place in a queue",
    as: "representative",
    async prepare(desk) {
      const id = await newCase(desk);
      const [queue] = await rows(desk, "queues?$select=queueid&$filter=name eq 'Billing'");
      const item = {
        objectid: to("incident", id),
        queueid: to("queue", String(queue?.queueid)),
      };
      return {
        args: { tablename: "queueitem", item },
        truth: async () =>
          counted(
            (await rows(desk, `queueitems?$select=title&$filter=_objectid_value eq ${id}`)).length,
          ),
      };
    },
  },
];
