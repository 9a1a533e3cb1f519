import type { CatalogOption } from "../catalog";
import { collate } from "../types/collation/collation";
import type { ExprOf, Scalar } from "./expression";

/** The part of a choices column that an expression reads: `value` its numbers, `label` its labels; undefined for anything else. */
export function choicesPart(expr: Scalar): "value" | "label" | undefined {
  const origin =
    expr.kind === "column" || expr.kind === "parameter" ? expr.column.origin : undefined;
  if (origin?.part === "value") return origin.meta.type === "choices" ? "value" : undefined;
  return origin?.part === "label" && origin.meta.ofChoices ? "label" : undefined;
}

const numbersIn = (value: string): readonly string[] =>
  value
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");

/** Labels stand one behind the other, with a semicolon between; one that has a semicolon itself counts as several. */
const labelsIn = (value: string): readonly string[] =>
  value
    .split(";")
    .map((one) => collate(one.trim()))
    .filter((one) => one !== "");

/** Tests what a choices column holds, as numbers (`1,3`) or as labels (`Red; Blue`), in whatever order. */
export function optionsTest(expr: ExprOf<"options">): (value: string) => boolean {
  const byLabel = choicesPart(expr.operand) === "label";
  const read = byLabel ? labelsIn : numbersIn;
  const sets = expr.sets.map((set) =>
    distinct(set).flatMap(({ value, label }) => (byLabel ? labelsIn(label) : [String(value)])),
  );
  if (expr.test === "contain") {
    return (value) => {
      const held = new Set(read(value));
      return sets.some((set) => set.every((one) => held.has(one)));
    };
  }
  // Two options of one label are two.
  const form = (held: readonly string[]) => JSON.stringify([...held].sort());
  const forms = new Set(sets.map(form));
  return (value) => forms.has(form(read(value)));
}

const distinct = (set: readonly CatalogOption[]): readonly CatalogOption[] => [
  ...new Map(set.map((one) => [one.value, one])).values(),
];
