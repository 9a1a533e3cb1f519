import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type Catalog,
  type Database,
  DataverseError,
  type Principal,
  type Security,
} from "../../../src/model";
import { applicationUser, personas } from "../../../src/sample/identities";
import { authenticate, createSecurity } from "../../../src/security";
import { sampleDatabase } from "../../support/emulated";

let db: Database;
let catalog: Catalog;
let security: Security;
beforeAll(async () => {
  ({ db, catalog } = await sampleDatabase(300));
  security = createSecurity(db, catalog);
});
afterAll(() => db.close());

const application = { oid: applicationUser.objectId, appid: applicationUser.applicationId };
const [representative, manager, administrator, withoutRoles, disabled] = personas;
const as = (persona: (typeof personas)[number] | undefined): Principal =>
  authenticate(application, { callerobjectid: persona?.objectId ?? "" }, { db });

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof DataverseError) return `${error.status} ${error.code}`;
    throw error;
  }
}

const visible = (principal: Principal, table: string) => {
  const filter = security.rowFilter(principal, "Read", table, "t");
  const row = db
    .prepare(`SELECT count(*) AS n FROM ${table} t WHERE ${filter?.sql ?? "1"}`)
    .get(...(filter?.parameters ?? []));
  return Number(row?.n);
};

describe("who a request acts as", () => {
  test("is the application user, or the person it names by either header", () => {
    expect(authenticate(application, {}, { db })).toMatchObject({
      systemUserId: applicationUser.systemUserId,
      onBehalfOf: undefined,
    });
    const expected = {
      systemUserId: representative?.systemUserId,
      onBehalfOf: applicationUser.systemUserId,
    };
    expect(as(representative)).toMatchObject(expected);
    expect(
      authenticate(application, { mscrmcallerid: representative?.systemUserId ?? "" }, { db }),
    ).toMatchObject(expected);
  });

  test.each([
    [
      "an identity without an application user",
      { oid: "11111111-1111-4111-8111-111111111111", appid: undefined },
      {},
      "403 0x80072560",
    ],
    [
      "a person who is no user",
      application,
      { callerobjectid: "11111111-1111-4111-8111-111111111111" },
      "403 0x80072560",
    ],
    [
      "a disabled user",
      application,
      { callerobjectid: disabled?.objectId ?? "" },
      "403 0x80040225",
    ],
    [
      "a user without roles",
      application,
      { callerobjectid: withoutRoles?.objectId ?? "" },
      "403 0x80042f09",
    ],
    [
      "one who may not act for others",
      { oid: representative?.objectId ?? "", appid: undefined },
      { callerobjectid: manager?.objectId ?? "" },
      "403 0x8004a110",
    ],
  ])("is refused for %s", (_, claims, headers, code) => {
    expect(
      codeOf(() => authenticate(claims, headers as unknown as Record<string, string>, { db })),
    ).toBe(code);
  });
});

describe("what a person may do", () => {
  test("is refused by the exact words of the service", () => {
    expect(() => security.demand(as(representative), "Delete", "account")).toThrow(
      /^Principal user \(Id=0a000000-0000-4000-8000-000000000001, type=8, roleCount=1, privilegeCount=\d+, accessMode='0 Read-Write', AADObjectId=0b000000-0000-4000-8000-000000000001, MetadataCachePrivilegesCount=\d+, businessUnitId=[0-9a-f-]{36}\), is missing prvDeleteAccount privilege \(Id=[0-9a-f-]{36}\) on OTC=1 for entity 'account' \(LocalizedName='Account'\)\. context\.Caller=0a000000-0000-4000-8000-000000000001\. Consider adding missed privilege to one of the principal \(user\/team\) roles\.$/,
    );
  });

  test("shares the privileges of Activity over all activity tables", () => {
    for (const table of ["email", "task", "activitypointer"])
      expect(codeOf(() => security.demand(as(representative), "Read", table))).toBeUndefined();
  });

  test("is never more than the application user may do", () => {
    const id = String(
      db.prepare("SELECT privilegeid FROM privilege WHERE name = 'prvReadAccount'").get()
        ?.privilegeid,
    );
    const role = String(
      db.prepare("SELECT roleid FROM role WHERE name = 'Customer Service MCP'").get()?.roleid,
    );
    const kept = db
      .prepare(
        "SELECT roleprivilegeid, privilegedepthmask, versionnumber FROM roleprivileges WHERE roleid = ? AND privilegeid = ?",
      )
      .get(role, id);
    expect(codeOf(() => security.demand(as(administrator), "Read", "account"))).toBeUndefined();
    db.prepare("DELETE FROM roleprivileges WHERE roleid = ? AND privilegeid = ?").run(role, id);
    expect(codeOf(() => security.demand(as(administrator), "Read", "account"))).toBe(
      "403 0x80040220",
    );
    db.prepare(
      "INSERT INTO roleprivileges (roleprivilegeid, roleid, privilegeid, privilegedepthmask, versionnumber) VALUES (?, ?, ?, ?, ?)",
    ).run(
      kept?.roleprivilegeid ?? null,
      role,
      id,
      kept?.privilegedepthmask ?? null,
      kept?.versionnumber ?? null,
    );
    expect(codeOf(() => security.demand(as(administrator), "Read", "account"))).toBeUndefined();
  });
});

describe("the rows a person sees", () => {
  test("are those of the own business unit and of the own teams for a representative, all for an administrator", () => {
    const all = Number(db.prepare("SELECT count(*) AS n FROM incident").get()?.n);
    const own = Number(
      db
        .prepare(
          "SELECT count(*) AS n FROM incident WHERE owningbusinessunit = ?1 OR ownerid IN (SELECT teamid FROM teammembership WHERE systemuserid = ?2)",
        )
        .get(as(representative).businessUnitId, representative?.systemUserId ?? "")?.n,
    );
    expect(visible(as(representative), "incident")).toBe(own);
    expect(own).toBeLessThan(all);
    expect(own).toBeGreaterThan(0);
    expect(visible(as(administrator), "incident")).toBe(all);
    expect(visible(as(representative), "account")).toBe(visible(as(administrator), "account"));
  });

  test("include those of business units below for a manager of the root", () => {
    const before = visible(as(manager), "incident");
    db.prepare(
      "UPDATE systemuser SET businessunitid = '0d000000-0000-4000-8000-000000000001', versionnumber = versionnumber + 1000000 WHERE systemuserid = ?",
    ).run(manager?.systemUserId ?? "");
    expect(visible(as(manager), "incident")).toBeGreaterThan(before);
  });
});
