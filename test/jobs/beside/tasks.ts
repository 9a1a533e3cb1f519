import { demoCases, personas } from "../../../packages/dataverse-emulator/src/sample/identities";
import type { Bench, Row } from "../job";
import type { Peer } from "./peer";

type Own = Pick<Bench, "call" | "rows" | "newCase">;
type Other = Pick<Peer, "call"> & Pick<Bench, "rows" | "newCase">;

/** What both servers can do. */
interface Task {
  readonly words: string;
  ours(own: Own): Promise<boolean>;
  theirs(other: Other): Promise<boolean>;
}

const [first] = demoCases;
const me = personas[0]?.systemUserId ?? "";
const manager = personas[1];
const managerName = `${manager?.firstName} ${manager?.lastName}`;
const cases = { entitySetName: "incidents", compact: true };

const list = (data: Row): readonly Row[] => (data.value ?? []) as readonly Row[];

/** The id behind a number, as the other server has to find it first. */
async function idOf({ call }: Other, number: string, more: readonly string[] = []) {
  const found = await call("query", {
    ...cases,
    select: ["incidentid", ...more],
    filter: `ticketnumber eq '${number}'`,
  });
  const [row = {}] = list(found);
  return row;
}

const one = async (rows: Bench["rows"], path: string): Promise<Row> => (await rows(path))[0] ?? {};
const caseRow = (rows: Bench["rows"], id: string, select: string) =>
  one(rows, `incidents?$select=${select}&$filter=incidentid eq ${id}`);

export const tasks: readonly Task[] = [
  {
    words: "My three most pressing open cases, and how many I have.",
    async ours({ call }) {
      const { structured } = await call("list_cases", { top: 3 });
      return structured.cases.length === 3 && structured.total > 3;
    },
    async theirs({ call }) {
      const found = await call("list_users", { search: "Avery Lindholm", top: 1, compact: true });
      const [user] = found.users as readonly Row[];
      const data = await call("query", {
        ...cases,
        select: ["ticketnumber", "title", "prioritycode"],
        filter: `statecode eq 0 and _ownerid_value eq ${user?.id}`,
        orderby: "prioritycode,createdon",
        top: 3,
        count: true,
        formattedValues: true,
      });
      return list(data).length === 3;
    },
  },
  {
    words: `What is the status of ${first.ticketNumber}?`,
    async ours({ call }) {
      const { text } = await call("read_query", {
        querytext: `SELECT statuscode FROM incident WHERE ticketnumber = '${first.ticketNumber}'`,
      });
      return text.includes("In Progress");
    },
    async theirs({ call }) {
      const data = await call("query", {
        ...cases,
        select: ["statuscode"],
        filter: `ticketnumber eq '${first.ticketNumber}'`,
        formattedValues: true,
      });
      return JSON.stringify(data).includes("In Progress");
    },
  },
  {
    words: "How many open cases are there of each priority?",
    async ours({ call }) {
      const { structured } = await call("read_query", {
        querytext:
          "SELECT prioritycode, COUNT(*) AS n FROM incident WHERE statecode = 'Active' GROUP BY prioritycode",
      });
      return structured.rows.length === 3;
    },
    async theirs({ call }) {
      const data = await call("query", {
        entitySetName: "incidents",
        apply: "filter(statecode eq 0)/groupby((prioritycode),aggregate($count as n))",
        formattedValues: true,
        compact: true,
      });
      return list(data).length === 3;
    },
  },
  {
    words: "Note on a case by its number: the part is ordered.",
    async ours({ call, rows, newCase }) {
      const { id, number } = await newCase();
      await call("create_note", { caseNumber: number, text: "The part is ordered." });
      return (await rows(`annotations?$filter=_objectid_value eq ${id}`)).length === 1;
    },
    async theirs(other) {
      const { id, number } = await other.newCase();
      const { incidentid } = await idOf(other, number);
      await other.call("create_annotation", {
        recordId: incidentid,
        entitySetName: "incidents",
        noteText: "The part is ordered.",
      });
      return (await other.rows(`annotations?$filter=_objectid_value eq ${id}`)).length === 1;
    },
  },
  {
    words: "Make it urgent.",
    async ours({ call, rows, newCase }) {
      const { id, number } = await newCase();
      await call("update_record", {
        tablename: "incident",
        recordId: number,
        item: { prioritycode: "High" },
      });
      return (await caseRow(rows, id, "prioritycode")).prioritycode === 1;
    },
    async theirs(other) {
      const { id, number } = await other.newCase();
      const { incidentid } = await idOf(other, number);
      await other.call("update", {
        entitySetName: "incidents",
        id: incidentid,
        data: { prioritycode: 1 },
      });
      return (await caseRow(other.rows, id, "prioritycode")).prioritycode === 1;
    },
  },
  {
    words: "Make these four urgent.",
    async ours({ call, rows, newCase }) {
      const four = await Promise.all(Array.from({ length: 4 }, () => newCase()));
      await call("update_record", {
        tablename: "incident",
        recordIds: four.map(({ number }) => number),
        item: { prioritycode: "High" },
      });
      const now = await Promise.all(four.map(({ id }) => caseRow(rows, id, "prioritycode")));
      return now.every(({ prioritycode }) => prioritycode === 1);
    },
    async theirs({ call, rows, newCase }) {
      const four = await Promise.all(Array.from({ length: 4 }, () => newCase()));
      const found = await call("query", {
        ...cases,
        select: ["incidentid"],
        filter: four.map(({ number }) => `ticketnumber eq '${number}'`).join(" or "),
      });
      await call("batch_execute", {
        requests: list(found).map(({ incidentid }) => ({
          method: "PATCH",
          url: `incidents(${incidentid})`,
          body: { prioritycode: 1 },
        })),
      });
      const now = await Promise.all(four.map(({ id }) => caseRow(rows, id, "prioritycode")));
      return now.every(({ prioritycode }) => prioritycode === 1);
    },
  },
  {
    words: `Hand it over to ${managerName}: please call back.`,
    async ours({ call, rows, newCase }) {
      const { id, number } = await newCase();
      await call("reassign_case", {
        caseNumber: number,
        targetId: managerName,
        reason: "Please call back.",
      });
      return (await caseRow(rows, id, "_ownerid_value"))._ownerid_value === manager?.systemUserId;
    },
    async theirs(other) {
      const { id, number } = await other.newCase();
      const { incidentid } = await idOf(other, number);
      const found = await other.call("list_users", {
        search: managerName,
        top: 2,
        compact: true,
      });
      const [user] = found.users as readonly Row[];
      await other.call("assign", {
        entitySetName: "incidents",
        id: incidentid,
        ownerType: "systemuser",
        ownerId: user?.id,
      });
      await other.call("create_annotation", {
        recordId: incidentid,
        entitySetName: "incidents",
        subject: "Handover",
        noteText: "Please call back.",
      });
      const now = await caseRow(other.rows, id, "_ownerid_value");
      return now._ownerid_value === manager?.systemUserId;
    },
  },
  {
    words: "I called the customer for ten minutes; log it.",
    async ours({ call, rows, newCase }) {
      const { id, number } = await newCase();
      await call("create_activity", {
        type: "phonecall",
        caseNumber: number,
        subject: "Called about the part",
        isDone: true,
        minutes: 10,
      });
      return isLogged(rows, id);
    },
    async theirs(other) {
      const { id, number } = await other.newCase();
      const { incidentid, _primarycontactid_value: contact } = await idOf(other, number, [
        "_primarycontactid_value",
      ]);
      await other.call("create", {
        entitySetName: "phonecalls",
        data: {
          subject: "Called about the part",
          directioncode: true,
          actualdurationminutes: 10,
          "regardingobjectid_incident@odata.bind": `/incidents(${incidentid})`,
          phonecall_activity_parties: [
            { participationtypemask: 1, "partyid_systemuser@odata.bind": `/systemusers(${me})` },
            {
              participationtypemask: 2,
              "partyid_contact@odata.bind": `/contacts(${contact})`,
            },
          ],
        },
      });
      // It names no id of an activity that it made.
      const made = await other.call("query", {
        entitySetName: "phonecalls",
        select: ["activityid"],
        filter: `_regardingobjectid_value eq ${incidentid} and statecode eq 0`,
        compact: true,
      });
      await other.call("update", {
        entitySetName: "phonecalls",
        id: list(made)[0]?.activityid,
        data: { statecode: 1, statuscode: 2 },
      });
      return isLogged(other.rows, id);
    },
  },
  {
    words: "Attach devices.csv.",
    async ours({ call, rows, newCase }) {
      const { id, number } = await newCase();
      const content = "Serial;Date";
      await call("attach_file", { caseNumber: number, fileName: "devices.csv", content });
      return (await rows(`annotations?$filter=_objectid_value eq ${id}`)).length === 1;
    },
    async theirs(other) {
      const { id, number } = await other.newCase();
      const { incidentid } = await idOf(other, number);
      await other.call("create_annotation", {
        recordId: incidentid,
        entitySetName: "incidents",
        fileName: "devices.csv",
        mimeType: "text/csv",
        documentBody: Buffer.from("Serial;Date").toString("base64"),
      });
      return (await other.rows(`annotations?$filter=_objectid_value eq ${id}`)).length === 1;
    },
  },
  {
    words: "It is solved: firmware 4.3.",
    async ours({ call, rows, newCase }) {
      const { id, number } = await newCase();
      await call("resolve_incident", { caseNumber: number, resolutionNote: "Firmware 4.3" });
      return (await caseRow(rows, id, "statecode")).statecode === 1;
    },
    async theirs(other) {
      const { id, number } = await other.newCase();
      const { incidentid } = await idOf(other, number);
      await other.call("execute_action", {
        actionName: "CloseIncident",
        parameters: {
          IncidentResolution: {
            "@odata.type": "Microsoft.Dynamics.CRM.incidentresolution",
            subject: "Firmware 4.3",
            "incidentid@odata.bind": `/incidents(${incidentid})`,
          },
          Status: 5,
        },
      });
      return (await caseRow(other.rows, id, "statecode")).statecode === 1;
    },
  },
  {
    words: "Make a case for Harrowgate Foods: the grinder is loud.",
    async ours({ call, rows }) {
      const { structured } = await call("create_record", {
        tablename: "incident",
        item: { title: "The grinder is loud", customerid: "Harrowgate Foods Ltd" },
      });
      return (await caseRow(rows, structured.recordId, "title")).title === "The grinder is loud";
    },
    async theirs({ call, rows }) {
      const found = await call("query", {
        entitySetName: "accounts",
        select: ["accountid"],
        filter: "name eq 'Harrowgate Foods Ltd'",
        compact: true,
      });
      const made = await call("create", {
        entitySetName: "incidents",
        data: {
          title: "The grinder is loud",
          "customerid_account@odata.bind": `/accounts(${list(found)[0]?.accountid})`,
        },
      });
      return (await caseRow(rows, String(made.id), "title")).title === "The grinder is loud";
    },
  },
];

const isLogged = async (rows: Bench["rows"], id: string): Promise<boolean> =>
  (await rows(`phonecalls?$select=statecode&$filter=_regardingobjectid_value eq ${id}`)).some(
    ({ statecode }) => statecode === 1,
  );
