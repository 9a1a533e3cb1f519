import { recordOptions } from "../../text/records/record-text";
import type { CatalogColumn } from "../catalog";
import { errorAt, type SqlError } from "../errors";
import { convert } from "../exec/convert";
import { collate } from "../exec/values";
import type { Span } from "../parser/ast";
import { constant, type Expr } from "../plan/expression";
import { classOf, type SqlType } from "../types";

type Constant = Extract<Expr, { readonly kind: "constant" }>;

/** What people call a type. */
export const typeNames: Readonly<Record<SqlType, string>> = {
  text: "text",
  memo: "text",
  integer: "whole number",
  decimal: "number",
  money: "money",
  float: "number",
  boolean: "yes/no",
  datetime: "date and time",
  date: "date",
  guid: "GUID",
  lookup: "lookup (GUID)",
  choice: "choice (number)",
  choices: "choices (comma list of numbers)",
  null: "NULL",
  predicate: "condition",
};

function listOptions(meta: CatalogColumn): string {
  const options = meta.options ?? [];
  const shown = options.slice(0, 20);
  const rest = options.length - shown.length;
  return `${meta.base} has: ${recordOptions(shown)}${rest > 0 ? ` and ${rest} more` : ""}.`;
}

function unknownOption(source: string, at: Span, meta: CatalogColumn, label: string): SqlError {
  return errorAt(source, at.start, "unknown_option", `${meta.base} has no option '${label}'`, {
    hint: listOptions(meta),
    suggestions: (meta.options ?? []).slice(0, 20).map((one) => one.label),
  });
}

const metaOf = (expr: Expr): CatalogColumn | undefined =>
  expr.kind === "column" ? expr.column.origin?.meta : undefined;

function withLabel(meta: CatalogColumn, text: string): readonly number[] {
  const wanted = collate(text.trim());
  const options = meta.options ?? [];
  return options.filter((one) => collate(one.label) === wanted).map((one) => one.value);
}

/**
 * A constant as a value of the column it is compared with: labels become option numbers, text becomes
 * dates, GUIDs and numbers. More than one value when several options share a label.
 */
export function coerceConstant(
  value: Constant,
  to: Expr,
  source: string,
  at: Span,
): readonly Constant[] {
  if (value.value === null) return [value];
  const meta = metaOf(to);
  const isText = typeof value.value === "string" && classOf(value.type) === "text";
  if (isText && meta?.options && meta.part === "value") {
    const values = withLabel(meta, String(value.value));
    if (values.length > 0) {
      return values.map((one) => ({
        kind: "constant",
        type: to.type,
        value: to.type === "boolean" ? one === 1 : one,
      }));
    }
  }
  if (meta?.options && meta.part === "label") return [checkLabel(value, meta, source, at)];
  if (classOf(value.type) === classOf(to.type)) return [value];
  if (classOf(value.type) === "time" && classOf(to.type) === "text") return [value];
  const converted = convert(value.value, value.type, target(value, to.type));
  if (converted === undefined) throw misfit(value, to, source, at);
  return [{ kind: "constant", type: to.type, value: converted }];
}

/** `'5.5'` compared with a whole number stays 5.5. */
const target = (value: Constant, to: SqlType): SqlType =>
  classOf(to) === "number" && typeof value.value === "string" ? "decimal" : to;

function checkLabel(value: Constant, meta: CatalogColumn, source: string, at: Span): Constant {
  if (typeof value.value === "number") {
    const hint = `Compare ${meta.base} with the number, or ${meta.name} with a label.`;
    throw errorAt(source, at.start, "type", `${meta.name} holds labels, not numbers`, { hint });
  }
  const text = String(value.value);
  if (withLabel(meta, text).length === 0) throw unknownOption(source, at, meta, text);
  return value;
}

const adviceByClass: Readonly<Record<string, string>> = {
  time: "Write dates as 'YYYY-MM-DD' or 'YYYY-MM-DDTHH:MM:SSZ'.",
  guid: "Give the id of a row, such as '00000000-0000-0000-0000-000000000000'.",
  boolean: "Compare with 1 or 0.",
  number: "Compare with a number.",
};

function misfit(value: Constant, to: Expr, source: string, at: Span): SqlError {
  const meta = metaOf(to);
  const shown = String(value.value).slice(0, 100);
  if (meta?.options && to.type === "choice") return unknownOption(source, at, meta, shown);
  const name = to.kind === "column" ? `${to.column.name} is a ${typeNames[to.type]}` : "that";
  const lookup =
    to.type === "lookup" && meta
      ? `To search by name, compare ${meta.name}name: ${meta.name}name = '${shown.replaceAll("'", "''")}'.`
      : undefined;
  return errorAt(source, at.start, "type", `'${shown}' cannot be compared: ${name}`, {
    hint: lookup ?? adviceByClass[classOf(to.type)],
  });
}

/** Two non-constant sides made comparable by casting one of them, or a type error that names both. */
export function coercePair(left: Expr, right: Expr, source: string, at: Span): [Expr, Expr] {
  const classes = [classOf(left.type), classOf(right.type)];
  if (classes[0] === classes[1] || classes.includes("null")) return [left, right];
  const castTo = (expr: Expr, type: SqlType): Expr => ({ kind: "cast", type, operand: expr });
  const pair = (strong: string, weak: string, type: SqlType): [Expr, Expr] | undefined => {
    if (classes[0] === strong && classes[1] === weak) return [left, castTo(right, type)];
    if (classes[1] === strong && classes[0] === weak) return [castTo(left, type), right];
    return undefined;
  };
  const result =
    pair("number", "text", "float") ??
    pair("number", "boolean", "integer") ??
    pair("time", "text", "datetime") ??
    pair("text", "guid", "text");
  if (result) return result;
  const names = `${typeNames[left.type]} and ${typeNames[right.type]}`;
  throw errorAt(source, at.start, "type", `Cannot compare ${names}`);
}

/** The type of several results that share a column, as in CASE; undefined when they have none in common. */
export function commonType(types: readonly SqlType[]): SqlType | undefined {
  const known = types.filter((type) => type !== "null");
  const [first] = known;
  if (!first) return "null";
  if (known.every((type) => type === first)) return first;
  const text = known.includes("memo") ? "memo" : "text";
  const kinds = new Set(known.map(classOf));
  if (kinds.size === 1) {
    if (kinds.has("number"))
      return known.find((type) => type !== "integer" && type !== "choice") ?? "integer";
    return kinds.has("time") ? "datetime" : kinds.has("guid") ? "guid" : text;
  }
  return kinds.has("text") ? text : undefined;
}

export const nullConstant: Expr = constant(null, "null");
