import type { RoleNeeds } from "./privileges";
import { type Privilege, type Resolved, resolvePrivileges } from "./role-privileges";
import { WebApi } from "./web-api";

export interface Outcome {
  /** What was changed, in words; empty when all stood already. */
  readonly changes: string[];
  /** What the role holds now, and what of the wish this environment does not have. */
  readonly role: Resolved;
}

export interface Wish {
  /** Origin of the environment. */
  readonly url: string;
  /** Token of a System Administrator. */
  readonly token: string;
  /** Client id of the managed identity. */
  readonly applicationId: string;
  readonly roleName: string;
  readonly needs: RoleNeeds;
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Who the token stands for, and whether that person is a System Administrator. */
export async function whoDeploys(
  url: string,
  token: string,
): Promise<{ readonly userId: string; readonly isAdministrator: boolean }> {
  const api = new WebApi(url, token);
  const userId = String((await api.call("GET", "WhoAmI")).UserId);
  const roles = await api.rows(`systemusers(${userId})/systemuserroles_association?$select=name`);
  return { userId, isAdministrator: roles.some(({ name }) => name === "System Administrator") };
}

/**
 * Makes the identity an application user with one role that holds just what is needed. Run again, it changes only what
 * differs; privileges that the role has beyond it are taken away.
 *
 * @throws DataverseRefusal 401 or 403 when the person lacks rights
 */
export async function setUpApplicationUser(wish: Wish): Promise<Outcome> {
  const api = new WebApi(wish.url, wish.token);
  const changes: string[] = [];
  const [unit] = await api.rows(
    "businessunits?$select=businessunitid&$filter=_parentbusinessunitid_value eq null",
  );
  const unitId = String(unit?.businessunitid);
  const bind = { "businessunitid@odata.bind": `/businessunits(${unitId})` };

  let [user] = await api.rows(
    `systemusers?$select=systemuserid,isdisabled&$filter=applicationid eq ${wish.applicationId}`,
  );
  if (user === undefined) {
    user = await api.call("POST", "systemusers?$select=systemuserid", {
      applicationid: wish.applicationId,
      ...bind,
    });
    changes.push("application user made");
  } else if (user.isdisabled === true) {
    await api.call("PATCH", `systemusers(${user.systemuserid})`, { isdisabled: false });
    changes.push("application user enabled");
  }

  let [role] = await api.rows(
    `roles?$select=roleid&$filter=name eq ${quoted(wish.roleName)} and _businessunitid_value eq ${unitId}`,
  );
  if (role === undefined) {
    role = await api.call("POST", "roles?$select=roleid", { name: wish.roleName, ...bind });
    changes.push("role made");
  }
  const wanted = await resolvePrivileges(api, wish.needs);
  await alignPrivileges(api, wanted.privileges, String(role.roleid), unitId, changes);

  const held = await api.rows(
    `systemusers(${user.systemuserid})/systemuserroles_association?$select=roleid`,
  );
  if (!held.some(({ roleid }) => roleid === role?.roleid)) {
    await api.call("POST", `systemusers(${user.systemuserid})/systemuserroles_association/$ref`, {
      "@odata.id": `${api.root}/roles(${role.roleid})`,
    });
    changes.push("role given");
  }
  return { changes, role: wanted };
}

async function alignPrivileges(
  api: WebApi,
  wanted: readonly Privilege[],
  roleId: string,
  unitId: string,
  changes: string[],
): Promise<void> {
  const { RolePrivileges: held } = (await api.call(
    "GET",
    `RetrieveRolePrivilegesRole(RoleId=${roleId})`,
  )) as unknown as { RolePrivileges: readonly { PrivilegeId: string; Depth: string }[] };
  const missing = wanted.filter(
    ({ id, depth }) => !held.some((each) => each.PrivilegeId === id && each.Depth === depth),
  );
  if (missing.length > 0) {
    await api.call("POST", `roles(${roleId})/Microsoft.Dynamics.CRM.AddPrivilegesRole`, {
      Privileges: missing.map(({ id, name, depth }) => ({
        PrivilegeId: id,
        PrivilegeName: name,
        BusinessUnitId: unitId,
        Depth: depth,
      })),
    });
    changes.push(`${missing.length} privileges added`);
  }
  const surplus = held.filter(({ PrivilegeId }) => !wanted.some(({ id }) => id === PrivilegeId));
  for (const { PrivilegeId } of surplus)
    await api.call("POST", `roles(${roleId})/Microsoft.Dynamics.CRM.RemovePrivilegeRole`, {
      PrivilegeId,
    });
  if (surplus.length > 0) changes.push(`${surplus.length} privileges taken away`);
}
