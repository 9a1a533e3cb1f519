import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { graphResources } from "../../../infra/check/graph-extension";
import { factsFile } from "./folder";

type Node = { $type: string; name?: string; properties?: Record<string, { flags: number }> };
const types = JSON.parse(
  readFileSync(factsFile("msgraph-bicep-types/types.json"), "utf8"),
) as Node[];

test.each(Object.entries(graphResources))(
  "%s of the Graph extension is described as its own types say",
  (name, { properties, flags }) => {
    const real = types.find((each) => each.$type === "ObjectType" && each.name === name);
    expect(Object.keys(properties).length).toBeGreaterThan(0);
    for (const property of Object.keys(properties))
      expect([property, real?.properties?.[property]?.flags]).toEqual([
        property,
        flags[property] ?? 0,
      ]);
  },
);
