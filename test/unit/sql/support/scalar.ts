import { bindParse } from "../../../../shared/sql/functions/format/parse";
import type { Argument, Environment } from "../../../../shared/sql/functions/function";
import { bindCall } from "../../../../shared/sql/functions/table";
import type { Expression, JsonNulls } from "../../../../shared/sql/parser/ast";
import { parse } from "../../../../shared/sql/parser/parse";
import { bindBinary, bindUnary } from "../../../../shared/sql/types/arithmetic";
import { type ComparisonSign, testOf } from "../../../../shared/sql/types/compare";
import {
  type Conversion,
  casting,
  tryCasting,
} from "../../../../shared/sql/types/conversion/conversion";
import { bindConversion } from "../../../../shared/sql/types/conversion/convert";
import { printScaled } from "../../../../shared/sql/types/decimal";
import { declaredType } from "../../../../shared/sql/types/declared-type";
import { Failure } from "../../../../shared/sql/types/failure";
import { compileLike } from "../../../../shared/sql/types/like";
import { numberLiteral, textLiteral } from "../../../../shared/sql/types/literal";
import { comparisonType, unify } from "../../../../shared/sql/types/precedence";
import { toJson } from "../../../../shared/sql/types/print";
import {
  int,
  isScaled,
  isText,
  nullType,
  nvarchar,
  type SqlType,
  typeName,
  type Value,
  varbinary,
  withCollation,
} from "../../../../shared/sql/types/sql-type";
import { msToTicks } from "../../../../shared/sql/types/time/moment";

/**
 * Works out an expression without columns straight on the engine's types and functions: a second, plain reader of the syntax tree, so
 * that known answers judge types and functions alone.
 */
interface Bound extends Argument {
  readonly value: () => Value;
}

/** The moment of every test: 2026-11-30 14:05:06.1234567 UTC. */
export const testNow = msToTicks(Date.UTC(2026, 10, 30, 14, 5, 6)) + 1_234_567n;

export const testEnvironment: Environment = {
  now: testNow,
  userId: "00000000-0000-0000-0000-000000000001",
  work: () => {},
  random: () => 0.5,
};

class Refused extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

function need<T>(result: T | Failure): T {
  if (result instanceof Failure) throw new Refused(result);
  return result;
}

const literal = ({ type, value }: { type: SqlType; value: Value }): Bound => ({
  type,
  nullable: value === null,
  constant: { value },
  value: () => value,
});

function converted(from: Bound, to: SqlType): Bound {
  const run = casting(need(bindConversion(from.type, to, "implicit")));
  return { type: to, nullable: from.nullable, value: () => run(from.value()) };
}

function cast(
  operand: Bound,
  conversion: Conversion,
  style: Bound | undefined,
  isTry: boolean,
): Bound {
  const given = style?.value();
  const run = (isTry ? tryCasting : casting)(
    conversion,
    given === undefined || given === null ? undefined : Number(given),
  );
  return { type: conversion.type, nullable: true, value: () => run(operand.value()) };
}

function call(name: string, args: readonly Bound[]): Bound {
  const bound = need(bindCall(name, args));
  const inputs = args.map((one, index) =>
    one.keyword === undefined ? converted(one, bound.takes[index] ?? one.type) : one,
  );
  return {
    type: bound.type,
    nullable: bound.nullable,
    ...(bound.isJson && { isJson: true }),
    value: () =>
      bound.run(
        inputs.map((one) => (one.keyword === undefined ? one.value() : null)),
        testEnvironment,
      ),
  };
}

function binary(operator: Parameters<typeof bindBinary>[0], left: Bound, right: Bound): Bound {
  const bound = need(bindBinary(operator, left, right));
  const a = converted(left, bound.takes[0]);
  const b = converted(right, bound.takes[1]);
  return {
    type: bound.type,
    nullable: left.nullable || right.nullable,
    value: () => {
      const [x, y] = [a.value(), b.value()];
      return x === null || y === null ? null : bound.run(x, y, testEnvironment.work);
    },
  };
}

function choice(results: readonly Bound[], choose: () => number): Bound {
  const type = need(unify(results.map((one) => one.type)));
  const shown = results.map((one) => converted(one, type));
  return { type, nullable: true, value: () => shown[choose()]?.value() ?? null };
}

function compare(sign: ComparisonSign, left: Bound, right: Bound): boolean | null {
  const type = need(comparisonType(left, right));
  const [a, b] = [converted(left, type).value(), converted(right, type).value()];
  return a === null || b === null ? null : testOf(sign, type)(a, b, testEnvironment.work);
}

const json = (name: string, nulls: JsonNulls, items: readonly Bound[]): Bound =>
  call(nulls === undefined ? name : `${name} ${nulls.toUpperCase()}`, items);

function bind(expr: Expression): Bound {
  switch (expr.kind) {
    case "string":
      return literal(textLiteral(expr.value, expr.national === true));
    case "number":
      return literal(need(numberLiteral(expr.form === "money" ? `$${expr.value}` : expr.value)));
    case "binary":
      return literal({
        type: varbinary(expr.value.length / 2),
        value: Buffer.from(expr.value, "hex").toString("latin1"),
      });
    case "null":
      return literal({ type: nullType, value: null });
    case "name":
      return {
        type: nullType,
        nullable: true,
        keyword: expr.parts[0]?.name ?? "",
        value: () => null,
      };
    case "negate":
    case "bitNot": {
      const operand = bind(expr.operand);
      const bound = need(bindUnary(expr.kind === "negate" ? "-" : "~", operand));
      const input = converted(operand, bound.takes);
      const value = () => {
        const given = input.value();
        return given === null ? null : bound.run(given);
      };
      return {
        type: bound.type,
        nullable: operand.nullable,
        ...(operand.constant && { constant: { value: value() } }),
        value,
      };
    }
    case "arithmetic":
    case "bitwise":
      return binary(expr.operator, bind(expr.left), bind(expr.right));
    case "concat":
      return binary("+", bind(expr.left), bind(expr.right));
    case "call":
      return bindSpecial(expr.name, expr.args) ?? call(expr.name, expr.args.map(bind));
    case "trim": {
      const name = { leading: "TRIM LEADING", trailing: "TRIM TRAILING", both: "TRIM" }[expr.side];
      return call(name, [bind(expr.operand), bind(expr.characters)]);
    }
    case "jsonObject":
      return json(
        "JSON_OBJECT",
        expr.nulls,
        expr.members.flatMap(({ key, value }) => [bind(key), bind(value)]),
      );
    case "jsonArray":
      return json("JSON_ARRAY", expr.nulls, expr.items.map(bind));
    case "case": {
      const operand = expr.operand && bind(expr.operand);
      const results = [...expr.whens.map((one) => bind(one.result))];
      if (expr.otherwise) results.push(bind(expr.otherwise));
      return choice(results, () => {
        const found = expr.whens.findIndex(({ when }) =>
          operand ? compare("=", operand, bind(when)) === true : test(when) === true,
        );
        return found < 0 ? expr.whens.length : found;
      });
    }
    case "cast":
    case "tryCast": {
      const operand = bind(expr.operand);
      const to = need(declaredType(expr.type.name, expr.type.args));
      const conversion = need(bindConversion(operand.type, to, "explicit"));
      return cast(operand, conversion, expr.style && bind(expr.style), expr.kind === "tryCast");
    }
    case "parse": {
      const to = need(declaredType(expr.type.name, expr.type.args));
      const culture = expr.culture && bind(expr.culture).value();
      const operand = bind(expr.operand);
      return cast(
        operand,
        need(bindParse(to, culture as string | undefined)),
        undefined,
        expr.isTry,
      );
    }
    case "collate": {
      const operand = bind(expr.operand);
      return { ...operand, type: withCollation(operand.type, expr.collation.name) };
    }
    case "atTimeZone":
      return call("AT TIME ZONE", [bind(expr.operand), bind(expr.zone)]);
    default:
      throw new Error(`No known answer has a ${expr.kind}`);
  }
}

function bindSpecial(name: string, args: readonly Expression[]): Bound | undefined {
  const [first, second, third] = args;
  if (name === "IIF" && first && second && third) {
    return choice([bind(second), bind(third)], () => (test(first) === true ? 0 : 1));
  }
  if (name === "COALESCE") {
    const items = args.map(bind);
    return choice(items, () => items.findIndex((one) => one.value() !== null));
  }
  if (name === "ISNULL" && first && second) {
    const value = bind(first);
    const type = value.type.kind === "null" ? bind(second).type : value.type;
    const [a, b] = [converted(value, type), converted(bind(second), type)];
    return { type, nullable: true, value: () => a.value() ?? b.value() };
  }
  if (name === "NULLIF" && first && second) {
    const value = bind(first);
    return {
      ...value,
      nullable: true,
      value: () => (compare("=", value, bind(second)) === true ? null : value.value()),
    };
  }
  if (name === "CHOOSE" && first) {
    const index = converted(bind(first), int);
    return choice(args.slice(1).map(bind), () => Number(index.value() ?? 0) - 1);
  }
  return undefined;
}

const not = (value: boolean | null): boolean | null => (value === null ? null : !value);

function test(expr: Expression): boolean | null {
  switch (expr.kind) {
    case "compare":
      return compare(expr.operator, bind(expr.left), bind(expr.right));
    case "not":
      return not(test(expr.operand));
    case "logic": {
      const values = expr.operands.map(test);
      const decides = expr.operator === "or";
      if (values.includes(decides)) return decides;
      return values.includes(null) ? null : !decides;
    }
    case "isNull":
      return (bind(expr.operand).value() === null) !== expr.negated;
    case "between": {
      const low = compare(">=", bind(expr.operand), bind(expr.low));
      const high = compare("<=", bind(expr.operand), bind(expr.high));
      const inside =
        low === false || high === false ? false : low === null || high === null ? null : true;
      return expr.negated ? not(inside) : inside;
    }
    case "in": {
      const values = expr.list.map((item) => compare("=", bind(expr.operand), bind(item)));
      const found = values.includes(true) ? true : values.includes(null) ? null : false;
      return expr.negated ? not(found) : found;
    }
    case "like": {
      const [value, pattern] = [bind(expr.operand), bind(expr.pattern)];
      const type = need(unify([value.type, pattern.type]));
      const wide = isText(type) ? type : nvarchar(4000);
      const [a, b] = [converted(value, wide).value(), converted(pattern, wide).value()];
      if (a === null || b === null) return null;
      const mark = expr.escapedBy && (bind(expr.escapedBy).value() as string);
      const matches = need(compileLike(b as string, mark, wide));
      return matches(a as string, testEnvironment.work) !== expr.negated;
    }
    default:
      throw new Error(`No known answer has a condition ${expr.kind}`);
  }
}

export interface Answer {
  /** `decimal(8,6)`, or undefined where it ended in an error. */
  readonly type: string | undefined;
  /** As a fixture writes it: `!245` for an error, else JSON, with every digit of exact numbers. */
  readonly shown: string;
}

const numberOf = (error: unknown): string | undefined =>
  error instanceof Refused
    ? String(error.failure.number)
    : /\(SQL Server error (\d+)\)/.exec(error instanceof Error ? error.message : "")?.[1];

function show({ type, value }: Bound): string {
  const given = value();
  if (given !== null && isScaled(type)) return printScaled(given as bigint, type.scale);
  if (typeof given === "bigint" && type.kind === "bigint") return String(given);
  return JSON.stringify(toJson(given, type, false));
}

/** What an expression comes to. */
export function answer(expression: string): Answer {
  const { query } = parse(`SELECT ${expression}`);
  const item = query.kind === "select" ? query.items[0] : undefined;
  if (item?.kind !== "expression") throw new Error(`No expression: ${expression}`);
  try {
    const bound = bind(item.expression);
    return { type: typeName(bound.type), shown: show(bound) };
  } catch (error) {
    const number = numberOf(error);
    if (number === undefined) throw error;
    return { type: undefined, shown: `!${number}` };
  }
}
