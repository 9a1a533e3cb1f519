import type { RoleNeeds } from "./privileges";
import type { WebApi } from "./web-api";

/** Depth of a privilege in a role; Dataverse takes the word, not a number. */
export type Depth = "Basic" | "Local" | "Deep" | "Global";

export interface Privilege {
  readonly id: string;
  readonly name: string;
  /** The widest that this privilege may have. */
  readonly depth: Depth;
}

const widest = (isGlobal: unknown, isDeep: unknown, isLocal: unknown): Depth => {
  if (isGlobal !== false) return "Global";
  if (isDeep === true) return "Deep";
  return isLocal === true ? "Local" : "Basic";
};

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
    readonly CanBeGlobal?: boolean;
    readonly CanBeDeep?: boolean;
    readonly CanBeLocal?: boolean;
  }[];
}

interface NamedPrivilege {
  readonly privilegeid: string;
  readonly name: string;
  readonly canbeglobal?: boolean;
  readonly canbedeep?: boolean;
  readonly canbelocal?: boolean;
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
    api.rows<NamedPrivilege>(
      `privileges?$select=privilegeid,name,canbeglobal,canbedeep,canbelocal&$filter=${filter}`,
    ),
  );
  const found = new Map<string, Privilege>();
  for (const { LogicalName, Privileges } of definitions) {
    const rights: ReadonlySet<string> = needs.tables.get(LogicalName) ?? new Set();
    for (const each of Privileges) {
      if (!rights.has(each.PrivilegeType)) continue;
      const depth = widest(each.CanBeGlobal, each.CanBeDeep, each.CanBeLocal);
      found.set(each.PrivilegeId, { id: each.PrivilegeId, name: each.Name, depth });
    }
  }
  for (const { privilegeid: id, name, canbeglobal, canbedeep, canbelocal } of others)
    found.set(id, { id, name, depth: widest(canbeglobal, canbedeep, canbelocal) });
  return {
    privileges: [...found.values()].sort((left, right) => (left.name < right.name ? -1 : 1)),
    missingTables: tables.filter((name) => !definitions.some((each) => each.LogicalName === name)),
    missingPrivileges: named.filter((name) => !others.some((each) => each.name === name)),
  };
}
