import type { WholeEndpoint } from "../support/whole-endpoint";
import { administratorOf, type Row } from "./administrator";

/** Somebody who sees their own cases alone, and what was shared with them. */
export interface Worker {
  readonly at: number;
  readonly userId: string;
  readonly objectId: string;
  /** Stands in every text of theirs and in nobody else's. */
  readonly word: string;
  /** Open cases of theirs. */
  readonly own: readonly string[];
  /** Resolved cases of theirs, from which their model learns. */
  readonly resolved: readonly string[];
  /** Open cases of others that they may read now, by id: whose they are. */
  readonly shared: Map<string, Worker>;
  hasRole: boolean;
}

export interface Company {
  readonly workers: readonly Worker[];
  /** Gives or takes back a right of Dataverse. */
  share(incidentId: string, from: Worker, to: Worker): Promise<void>;
  unshare(incidentId: string, from: Worker): Promise<void>;
  setRole(worker: Worker, has: boolean): Promise<void>;
  /** The title of a case as it stands. */
  titleOf(incidentId: string): Promise<string>;
}

const openCases = 4;
const resolvedCases = 8;
const faults = [
  ["The router drops the connection", "The channel was set by hand, as the article says."],
  ["The display stays dark", "The cable of the display was loose; it was plugged in again."],
  ["The invoice was sent twice", "The second invoice was taken back by accounting."],
  ["The machine shows error E4", "The pump was descaled, and the error went away."],
] as const;
const subjectOf = (at: number) => at % faults.length;

const wordOf = (at: number) => `zq${String(at).padStart(2, "0")}mive`;
/** Every word of a person of the company. */
export const words = /zq\d{2,3}mive/g;

/** People with cases, notes and mails of their own, all below one role that shows each of them what is theirs. */
export async function foundCompany(endpoint: WholeEndpoint, people: number): Promise<Company> {
  const admin = administratorOf(endpoint);
  const [unit] = await admin.rows(
    "businessunits?$select=businessunitid&$filter=_parentbusinessunitid_value eq null",
  );
  const unitId = String(unit?.businessunitid);
  const roleId = await ownRowsOnly(admin, unitId);
  const subjects = await admin.rows(`subjects?$select=subjectid&$top=${faults.length}`);
  const [contact] = await admin.rows("contacts?$select=contactid&$top=1");
  const customer = { "customerid_contact@odata.bind": `/contacts(${contact?.contactid})` };

  async function employ(at: number): Promise<Worker> {
    const word = wordOf(at);
    const objectId = `0b000000-0000-4000-8000-0000000a${String(at).padStart(4, "0")}`;
    const userId = await admin.make("systemusers", {
      firstname: "Robin",
      lastname: `Number ${at}`,
      domainname: `robin${at}@example.com`,
      internalemailaddress: `robin${at}@example.com`,
      "businessunitid@odata.bind": `/businessunits(${unitId})`,
    });
    // Entra sets it when a person is provisioned; by the Web API nobody can.
    endpoint.emulator.world.db
      .prepare("UPDATE systemuser SET azureactivedirectoryobjectid = ? WHERE systemuserid = ?")
      .run(objectId, userId);
    await admin.link(`systemusers(${userId})/systemuserroles_association`, `roles(${roleId})`);
    const caseOf = (n: number) => {
      const [title] = faults[subjectOf(n)] ?? faults[0];
      return admin.make("incidents", {
        ...customer,
        title: `${title}: ${word}`,
        description: `${title}. Serial number ${word}-${n}.`,
        "ownerid@odata.bind": `/systemusers(${userId})`,
        "subjectid@odata.bind": `/subjects(${subjects[subjectOf(n)]?.subjectid})`,
      });
    };
    const own: string[] = [];
    for (let n = 0; n < openCases; n++) own.push(await caseOf(n));
    await admin.make("annotations", {
      subject: `Call back ${word}`,
      notetext: `${word} asked to be called back.`,
      "objectid_incident@odata.bind": `/incidents(${own[0]})`,
      "ownerid@odata.bind": `/systemusers(${userId})`,
    });
    const resolved: string[] = [];
    for (let n = 0; n < resolvedCases; n++) {
      const id = await caseOf(n);
      const [, cure] = faults[subjectOf(n)] ?? faults[0];
      await admin.resolve(id, `${cure} (${word})`);
      resolved.push(id);
    }
    return { at, userId, objectId, word, own, resolved, shared: new Map(), hasRole: true };
  }

  const workers: Worker[] = [];
  for (let at = 0; at < people; at++) workers.push(await employ(at));
  return {
    workers,
    async share(incidentId, from, to) {
      await admin.act("GrantAccess", {
        Target: { incidentid: incidentId, "@odata.type": "Microsoft.Dynamics.CRM.incident" },
        PrincipalAccess: {
          Principal: {
            systemuserid: to.userId,
            "@odata.type": "Microsoft.Dynamics.CRM.systemuser",
          },
          AccessMask: "ReadAccess",
        },
      });
      to.shared.set(incidentId, from);
    },
    async unshare(incidentId, from) {
      await admin.act("RevokeAccess", {
        Target: { incidentid: incidentId, "@odata.type": "Microsoft.Dynamics.CRM.incident" },
        Revokee: { systemuserid: from.userId, "@odata.type": "Microsoft.Dynamics.CRM.systemuser" },
      });
      from.shared.delete(incidentId);
    },
    async setRole(worker, has) {
      const path = `systemusers(${worker.userId})/systemuserroles_association`;
      if (has) await admin.link(path, `roles(${roleId})`);
      else await admin.unlink(`${path}(${roleId})`);
      worker.hasRole = has;
    },
    async titleOf(incidentId) {
      return String((await admin.row(`incidents(${incidentId})?$select=title`)).title);
    },
  };
}

/** A representative's role, with every right on the rows of one's unit cut down to one's own. */
async function ownRowsOnly(
  admin: ReturnType<typeof administratorOf>,
  unitId: string,
): Promise<string> {
  const [model] = await admin.rows(
    "roles?$select=roleid&$filter=name eq 'Customer Service Representative'",
  );
  const { RolePrivileges } = await admin.row(`RetrieveRolePrivilegesRole(RoleId=${model?.roleid})`);
  const roleId = await admin.make("roles", {
    name: "Representative of own cases",
    "businessunitid@odata.bind": `/businessunits(${unitId})`,
  });
  await admin.act(`roles(${roleId})/Microsoft.Dynamics.CRM.AddPrivilegesRole`, {
    Privileges: (RolePrivileges as Row[]).map(({ PrivilegeId, Depth }) => ({
      PrivilegeId,
      Depth: Depth === "Local" ? "Basic" : Depth,
    })),
  });
  return roleId;
}
