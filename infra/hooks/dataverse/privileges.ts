import type { Tool } from "../../../shared/tools/define";
import { type Right, serviceTables } from "../../../shared/tools/needs";

/** What the role of the application user holds, all of it at organisation level: the person's own roles say which rows. */
export interface RoleNeeds {
  readonly tables: ReadonlyMap<string, ReadonlySet<Right>>;
  readonly privileges: ReadonlySet<string>;
}

export interface RoleOptions {
  /** Also what changes the schema; without it the role lacks that, whatever the person may do. */
  readonly schemaTools: boolean;
  /** People come with tokens of their own, so the app reads definitions and acts for nobody. */
  readonly isOnBehalfOf?: boolean;
  /** Tables of the organisation's own that the tools for records and queries work with. */
  readonly ownTables?: readonly string[];
  /** Privileges by name that an organisation adds. */
  readonly ownPrivileges?: readonly string[];
}

/** To read the definitions by which every tool finds its names. */
const forDefinitions = ["prvReadEntity", "prvReadAttribute", "prvReadRelationship"];
const toActForPeople = "prvActOnBehalfOfAnotherUser";

type Described = Pick<Tool, "name"> & { readonly needs?: Tool["needs"] | undefined };

/**
 * Gathers what the tools that are offered say of themselves.
 *
 * @throws Error for a tool that does not say what it needs
 */
export const needsOf = (tools: readonly Described[], options: RoleOptions): RoleNeeds =>
  options.isOnBehalfOf === true
    ? {
        tables: new Map(),
        privileges: new Set([...forDefinitions, ...(options.ownPrivileges ?? [])]),
      }
    : needsForPeople(tools, options);

function needsForPeople(tools: readonly Described[], options: RoleOptions): RoleNeeds {
  const tables = new Map<string, Set<Right>>();
  const privileges = new Set([toActForPeople, ...forDefinitions, ...(options.ownPrivileges ?? [])]);
  const add = (table: string, rights: readonly Right[]) => {
    if (rights.length === 0) return;
    const known = tables.get(table) ?? new Set();
    tables.set(table, new Set([...known, ...rights]));
  };
  for (const { name, needs } of tools) {
    if (needs === undefined)
      throw new Error(
        `The tool ${name} does not say what it needs at Dataverse: give it "needs" (shared/tools/needs.ts).`,
      );
    if (!options.schemaTools && (needs.privileges ?? []).length > 0) continue;
    for (const privilege of needs.privileges ?? []) privileges.add(privilege);
    for (const [table, rights] of Object.entries(needs.tables ?? {})) add(table, rights);
    const named = needs.named ?? [];
    for (const [table, most] of Object.entries(serviceTables))
      add(
        table,
        most.filter((right) => named.includes(right)),
      );
    for (const table of options.ownTables ?? []) add(table, named);
  }
  return { tables, privileges };
}

/** The same in words, for whoever makes the role by hand: `incident: Create, Read`. */
export const inWords = ({ tables, privileges }: RoleNeeds): string[] => [
  ...[...tables]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([table, rights]) => `${table}: ${[...rights].sort().join(", ")}`),
  `beside the tables: ${[...privileges].sort().join(", ")}`,
];
