import {
  applicationUser,
  integrationUser,
  organizationId,
  personas,
  rootBusinessUnitId,
} from "../identities";
import { familyNames, givenNames, mailName } from "../people";
import { type Owner, ownedBy, type SamplePlan, stamped } from "../plan";
import { isoTime } from "../writer";

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly businessUnitId: string;
  readonly isRepresentative: boolean;
}

export interface Organization {
  readonly users: readonly User[];
  /** Those who work on cases. */
  readonly representatives: readonly User[];
  readonly teams: readonly (Owner & { readonly name: string })[];
  /** The queue of a family of products; the common one for any other word. */
  queueOf(familyKey: string): { readonly id: string; readonly mail: string };
  readonly currencyId: string;
  readonly europeId: string;
  readonly americasId: string;
  readonly roleIds: ReadonlyMap<string, string>;
}

const domain = "halvren.example";
export const currencyId = "0d000000-0000-4000-8000-0000000000c1";
const europeId = "0d000000-0000-4000-8000-000000000002";
const americasId = "0d000000-0000-4000-8000-000000000003";
const adminId = personas[2]?.systemUserId ?? "";
/** Leads the second level of her own unit. */
const managerId = personas[1]?.systemUserId ?? "";

/** Name, and the family of products whose cases it holds; heating is new and has none yet. */
const sharedQueues = [
  ["Service desk", ""],
  ["Routers", "router"],
  ["Coffee machines", "coffee"],
  ["Scooters", "scooter"],
  ["Billing", "billing"],
  ["Orders and delivery", "delivery"],
] as const;

/** Hours from UTC of a unit's desk. */
export const deskOffsetOf = (businessUnitId: string): number =>
  businessUnitId === americasId ? -6 : 0;

const roleNames = [
  "System Administrator",
  "Customer Service Representative",
  "CSR Manager",
  "Knowledge Manager",
  "Delegate",
  "Customer Service MCP",
  "System Customizer",
];

/** What a new organization takes no files of. */
const blockedEndings =
  "ade;adp;app;asa;ashx;asmx;asp;bas;bat;cdx;cer;chm;class;cmd;com;config;cpl;crt;csh;dll;exe;fxp;hlp;hta;htr;htw;ida;idc;idq;inf;ins;isp;its;jar;js;jse;ksh;lnk;mad;maf;mag;mam;maq;mar;mas;mat;mau;mav;maw;mda;mdb;mde;mdt;mdw;mdz;msc;msh;msh1;msh1xml;msh2;msh2xml;mshxml;msi;msp;mst;ops;pcd;pif;prf;prg;printer;pst;reg;rem;scf;scr;sct;shb;shs;shtm;shtml;soap;stm;svg;tmp;url;vb;vbe;vbs;vsmacros;vss;vst;vsw;ws;wsc;wsf;wsh";

/** Business units, teams, people, queues, currency, the publisher of customizations and the solution they land in. */
export function writeOrganization(plan: SamplePlan): Organization {
  const { writer } = plan;
  const founded = isoTime(plan.asOf - 3 * 365 * 86_400_000);
  const by = stamped(adminId, founded);
  writer.write("organization", {
    organizationid: organizationId,
    name: "halvren",
    friendlyname: "Halvren Group",
    uniquename: "halvren",
    version: "9.2.26111.00170",
    languagecode: 1033,
    localeid: 1033,
    isauditenabled: 0,
    basecurrencyid: currencyId,
    blockedattachments: blockedEndings,
    maxuploadfilesize: 131_072,
    schemanameprefix: "new",
    createdon: founded,
    modifiedon: founded,
  });
  writer.write("transactioncurrency", {
    transactioncurrencyid: currencyId,
    currencyname: "Euro",
    isocurrencycode: "EUR",
    currencysymbol: "€",
    currencyprecision: 2,
    exchangerate: 1,
    statecode: 0,
    statuscode: 1,
    organizationid: organizationId,
    ...by,
  });
  for (const [id, name, parent] of [
    [rootBusinessUnitId, "Halvren Group", null],
    [europeId, "Service Europe", rootBusinessUnitId],
    [americasId, "Service Americas", rootBusinessUnitId],
  ] as const) {
    writer.write("businessunit", {
      businessunitid: id,
      name,
      parentbusinessunitid: parent,
      isdisabled: 0,
      organizationid: organizationId,
      transactioncurrencyid: currencyId,
      ...by,
    });
  }
  const users = writeUsers(plan, founded);
  const roleIds = writeRoles(plan, users, founded);
  const teams = writeTeams(plan, users, roleIds, founded);
  const queueOf = writeQueues(plan, users, founded);
  writeSolution(plan, founded);
  const representatives = users.filter((user) => user.isRepresentative);
  return { users, representatives, teams, queueOf, currencyId, europeId, americasId, roleIds };
}

function writeUsers(plan: SamplePlan, founded: string): User[] {
  const others = (plan.cases >= 100_000 ? 40 : 14) - personas.length;
  const users: User[] = personas.map((persona) => {
    const unit = persona.key === "administrator" ? rootBusinessUnitId : europeId;
    writeUser(plan, founded, {
      ...persona,
      id: persona.systemUserId,
      businessUnitId: unit,
      accessMode: 0,
    });
    return {
      id: persona.systemUserId,
      name: `${persona.firstName} ${persona.lastName}`,
      email: mailOf(persona.firstName, persona.lastName),
      businessUnitId: unit,
      isRepresentative: persona.key === "representative" || persona.key === "manager",
    };
  });
  for (let row = 0; row < others; row++) {
    const draw = plan.draw("systemuser", row);
    const [firstName, lastName] = [draw.pick("first", givenNames), draw.pick("last", familyNames)];
    const user = {
      id: draw.guid("id"),
      firstName,
      lastName,
      objectId: draw.guid("oid"),
      businessUnitId: row % 3 === 2 ? americasId : europeId,
      isDisabled: false,
      accessMode: 0,
    };
    writeUser(plan, founded, user);
    users.push({
      id: user.id,
      name: `${firstName} ${lastName}`,
      email: mailOf(firstName, lastName),
      businessUnitId: user.businessUnitId,
      isRepresentative: true,
    });
  }
  for (const application of [applicationUser, integrationUser]) {
    writeUser(plan, founded, {
      id: application.systemUserId,
      objectId: application.objectId,
      applicationId: application.applicationId,
      firstName: "#",
      lastName: application.name.slice(2),
      businessUnitId: rootBusinessUnitId,
      isDisabled: false,
      accessMode: 4,
    });
  }
  return users;
}

const mailOf = (first: string, last: string) => `${mailName(first, last)}@${domain}`;

function writeUser(
  plan: SamplePlan,
  founded: string,
  user: {
    id: string;
    objectId: string;
    applicationId?: string;
    firstName: string;
    lastName: string;
    businessUnitId: string;
    isDisabled: boolean;
    accessMode: number;
  },
): void {
  const mail = mailOf(user.firstName, user.lastName);
  plan.writer.write("systemuser", {
    systemuserid: user.id,
    azureactivedirectoryobjectid: user.objectId,
    applicationid: user.applicationId ?? null,
    firstname: user.firstName,
    lastname: user.lastName,
    fullname: `${user.firstName} ${user.lastName}`,
    domainname: mail,
    internalemailaddress: user.applicationId === undefined ? mail : null,
    businessunitid: user.businessUnitId,
    isdisabled: user.isDisabled ? 1 : 0,
    accessmode: user.accessMode,
    // 1 = approved: the mailbox may send.
    emailrouteraccessapproval: user.applicationId === undefined ? 1 : 0,
    invitestatuscode: 4,
    caltype: 0,
    islicensed: user.applicationId === undefined ? 1 : 0,
    setupuser: 0,
    issyncwithdirectory: 1,
    transactioncurrencyid: currencyId,
    organizationid: organizationId,
    ...stamped(adminId, founded),
  });
}

function writeRoles(
  plan: SamplePlan,
  users: readonly User[],
  founded: string,
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  roleNames.forEach((name, row) => {
    const id = plan.draw("role", row).guid("id");
    ids.set(name, id);
    plan.writer.write("role", {
      roleid: id,
      name,
      businessunitid: rootBusinessUnitId,
      parentrootroleid: id,
      isinherited: 1,
      ismanaged: 1,
      organizationid: organizationId,
      ...stamped(adminId, founded),
    });
  });
  let row = 0;
  const assign = (systemuserid: string, name: string) =>
    plan.writer.write("systemuserroles", {
      systemuserroleid: plan.draw("systemuserroles", row++).guid("id"),
      systemuserid,
      roleid: ids.get(name) ?? null,
    });
  for (const persona of personas)
    for (const name of persona.roles) assign(persona.systemUserId, name);
  for (const user of users.slice(personas.length))
    assign(user.id, "Customer Service Representative");
  assign(applicationUser.systemUserId, "Customer Service MCP");
  assign(applicationUser.systemUserId, "Delegate");
  assign(integrationUser.systemUserId, "Knowledge Manager");
  // New tables are given to customizers, and what the application may not do, nobody may through it.
  assign(applicationUser.systemUserId, "System Customizer");
  return ids;
}

/** Who has no role of his own is to get none by a team. */
const outsiders: ReadonlySet<string> = new Set(
  personas.filter(({ roles }) => roles.length === 0).map(({ systemUserId }) => systemUserId),
);

function writeTeams(
  plan: SamplePlan,
  users: readonly User[],
  roleIds: ReadonlyMap<string, string>,
  founded: string,
) {
  let member = 0;
  return (
    [
      ["Halvren Group", rootBusinessUnitId, true],
      ["Service Europe", europeId, true],
      ["Service Americas", americasId, true],
      ["Second level", europeId, false],
      ["Key accounts", americasId, false],
    ] as const
  ).map(([name, businessUnitId, isDefault], row) => {
    const id = plan.draw("team", row).guid("id");
    plan.writer.write("team", {
      teamid: id,
      name,
      businessunitid: businessUnitId,
      teamtype: 0,
      isdefault: isDefault ? 1 : 0,
      administratorid: adminId,
      membershiptype: 0,
      systemmanaged: isDefault ? 1 : 0,
      organizationid: organizationId,
      ...stamped(adminId, founded),
    });
    // A team that rows are given to must be able to read them.
    if (!isDefault)
      plan.writer.write("teamroles", {
        teamroleid: plan.draw("teamroles", row).guid("id"),
        teamid: id,
        roleid: roleIds.get("Customer Service Representative") ?? null,
      });
    for (const [index, user] of users.entries()) {
      const belongs = isDefault
        ? user.businessUnitId === businessUnitId
        : (index % 4 === row % 4 ||
            (plan.isShown && user.id === managerId && businessUnitId === europeId)) &&
          !outsiders.has(user.id);
      if (belongs)
        plan.writer.write("teammembership", {
          teammembershipid: plan.draw("teammembership", member++).guid("id"),
          teamid: id,
          systemuserid: user.id,
        });
    }
    return { id, type: "team" as const, businessUnitId, name };
  });
}

function writeQueues(
  plan: SamplePlan,
  users: readonly User[],
  founded: string,
): Organization["queueOf"] {
  const shared = sharedQueues.map(([name]) => ({
    name,
    owner: adminId,
    mail: `${name.toLowerCase().replaceAll(" ", ".")}@${domain}`,
  }));
  const own = users.map((user) => ({ name: `<${user.name}>`, owner: user.id, mail: user.email }));
  const queues = [...shared, ...own].map(({ name, owner, mail }, row) => {
    const id = plan.draw("queue", row).guid("id");
    plan.writer.write("queue", {
      queueid: id,
      name,
      emailaddress: mail,
      emailrouteraccessapproval: 1,
      queueviewtype: row < shared.length ? 0 : 1,
      statecode: 0,
      statuscode: 1,
      organizationid: organizationId,
      ...ownedBy({ id: owner, type: "systemuser", businessUnitId: rootBusinessUnitId }),
      ...stamped(adminId, founded),
    });
    return { id, mail };
  });
  return (familyKey) => {
    const index = sharedQueues.findIndex(([, family]) => family === familyKey);
    const queue = queues[Math.max(index, 0)];
    if (queue === undefined) throw new RangeError("There are no queues.");
    return queue;
  };
}

/** Where schema changes land: the publisher gives new tables and columns their prefix. */
function writeSolution(plan: SamplePlan, founded: string): void {
  const publisherId = "0d000000-0000-4000-8000-0000000000b1";
  plan.writer.write("publisher", {
    publisherid: publisherId,
    uniquename: "Cr8e3",
    friendlyname: "CDS Default Publisher",
    customizationprefix: "cr8e3",
    customizationoptionvalueprefix: 83_170,
    isreadonly: 0,
    organizationid: organizationId,
    ...stamped(adminId, founded),
  });
  for (const [row, name, friendly] of [
    [0, "Default", "Default Solution"],
    [1, "Cr8e3", "Common Data Services Default Solution"],
  ] as const) {
    plan.writer.write("solution", {
      solutionid:
        row === 0 ? "fd140aaf-4df4-11dd-bd17-0019b9312238" : plan.draw("solution", row).guid("id"),
      uniquename: name,
      friendlyname: friendly,
      version: "1.0",
      ismanaged: 0,
      isvisible: row === 0 ? 0 : 1,
      publisherid: publisherId,
      installedon: founded,
      organizationid: organizationId,
      ...stamped(adminId, founded),
    });
  }
}
