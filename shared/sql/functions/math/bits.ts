import { Failure } from "../../types/failure";
import { shift } from "../../types/operators/number-arithmetic";
import {
  bigint,
  bit,
  int,
  isWhole,
  type Present,
  type SqlType,
  type Value,
} from "../../types/sql-type";
import { aBig, aBit, anInt, define } from "../define";
import type { SqlFunction } from "../function";

const aWhole = (type: SqlType): SqlType | undefined => {
  if (type.kind === "null" || type.kind === "bit") return int;
  return isWhole(type) ? type : undefined;
};
const sameWhole = ([type]: readonly SqlType[]): SqlType => type ?? int;

const widths: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, int: 32, bigint: 64 };
const widthOf = (type: SqlType | undefined): number => widths[type?.kind ?? "int"] ?? 32;
const asBig = (value: Present | undefined): bigint => BigInt(value as number | bigint | boolean);

function asValue(bits: bigint, type: SqlType): Value {
  const width = widthOf(type);
  const value = width === 8 ? BigInt.asUintN(8, bits) : BigInt.asIntN(width, bits);
  return type.kind === "bigint" ? value : Number(value);
}

function checkOffset(offset: number, type: SqlType | undefined): void {
  if (offset >= 0 && offset < widthOf(type)) return;
  throw new Failure(
    9838,
    `The bit offset ${offset} is out of range: it goes from 0 to ${widthOf(type) - 1}`,
  ).error();
}

const shifting = (name: string, operator: string): SqlFunction =>
  define({
    name,
    syntax: `${name}(number, count)`,
    arguments: [2, 2],
    takes: [aWhole, aBig],
    type: sameWhole,
    run: ([value, count], { type }) =>
      asValue(shift(operator, asBig(value), asBig(count), widthOf(type)), type),
  });

/** Functions of single bits. */
export const bitFunctions: readonly SqlFunction[] = [
  define({
    name: "BIT_COUNT",
    syntax: "BIT_COUNT(number)",
    arguments: [1, 1],
    takes: [aWhole],
    type: bigint,
    run: ([value], { takes }) => {
      let rest = BigInt.asUintN(widthOf(takes[0]), asBig(value));
      let count = 0n;
      for (; rest > 0n; rest >>= 1n) count += rest & 1n;
      return count;
    },
  }),
  define({
    name: "GET_BIT",
    syntax: "GET_BIT(number, offset)",
    arguments: [2, 2],
    takes: [aWhole, anInt],
    type: bit,
    run: ([value, offset], { takes }) => {
      checkOffset(offset as number, takes[0]);
      return ((BigInt.asUintN(64, asBig(value)) >> BigInt(offset as number)) & 1n) === 1n;
    },
  }),
  define({
    name: "SET_BIT",
    syntax: "SET_BIT(number, offset[, bit])",
    arguments: [2, 3],
    takes: [aWhole, anInt, aBit],
    type: sameWhole,
    run: ([value, offset, on = true], { type, takes }) => {
      checkOffset(offset as number, takes[0]);
      const mask = 1n << BigInt(offset as number);
      const bits = BigInt.asUintN(64, asBig(value));
      return asValue(on ? bits | mask : bits & ~mask, type);
    },
  }),
  shifting("LEFT_SHIFT", "<<"),
  shifting("RIGHT_SHIFT", ">>"),
];
