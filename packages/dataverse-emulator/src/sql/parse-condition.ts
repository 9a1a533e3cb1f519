import type { Reader } from "./reader";
import { invalid, unsupported } from "./refusal";
import type { ColumnName, Condition, Operator, Value } from "./statement";

const operators: Readonly<Record<string, Operator>> = {
  "=": "=",
  "<>": "<>",
  "!=": "<>",
  "<": "<",
  ">": ">",
  "<=": "<=",
  ">=": ">=",
};
const deepest = 50;
const dateParts = new Map([
  ...["year", "yy", "yyyy"].map((name) => [name, "year"] as const),
  ...["quarter", "qq", "q"].map((name) => [name, "quarter"] as const),
  ...["month", "mm", "m"].map((name) => [name, "month"] as const),
  ...["week", "wk", "ww"].map((name) => [name, "week"] as const),
  ...["day", "dd", "d"].map((name) => [name, "day"] as const),
  ...["hour", "hh"].map((name) => [name, "hour"] as const),
  ...["minute", "mi", "n"].map((name) => [name, "minute"] as const),
  ...["second", "ss", "s"].map((name) => [name, "second"] as const),
]);

/** A tree of AND and OR whose leaves compare one column with constants (or, in ON, two columns). */
export function parseCondition(reader: Reader): Condition {
  let left = readAnd(reader);
  while (reader.accept("or")) left = { kind: "or", left, right: readAnd(reader) };
  return left;
}

function readAnd(reader: Reader): Condition {
  let left = readLeaf(reader);
  while (reader.accept("and")) left = { kind: "and", left, right: readLeaf(reader) };
  return left;
}

function readLeaf(reader: Reader): Condition {
  const token = reader.peek();
  if (reader.is("exists") || (reader.is("not") && reader.is("exists", 1))) {
    throw unsupported("EXISTS", token.at);
  }
  if (reader.is("not")) throw unsupported("NOT before a condition", token.at);
  if (reader.is("case")) throw unsupported("CASE", token.at);
  if (reader.is("(")) {
    if (reader.is("select", 1)) throw unsupported("A subquery", token.at);
    reader.take();
    reader.depth++;
    if (reader.depth > deepest) throw invalid("The condition is nested too deeply.", token.at);
    const inner = parseCondition(reader);
    reader.depth--;
    reader.expect(")");
    return inner;
  }
  if (isConstant(reader)) return swapped(reader);
  const column = reader.column();
  refuseArithmetic(reader);
  return readPredicate(reader, column);
}

function isConstant(reader: Reader): boolean {
  const { kind } = reader.peek();
  return (
    kind === "text" ||
    kind === "number" ||
    reader.is("null") ||
    ((reader.is("getutcdate") || reader.is("dateadd")) && reader.is("(", 1))
  );
}

const mirrored = { "=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<=" } as const;

/** `0 = statecode` */
function swapped(reader: Reader): Condition {
  const { at } = reader.peek();
  const value = readValue(reader);
  const operator = operators[reader.peek().value];
  if (operator === undefined) throw reader.near();
  reader.take();
  if (isConstant(reader)) throw unsupported("A comparison of two literals", at);
  const column = reader.column();
  return { kind: "compare", column, operator: mirrored[operator], value };
}

function readPredicate(reader: Reader, column: ColumnName): Condition {
  if (reader.accept("is")) {
    const negated = reader.accept("not");
    reader.expect("null");
    return { kind: "null", column, negated };
  }
  const negated = reader.accept("not");
  if (reader.accept("like")) {
    const token = reader.take();
    if (token.kind !== "text") throw unsupported("LIKE with anything but a literal", token.at);
    if (reader.is("escape")) throw unsupported("ESCAPE (write [%] for a percent sign)", token.at);
    return { kind: "like", column, negated, pattern: token.value };
  }
  if (reader.accept("in")) return { kind: "in", column, negated, values: readList(reader) };
  if (reader.accept("between")) {
    const low = readValue(reader);
    reader.expect("and");
    return { kind: "between", column, negated, low, high: readValue(reader) };
  }
  const operator = operators[reader.peek().value];
  if (negated || operator === undefined || reader.peek().kind !== "mark") throw reader.near();
  reader.take();
  if (reader.is("(") && reader.is("select", 1)) throw unsupported("A subquery", reader.peek().at);
  if (isConstant(reader)) return { kind: "compare", column, operator, value: readValue(reader) };
  const right = reader.column();
  refuseArithmetic(reader);
  return { kind: "columns", left: column, operator, right };
}

function refuseArithmetic(reader: Reader): void {
  const { kind, value, at } = reader.peek();
  const isSigned = kind === "number" && value.startsWith("-");
  if (isSigned || (kind === "mark" && "+-*/%&|^~".includes(value))) {
    throw unsupported("An expression in a condition", at);
  }
}

function readList(reader: Reader): Value[] {
  reader.expect("(");
  if (reader.is("select")) throw unsupported("A subquery", reader.peek().at);
  const values: Value[] = [];
  do {
    values.push(readValue(reader));
  } while (reader.accept(","));
  reader.expect(")");
  return values;
}

function readValue(reader: Reader): Value {
  const value = readConstant(reader);
  refuseArithmetic(reader);
  return value;
}

function readConstant(reader: Reader): Value {
  const token = reader.take();
  const { at } = token;
  if (token.kind === "text") return { kind: "text", value: token.value, at };
  if (token.kind === "number") return { kind: "number", value: Number(token.value), at };
  const word = token.kind === "word" ? token.value.toLowerCase() : "";
  if (word === "null") return { kind: "null", at };
  if (word === "getutcdate") {
    reader.expect("(");
    reader.expect(")");
    return { kind: "now", at };
  }
  if (word === "dateadd") return readDateAdd(reader, at);
  if (reader.is("(")) throw unsupported(`The function ${token.value.toUpperCase()}`, at);
  throw unsupported(`'${token.value}' where a literal is expected`, at);
}

function readDateAdd(reader: Reader, at: number): Value {
  reader.depth++;
  if (reader.depth > deepest) throw invalid("The condition is nested too deeply.", at);
  reader.expect("(");
  const written = reader.take();
  const part = dateParts.get(written.value.toLowerCase());
  if (part === undefined) throw invalid(`'${written.value}' is not a part of a date.`, written.at);
  reader.expect(",");
  const amount = reader.take();
  const number = Number(amount.value);
  if (amount.kind !== "number" || !Number.isInteger(number) || Math.abs(number) > 2_147_483_647) {
    throw unsupported("DATEADD of anything but a whole number", amount.at);
  }
  reader.expect(",");
  if (!isConstant(reader)) throw unsupported("DATEADD of a column", reader.peek().at);
  const to = readValue(reader);
  reader.expect(")");
  reader.depth--;
  return { kind: "dateadd", part, amount: number, to, at };
}
