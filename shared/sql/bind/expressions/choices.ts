import type { CatalogColumn, CatalogOption } from "../../catalog";
import { errorAt } from "../../errors";
import type { Expr, ExprOf, Scalar } from "../../expression/expression";
import { choicesPart } from "../../expression/options";
import type { ComparisonOperator, Expression, Span } from "../../parser/ast";
import { isText, isWhole } from "../../types/sql-type";
import { type Binding, fail } from "./binding";
import { metaOf, optionsWithLabel, unknownOption } from "./options";

type Placed = Pick<Binding, "facts">;
type Options = ExprOf<"options">;

/** Sets that one text may mean where several options share a label. */
const mostSets = 64;

/**
 * A choices column, or its labels, against a constant: which options it holds, in whatever order they are stored. Undefined for any
 * other column.
 *
 * @throws SqlError `unknown_option`; `type` for an operator that asks for an order
 */
export function choicesComparison(
  binding: Placed,
  operator: ComparisonOperator,
  operand: Scalar,
  value: ExprOf<"constant">,
  at: Span,
): Expr | undefined {
  const part = choicesPart(operand);
  const meta = metaOf(operand);
  if (part === undefined || !meta) return undefined;
  const isExact = operator === "=" || operator === "<>";
  if (!isExact) {
    // Labels are a text like any other, which has an order.
    if (part === "label") return undefined;
    throw fail(binding, at, "type", `${meta.name} holds several options, which have no order`, {
      hint: `Write ${meta.name} = '…' for exactly these options, or CONTAINVALUES(${meta.name}, '…') for rows that have one of them.`,
    });
  }
  if (value.value === null) return undefined;
  const sets = setsOf(binding, value, meta, part === "value", at);
  if (sets.length > 0 && sets.every((set) => set.length === 1)) tellOfContaining(binding, meta);
  return optionsOf(operand, "are", sets, operator === "<>");
}

const optionsOf = (
  operand: Scalar,
  test: Options["test"],
  sets: Options["sets"],
  negated: boolean,
): Options => ({ kind: "options", type: "predicate", operand, test, sets, negated });

/** Who compares with one option may want the rows that have it among others. */
function tellOfContaining({ facts }: Placed, { base }: CatalogColumn): void {
  facts.notes.add(
    `${base} holds several options: = finds the rows that have exactly these; CONTAINVALUES(${base}, '…') finds those that have one of them among others.`,
  );
}

/** The sets of options that a constant may mean: `'Red'`, `'Red; Blue'`, `1`, `'1,3'`. */
function setsOf(
  { facts }: Placed,
  { value, type }: ExprOf<"constant">,
  meta: CatalogColumn,
  takesNumbers: boolean,
  at: Span,
): Options["sets"] {
  const numbered = (text: string): CatalogOption => {
    const number = Number(text);
    return meta.options?.find((one) => one.value === number) ?? { value: number, label: text };
  };
  if (takesNumbers && isWhole(type)) return [[numbered(String(value))]];
  if (!isText(type) || typeof value !== "string") {
    const message = takesNumbers
      ? `${meta.name} holds options, which are whole numbers`
      : `${meta.name} holds labels, not numbers`;
    const hint = `Compare ${meta.base} with a number or a label, or ${meta.base}name with labels.`;
    throw errorAt(facts.source, at.start, "type", message, { hint });
  }
  const text = value.trim();
  if (text === "") return [[]];
  const whole = optionsWithLabel(meta, text);
  if (whole.length > 0) return whole.map((one) => [one]);
  if (takesNumbers && /^[\d\s,;]+$/.test(text) && /\d/.test(text)) {
    const numbers = text.split(/[,;\s]+/).filter((one) => one !== "");
    return [numbers.map(numbered)];
  }
  const separated = text.split(";").length > 1 ? text.split(";") : text.split(",");
  const labels = separated.map((one) => one.trim()).filter((one) => one !== "");
  let sets: readonly (readonly CatalogOption[])[] = [[]];
  for (const label of labels) {
    const meant = optionsWithLabel(meta, label);
    if (meant.length === 0) throw unknownOption(facts.source, at, meta, label);
    sets = sets.flatMap((set) => meant.map((one) => [...set, one]));
    if (sets.length > mostSets)
      throw errorAt(facts.source, at.start, "too_large", `'${label}' means too many options,`, {
        hint: `Write the numbers of the options: ${meta.base} = '1,3'.`,
      });
  }
  return sets;
}

const calls = /^(NOT)?CONTAINS?VALUES$/;

/** `topics = CONTAINVALUES(1, 'Red')`, as the other conditions of the service are written. Undefined for any other right side. */
export function containsCall(
  binding: Binding,
  at: Span,
  operator: ComparisonOperator,
  left: Expression,
  right: Expression,
): Expr | undefined {
  const name = right.kind === "call" ? calls.exec(right.name) : null;
  if (!name || right.kind !== "call") return undefined;
  if (operator !== "=")
    throw fail(
      binding,
      at,
      "unsupported",
      `${right.name} stands behind =, not behind ${operator}`,
      { hint: "Write topics = CONTAINVALUES(1, 2), or NOT CONTAINVALUES(topics, 1, 2)." },
    );
  const found = containsOptions(binding, at, left, right.args);
  return name[1] === undefined ? found : { ...found, negated: true };
}

/** `CONTAINVALUES(topics, 1, 'Red')`, or `CONTAINS(topics, '1 OR Red')`: at least one of the options. */
export function containsOptions(
  binding: Binding,
  at: Span,
  column: Expression,
  values: readonly Expression[],
  isFullText = false,
): Options {
  const operand = binding.value(column);
  const part = choicesPart(operand);
  const meta = metaOf(operand);
  if (isFullText && (part === undefined || !meta))
    throw fail(
      binding,
      at,
      "unsupported",
      "The full-text predicate CONTAINS is not supported by read_query but for a column of several options",
      { hint: "Use LIKE '%word%', or the search tool." },
    );
  if (part === undefined || !meta)
    throw fail(
      binding,
      column,
      "type",
      "CONTAINVALUES is a condition on a column of choices, which holds several options",
      {
        hint: "Write CONTAINVALUES(column, 1, 2), or column IN (1, 2) for a column of one option.",
      },
    );
  if (values.length === 0)
    throw fail(binding, at, "syntax", "CONTAINVALUES takes at least one option", {
      hint: `Write CONTAINVALUES(${meta.base}, ${meta.options?.[0]?.value ?? 1}).`,
    });
  const sets = values.flatMap((node) => {
    const value = binding.value(node);
    if (value.kind !== "constant" || value.value === null)
      throw fail(binding, node, "type", "CONTAINVALUES takes numbers or labels of options here", {
        hint: "Join the options' table, or split the column with STRING_SPLIT to compare it with other columns.",
      });
    // Several in one text are several options: any of them counts.
    return setsOf(binding, value, meta, true, node).flatMap((set) => set.map((one) => [one]));
  });
  return optionsOf(operand, "contain", sets, false);
}
