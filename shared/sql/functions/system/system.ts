import { createHash } from "node:crypto";
import { Failure } from "../../types/failure";
import {
  int,
  isText,
  isUnicode,
  nvarchar,
  type SqlType,
  tinyint,
  uniqueidentifier,
  varbinary,
} from "../../types/sql-type";
import { anyValue, aText, aTextOrBinary, define } from "../define";
import type { BoundCall, SqlFunction } from "../function";

/** Names of T-SQL's algorithms in Node. */
const algorithms: Readonly<Record<string, string>> = {
  MD5: "md5",
  SHA: "sha1",
  SHA1: "sha1",
  SHA2_256: "sha256",
  SHA2_512: "sha512",
};

function hash(algorithm: string, value: string, type: SqlType | undefined): string {
  const name = algorithms[algorithm.toUpperCase()];
  if (!name) {
    throw new Failure(
      15600,
      "An invalid parameter was specified for HASHBYTES",
      "The algorithms are SHA2_256, SHA2_512, SHA1 and MD5.",
    ).error();
  }
  const bytes = Buffer.from(value, type && isUnicode(type) ? "utf16le" : "latin1");
  return createHash(name).update(bytes).digest().toString("latin1");
}

const hexadecimal = (random: () => number, digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join("");

/** What SQL_VARIANT_PROPERTY tells of a type. */
const properties: Readonly<
  Record<string, (type: SqlType, written: string | undefined) => string | number>
> = {
  BASETYPE: ({ kind }, written) => {
    // A number without a name for its type, 1.5 say, is a numeric.
    if (kind === "decimal") return /^dec/i.test(written ?? "") ? "decimal" : "numeric";
    return kind === "null" ? "int" : kind;
  },
  PRECISION: (type) => precisionOf(type),
  SCALE: ({ kind, scale }) => (kind === "datetime" ? 3 : scale),
  MAXLENGTH: (type) => type.length * (isUnicode(type) ? 2 : 1),
  COLLATION: (type) => (isText(type) ? (type.collation ?? "Latin1_General_CI_AI") : ""),
};

const widths: Readonly<Record<string, number>> = { date: 10, smalldatetime: 16, datetime: 23 };

function precisionOf({ kind, precision, scale }: SqlType): number {
  const digits = scale === 0 ? 0 : scale + 1;
  if (kind === "datetime2") return 19 + digits;
  if (kind === "datetimeoffset") return 26 + digits;
  if (kind === "time") return 8 + digits;
  return widths[kind] ?? precision;
}

const variantProperty: SqlFunction = {
  name: "SQL_VARIANT_PROPERTY",
  syntax:
    "SQL_VARIANT_PROPERTY(value, 'BaseType' | 'Precision' | 'Scale' | 'MaxLength' | 'Collation')",
  arguments: [2, 2],
  determinism: "always",
  bind([value, property]): BoundCall | Failure {
    const wanted = property?.constant?.value;
    const read = typeof wanted === "string" ? properties[wanted.toUpperCase()] : undefined;
    if (!value || !property || !read) {
      return new Failure(
        1023,
        "SQL_VARIANT_PROPERTY tells 'BaseType', 'Precision', 'Scale', 'MaxLength' or 'Collation' here",
      );
    }
    const answer = read(value.type, value.writtenType);
    return {
      type: typeof answer === "number" ? int : nvarchar(128),
      nullable: value.nullable,
      takes: [anyValue(value.type), property.type],
      run: ([given]) => (given === null ? null : answer),
    };
  },
};

/** Functions of the server itself, as far as they mean something here. */
export const systemFunctions: readonly SqlFunction[] = [
  define({
    name: "HASHBYTES",
    syntax: "HASHBYTES(algorithm, value)",
    arguments: [2, 2],
    takes: [aText, aTextOrBinary],
    type: varbinary(64),
    run: ([algorithm, value], { takes }) => hash(algorithm as string, value as string, takes[1]),
  }),
  define({
    name: "NEWID",
    syntax: "NEWID()",
    arguments: [0, 0],
    takes: [],
    type: uniqueidentifier,
    determinism: "row",
    run: (_, { environment: { random } }) =>
      `${hexadecimal(random, 8)}-${hexadecimal(random, 4)}-4${hexadecimal(random, 3)}-a${hexadecimal(random, 3)}-${hexadecimal(random, 12)}`,
  }),
  variantProperty,
  define({
    name: "@@DATEFIRST",
    syntax: "@@DATEFIRST",
    arguments: [0, 0],
    takes: [],
    type: tinyint,
    run: () => 7,
  }),
  define({
    name: "@@LANGUAGE",
    syntax: "@@LANGUAGE",
    arguments: [0, 0],
    takes: [],
    type: nvarchar(128),
    run: () => "us_english",
  }),
  define({
    name: "@@MAX_PRECISION",
    syntax: "@@MAX_PRECISION",
    arguments: [0, 0],
    takes: [],
    type: tinyint,
    run: () => 38,
  }),
];
