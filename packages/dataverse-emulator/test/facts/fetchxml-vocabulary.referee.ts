import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import {
  aggregates,
  attributes,
  dateGroupings,
  linkTypes,
  operators,
} from "../unit/fetchxml/vocabulary";
import { factsFile } from "./folder";

interface Schema {
  elements: Record<string, Record<string, string[]>>;
  linkTypes: string[];
  aggregates: string[];
  dateGroupings: string[];
  operators: { name: string; kind: string; values: string }[];
}
const schema: Schema = JSON.parse(readFileSync(factsFile("fetchxml-schema.json"), "utf8"));
const sorted = (words: readonly string[]) => [...words].sort();

test("our words are those of Microsoft's schema: operators with their values", () => {
  const ours = operators.flatMap(({ kind, values, names }) =>
    names.map((name) => `${name} ${kind} ${values}`),
  );
  const theirs = schema.operators.map(({ name, kind, values }) => `${name} ${kind} ${values}`);
  expect(theirs.length).toBeGreaterThan(80);
  expect(sorted(ours)).toEqual(sorted(theirs));
});

test("our words are those of Microsoft's schema: links, aggregates, parts of dates", () => {
  // The schema has remarks behind some names.
  expect(sorted(linkTypes)).toEqual(
    sorted(schema.linkTypes.map((name) => name.replace(/ \(.*$/, ""))),
  );
  expect(sorted(aggregates)).toEqual(sorted(schema.aggregates));
  expect(sorted(dateGroupings)).toEqual(sorted(schema.dateGroupings));
});

test("our words are those of Microsoft's schema: attributes of every element", () => {
  const theirs = Object.entries(schema.elements).map(([element, groups]) => [
    element,
    sorted(
      Object.entries(groups)
        .filter(([group]) => !group.startsWith("children"))
        .flatMap(([, names]) => names),
    ),
  ]);
  const ours = Object.entries(attributes).map(([element, names]) => [element, sorted(names)]);
  expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
});
