import type { Expr, Scalar } from "../../expression/expression";
import { type ConditionFunction, conditionFunction } from "../../fetchxml/condition-functions";
import type { ComparisonOperator, Expression, Span } from "../../parser/ast";
import { readGuid } from "../../types/conversion/to-binary";
import { fromIso, toInvariant } from "../../types/print";
import { datetime, isText, isWhole } from "../../types/sql-type";
import { type Binding, fail } from "./binding";

/**
 * `createdon = LASTXDAYS(7)`: a condition that the service judges. Undefined where the right side is no such function.
 *
 * @throws SqlError where it stands behind something else than a stored column of a kind that it is for
 */
export function serviceCondition(
  binding: Binding,
  at: Span,
  operator: ComparisonOperator,
  left: Expression,
  right: Expression,
): Expr | undefined {
  const known = right.kind === "call" ? conditionFunction(right.name) : undefined;
  if (!known || right.kind !== "call") return undefined;
  const written = writtenForm(known);
  if (operator !== "=") {
    throw fail(
      binding,
      at,
      "unsupported",
      `${known.name} stands behind =, not behind ${operator}`,
      {
        hint: `Write ${written}.`,
      },
    );
  }
  const operand = binding.value(left);
  const origin = operand.kind === "column" ? operand.column.origin : undefined;
  if (origin?.part !== "value" || !known.columns.includes(origin.meta.type)) {
    throw fail(binding, left, "type", `${known.name} is a condition on ${kindWords(known)}`, {
      hint: `Write ${written}.`,
    });
  }
  if (right.args.length !== known.values.length) {
    throw fail(binding, right, "syntax", `${known.name} takes ${known.values.length} values`, {
      hint: `Write ${written}.`,
    });
  }
  const values = right.args.map((arg, index) => {
    const value = writtenValue(binding.value(arg), known.values[index]);
    if (value !== undefined) return value;
    throw fail(
      binding,
      arg,
      "type",
      `${known.name} takes ${valueWords(known.values[index])} here`,
      {
        hint: `Write ${written}.`,
      },
    );
  });
  return {
    kind: "service",
    type: "predicate",
    operand,
    name: known.name,
    operator: known.operator,
    values,
    refuse: () =>
      fail(
        binding,
        at,
        "unsupported",
        `${known.name} is a condition that only Dataverse can judge, and here it would have to be judged afterwards`,
        {
          hint: "Let it stand in WHERE, on a column of a table of FROM, not on what was grouped or computed.",
        },
      ),
  };
}

function writtenValue(
  value: Scalar,
  kind: ConditionFunction["values"][number] | undefined,
): string | undefined {
  if (value.kind !== "constant" || value.value === null) return undefined;
  const text = toInvariant(value.value, value.type);
  switch (kind) {
    case "number":
      return isWhole(value.type) && Number(text) > 0 ? text : undefined;
    case "guid":
      return readGuid(text);
    case "date": {
      const moment = fromIso(text, datetime);
      return moment === undefined || moment === null
        ? undefined
        : toInvariant(moment, datetime).slice(0, 10);
    }
    default:
      return isText(value.type) && text.trim() !== "" ? text : undefined;
  }
}

const examples = {
  number: "7",
  guid: "'00000000-0000-0000-0000-000000000000'",
  date: "'2026-11-30'",
  text: "'abc'",
};
const valueWords = (kind: ConditionFunction["values"][number] | undefined): string =>
  ({
    number: "a whole number above zero",
    guid: "the id of a row",
    date: "a date",
    text: "a text",
  })[kind ?? "text"];

const kindWords = ({ columns }: ConditionFunction): string => {
  if (columns.includes("datetime")) return "a column with a date";
  if (columns.includes("lookup")) return "a lookup or an id";
  return columns.includes("text") ? "a column of text" : "a column with a number of a language";
};

const writtenForm = ({ name, values, columns }: ConditionFunction): string => {
  const column = columns.includes("datetime")
    ? "createdon"
    : columns.includes("lookup")
      ? "ownerid"
      : columns.includes("text")
        ? "name"
        : "languagecode";
  return `${column} = ${name}(${values.map((kind) => examples[kind]).join(", ")})`;
};
