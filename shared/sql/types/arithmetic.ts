import { Failure } from "./failure";
import { concatenationType, runConcatenation } from "./operators/concatenation";
import { runDatetime } from "./operators/datetime-arithmetic";
import { bindDecimal, runBig, runFloat, runMoney, runSmall } from "./operators/number-arithmetic";
import type { BinaryOperator, BoundOperator, BoundUnary, RunBinary } from "./operators/operator";
import { clash, digitsOfOperand, type Operand, rankOf } from "./precedence";
import {
  bit,
  datetime,
  decimal,
  int,
  isApproximate,
  isBinary,
  isMoney,
  isNumeric,
  isOldDateTime,
  isText,
  isTime,
  isWhole,
  kindName,
  type Present,
  type SqlType,
  sameType,
  smallint,
} from "./sql-type";

export type { BinaryOperator, BoundOperator, BoundUnary, RunBinary } from "./operators/operator";

const names: Readonly<Record<BinaryOperator, string>> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  "%": "modulo",
  "&": "'&'",
  "|": "'|'",
  "^": "'^'",
  "<<": "'<<'",
  ">>": "'>>'",
};

const incompatible = (operator: BinaryOperator, left: SqlType, right: SqlType): Failure =>
  new Failure(
    402,
    `The data types ${kindName(left)} and ${kindName(right)} are incompatible in the ${names[operator]} operator`,
    isTime(left) || isTime(right)
      ? "DATEADD adds to a date, DATEDIFF counts between two."
      : "CAST one of the two to the type of the other, or use CONCAT for texts.",
  );

const invalid = (type: SqlType, name: string): Failure =>
  new Failure(
    8117,
    `Operand data type ${kindName(type)} is invalid for ${name} operator`,
    isTime(type) ? "DATEADD adds to a date, DATEDIFF counts between two." : undefined,
  );

/** An operator between two types, with the type of what comes out. */
export function bindBinary(
  operator: BinaryOperator,
  left: Operand,
  right: Operand,
): BoundOperator | Failure {
  const [a, b] = [typed(left, right), typed(right, left)];
  const both: readonly [SqlType, SqlType] = [a.type, b.type];
  if (both.every(isText) || both.every(isBinary)) {
    if (operator !== "+") return invalid(a.type, names[operator]);
    const type = concatenationType(...both);
    return { type, takes: both, run: runConcatenation(type) };
  }
  if (both.some(isTime)) return bindTime(operator, ...both);
  if (!both.some(isNumeric)) return incompatible(operator, ...both);
  return bindNumbers(operator, a, b);
}

/** NULL takes the type of the other side; alone it is an int, as SQL Server has it. */
function typed(operand: Operand, other: Operand): Operand {
  if (operand.type.kind !== "null") return operand;
  return { type: other.type.kind === "null" ? int : other.type, nullable: true };
}

function bindTime(
  operator: BinaryOperator,
  left: SqlType,
  right: SqlType,
): BoundOperator | Failure {
  if (operator !== "+" && operator !== "-") {
    return isTime(left) ? invalid(left, names[operator]) : invalid(right, names[operator]);
  }
  const old = [left, right].filter(isOldDateTime);
  const others = [left, right].filter((type) => !isOldDateTime(type));
  if (old.length === 0) {
    return sameType(left, right)
      ? invalid(left, names[operator])
      : timeClash(operator, left, right);
  }
  if (!others.every((type) => isNumeric(type) || isText(type))) {
    return incompatible(operator, left, right);
  }
  const type = old.find(({ kind }) => kind === "datetime") ?? old[0] ?? datetime;
  return { type, takes: [datetime, datetime], run: runDatetime(operator, type) };
}

const timeClash = (operator: BinaryOperator, left: SqlType, right: SqlType): Failure =>
  !isNumeric(left) && !isNumeric(right)
    ? incompatible(operator, left, right)
    : new Failure(
        206,
        clash(left, right).message,
        "DATEADD adds to a date: DATEADD(day, 1, d). DATEDIFF counts between two.",
      );

function bindNumbers(
  operator: BinaryOperator,
  left: Operand,
  right: Operand,
): BoundOperator | Failure {
  const high = rankOf(left.type) >= rankOf(right.type) ? left.type : right.type;
  const low = high === left.type ? right.type : left.type;
  if (!isNumeric(high) || !(isNumeric(low) || isText(low) || (isBinary(low) && isWhole(high)))) {
    return incompatible(operator, left.type, right.type);
  }
  if (high.kind === "bit") return bindBits(operator, left.type, right.type);
  if ("&|^<<>>".includes(operator)) {
    if (!isWhole(high)) return incompatible(operator, left.type, right.type);
    const run = high.kind === "bigint" ? runBig(operator, high) : runSmall(operator, high);
    return { type: high, takes: [high, high], run };
  }
  if (isApproximate(high)) {
    if (operator === "%") return incompatible(operator, left.type, right.type);
    return { type: high, takes: [high, high], run: runFloat(operator, high) };
  }
  if (high.kind === "decimal") {
    const own = (operand: Operand): SqlType => {
      if (isText(operand.type) || isBinary(operand.type)) return high;
      const { precision, scale } = digitsOfOperand(operand);
      return decimal(precision, scale);
    };
    return bindDecimal(operator, own(left), own(right));
  }
  if (isMoney(high)) return { type: high, takes: [high, high], run: runMoney(operator, high) };
  const run = high.kind === "bigint" ? runBig(operator, high) : runSmall(operator, high);
  return { type: high, takes: [high, high], run };
}

function bindBits(
  operator: BinaryOperator,
  left: SqlType,
  right: SqlType,
): BoundOperator | Failure {
  const run: RunBinary | undefined = {
    "&": (a: Present, b: Present) => a === true && b === true,
    "|": (a: Present, b: Present) => a === true || b === true,
    "^": (a: Present, b: Present) => a !== b,
  }[operator as string];
  return run ? { type: bit, takes: [bit, bit], run } : incompatible(operator, left, right);
}

/** A sign, or the complement of bits. */
export function bindUnary(operator: "-" | "+" | "~", operand: Operand): BoundUnary | Failure {
  const type = operand.type.kind === "null" ? int : operand.type;
  if (operator === "+") return { type, takes: type, run: (value) => value };
  if (operator === "~") {
    if (type.kind === "bit") return { type, takes: type, run: (value) => !value };
    if (type.kind === "tinyint") return { type, takes: type, run: (value) => 255 - Number(value) };
    if (!isWhole(type)) return invalid(type, "'~'");
    return {
      type,
      takes: type,
      run: (value) => (typeof value === "bigint" ? ~value : ~Number(value)),
    };
  }
  if (!isNumeric(type) || type.kind === "bit") return invalid(type, "minus");
  // A tinyint has no sign.
  const result = type.kind === "tinyint" ? smallint : type;
  if (isApproximate(type)) {
    return { type: result, takes: result, run: (value) => 0 - Number(value) };
  }
  const subtract = bindBinary(
    "-",
    { type: result, nullable: false },
    { type: result, nullable: false },
  );
  if (subtract instanceof Failure) return subtract;
  const zero = isWhole(result) && result.kind !== "bigint" ? 0 : 0n;
  if (type.kind === "decimal") return { type, takes: type, run: (value) => -(value as bigint) };
  return { type: result, takes: result, run: (value) => subtract.run(zero, value, () => {}) };
}
