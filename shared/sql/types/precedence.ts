import { sharedDigits } from "./arithmetic-type";
import { digitsOf } from "./decimal";
import { Failure } from "./failure";
import {
  binary,
  char,
  datetime2,
  datetimeoffset,
  decimal,
  isBinary,
  isMax,
  isMoney,
  isNumeric,
  isScaled,
  isText,
  isTime,
  isUnicode,
  isWhole,
  kindName,
  longest,
  nchar,
  nullType,
  nvarchar,
  type SqlType,
  sameType,
  type TypeKind,
  time,
  type Value,
  varbinary,
  varchar,
  withCollation,
} from "./sql-type";

/** What a function or an operator is given. */
export interface Operand {
  readonly type: SqlType;
  readonly nullable: boolean;
  /** Set for a literal: digits and lengths of some results follow from its value. */
  readonly constant?: { readonly value: Value };
}

/**
 * The lowest first: what is lower is converted to what is higher.
 *
 * @see https://learn.microsoft.com/sql/t-sql/data-types/data-type-precedence-transact-sql
 */
const order: readonly TypeKind[] = [
  "null",
  "binary",
  "varbinary",
  "char",
  "varchar",
  "nchar",
  "nvarchar",
  "uniqueidentifier",
  "bit",
  "tinyint",
  "smallint",
  "int",
  "bigint",
  "smallmoney",
  "money",
  "decimal",
  "real",
  "float",
  "time",
  "date",
  "smalldatetime",
  "datetime",
  "datetime2",
  "datetimeoffset",
];
const rank: ReadonlyMap<TypeKind, number> = new Map(order.map((kind, index) => [kind, index]));

export const rankOf = ({ kind }: SqlType): number => rank.get(kind) ?? 0;

export const clash = (left: SqlType, right: SqlType): Failure =>
  new Failure(
    206,
    `Operand type clash: ${kindName(left)} is incompatible with ${kindName(right)}`,
    "CAST one of the two to the type of the other, where that has a meaning.",
  );

/** Digits of an operand among exact numbers: a whole constant counts by its own digits, 250 as numeric(3,0). */
export function digitsOfOperand({ type, constant }: Operand) {
  const value = constant?.value;
  if (isWhole(type) && typeof value === "number") return digitsOf(BigInt(value), 0);
  return { precision: type.precision, scale: type.scale };
}

/** Can a value of the one be compared with, or stand in a column beside, a value of the other? */
function mix(low: SqlType, high: SqlType): SqlType | Failure {
  if (isTime(high)) return mixTime(low, high);
  if (high.kind === "uniqueidentifier") {
    return isText(low) || isBinary(low) ? high : clash(low, high);
  }
  if (isNumeric(high)) {
    if (isText(low)) return high;
    if (isBinary(low))
      return isWhole(high) || isMoney(high) || high.kind === "bit" ? high : clash(low, high);
    return low.kind === "uniqueidentifier" ? clash(low, high) : mixNumbers(low, high);
  }
  if (isText(high)) return isBinary(low) ? high : mixTexts(low, high);
  return mixBinary(low, high);
}

function mixTime(low: SqlType, high: SqlType): SqlType | Failure {
  if (isText(low)) return high;
  if (isNumeric(low)) {
    return high.kind === "datetime" || high.kind === "smalldatetime" ? high : clash(high, low);
  }
  if (!isTime(low)) return clash(low, high);
  if (low.kind === "time" && high.kind === "date") return clash(low, high);
  if (high.kind === "datetime2" || high.kind === "datetimeoffset") {
    const scale = Math.max(high.scale, low.kind === "datetime" ? 3 : low.scale);
    return high.kind === "datetime2" ? datetime2(scale) : datetimeoffset(scale);
  }
  return high.kind === "time" ? time(Math.max(low.scale, high.scale)) : high;
}

function mixNumbers(low: SqlType, high: SqlType): SqlType {
  if (high.kind !== "decimal" || !(isScaled(low) || isWhole(low) || low.kind === "bit"))
    return high;
  const { precision, scale } = sharedDigits(low, high);
  return decimal(precision, scale);
}

function mixTexts(low: SqlType, high: SqlType): SqlType | Failure {
  const collation = commonCollation(low, high);
  if (collation instanceof Failure) return collation;
  const wide = isUnicode(low) || isUnicode(high);
  const varying = low.kind.endsWith("varchar") || high.kind.endsWith("varchar");
  const length = isMax(low) || isMax(high) ? longest : Math.max(low.length, high.length);
  const make = wide ? (varying ? nvarchar : nchar) : varying ? varchar : char;
  // A VARCHAR(8000) beside an NVARCHAR is cut to what that may hold.
  const most = wide && length !== longest ? Math.min(length, 4000) : length;
  return withCollation(make(most), collation);
}

/** SQL Server's error for texts of two collations. */
export const collationConflict = 468;

/** The collation that holds for two texts: that of COLLATE, where it stands. */
export function commonCollation(low: SqlType, high: SqlType): string | undefined | Failure {
  const [one, other] = [low.collation, high.collation];
  if (one === undefined || other === undefined || one.toLowerCase() === other.toLowerCase())
    return other ?? one;
  return new Failure(
    collationConflict,
    `Cannot resolve the collation conflict between "${one}" and "${other}"`,
    "Write COLLATE on one side, or the same on both.",
  );
}

function mixBinary(low: SqlType, high: SqlType): SqlType {
  const length = isMax(low) || isMax(high) ? longest : Math.max(low.length, high.length);
  return high.kind === "varbinary" || low.kind === "varbinary" ? varbinary(length) : binary(length);
}

/** The one type for two. */
export function mixTypes(left: SqlType, right: SqlType): SqlType | Failure {
  if (sameType(left, right)) return left;
  const [low, high] = rankOf(left) <= rankOf(right) ? [left, right] : [right, left];
  return low.kind === "null" ? high : mix(low, high);
}

/** The type of several results that share a column: CASE, COALESCE, IIF, CHOOSE, UNION, VALUES. */
export function unify(types: readonly SqlType[]): SqlType | Failure {
  // From the highest down, so that the order in which they are written does not matter.
  const sorted = [...types].sort((a, b) => rankOf(b) - rankOf(a));
  let result: SqlType = nullType;
  for (const type of sorted) {
    const mixed = mixTypes(result, type);
    if (mixed instanceof Failure) return mixed;
    result = mixed;
  }
  return result;
}

/** The type in which two sides are compared. */
export function comparisonType(left: Operand, right: Operand): SqlType | Failure {
  const mixed = mixTypes(left.type, right.type);
  if (mixed instanceof Failure) return mixed;
  if (mixed.kind === "datetime2" || mixed.kind === "datetimeoffset") {
    // A datetime beside them counts by its three-hundredths of a second.
    return { ...mixed, scale: 7 };
  }
  return mixed;
}
