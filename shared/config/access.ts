import type { Access, Profile, Role } from "../policy/access";
import { profiles, roles } from "../policy/access";
import { guardedByDefault } from "../policy/guarded-tables";
import { list, type Reader } from "./setting-reader";

/** A name of an app role, as Entra takes it. */
const roleName = /^[^\s,=;]{1,120}$/;

/** Who may use what at all: roles, profile, reading only. */
export function readAccess(read: Reader): Access {
  return {
    roles: readRoles(read),
    noRole: oneOf(read, "MCP_NO_ROLE", ["none", "read"]),
    profile: oneOf<Profile>(read, "MCP_PROFILE", profiles),
    isReadOnly: oneOf(read, "MCP_READ_ONLY", ["false", "true"]) === "true",
  };
}

function oneOf<T extends string>(
  read: Reader,
  name: "MCP_NO_ROLE" | "MCP_PROFILE" | "MCP_READ_ONLY",
  values: readonly [T, ...T[]] | readonly T[],
): T {
  const text = read.text(name).toLowerCase();
  const found = values.find((value) => value === text);
  if (found === undefined) read.report(name, `must be one of ${values.join(", ")}.`);
  // The least of them: a slip must not open what was meant to be closed.
  return found ?? (name === "MCP_READ_ONLY" ? ("true" as T) : (values[0] as T));
}

function readRoles(read: Reader): Access["roles"] {
  const pairs = list(read.text("MCP_ROLES")).map((pair) =>
    pair.split("=").map((part) => part.trim()),
  );
  if (pairs.length === 0) return undefined;
  const names = Object.fromEntries(pairs) as Partial<Record<Role, string>>;
  const given = pairs.map(([role]) => role);
  const isWhole =
    pairs.every((pair) => pair.length === 2) &&
    given.length === roles.length &&
    roles.every((role) => given.includes(role) && roleName.test(names[role] ?? "")) &&
    new Set(Object.values(names)).size === roles.length;
  if (!isWhole) {
    read.report(
      "MCP_ROLES",
      "must name three different app roles, as csr=CSR,manager=CSR.Manager,admin=Admin.",
    );
    return undefined;
  }
  return names as Record<Role, string>;
}

/** Logical names, those that `default` stands for among them. */
export function readGuardedTables(read: Reader): readonly string[] {
  const defaults = Object.keys(guardedByDefault);
  const named = list(read.text("MCP_GUARDED_TABLES").toLowerCase());
  if (named.length === 1 && named[0] === "none") return [];
  if (named.length > 0 && named.every((name) => /^[a-z_]\w{0,127}$/.test(name) && name !== "none"))
    return [...new Set(named.flatMap((name) => (name === "default" ? defaults : [name])))];
  read.report(
    "MCP_GUARDED_TABLES",
    "must be logical names of tables, default among them, or none.",
  );
  return defaults;
}

/** A custom table: its columns begin like its own name. */
export function readAuditTable(read: Reader): string | undefined {
  const name = read.text("MCP_AUDIT_TABLE").toLowerCase();
  if (name === "") return undefined;
  if (/^[a-z][a-z0-9]{1,7}_[a-z0-9_]{1,40}$/.test(name)) return name;
  read.report("MCP_AUDIT_TABLE", "must be the logical name of a custom table, as contoso_mcpact.");
  return undefined;
}
