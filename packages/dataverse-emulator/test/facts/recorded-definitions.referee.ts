import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { loadCatalog, type MutableCatalog } from "../../src/metadata";
import { attributeJson } from "../../src/metadata/json/attribute-json";
import { openDatabase } from "../../src/store";
import { factsFile } from "./folder";

const file = factsFile("recorded-definitions.json");

type Entry = readonly [table: string, column: string, value: string, more?: string];
interface Recorded {
  readonly "decimal-double": readonly Entry[];
  readonly required: readonly Entry[];
  readonly "valid-for": readonly Entry[];
  readonly "exchangerate range": readonly [string, string];
  readonly "bigint range": readonly [string, string];
  readonly navigation: Readonly<Record<string, string>>;
  readonly cascade: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly options: readonly (readonly [
    string,
    string,
    { value: number; label: string } | string,
  ])[];
  readonly missing: readonly string[];
}

/** Where we differ from a recording on purpose. */
const EXPLAINED: Readonly<Record<string, string>> = {
  "product.msdyn_transactioncategory":
    "leads to a table of Project Operations, which is not shipped and whose head no index lists",
};

let catalog: MutableCatalog;
const facts: Recorded = JSON.parse(readFileSync(file, "utf8"));
beforeAll(async () => {
  catalog = loadCatalog(await openDatabase(":memory:"));
});

/** AttributeMetadata as clients get it. */
function definition(table: string, column: string): Record<string, unknown> | undefined {
  const entity = catalog.byName(table);
  const attribute = entity?.attribute(column);
  return entity && attribute && attributeJson(entity, attribute);
}

const inner = (value: unknown) =>
  typeof value === "object" && value !== null ? (value as { Value: unknown }).Value : value;

function differing(
  entries: readonly Entry[],
  property: (entry: Entry) => [string, unknown],
): string[] {
  return entries.flatMap((entry) => {
    const [table, column] = entry;
    const name = `${table}.${column}`;
    const json = definition(table, column);
    const [key, wanted] = property(entry);
    if (json === undefined) return [`${name} is missing`];
    const ours = inner(json[key]);
    return ours === wanted || name in EXPLAINED
      ? []
      : [`${name} ${key}: ${String(ours)} instead of ${String(wanted)}`];
  });
}

describe("definitions recorded in real organizations", () => {
  test("say which numbers are Double and which Decimal", () => {
    expect(differing(facts["decimal-double"], ([, , type]) => ["AttributeType", type])).toEqual([]);
  });

  test("say what is required", () => {
    expect(differing(facts.required, ([, , level]) => ["RequiredLevel", level])).toEqual([]);
  });

  test("say what is valid for whom", () => {
    const wrong = differing(facts["valid-for"], ([, , property, value]) => [
      property,
      value === "true",
    ]);
    expect(wrong).toEqual([]);
  });

  test("say where numbers begin and end, and how exact they are", () => {
    const [low, high] = facts["exchangerate range"].map(Number);
    const [lowest, highest] = facts["bigint range"].map(BigInt);
    const wrong = catalog.entities().flatMap((entity) =>
      entity.attributes.flatMap((attribute) => {
        const name = `${entity.logicalName}.${attribute.logicalName}`;
        const json = attributeJson(entity, attribute);
        if (attribute.type === "BigInt")
          return json.MinValue === lowest && json.MaxValue === highest ? [] : [name];
        if (attribute.logicalName === "exchangerate" && attribute.type === "Decimal")
          return json.MinValue === low && json.MaxValue === high && json.Precision === 12
            ? []
            : [name];
        const isBase = attribute.type === "Money" && attribute.logicalName.endsWith("_base");
        return isBase && json.Precision !== 4 ? [name] : [];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test("say by which properties relationships are followed", () => {
    const wrong = Object.entries(facts.navigation).flatMap(([key, property]) => {
      const [name = "", side] = key.split(" (");
      const row = catalog.relationship(name);
      if (row === undefined || !("referencingNavigation" in row)) return [`${name} is missing`];
      const ours = side === undefined ? row.referencingNavigation : row.referencedNavigation;
      return ours === property ? [] : [`${name}: ${ours} instead of ${property}`];
    });
    expect(wrong).toEqual([]);
  });

  test("say what passes along relationships", () => {
    const wrong = Object.entries(facts.cascade).flatMap(([name, cascades]) => {
      const row = catalog.relationship(name);
      if (row === undefined || !("deleteCascade" in row)) return [`${name} is missing`];
      const ours: Record<string, string> = { ...row.cascades, Delete: row.deleteCascade };
      return Object.entries(cascades).flatMap(([action, rule]) =>
        (ours[action] ?? "NoCascade") === rule ? [] : [`${name} ${action}: ${ours[action]}`],
      );
    });
    expect(wrong).toEqual([]);
  });

  test("say which options there are", () => {
    const wrong = facts.options.flatMap(([table, column, said]) => {
      const options = catalog.byName(table)?.attribute(column)?.options ?? [];
      const value = typeof said === "string" ? Number(/\d+/.exec(said)?.[0]) : said.value;
      const isThere = options.some((option) => option.value === value);
      return isThere === (typeof said !== "string") ? [] : [`${table}.${column} ${value}`];
    });
    expect(wrong).toEqual([]);
  });

  test("say which columns go with lookups, and which were missing", () => {
    const phonetic = new Set(["account", "contact", "systemuser"]);
    const exceptions = new Set(["activityparty", "knowledgearticle.primaryauthorid"]);
    const without = catalog.entities().flatMap((entity) =>
      entity.attributes.flatMap(({ logicalName, type, targets = [] }) => {
        const isLookup = type === "Lookup" || type === "Customer" || type === "Owner";
        const name = `${entity.logicalName}.${logicalName}`;
        if (!isLookup || !targets.some((target) => phonetic.has(target))) return [];
        if (
          exceptions.has(entity.logicalName) ||
          exceptions.has(name) ||
          logicalName === "owninguser"
        )
          return [];
        const shadows = entity.attributes.filter((each) => each.attributeOf === logicalName);
        return shadows.some((each) => each.logicalName.endsWith("yominame")) ? [] : [name];
      }),
    );
    expect(without).toEqual([]);
    const named = facts.missing
      .filter((text) => /^[a-z_]+\.[a-z_]+$/.test(text))
      .filter((text) => !(text in EXPLAINED));
    const absent = named.filter((text) => {
      const [table = "", column = ""] = text.split(".");
      return catalog.byName(table)?.attribute(column) === undefined;
    });
    expect(absent).toEqual([]);
  });
});
