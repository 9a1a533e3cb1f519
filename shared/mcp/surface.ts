import { z } from "zod";
import { type EffectHints, effectHints } from "../policy/effects";
import type { Tool } from "../tools/define";

export type JsonSchema = { readonly [keyword: string]: unknown };

export interface PublishedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly annotations: EffectHints;
}

/** What `tools/list` says, in the order of the registry. Costly (zod to JSON Schema): made once, at build time. */
export function buildSurface(tools: readonly Tool[]): PublishedTool[] {
  return tools.map((tool) => ({
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: publish(z.toJSONSchema(tool.input, { io: "input" }), tool.name),
    outputSchema: withoutDefaults(
      publish(z.toJSONSchema(outputOf(tool), { io: "input" }), tool.name),
    ) as JsonSchema,
    annotations: effectHints[tool.effect],
  }));
}

/** What acts may answer with a question in place of what it did. */
const outputOf = ({ effect, output }: Tool) =>
  effect === "read" ? output : output.partial().extend({ approval: z.looseObject({}).optional() });

/**
 * Keywords on which Copilot Studio drops or cuts a tool without a word.
 * @see https://learn.microsoft.com/microsoft-copilot-studio/mcp-troubleshooting
 */
const refused = [
  "$ref",
  "$defs",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "anyOf",
  "oneOf",
  "allOf",
  "prefixItems",
] as const;

/**
 * What zod writes and no client needs. Bounds of lengths are far above what anybody writes; a call that passes one is told, and a model
 * pays for each of them at every turn.
 */
const dropped = new Set(["$schema", "propertyNames", "minLength", "maxLength", "maxItems"]);

function publish(schema: unknown, tool: string): JsonSchema {
  return normalise(schema, tool, []) as JsonSchema;
}

function normalise(schema: unknown, tool: string, path: readonly string[]): unknown {
  if (typeof schema !== "object" || schema === null) return schema;
  const here = schema as Record<string, unknown>;
  const where = `${tool}: ${["schema", ...path].join(".")}`;
  for (const keyword of refused) {
    if (keyword in here)
      throw new TypeError(`${where} uses ${keyword}, which removes the tool in Copilot Studio.`);
  }
  if (Array.isArray(here.type))
    throw new TypeError(`${where} has several types, which cuts the schema in Copilot Studio.`);
  const out: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(here)) {
    if (isNoise(keyword, value, here)) continue;
    if (keyword === "properties") {
      out.properties = Object.fromEntries(
        Object.entries(value as object).map(([name, child]) => [
          name,
          normalise(child, tool, [...path, name]),
        ]),
      );
    } else if (keyword === "items") out.items = normalise(value, tool, [...path, "items"]);
    else if (keyword === "additionalProperties") out.additionalProperties = value !== false;
    else out[keyword] = value;
  }
  return withOptionsInWords(out);
}

/** What a client takes for granted of an answer: that there may be more in it. */
const withoutDefaults = (schema: unknown): unknown =>
  Array.isArray(schema)
    ? schema.map(withoutDefaults)
    : typeof schema !== "object" || schema === null
      ? schema
      : Object.fromEntries(
          Object.entries(schema)
            .filter(([keyword, value]) => keyword !== "additionalProperties" || value !== true)
            .map(([keyword, value]) => [keyword, withoutDefaults(value)]),
        );

const isNoise = (keyword: string, value: unknown, schema: Record<string, unknown>): boolean =>
  dropped.has(keyword) ||
  isOuterBound(keyword, value) ||
  // An object of any shape has no properties to name.
  (keyword === "properties" &&
    Object.keys(value as object).length === 0 &&
    schema.additionalProperties !== false);

/** zod bounds every whole number by ±(2^53 - 1), which says nothing. */
const isOuterBound = (keyword: string, value: unknown) =>
  (keyword === "maximum" && value === Number.MAX_SAFE_INTEGER) ||
  (keyword === "minimum" && value === Number.MIN_SAFE_INTEGER);

/** Copilot Studio reads an enum as a plain string, so its values stand in the description, too. */
function withOptionsInWords(schema: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(schema.enum)) return schema;
  const values = schema.enum.join(", ");
  const description = typeof schema.description === "string" ? schema.description : "";
  const isSaid = schema.enum.every((value) => description.includes(String(value)));
  return isSaid ? schema : { ...schema, description: `${description} One of: ${values}.`.trim() };
}
