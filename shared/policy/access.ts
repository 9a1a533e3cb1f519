import { AppError } from "../errors";
import type { Effect } from "./effects";

/** What an organisation's app roles are for. Each may do what the one before it may, and more. */
export type Role = "csr" | "manager" | "admin";
export const roles: readonly Role[] = ["csr", "manager", "admin"];

/** A part of the tools, for a client that is better off with few of them. */
export type Profile = "read" | "service" | "data" | "full";
export const profiles: readonly Profile[] = ["read", "service", "data", "full"];

interface ToolAccess {
  /** The least role that may call it. */
  readonly role: Role;
  /** Where it is offered beside `full`. */
  readonly profiles: readonly Exclude<Profile, "full">[];
  /** True for what a caller without any role may do where the setting gives them reading. */
  readonly withoutRole: boolean;
}

const looks = (...of: ToolAccess["profiles"]): ToolAccess => ({
  role: "csr",
  profiles: of,
  withoutRole: true,
});
const acts = (role: Role, ...of: ToolAccess["profiles"]): ToolAccess => ({
  role,
  profiles: of,
  withoutRole: false,
});

/**
 * Who may call which tool, and where it is offered. A tool that is not here is offered to nobody once roles are configured.
 * The names and schemas of tools never depend on it, only whether they are there: clients keep a maker's list for all.
 */
export const toolAccess: Readonly<Record<string, ToolAccess>> = {
  list_tables: looks("read", "service", "data"),
  describe_table: looks("read", "service", "data"),
  read_query: looks("read", "service", "data"),
  list_cases: looks("read", "service"),
  get_case: looks("read", "service"),
  list_knowledge_sources: looks("read", "service"),
  retrieve_knowledge: looks("read", "service"),
  reassign_case: acts("csr", "service"),
  pick_case_from_queue: acts("csr", "service"),
  create_note: acts("csr", "service"),
  create_activity: acts("csr", "service"),
  attach_file: acts("csr", "service"),
  get_next_suggestion_on_case: acts("csr", "service"),
  enrich_case: acts("csr", "service"),
  draft_email_with_suggested_response: acts("csr", "service"),
  send_email: acts("csr", "service"),
  resolve_incident: acts("csr", "service"),
  create_record: acts("csr", "service", "data"),
  update_record: acts("csr", "service", "data"),
  delete_record: acts("manager", "data"),
  create_table: acts("admin", "data"),
  update_table: acts("admin", "data"),
  delete_table: acts("admin", "data"),
};

/** What this deployment lets callers do at all, as its settings say. */
export interface Access {
  /** Names of the app roles, as the tokens carry them. Undefined: roles are not looked at, and Dataverse alone decides. */
  readonly roles: Readonly<Record<Role, string>> | undefined;
  /** What a caller gets who has none of them. */
  readonly noRole: "none" | "read";
  /** The most that any address of the endpoint offers. */
  readonly profile: Profile;
  /** True where nothing may be changed, whoever asks. */
  readonly isReadOnly: boolean;
}

/** Nothing is decided here: Dataverse alone says who may do what. */
export const unrestricted: Access = {
  roles: undefined,
  noRole: "none",
  profile: "full",
  isReadOnly: false,
};

/** What of a tool its access depends on. */
export interface Judged {
  readonly name: string;
  readonly effect: Effect;
}

/** What one caller may do at one address. */
export interface Permission {
  /** Why this caller may not call this tool here; undefined when they may. The same answer decides what is listed. */
  refuse(tool: Judged): AppError | undefined;
  /** One sentence for a caller who may call nothing for want of a role; undefined for everybody else. */
  readonly lack: string | undefined;
}

const isIn = (profile: Profile, access: ToolAccess | undefined) =>
  profile === "full" || (access?.profiles.includes(profile) ?? false);

/**
 * @param held roles in the caller's verified token, as Entra writes them
 * @param asked the profile of the address that was called
 * @see https://learn.microsoft.com/entra/identity-platform/howto-add-app-roles-in-apps
 */
export function permissionOf(
  held: readonly string[],
  access: Access,
  asked: Profile = "full",
): Permission {
  const { roles: names, noRole, profile, isReadOnly } = access;
  const own = names && roles.filter((role) => held.includes(names[role]));
  const level = own === undefined ? roles.length : roles.indexOf(own.at(-1) ?? ("" as Role));
  const hasNothing = names !== undefined && level < 0 && noRole === "none";
  return {
    lack: hasNothing ? lackOf(names) : undefined,
    refuse({ name, effect }) {
      const rule = Object.hasOwn(toolAccess, name) ? toolAccess[name] : undefined;
      if (isReadOnly && effect !== "read") return refusals.readOnly(name);
      if (!isIn(profile, rule)) return refusals.notOffered(name, profile);
      if (!isIn(asked, rule)) return refusals.notHere(name, asked);
      if (names === undefined) return undefined;
      const needed = rule?.role ?? "admin";
      const isEnough =
        rule !== undefined &&
        (level >= roles.indexOf(needed) || (level < 0 && noRole === "read" && rule.withoutRole));
      return isEnough ? undefined : refusals.noRole(name, names, needed);
    },
  };
}

/** Why a tool that is running may not send a change; undefined where it may. */
export const refuseWrite = (
  { name, effect }: Judged,
  { isReadOnly }: Access,
): AppError | undefined => (isReadOnly || effect === "read" ? refusals.readOnly(name) : undefined);

/** Who gives a role, for whoever lacks one. */
const giver =
  "An administrator gives it in Entra (Enterprise applications, this app, Users and groups); sign in again after that.";

const lackOf = (names: Readonly<Record<Role, string>>): string =>
  `You have none of the app roles ${Object.values(names).join(", ")}, so no tool is offered to you. ${giver}`;

const refusals = {
  readOnly: (tool: string) =>
    new AppError("forbidden", `${tool} may not change anything: it only reads here.`, {
      hint: "Make the change in Dynamics 365 itself, or ask the administrator of the endpoint.",
    }),
  notOffered: (tool: string, profile: Profile) =>
    new AppError("forbidden", `${tool} is not offered by this endpoint (profile ${profile}).`, {
      hint: "Do without it, or ask the administrator of the endpoint.",
    }),
  notHere: (tool: string, profile: Profile) =>
    new AppError("forbidden", `${tool} is not offered at /mcp/${profile}.`, {
      hint: "The client was set up for fewer tools; at /mcp all of them are offered.",
    }),
  noRole: (tool: string, names: Readonly<Record<Role, string>>, needed: Role) =>
    new AppError(
      "forbidden",
      `${tool} needs the app role ${enough(names, needed)}, and you do not have it.`,
      {
        hint: `${giver} Nothing was changed.`,
      },
    ),
};

/** `CSR.Manager or Admin`: each of them would do. */
const enough = (names: Readonly<Record<Role, string>>, needed: Role): string =>
  roles
    .slice(roles.indexOf(needed))
    .map((role) => names[role])
    .join(" or ");
