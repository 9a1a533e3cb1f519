import { refusalOf } from "../types/conversion/allowed";
import { Failure } from "../types/failure";
import {
  bigint,
  bit,
  datetime,
  datetime2,
  float,
  int,
  isBinary,
  isMax,
  isNumeric,
  isText,
  isTime,
  isUnicode,
  kindName,
  longest,
  nvarchar,
  type Present,
  type SqlType,
  type Value,
  varchar,
  withCollation,
} from "../types/sql-type";
import { shortText } from "../types/text-room";
import type { Argument, BoundCall, Determinism, Environment, SqlFunction } from "./function";

/** What a parameter takes: the type that an argument is converted to, or undefined for one that it cannot be. */
export type Taker = (type: SqlType) => SqlType | undefined;

/** A longest text that a number, a date or a GUID becomes. */
const printed = 60;

/** A text as it is; anything else as T-SQL prints it. */
export const aText = (type: SqlType): SqlType => (isText(type) ? type : varchar(printed));
export const aWide = (type: SqlType): SqlType =>
  isUnicode(type) ? type : nvarchar(isMax(type) ? longest : 4000);
export const anyValue = (type: SqlType): SqlType => (type.kind === "null" ? int : type);
export const exactly =
  (to: SqlType): Taker =>
  (type) =>
    refusalOf(type, to, "implicit") ? undefined : to;
export const anInt = exactly(int);
export const aBig = exactly(bigint);
export const aBit = exactly(bit);
export const aFloat = exactly(float);
/** A number as it is; a text becomes a float. */
export const aNumber: Taker = (type) => {
  if (type.kind === "null") return int;
  return isNumeric(type) ? type : isText(type) ? float : undefined;
};
/** A date or a moment as it is; texts become a datetime2, numbers a datetime. */
export const aMoment: Taker = (type) => {
  if (isTime(type)) return type;
  if (isText(type)) return datetime2(7);
  return isNumeric(type) || type.kind === "null" ? datetime : undefined;
};
export const aTextOrBinary = (type: SqlType): SqlType => (isBinary(type) ? type : aText(type));

/** What a definition's `run` knows beside its values. */
export interface Context {
  readonly type: SqlType;
  readonly takes: readonly SqlType[];
  readonly environment: Environment;
}

interface Common {
  readonly name: string;
  readonly syntax: string;
  readonly arguments: readonly [minimum: number, maximum: number];
  /** By position; the last one repeats. */
  readonly takes: readonly Taker[];
  readonly type:
    | SqlType
    | ((takes: readonly SqlType[], args: readonly Argument[]) => SqlType | Failure);
  readonly determinism?: Determinism;
  /** May give NULL for arguments that are none. */
  readonly mayBeNull?: true;
  readonly isJson?: true;
}

/** NULL for any argument gives NULL. */
export interface StrictDefinition extends Common {
  readonly run: (values: readonly Present[], context: Context) => Value;
}

/** Sees NULLs itself. */
export interface NullableDefinition extends Common {
  readonly neverNull?: true;
  readonly runNull: (values: readonly Value[], context: Context) => Value;
}

export const wrongArgument = (name: string, position: number, type: SqlType): Failure =>
  new Failure(
    8116,
    `Argument data type ${kindName(type)} is invalid for argument ${position} of ${name.toLowerCase()} function`,
    "CAST it to the type that is wanted.",
  );

/** A function from its definition: arguments are typed, counted by their characters and, unless it sees to them, kept from being NULL. */
export function define(definition: StrictDefinition | NullableDefinition): SqlFunction {
  const { name, syntax, arguments: count, determinism = "always" } = definition;
  return {
    name,
    syntax,
    arguments: count,
    determinism,
    bind(args) {
      const takes: SqlType[] = [];
      for (const [index, { type }] of args.entries()) {
        const taker = definition.takes[index] ?? definition.takes.at(-1) ?? anyValue;
        const taken = taker(type);
        if (!taken) return wrongArgument(name, index + 1, type);
        takes.push(taken);
      }
      const type =
        typeof definition.type === "function" ? definition.type(takes, args) : definition.type;
      if (type instanceof Failure) return type;
      return bound(definition, type, takes, args);
    },
  };
}

function bound(
  definition: StrictDefinition | NullableDefinition,
  type: SqlType,
  takes: readonly SqlType[],
  args: readonly Argument[],
): BoundCall {
  const anyNull = args.some(({ nullable }) => nullable);
  if ("runNull" in definition) {
    const { runNull } = definition;
    return {
      type,
      takes,
      nullable: definition.neverNull !== true && (anyNull || definition.mayBeNull === true),
      ...(definition.isJson && { isJson: true }),
      run: (values, environment) => {
        charge(values, environment);
        return charged(runNull(values, { type, takes, environment }), environment);
      },
    };
  }
  const { run } = definition;
  return {
    type,
    takes,
    nullable: anyNull || definition.mayBeNull === true,
    ...(definition.isJson && { isJson: true }),
    run: (values, environment) => {
      for (const value of values) {
        if (value === null) return null;
        if (typeof value === "string" && value.length > shortText) environment.work(value.length);
      }
      return charged(run(values as readonly Present[], { type, takes, environment }), environment);
    },
  };
}

function charge(values: readonly Value[], environment: Environment): void {
  for (const value of values) {
    if (typeof value === "string" && value.length > shortText) environment.work(value.length);
  }
}

function charged(result: Value, environment: Environment): Value {
  if (typeof result === "string" && result.length > shortText) environment.work(result.length);
  return result;
}

/** A text of the same width (one byte a character or two) as the first, so long. */
export const textLike = (like: SqlType | undefined, length: number): SqlType =>
  withCollation(like && isUnicode(like) ? nvarchar(length) : varchar(length), like?.collation);

/** A varying text of the first argument's width and length. */
export const typeOfFirst = ([first]: readonly SqlType[]): SqlType =>
  first && isText(first) ? textLike(first, first.length) : varchar(printed);

/** The longest text of the first argument's width: MAX where it is of a MAX type, else 8,000 bytes. */
export function roomyType(takes: readonly SqlType[]): SqlType {
  if (takes.some((type) => isText(type) && isMax(type))) return textLike(wider(takes), longest);
  const wide = wider(takes);
  return wide && isUnicode(wide) ? nvarchar(4000) : varchar(8000);
}

const wider = (takes: readonly SqlType[]): SqlType | undefined =>
  takes.find((type) => isUnicode(type)) ?? takes[0];
