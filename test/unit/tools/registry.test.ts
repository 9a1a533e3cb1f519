import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { buildSurface, type JsonSchema } from "../../../shared/mcp/surface";
import { permissionOf, profiles, unrestricted } from "../../../shared/policy/access";
import { tools } from "../../../shared/tools";
import type { Tool } from "../../../shared/tools/define";
import { tokensOf } from "../../support/tokens";

const folder = resolve(__dirname, "../../../shared/tools");
/** Files of the folder that hold no tool: what a tool is, needs and is run by, the registry, and arguments that tools share. */
const notTools = new Set(["define", "index", "arguments", "needs", "fresh-definitions"]);
const files = readdirSync(folder)
  // A folder holds what its tool does, an action a file.
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.replace(/\.ts$/, ""))
  .filter((name) => !notTools.has(name));
const surface = buildSurface(tools);

/** Every schema inside a schema, with the way to it. */
function walk(schema: JsonSchema, path: string): [string, JsonSchema][] {
  const children = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  const items = schema.items as JsonSchema | undefined;
  return [
    [path, schema],
    ...children.flatMap(([name, child]) => walk(child, `${path}.${name}`)),
    ...(items === undefined ? [] : walk(items, `${path}[]`)),
  ];
}
const all = surface.flatMap((tool) => [
  ...walk(tool.inputSchema, `${tool.name} in`),
  ...walk(tool.outputSchema, `${tool.name} out`),
]);

describe("the registry", () => {
  test("holds one tool for each file, named as the file", () => {
    expect(files.length).toBeGreaterThan(10);
    expect(tools.map((tool) => tool.name).sort()).toEqual([...files].sort());
  });

  test.each(profiles)(
    "costs a model at most 4,500 tokens in the profile %s: names, descriptions and input schemas",
    (profile) => {
      const here = permissionOf([], unrestricted, profile);
      const offered = surface.filter((_, at) => here.refuse(tools[at] as Tool) === undefined);
      const shown = offered.map(({ name, description, inputSchema }) => ({
        name,
        description,
        inputSchema,
      }));
      expect(shown.length).toBeGreaterThan(4);
      expect(tokensOf(JSON.stringify(shown))).toBeLessThanOrEqual(4_500);
    },
  );

  test("lists them in few bytes, what they answer and hints included", () => {
    expect(Buffer.byteLength(JSON.stringify({ tools: surface }))).toBeLessThanOrEqual(34_000);
  });

  test.each(surface)("$name has title, short description and all four hints", (tool) => {
    expect(tool.title.length).toBeGreaterThan(3);
    expect(tool.description.length).toBeGreaterThan(20);
    expect(tool.description.length).toBeLessThanOrEqual(1200);
    for (const hint of Object.values(tool.annotations)) expect(typeof hint).toBe("boolean");
    expect(Object.keys(tool.annotations)).toHaveLength(4);
    expect(tool.annotations.readOnlyHint && tool.annotations.destructiveHint).toBe(false);
  });

  test("can be tried dry and go on by an approval where it acts", () => {
    for (const { input, effect } of tools)
      expect(["approvalId", "dryRun"].map((name) => name in input.shape)).toEqual(
        effect === "read" ? [false, false] : [true, true],
      );
  });

  test("says that it destroys where it overwrites, deletes or sends", () => {
    for (const { annotations, name } of surface)
      expect([name, annotations.destructiveHint]).toEqual([
        name,
        tools.some((tool) => tool.name === name && !/^(read|create)$/.test(tool.effect)),
      ]);
  });

  test("names the arguments as clients of the real server know them", () => {
    // What every tool that acts takes besides is tried above.
    const ofConsent = ["approvalId", "dryRun"];
    const args = Object.fromEntries(
      tools.map((tool) => [
        tool.name,
        Object.keys(tool.input.shape)
          .filter((name) => !ofConsent.includes(name))
          .sort(),
      ]),
    );
    expect(args).toEqual({
      list_tables: ["cursor", "filter", "top"],
      describe_table: ["cursor", "filter", "tablename"],
      read_query: ["cursor", "explain", "format", "querytext"],
      create_record: ["item", "items", "tablename"],
      update_record: ["etag", "item", "recordId", "recordIds", "tablename"],
      delete_record: ["hasUserApproved", "recordId", "tablename"],
      list_cases: ["customer", "owner", "priority", "queue", "search", "sla", "status", "top"],
      get_case: ["caseNumber", "incidentId"],
      reassign_case: ["caseNumber", "cases", "incidentId", "reason", "targetId", "targetType"],
      pick_case_from_queue: ["caseNumber", "incidentId", "queue"],
      create_note: ["caseNumber", "incidentId", "recordId", "text", "title"],
      create_activity: [
        "caseNumber",
        "description",
        "end",
        "incidentId",
        "isDone",
        "isIncoming",
        "minutes",
        "recordId",
        "start",
        "subject",
        "type",
        "with",
      ],
      attach_file: [
        "caseNumber",
        "content",
        "emailId",
        "fileName",
        "incidentId",
        "recordId",
        "text",
      ],
      enrich_case: [
        "caseNumber",
        "engine",
        "feedback",
        "fields",
        "hasUserApproved",
        "incidentId",
        "overwriteHumanValues",
        "sourceContextEntityId",
        "tablename",
        "undo",
      ],
      get_next_suggestion_on_case: [
        "caseNumber",
        "incidentId",
        "max",
        "sourceContextEntityId",
        "store",
        "tablename",
      ],
      draft_email_with_suggested_response: [
        "another",
        "body",
        "caseNumber",
        "incidentId",
        "language",
        "purpose",
        "sourceContextEntityId",
        "subject",
        "tablename",
        "template",
        "tone",
      ],
      send_email: ["emailId"],
      resolve_incident: [
        "billableMinutes",
        "caseNumber",
        "incidentId",
        "resolutionNote",
        "resolutionSubject",
        "status",
      ],
      list_knowledge_sources: ["filter"],
      retrieve_knowledge: ["audience", "question", "source", "top"],
      create_table: ["description", "displayname", "item", "tablename"],
      update_table: ["description", "item", "newDisplayName", "tablename"],
      delete_table: ["hasUserApproved", "tablename"],
    });
  });
});

describe("every published schema", () => {
  test("keeps to what Copilot Studio reads", () => {
    expect(all.length).toBeGreaterThan(60);
    const forbidden = [
      "$ref",
      "$defs",
      "anyOf",
      "oneOf",
      "allOf",
      "exclusiveMinimum",
      "prefixItems",
    ];
    const bad = all.filter(
      ([, schema]) => Array.isArray(schema.type) || forbidden.some((word) => word in schema),
    );
    expect(bad).toEqual([]);
  });

  test("is an object at the top with a type on every level", () => {
    for (const [path, schema] of all) {
      const isFree = path.endsWith("rows[]");
      if (!isFree) expect([path, typeof schema.type]).toEqual([path, "string"]);
    }
  });
});
