import type { Tool } from "../../shared/tools/define";

/** Depth of a privilege in a role; Dataverse takes the word, not a number. */
export type Depth = "Basic" | "Local" | "Deep" | "Global";

/** Noun of a privilege by table: activities share one, and the service knows a case as Incident. */
const readTables = [
  "Account",
  "Activity",
  "BusinessUnit",
  "Contact",
  "Contract",
  "Entitlement",
  "Incident",
  "KnowledgeArticle",
  "Note",
  "Product",
  "Queue",
  "QueueItem",
  "SLA",
  "Subject",
  "Team",
  "TransactionCurrency",
  "User",
];
const workTables = ["Account", "Activity", "Contact", "Incident", "Note", "QueueItem"];
const schemaRead = ["prvReadEntity", "prvReadAttribute", "prvReadRelationship"];
const every = (right: string, tables: readonly string[]) =>
  tables.map((table) => `prv${right}${table}`);
const appends = [...every("Append", workTables), ...every("AppendTo", workTables)];

/** What a tool does at Dataverse beyond what its effect says. */
const ofTool: Readonly<Record<string, readonly string[]>> = {
  list_tables: [],
  describe_table: [],
  read_query: [],
  create_record: [],
  update_record: [],
  delete_record: [],
  send_email: ["prvCreateActivity", "prvReadActivity", "prvWriteActivity"],
  resolve_incident: ["prvCreateActivity", "prvReadIncident", "prvWriteIncident"],
  list_knowledge_sources: [],
  retrieve_knowledge: ["prvReadKnowledgeArticle"],
  enrich_case: ["prvCreateNote", "prvReadmsdyn_intententity"],
  get_next_suggestion_on_case: [
    "prvCreatemsdyn_nextaction",
    "prvReadmsdyn_intententity",
    "prvReadmsdyn_intent",
    "prvReadmsdyn_intentattributeset",
    "prvReadKnowledgeArticle",
  ],
  draft_email_with_suggested_response: [
    "prvCreateActivity",
    "prvReadmsdyn_intententity",
    "prvReadKnowledgeArticle",
    "prvReadEmailTemplate",
  ],
  create_table: [
    "prvCreateEntity",
    "prvCreateAttribute",
    "prvCreateRelationship",
    "prvReadPublisher",
    "prvReadSolution",
    "prvWriteEntity",
  ],
  update_table: [
    "prvCreateAttribute",
    "prvCreateRelationship",
    "prvWriteAttribute",
    "prvWriteEntity",
  ],
  delete_table: ["prvDeleteEntity"],
};

/** The tools that take any table name work with the tables of customer service. */
const ofEffect: Readonly<Record<Tool["effect"], readonly string[]>> = {
  read: [...every("Read", readTables), ...schemaRead],
  create: [...every("Create", workTables), ...appends, ...every("Read", workTables)],
  update: [...every("Write", workTables), ...appends, ...every("Read", workTables)],
  delete: [...every("Delete", workTables), ...every("Read", workTables)],
  send: ["prvReadContact", "prvReadAccount", "prvReadUser"],
};
const schemaTools = new Set(["create_table", "update_table", "delete_table"]);

/** Changing the schema is left to the administrator's own rights: the role lacks it unless asked. */
export interface PrivilegeOptions {
  readonly schemaTools: boolean;
}

/**
 * The privileges of the application user's role: one to act for a person, and what the tools that are offered use. Under
 * `CallerObjectId` a call has the rights that both have, so this is the outer fence, the person's roles the inner one.
 *
 * @throws Error for a tool that is not described here: a new tool must say what it needs
 */
export function privilegesFor(
  tools: readonly Pick<Tool, "name" | "effect">[],
  options: PrivilegeOptions,
): ReadonlyMap<string, Depth> {
  const names = new Set(["prvActOnBehalfOfAnotherUser"]);
  for (const { name, effect } of tools) {
    const own = ofTool[name];
    if (own === undefined)
      throw new Error(`infra/hooks/privileges.ts does not say which privileges ${name} needs.`);
    if (schemaTools.has(name) && !options.schemaTools) continue;
    for (const privilege of own) names.add(privilege);
    if (!schemaTools.has(name)) for (const privilege of ofEffect[effect]) names.add(privilege);
  }
  return new Map([...names].sort().map((name) => [name, "Global"]));
}
