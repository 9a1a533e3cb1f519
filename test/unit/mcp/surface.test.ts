import { describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { buildSurface } from "../../../shared/mcp/surface";
import type { Effect } from "../../../shared/policy/effects";
import { defineTool, type Tool } from "../../../shared/tools/define";

const publish = (input: z.ZodObject, effect: Effect = "read") => {
  const tool = defineTool({
    name: "probe",
    title: "Probe",
    description: "Probes.",
    effect,
    needs: {},
    input,
    output: z.object({ said: z.string() }),
    run: async () => ({ text: "", structured: { said: "" } }),
  }) as unknown as Tool;
  const [published] = buildSurface([tool]);
  if (published === undefined) throw new Error("Nothing was published.");
  return published;
};

describe("a published schema", () => {
  test("says no more than a client needs", () => {
    const { inputSchema } = publish(
      z.strictObject({ name: z.string().max(5).describe("A name."), count: z.int().optional() }),
    );
    expect(inputSchema).toEqual({
      type: "object",
      properties: {
        name: { type: "string", description: "A name." },
        count: { type: "integer" },
      },
      required: ["name"],
      additionalProperties: false,
    });
  });

  test("repeats the values of an enum in words, once", () => {
    const { inputSchema } = publish(
      z.object({
        a: z.enum(["x", "y"]).describe("Which."),
        b: z.enum(["x"]).describe("Always x."),
      }),
    );
    const properties = inputSchema.properties as Record<string, { description: string }>;
    expect([properties.a?.description, properties.b?.description]).toEqual([
      "Which. One of: x, y.",
      "Always x.",
    ]);
  });

  test("leaves a free-form object open", () => {
    const { inputSchema } = publish(z.object({ item: z.record(z.string(), z.unknown()) }));
    expect((inputSchema.properties as Record<string, unknown>).item).toEqual({
      type: "object",
      additionalProperties: true,
    });
  });

  test.each([
    ["several types", z.object({ a: z.string().nullable() })],
    ["a union", z.object({ a: z.union([z.string(), z.object({})]) })],
    ["an exclusive bound", z.object({ a: z.number().positive() })],
    ["a reference", z.object({ a: z.string().meta({ id: "named" }) })],
    ["a fault deep down", z.object({ a: z.array(z.object({ b: z.number().gt(3) })) })],
  ])("is refused at build time for %s, which Copilot Studio drops silently", (_, schema) => {
    expect(() => publish(schema)).toThrow(/probe: schema.*(Copilot Studio)/);
  });
});

describe("the hints", () => {
  test.each<[Effect, boolean, boolean, boolean, boolean]>([
    ["read", true, false, true, false],
    ["create", false, false, false, false],
    ["update", false, true, false, false],
    ["delete", false, true, false, false],
    ["send", false, true, false, true],
  ])("of %s", (effect, readOnlyHint, destructiveHint, idempotentHint, openWorldHint) => {
    expect(publish(z.object({}), effect).annotations).toEqual({
      readOnlyHint,
      destructiveHint,
      idempotentHint,
      openWorldHint,
    });
  });
});
