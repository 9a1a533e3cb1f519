import { recordLine } from "../../../text/records/record-text";
import type { CatalogColumn } from "../../catalog";
import { errorAt, type SqlError } from "../../errors";
import {
  constant,
  type Expr,
  type ExprOf,
  operandOf,
  type Scalar,
} from "../../expression/expression";
import type { ComparisonOperator, Span } from "../../parser/ast";
import { collate } from "../../types/collation/collation";
import { bindConversion, isIdentity } from "../../types/conversion/convert";
import { Failure } from "../../types/failure";
import { collationConflict, comparisonType } from "../../types/precedence";
import { toInvariant } from "../../types/print";
import { isNumeric, isText, isTime, type SqlType, typeName } from "../../types/sql-type";
import { type Binding, castTo, settle } from "./binding";
import { choicesComparison } from "./choices";
import { metaOf, optionsWithLabel, unknownOption } from "./options";

type Constant = ExprOf<"constant">;
type Placed = Pick<Binding, "facts">;

/** What people call a type. */
export function typeWords(expr: Scalar): string {
  const kind = metaOf(expr)?.part === "value" ? metaOf(expr)?.type : undefined;
  if (kind === "lookup") return "a lookup (GUID)";
  if (kind === "choice") return "a choice (number)";
  if (kind === "choices") return "choices (a comma list of numbers)";
  const { type } = expr;
  if (isText(type)) return "text";
  if (isTime(type))
    return type.kind === "date" || type.kind === "time" ? `a ${type.kind}` : "a date and time";
  if (type.kind === "bit") return "a yes/no value";
  if (type.kind === "uniqueidentifier") return "a GUID";
  if (type.kind === "money" || type.kind === "smallmoney") return "an amount of money";
  if (isNumeric(type))
    return type.kind === "int" || type.kind === "bigint" ? "a whole number" : "a number";
  return type.kind === "null" ? "NULL" : typeName(type);
}

/** What an expression is called in a message. */
export const nameInWords = (expr: Scalar): string =>
  expr.kind === "column" || expr.kind === "parameter"
    ? expr.column.name
    : expr.kind === "constant" && expr.value !== null
      ? `'${recordLine(toInvariant(expr.value, expr.type)).slice(0, 100)}'`
      : "the expression";

/** Option numbers for a label that a choice is compared with; undefined where it is none. */
function optionsFor(value: Constant, to: Scalar): readonly Constant[] | undefined {
  const meta = metaOf(to);
  if (typeof value.value !== "string" || !isText(value.type)) return undefined;
  if (!meta?.options || meta.part !== "value") return undefined;
  const values = optionsWithLabel(meta, value.value);
  if (values.length === 0) return undefined;
  return values.map(({ value: one }) =>
    constant(to.type.kind === "bit" ? one === 1 : one, to.type),
  );
}

function checkLabel(value: Constant, meta: CatalogColumn, source: string, at: Span): void {
  if (value.value === null) return;
  if (!isText(value.type)) {
    const hint = `Compare ${meta.base} with the number, or ${meta.name} with a label.`;
    throw errorAt(source, at.start, "type", `${meta.name} holds labels, not numbers`, { hint });
  }
  const text = String(value.value);
  if (optionsWithLabel(meta, text).length === 0) throw unknownOption(source, at, meta, text);
}

/** `customeridtype = 'account'`: what a lookup may point to is known. */
function checkTarget(value: Constant, meta: CatalogColumn, source: string, at: Span): void {
  const { targets = [] } = meta;
  if (value.value === null || targets.length === 0) return;
  const text = isText(value.type) ? collate(String(value.value)) : undefined;
  if (text !== undefined && targets.some((target) => collate(target) === text)) return;
  const shown = toInvariant(value.value, value.type).slice(0, 100);
  const some = targets.slice(0, 20).join(", ");
  throw errorAt(source, at.start, "type", `${meta.base} never points to '${shown}'`, {
    hint: `${meta.name} holds the logical name of a table: ${some}${targets.length > 20 ? " …" : ""}.`,
    suggestions: targets.slice(0, 20),
  });
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ["yes", true],
  ["no", false],
]);

/** 0 and 1 are yes and no for a yes/no column; T-SQL would make numbers of both sides, with the same result. */
function asBit(value: Constant, to: Scalar): Constant | undefined {
  if (to.type.kind !== "bit") return undefined;
  if (value.value === 0 || value.value === 1) return constant(value.value === 1, to.type);
  const word =
    typeof value.value === "string" ? truths.get(value.value.trim().toLowerCase()) : undefined;
  return word === undefined ? undefined : constant(word, to.type);
}

const adviceFor = ({ type }: Scalar): string | undefined => {
  if (isTime(type)) return "Write dates as 'YYYY-MM-DD' or 'YYYY-MM-DDTHH:MM:SSZ'.";
  if (type.kind === "uniqueidentifier")
    return "Give the id of a row, such as '00000000-0000-0000-0000-000000000000'.";
  if (type.kind === "bit") return "Compare with 1 or 0.";
  return isNumeric(type) ? "Compare with a number." : undefined;
};

function misfit(value: Constant, to: Scalar, source: string, at: Span): SqlError {
  const meta = metaOf(to);
  const shown = value.value === null ? "NULL" : toInvariant(value.value, value.type).slice(0, 100);
  if (meta?.options && meta.part === "value" && to.type.kind !== "bit")
    return unknownOption(source, at, meta, shown);
  const lookup =
    meta?.type === "lookup" && meta.part === "value"
      ? `To search by name, compare ${meta.name}name: ${meta.name}name = '${shown.replaceAll("'", "''")}'.`
      : undefined;
  return errorAt(
    source,
    at.start,
    "type",
    `'${shown}' (${typeWords(value)}) cannot be compared with ${nameInWords(to)}, which is ${typeWords(to)},`,
    { hint: lookup ?? adviceFor(to) },
  );
}

/** The constants that a value compared with `to` may mean: several when options share a label. */
function meanings(value: Constant, to: Scalar): readonly Constant[] {
  const bitValue = asBit(value, to);
  return optionsFor(value, to) ?? (bitValue ? [bitValue] : [value]);
}

/** Where a comparison and its sides stand. */
export interface Places extends Span {
  readonly left?: Span;
  readonly right?: Span;
}

const swapped = (at: Places): Places => ({
  ...at,
  left: at.right ?? at,
  right: at.left ?? at,
});

/** Two values of one type, or an error that names both types. */
export function comparablePair(
  binding: Placed,
  left: Scalar,
  right: Scalar,
  at: Places,
): readonly [Scalar, Scalar] {
  const { source } = binding.facts;
  const type = comparisonType(operandOf(left), operandOf(right));
  if (type instanceof Failure && type.number === collationConflict) throw type.at(source, at.start);
  if (type instanceof Failure) {
    const constantSide =
      left.kind === "constant" ? left : right.kind === "constant" ? right : undefined;
    if (constantSide && left.kind !== right.kind)
      throw constantSide === left
        ? misfit(constantSide, right, source, at.left ?? at)
        : misfit(constantSide, left, source, at.right ?? at);
    throw errorAt(
      source,
      at.start,
      "type",
      `Cannot compare ${nameInWords(left)} (${typeWords(left)}) with ${nameInWords(right)} (${typeWords(right)})`,
      {
        hint:
          type.hint ?? "CAST one of the two to the type of the other, where that has a meaning.",
      },
    );
  }
  return [
    convertSide(binding, left, right, type, at.left ?? at),
    convertSide(binding, right, left, type, at.right ?? at),
  ];
}

/** T-SQL takes `2026-04-01` for the number 2021, and that for a day of 1905: nobody who writes it means that. */
function refuseUnquotedDate({ facts: { source } }: Placed, { start, end }: Span): void {
  const text = source.slice(start, end).trim();
  if (!/^\d{4}-\d{1,2}-\d{1,2}$|^\d{1,2}\/\d{1,2}\/\d{2,4}$/.test(text)) return;
  throw errorAt(source, start, "type", `${text} without quotes is arithmetic, not a date`, {
    hint: "Write dates as 'YYYY-MM-DD', in quotes.",
  });
}

function convertSide(
  binding: Placed,
  expr: Scalar,
  other: Scalar,
  type: SqlType,
  at: Span,
): Scalar {
  if (expr.kind === "constant" && expr.value !== null && other.kind !== "constant") {
    if (isTime(type) && !isText(expr.type)) refuseUnquotedDate(binding, at);
    const conversion = isIdentity(expr.type, type)
      ? undefined
      : bindConversion(expr.type, type, "implicit");
    if (conversion instanceof Failure) throw misfit(expr, other, binding.facts.source, at);
    if (!conversion) return { ...expr, type };
    const value = conversion.run(expr.value);
    if (value instanceof Failure) throw misfit(expr, other, binding.facts.source, at);
    return constant(value, type);
  }
  const converted = castTo(binding, expr, type, at);
  return converted.kind === "constant" ? { ...converted, type } : converted;
}

const mirrored = { "=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<=" } as const;
const isExact = (operator: ComparisonOperator): boolean => operator === "=" || operator === "<>";

/** `left operator right`, with labels as option numbers and both sides of one type. */
export function comparison(
  binding: Placed,
  at: Places,
  operator: ComparisonOperator,
  left: Scalar,
  right: Scalar,
): Expr {
  if (left.kind === "constant" && right.kind !== "constant")
    return comparison(binding, swapped(at), mirrored[operator], right, left);
  if (right.kind !== "constant") {
    checkUser(binding, left, right, at);
    const [a, b] = comparablePair(binding, left, right, at);
    return { kind: "compare", type: "predicate", operator, left: a, right: b };
  }
  const options = choicesComparison(binding, operator, left, right, at.right ?? at);
  if (options) return options;
  const meta = metaOf(left);
  if (meta?.options && meta.part === "label" && isExact(operator))
    checkLabel(right, meta, binding.facts.source, at.right ?? at);
  if (meta?.part === "type" && isExact(operator))
    checkTarget(right, meta, binding.facts.source, at.right ?? at);
  const values = isExact(operator) ? meanings(right, left) : [right];
  if (values.length > 1) {
    return {
      kind: "in",
      type: "predicate",
      operand: left,
      list: values,
      negated: operator === "<>",
    };
  }
  const [a, b] = comparablePair(binding, left, values[0] ?? right, at);
  const compared: Expr = { kind: "compare", type: "predicate", operator, left: a, right: b };
  return settle(compared, binding);
}

function checkUser(binding: Placed, left: Scalar, right: Scalar, at: Span): void {
  const other =
    left.kind === "currentUser" ? right : right.kind === "currentUser" ? left : undefined;
  if (!other || other.type.kind === "uniqueidentifier") return;
  throw errorAt(binding.facts.source, at.start, "type", "CURRENT_USER is the id of a user", {
    hint: "Compare it with a column that holds users: ownerid = CURRENT_USER.",
  });
}

/** `operand IN (items)`: one test where all items are of the operand's type, else a comparison with each. */
export function membership(
  binding: Placed,
  operand: Scalar,
  items: readonly { readonly value: Scalar; readonly at: Span }[],
  negated: boolean,
): Expr {
  const compared = items.map((item) => comparison(binding, item.at, "=", operand, item.value));
  const list: Scalar[] = [];
  let same: Scalar | undefined;
  let isOneTest = operand.kind !== "constant";
  for (const one of compared) {
    const left = one.kind === "compare" ? one.left : one.kind === "in" ? one.operand : undefined;
    if (!left || (same && !isAlike(same, left))) isOneTest = false;
    same ??= left;
    if (one.kind === "compare") list.push(one.right);
    else if (one.kind === "in") list.push(...one.list);
  }
  if (isOneTest && same) return { kind: "in", type: "predicate", operand: same, list, negated };
  const any: Expr = { kind: "logic", type: "predicate", operator: "or", operands: compared };
  return settle(negated ? { kind: "not", type: "predicate", operand: any } : any, binding);
}

/** The same value in the same type: casts of one operand are made anew for each comparison. */
const isAlike = (a: Scalar, b: Scalar): boolean =>
  a === b ||
  (a.kind === "cast" &&
    b.kind === "cast" &&
    a.operand === b.operand &&
    isIdentity(a.type, b.type) &&
    isIdentity(b.type, a.type));
