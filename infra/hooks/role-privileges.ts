import type { RoleNeeds } from "./privileges";
import type { WebApi } from "./web-api";

export interface Privilege {
  readonly id: string;
  readonly name: string;
}

export interface Resolved {
  readonly privileges: readonly Privilege[];
  /** Tables that this environment does not have. */
  readonly missingTables: readonly string[];
  /** Privileges beside the tables that it does not know. */
  readonly missingPrivileges: readonly string[];
}

/** One filter holds this many names: an address must not grow without end. */
const namesAtOnce = 15;

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

async function inParts<T>(
  names: readonly string[],
  column: string,
  read: (filter: string) => Promise<T[]>,
): Promise<T[]> {
  const found: T[] = [];
  for (let start = 0; start < names.length; start += namesAtOnce) {
    const part = names.slice(start, start + namesAtOnce);
    found.push(...(await read(part.map((name) => `${column} eq ${quoted(name)}`).join(" or "))));
  }
  return found;
}

interface Definition {
  readonly LogicalName: string;
  readonly Privileges: readonly {
    readonly Name: string;
    readonly PrivilegeId: string;
    readonly PrivilegeType: string;
  }[];
}

/**
 * Finds the privileges by the environment's own definitions: their names do not follow from the tables' (`prvReadNote` is
 * that of annotation, and all activities share `prvReadActivity`). A right that a table does not know is passed over:
 * nobody can be given a row that has no owner.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/securityprivilegemetadata
 */
export async function resolvePrivileges(api: WebApi, needs: RoleNeeds): Promise<Resolved> {
  const tables = [...needs.tables.keys()];
  const definitions = await inParts(tables, "LogicalName", (filter) =>
    api.rows<Definition>(`EntityDefinitions?$select=LogicalName,Privileges&$filter=${filter}`),
  );
  const named = [...needs.privileges];
  const others = await inParts(named, "name", (filter) =>
    api.rows<{ privilegeid: string; name: string }>(
      `privileges?$select=privilegeid,name&$filter=${filter}`,
    ),
  );
  const found = new Map<string, Privilege>();
  for (const { LogicalName, Privileges } of definitions) {
    const rights: ReadonlySet<string> = needs.tables.get(LogicalName) ?? new Set();
    for (const { Name, PrivilegeId, PrivilegeType } of Privileges)
      if (rights.has(PrivilegeType)) found.set(PrivilegeId, { id: PrivilegeId, name: Name });
  }
  for (const { privilegeid, name } of others) found.set(privilegeid, { id: privilegeid, name });
  return {
    privileges: [...found.values()].sort((left, right) => (left.name < right.name ? -1 : 1)),
    missingTables: tables.filter((name) => !definitions.some((each) => each.LogicalName === name)),
    missingPrivileges: named.filter((name) => !others.some((each) => each.name === name)),
  };
}
