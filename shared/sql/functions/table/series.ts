import { searchable } from "../../types/collation/search-fold";
import { powerOfTen } from "../../types/decimal";
import { Failure } from "../../types/failure";
import { unify } from "../../types/precedence";
import {
  bigint,
  isScaled,
  isText,
  isUnicode,
  isWhole,
  nvarchar,
  type Row,
  type SqlType,
  type Value,
  varchar,
} from "../../types/sql-type";
import { aText, wrongArgument } from "../define";
import type { Argument } from "../function";

import type { BoundTableFunction, SqlTableFunction } from "./table-function";

/** Numbers from one to another; down where the step is below zero. */
function* series(start: Value, stop: Value, step: Value): Generator<Row> {
  if (start === null || stop === null || step === null) return;
  if (Number(step) === 0) {
    throw new Failure(
      4199,
      "Argument value 0 is invalid for argument 3 of generate_series function",
    ).error();
  }
  if (typeof start === "bigint") {
    const by = step as bigint;
    for (let at = start; by > 0n ? at <= (stop as bigint) : at >= (stop as bigint); at += by)
      yield [at];
    return;
  }
  const by = step as number;
  for (
    let at = start as number;
    by > 0 ? at <= (stop as number) : at >= (stop as number);
    at += by
  ) {
    yield [at];
  }
}

export const generateSeries: SqlTableFunction = {
  name: "GENERATE_SERIES",
  syntax: "GENERATE_SERIES(start, stop[, step])",
  arguments: [2, 3],
  bind(args): BoundTableFunction | Failure {
    const type = unify(args.map((one) => one.type));
    if (type instanceof Failure) return type;
    const bad = args.findIndex(
      (one) => !(isWhole(one.type) || one.type.kind === "decimal" || one.type.kind === "null"),
    );
    if (bad >= 0) return wrongArgument("generate_series", bad + 1, args[bad]?.type ?? type);
    const one: bigint | number = isScaled(type)
      ? powerOfTen(type.scale)
      : type.kind === "bigint"
        ? 1n
        : 1;
    return {
      columns: [{ name: "value", type, nullable: false }],
      takes: args.map(() => type),
      rows: ([start = null, stop = null, step]) => {
        if (start === null || stop === null || step === null) return [];
        return series(start, stop, step === undefined ? (start <= stop ? one : -one) : step);
      },
    };
  },
};

const noSeparator = (): Failure =>
  new Failure(
    214,
    "Procedure expects parameter 'separator' of type 'nchar(1)/nvarchar(1)'",
    "The separator of STRING_SPLIT is one character.",
  );

/** Whether there is a column `ordinal` must be known before a row is read. */
function wrongFlag({ type, constant }: Argument): Failure | undefined {
  if (!isWhole(type) && type.kind !== "bit" && type.kind !== "null")
    return wrongArgument("string_split", 3, type);
  if (!constant) {
    return new Failure(
      8748,
      "The enable_ordinal argument for string_split only supports constant values (not variables or columns)",
      "Write 1 for a column ordinal, 0 for none.",
    );
  }
  const { value } = constant;
  if (value === null || typeof value === "boolean" || Number(value) === 0 || Number(value) === 1)
    return undefined;
  return new Failure(
    4199,
    `Argument value ${Number(value)} is invalid for argument 3 of string_split function`,
    "Write 1 for a column ordinal, 0 for none.",
  );
}

function* pieces(text: string, separator: string, type: SqlType, ordinal: boolean): Generator<Row> {
  if (separator.length !== 1) {
    throw noSeparator().error();
  }
  const fold = searchable(type);
  const folded = fold(text);
  const mark = fold(separator);
  let number = 0n;
  for (let at = 0; at <= text.length; ) {
    const hit = folded.indexOf(mark, at);
    const end = hit < 0 ? text.length : hit;
    number += 1n;
    yield ordinal ? [text.slice(at, end), number] : [text.slice(at, end)];
    at = end + 1;
    if (hit < 0) return;
  }
}

export const stringSplit: SqlTableFunction = {
  name: "STRING_SPLIT",
  syntax: "STRING_SPLIT(text, separator[, enable_ordinal])",
  arguments: [2, 3],
  bind([text, separator, flag]): BoundTableFunction | Failure {
    const type = aText(text?.type ?? varchar(1));
    const by = separator?.type ?? varchar(1);
    if (separator?.constant?.value === null) return noSeparator();
    if (!isText(by)) return wrongArgument("string_split", 2, by);
    const enabled = flag?.constant?.value;
    const wrong = flag && wrongFlag(flag);
    if (wrong) return wrong;
    const ordinal = enabled !== null && enabled !== undefined && Number(enabled) === 1;
    const value = isUnicode(type) ? nvarchar(type.length) : varchar(type.length);
    return {
      columns: [
        { name: "value", type: value, nullable: false },
        ...(ordinal ? [{ name: "ordinal", type: bigint, nullable: false }] : []),
      ],
      takes: [type, by, ...(flag ? [flag.type] : [])],
      rows: ([given, mark], { work }) => {
        if (given === null || given === undefined || mark === null) return [];
        work((given as string).length);
        return pieces(given as string, mark as string, type, ordinal);
      },
    };
  },
};
