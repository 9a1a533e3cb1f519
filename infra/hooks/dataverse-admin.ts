import type { Depth } from "./privileges";

/** Dataverse refused; `status` says how. */
export class DataverseRefusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = "DataverseRefusal";
    this.status = status;
  }
}

interface Row {
  readonly [column: string]: unknown;
}

export interface Outcome {
  /** What was changed, in words; empty when all stood already. */
  readonly changes: string[];
  /** Privileges that this environment does not have. */
  readonly unknown: string[];
}

export interface Wish {
  /** Origin of the environment. */
  readonly url: string;
  /** Token of a System Administrator. */
  readonly token: string;
  /** Client id of the managed identity. */
  readonly applicationId: string;
  readonly roleName: string;
  readonly privileges: ReadonlyMap<string, Depth>;
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** The few calls of the Web API that set up an application user, as the person whose token is used. */
class WebApi {
  readonly #wish: Wish;
  readonly root: string;

  constructor(wish: Wish) {
    this.#wish = wish;
    this.root = `${wish.url.replace(/\/+$/, "")}/api/data/v9.2`;
  }

  async call(method: string, path: string, body?: unknown): Promise<Row> {
    const response = await fetch(`${this.root}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#wish.token}`,
        accept: "application/json",
        "content-type": "application/json; charset=utf-8",
        "odata-version": "4.0",
        "odata-maxversion": "4.0",
        prefer: "return=representation",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    if (!response.ok)
      throw new DataverseRefusal(
        response.status,
        `${method} ${path.split("?")[0]}: ${response.status} ${text.slice(0, 300)}`,
      );
    return text === "" ? {} : (JSON.parse(text) as Row);
  }

  async rows(path: string): Promise<Row[]> {
    return (await this.call("GET", path)).value as Row[];
  }
}

/** Who the token stands for, and whether that person is a System Administrator. */
export async function whoDeploys(
  url: string,
  token: string,
): Promise<{ readonly userId: string; readonly isAdministrator: boolean }> {
  const api = new WebApi({ url, token, applicationId: "", roleName: "", privileges: new Map() });
  const userId = String((await api.call("GET", "WhoAmI")).UserId);
  const roles = await api.rows(`systemusers(${userId})/systemuserroles_association?$select=name`);
  return { userId, isAdministrator: roles.some(({ name }) => name === "System Administrator") };
}

/**
 * Makes the identity an application user with one role that holds just `privileges`. Run again, it changes only what
 * differs; privileges that the role has beyond the list are taken away.
 *
 * @throws DataverseRefusal 401 or 403 when the person lacks rights
 */
export async function setUpApplicationUser(wish: Wish): Promise<Outcome> {
  const api = new WebApi(wish);
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
  const unknown = await alignPrivileges(api, wish, String(role.roleid), unitId, changes);

  const held = await api.rows(
    `systemusers(${user.systemuserid})/systemuserroles_association?$select=roleid`,
  );
  if (!held.some(({ roleid }) => roleid === role?.roleid)) {
    await api.call("POST", `systemusers(${user.systemuserid})/systemuserroles_association/$ref`, {
      "@odata.id": `${api.root}/roles(${role.roleid})`,
    });
    changes.push("role given");
  }
  return { changes, unknown };
}

/** One filter holds this many names: an address must not grow without end. */
const namesAtOnce = 15;

async function alignPrivileges(
  api: WebApi,
  wish: Wish,
  roleId: string,
  unitId: string,
  changes: string[],
): Promise<string[]> {
  const names = [...wish.privileges.keys()];
  const found: Row[] = [];
  for (let start = 0; start < names.length; start += namesAtOnce) {
    const filter = names
      .slice(start, start + namesAtOnce)
      .map((name) => `name eq ${quoted(name)}`)
      .join(" or ");
    found.push(...(await api.rows(`privileges?$select=privilegeid,name&$filter=${filter}`)));
  }
  const { RolePrivileges: held } = (await api.call(
    "GET",
    `RetrieveRolePrivilegesRole(RoleId=${roleId})`,
  )) as unknown as {
    RolePrivileges: readonly { PrivilegeId: string; PrivilegeName: string; Depth: string }[];
  };
  const isHeld = ({ privilegeid, name }: Row) =>
    held.some(
      (each) =>
        each.PrivilegeId === privilegeid && each.Depth === wish.privileges.get(String(name)),
    );
  const missing = found.filter((privilege) => !isHeld(privilege));
  if (missing.length > 0) {
    await api.call("POST", `roles(${roleId})/Microsoft.Dynamics.CRM.AddPrivilegesRole`, {
      Privileges: missing.map(({ privilegeid, name }) => ({
        PrivilegeId: privilegeid,
        PrivilegeName: name,
        BusinessUnitId: unitId,
        Depth: wish.privileges.get(String(name)) ?? "Global",
      })),
    });
    changes.push(`${missing.length} privileges added`);
  }
  const surplus = held.filter(({ PrivilegeName }) => !wish.privileges.has(PrivilegeName));
  for (const { PrivilegeId } of surplus)
    await api.call("POST", `roles(${roleId})/Microsoft.Dynamics.CRM.RemovePrivilegeRole`, {
      PrivilegeId,
    });
  if (surplus.length > 0) changes.push(`${surplus.length} privileges taken away`);
  return names.filter((name) => !found.some((each) => each.name === name));
}
