import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Dataverse, outcome, personaOf, startDataverse } from "../../support/dataverse";

let dataverse: Dataverse;
let incident: string;
const representative = personaOf("representative");
const user = {
  "@odata.type": "Microsoft.Dynamics.CRM.systemuser",
  systemuserid: representative.systemUserId,
};
beforeAll(async () => {
  dataverse = await startDataverse({ cases: 30 });
  const { send } = dataverse;
  const account = (await send("POST", "accounts", { name: "Shared" })).id;
  incident = (
    await send("POST", "incidents", {
      title: "Of another unit",
      "customerid_account@odata.bind": `/accounts(${account})`,
    })
  ).id;
});
afterAll(() => dataverse.close());

const target = () => ({ "@odata.id": `incidents(${incident})` });
const grant = (action: string, AccessMask: string) =>
  dataverse.send("POST", action, {
    Target: target(),
    PrincipalAccess: { Principal: user, AccessMask },
  });
const see = async () =>
  outcome(
    await dataverse.send("GET", `incidents(${incident})`, undefined, { as: "representative" }),
  );
const change = async () =>
  outcome(
    await dataverse.send(
      "PATCH",
      `incidents(${incident})`,
      { title: "x" },
      { as: "representative" },
    ),
  );
const accessOf = async (id: string) =>
  (
    await dataverse.send(
      "GET",
      `systemusers(${representative.systemUserId})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t=${encodeURIComponent(JSON.stringify({ "@odata.id": `incidents(${id})` }))}`,
    )
  ).json.AccessRights;
const shares = async () =>
  (
    await dataverse.send(
      "GET",
      `RetrieveSharedPrincipalsAndAccess(Target=@t)?@t=${encodeURIComponent(JSON.stringify(target()))}`,
    )
  ).json.PrincipalAccesses;

describe("sharing", () => {
  test("lets a person see a row, then change it, then neither", async () => {
    expect(await see()).not.toBe("200");
    expect((await grant("GrantAccess", "ReadAccess")).status).toBe(204);
    expect(await see()).toBe("200");
    expect(await change()).toBe("403 0x80048306");
    expect(await accessOf(incident)).toContain("ReadAccess");
    expect(await accessOf(incident)).not.toContain("WriteAccess");

    await grant("GrantAccess", "WriteAccess");
    expect(await change()).toBe("204");
    expect(await shares()).toMatchObject([
      {
        AccessMask: "ReadAccess, WriteAccess",
        Principal: {
          "@odata.type": "#Microsoft.Dynamics.CRM.systemuser",
          systemuserid: representative.systemUserId,
        },
      },
    ]);

    await grant("ModifyAccess", "ReadAccess");
    expect(await change()).toBe("403 0x80048306");
    const revoked = await dataverse.send("POST", "RevokeAccess", {
      Target: target(),
      Revokee: user,
    });
    expect(revoked.status).toBe(204);
    expect(await see()).not.toBe("200");
    expect(await shares()).toEqual([]);
  });

  test("with a team is with its members", async () => {
    const { send } = dataverse;
    const [team] = (
      await send(
        "GET",
        `systemusers(${representative.systemUserId})/teammembership_association?$select=teamid&$top=1`,
      )
    ).json.value as { teamid: string }[];
    const principal = { "@odata.type": "Microsoft.Dynamics.CRM.team", teamid: team?.teamid };
    await send("POST", "GrantAccess", {
      Target: target(),
      PrincipalAccess: { Principal: principal, AccessMask: "ReadAccess" },
    });
    expect(await see()).toBe("200");
    await send("POST", "RevokeAccess", { Target: target(), Revokee: principal });
    expect(await see()).not.toBe("200");
  });

  test.each([
    ["unknown rights", { AccessMask: "FlyAccess", Principal: user }, "400 0x80048d19"],
    ["no principal", { AccessMask: "ReadAccess" }, "400 0x80040203"],
    [
      "a principal that is a case",
      { AccessMask: "ReadAccess", Principal: { "@odata.id": "incidents(x)" } },
      "400 0x80040203",
    ],
    [
      "a user that is not there",
      {
        AccessMask: "ReadAccess",
        Principal: {
          "@odata.type": "Microsoft.Dynamics.CRM.systemuser",
          systemuserid: "11111111-1111-4111-8111-111111111111",
        },
      },
      "404 0x80040217",
    ],
  ])("refuses %s", async (_, PrincipalAccess, expected) => {
    const body = { Target: target(), PrincipalAccess };
    expect(outcome(await dataverse.send("POST", "GrantAccess", body))).toBe(expected);
    expect(await shares()).toEqual([]);
  });

  test("is refused to one who may not share, and for rows that nobody owns", async () => {
    const body = {
      Target: target(),
      PrincipalAccess: { Principal: user, AccessMask: "ReadAccess" },
    };
    const own = await dataverse.send("POST", "GrantAccess", body, { as: "representative" });
    expect(own.status).toBe(403);
    const [subject] = (await dataverse.send("GET", "subjects?$top=1&$select=subjectid")).json
      .value as { subjectid: string }[];
    const unowned = { ...body, Target: { "@odata.id": `subjects(${subject?.subjectid})` } };
    expect(outcome(await dataverse.send("POST", "GrantAccess", unowned))).toBe("400 0x80040203");
  });
});

test("RetrieveVersion tells a version of the service", async () => {
  const { json } = await dataverse.send("GET", "RetrieveVersion()");
  expect(json.Version).toMatch(/^9\.2\.\d+\.\d+$/);
});

describe("roles", () => {
  const privilege = async (name: string) =>
    (
      (await dataverse.send("GET", `privileges?$filter=name eq '${name}'&$select=privilegeid`)).json
        .value as { privilegeid: string }[]
    )[0]?.privilegeid;
  const rolesOf = async (id: string) =>
    (await dataverse.send("GET", `RetrieveRolePrivilegesRole(RoleId=${id})`)).json
      .RolePrivileges as { PrivilegeName: string; Depth: string; PrivilegeId: string }[];
  const held = async (name: string) =>
    (
      await dataverse.send(
        "GET",
        `systemusers(${representative.systemUserId})/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p=${encodeURIComponent(JSON.stringify([name, "prvNothing"]))}`,
      )
    ).json.RolePrivileges;

  test("gain, change and lose privileges, and what a person may do follows at once", async () => {
    const { send } = dataverse;
    const [unit] = (await send("GET", "businessunits?$filter=_parentbusinessunitid_value eq null"))
      .json.value as { businessunitid: string }[];
    const role = (
      await send("POST", "roles", {
        name: "Account remover",
        "businessunitid@odata.bind": `/businessunits(${unit?.businessunitid})`,
      })
    ).id;
    await send(
      "POST",
      `systemusers(${representative.systemUserId})/systemuserroles_association/$ref`,
      {
        "@odata.id": `${dataverse.root}roles(${role})`,
      },
    );
    const account = (await send("POST", "accounts", { name: "Doomed" })).id;
    const remove = async () =>
      outcome(await send("DELETE", `accounts(${account})`, undefined, { as: "representative" }));
    expect(await remove()).toBe("403 0x80040220");
    expect(await held("prvDeleteAccount")).toEqual([]);

    const id = await privilege("prvDeleteAccount");
    const path = `roles(${role})/Microsoft.Dynamics.CRM`;
    const add = await send("POST", `${path}.AddPrivilegesRole`, {
      Privileges: [
        { "@odata.type": "Microsoft.Dynamics.CRM.RolePrivilege", PrivilegeId: id, Depth: "Basic" },
      ],
    });
    expect(add.status).toBe(204);
    expect(await rolesOf(role)).toMatchObject([
      { PrivilegeName: "prvDeleteAccount", Depth: "Basic" },
    ]);
    expect(await remove()).toBe("403 0x80048306");

    await send("POST", `${path}.AddPrivilegesRole`, {
      Privileges: [{ PrivilegeId: id, Depth: "Global" }],
    });
    expect(await rolesOf(role)).toMatchObject([{ Depth: "Global" }]);
    expect(await held("prvDeleteAccount")).toMatchObject([
      { PrivilegeName: "prvDeleteAccount", Depth: "Global", PrivilegeId: id },
    ]);
    const other = await privilege("prvReadSubject");
    await send("POST", `${path}.ReplacePrivilegesRole`, {
      Privileges: [{ PrivilegeId: other, Depth: "Global" }],
    });
    expect(await rolesOf(role)).toMatchObject([{ PrivilegeName: "prvReadSubject" }]);
    expect(await remove()).toBe("403 0x80040220");
    expect((await send("POST", `${path}.RemovePrivilegeRole`, { PrivilegeId: other })).status).toBe(
      204,
    );
    expect(await rolesOf(role)).toEqual([]);
    expect(outcome(await send("POST", `${path}.RemovePrivilegeRole`, { PrivilegeId: other }))).toBe(
      "404 0x80040217",
    );
    await send("POST", `${path}.AddPrivilegesRole`, {
      Privileges: [{ PrivilegeId: id, Depth: 3 }],
    });
    expect(await remove()).toBe("204");
  });

  test("refuse a wrong depth and an unknown privilege, whole", async () => {
    const [role] = (await dataverse.send("GET", "roles?$filter=name eq 'CSR Manager'")).json
      .value as { roleid: string }[];
    const before = await rolesOf(role?.roleid ?? "");
    const good = { PrivilegeId: before[0]?.PrivilegeId, Depth: "Basic" };
    const unknown = "11111111-1111-4111-8111-111111111111";
    for (const [bad, expected] of [
      [{ ...good, Depth: "Bottomless" }, "400 0x80048d19"],
      [{ PrivilegeId: unknown, Depth: "Basic" }, "404 0x80040217"],
      [{ PrivilegeId: "x", Depth: "Basic" }, "400 0x80040203"],
    ] as const) {
      const answer = await dataverse.send(
        "POST",
        `roles(${role?.roleid})/Microsoft.Dynamics.CRM.ReplacePrivilegesRole`,
        { Privileges: [good, bad] },
      );
      expect(outcome(answer)).toBe(expected);
    }
    expect(await rolesOf(role?.roleid ?? "")).toEqual(before);
    const mine = await dataverse.send(
      "POST",
      `roles(${role?.roleid})/Microsoft.Dynamics.CRM.AddPrivilegesRole`,
      { Privileges: [good] },
      { as: "representative" },
    );
    expect(outcome(mine)).toBe("403 0x80040220");
  });
});
