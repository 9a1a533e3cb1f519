import type { Catalog } from "../../model";
import { privilegeNoun } from "../../security";
import type { SamplePlan } from "../plan";
import type { Organization } from "./organization";

/** Masks of `roleprivileges.privilegedepthmask`: own rows, own business unit, that and those below, everything. */
const depth = { basic: 1, local: 2, deep: 4, global: 8 } as const;
type Depth = keyof typeof depth;

/** The last two mean something only where rows have owners. */
const rights = [
  "Create",
  "Read",
  "Write",
  "Delete",
  "Append",
  "AppendTo",
  "Assign",
  "Share",
] as const;
type Right = (typeof rights)[number];

/** Bits of `privilege.accessright`. */
const accessRight: Readonly<Record<Right, number>> = {
  Read: 1,
  Write: 2,
  Append: 4,
  AppendTo: 16,
  Create: 32,
  Delete: 65_536,
  Share: 262_144,
  Assign: 524_288,
};

const customization = [
  "CreateEntity",
  "WriteEntity",
  "DeleteEntity",
  "ReadEntity",
  "CreateAttribute",
  "WriteAttribute",
  "DeleteAttribute",
  "ReadAttribute",
  "CreateRelationship",
  "WriteRelationship",
  "DeleteRelationship",
  "ReadRelationship",
  "PublishCustomization",
];

interface Grant {
  readonly role: string;
  /** Depth of a right on a kind of table; undefined gives none. */
  depthOf(right: Right, noun: string): Depth | undefined;
}

const desk = new Set([
  "Incident",
  "Activity",
  "Note",
  "QueueItem",
  "KnowledgeArticleIncident",
  "Feedback",
  "SLAKPIInstance",
]);
const customers = new Set([
  "Account",
  "Contact",
  "CustomerAddress",
  "Lead",
  "Opportunity",
  "SocialProfile",
]);
const setup = new Set(["Publisher", "Solution", "Role", "Privilege", "RolePrivileges"]);

const auditors = new Set(["System Administrator", "Customer Service MCP"]);

const grants: readonly Grant[] = [
  { role: "System Administrator", depthOf: () => "global" },
  { role: "Customer Service MCP", depthOf: () => "global" },
  {
    role: "Customer Service Representative",
    depthOf(right, noun) {
      const isLink = right === "Append" || right === "AppendTo";
      if (desk.has(noun))
        return right === "Read" || right === "Create" || isLink ? "local" : "basic";
      if (!customers.has(noun))
        return right === "Read" || right === "AppendTo" ? "global" : undefined;
      if (right === "Delete") return undefined;
      return right === "Read" || isLink ? "global" : "local";
    },
  },
  {
    role: "CSR Manager",
    depthOf(right, noun) {
      if (desk.has(noun) || customers.has(noun)) return "deep";
      if (noun === "KnowledgeArticle" || noun === "Queue") return "deep";
      return right === "Read" || right === "AppendTo" ? "global" : undefined;
    },
  },
  {
    role: "Knowledge Manager",
    depthOf: (right, noun) =>
      noun === "KnowledgeArticle"
        ? "global"
        : right === "Read" && !setup.has(noun)
          ? "global"
          : undefined,
  },
];

/** Privileges of every table, and what each role may do. */
export function writePrivileges(plan: SamplePlan, organization: Organization): void {
  const register = createRegister(plan, organization);
  for (const [noun, isOwned] of nounsOf(plan.catalog)) {
    for (const right of isOwned ? rights : rights.slice(0, 6))
      grantRight(register, right, noun, isOwned);
  }
  for (const name of customization) {
    const id = register.define(`prv${name}`, 0);
    const readers = ["Customer Service Representative", "CSR Manager"];
    const roles = [
      "System Administrator",
      "System Customizer",
      "Customer Service MCP",
      ...(name.startsWith("Read") ? readers : []),
    ];
    for (const role of roles) register.give(role, id, "global");
  }
  const delegate = register.define("prvActOnBehalfOfAnotherUser", 0);
  for (const role of ["Delegate", "System Administrator"]) register.give(role, delegate, "global");
}

function grantRight(register: Register, right: Right, noun: string, isOwned: boolean): void {
  const id = register.define(`prv${right}${noun}`, accessRight[right]);
  for (const { role, depthOf } of grants) {
    // The log tells old values of every column, secured ones too.
    if (noun === "AuditSummary" && !auditors.has(role)) continue;
    const wanted = depthOf(right, noun);
    // What nobody owns is everybody's or nobody's.
    if (wanted !== undefined) register.give(role, id, isOwned ? wanted : "global");
  }
}

/** Nouns of privileges, and whether their rows have owners. */
function nounsOf(catalog: Catalog): ReadonlyMap<string, boolean> {
  const own = catalog.entities().filter((entity) => !entity.isIntersect);
  return new Map(own.map((entity) => [privilegeNoun(entity), entity.ownership === "UserOwned"]));
}

type Register = ReturnType<typeof createRegister>;

function createRegister(plan: SamplePlan, organization: Organization) {
  let privileges = 0;
  let given = 0;
  const defined = new Map<string, string>();
  return {
    /** Once for a name: some of the customization privileges are also those of a table (`prvReadEntity`). */
    define(name: string, right: number): string {
      const known = defined.get(name);
      if (known !== undefined) return known;
      const id = plan.draw("privilege", privileges++).guid("id");
      plan.writer.write("privilege", {
        privilegeid: id,
        name,
        accessright: right,
        canbebasic: 1,
        canbelocal: 1,
        canbedeep: 1,
        canbeglobal: 1,
      });
      defined.set(name, id);
      return id;
    },
    give(role: string, privilegeid: string, wanted: Depth): void {
      plan.writer.write("roleprivileges", {
        roleprivilegeid: plan.draw("roleprivileges", given++).guid("id"),
        roleid: organization.roleIds.get(role) ?? null,
        privilegeid,
        privilegedepthmask: depth[wanted],
      });
    },
  };
}
