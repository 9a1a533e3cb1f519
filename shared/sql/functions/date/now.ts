import { bindConversion } from "../../types/conversion/convert";
import { Failure } from "../../types/failure";
import {
  date,
  datetime,
  datetime2,
  datetimeoffset,
  int,
  isText,
  isTime,
  type SqlType,
  type Value,
  varchar,
} from "../../types/sql-type";
import { startOfDay, ticksToDatetime, ticksToMs, withZone } from "../../types/time/moment";
import { orderOfStyle, readTime } from "../../types/time/read";
import { anyValue, define } from "../define";
import type { Environment, SqlFunction } from "../function";

const constant = (
  name: string,
  syntax: string,
  type: SqlType,
  run: (environment: Environment) => Value,
): SqlFunction =>
  define({
    name,
    syntax,
    arguments: [0, 0],
    takes: [],
    type,
    determinism: "query",
    run: (_, { environment }) => run(environment),
  });

const asDatetime = ({ now }: Environment): number => ticksToDatetime(now);

const readsAsDatetime = (text: string): boolean => {
  const read = readTime(text, orderOfStyle(0));
  if (typeof read === "string") return false;
  const conversion = bindConversion(varchar(8000), datetime, "explicit");
  return (
    text.trim() !== "" &&
    !(conversion instanceof Failure) &&
    !(conversion.run(text) instanceof Failure)
  );
};

/** The time of the query, which is one for the whole of it. The server's clock is UTC. */
export const nowFunctions: readonly SqlFunction[] = [
  constant("GETDATE", "GETDATE()", datetime, asDatetime),
  constant("GETUTCDATE", "GETUTCDATE()", datetime, asDatetime),
  constant("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP", datetime, asDatetime),
  constant("CURRENT_DATE", "CURRENT_DATE", date, ({ now }) => startOfDay(ticksToMs(now))),
  constant("SYSDATETIME", "SYSDATETIME()", datetime2(7), ({ now }) => now),
  constant("SYSUTCDATETIME", "SYSUTCDATETIME()", datetime2(7), ({ now }) => now),
  constant("SYSDATETIMEOFFSET", "SYSDATETIMEOFFSET()", datetimeoffset(7), ({ now }) =>
    withZone(now, 0),
  ),
  constant(
    "CURRENT_TIMEZONE",
    "CURRENT_TIMEZONE()",
    varchar(128),
    () => "(UTC) Coordinated Universal Time",
  ),
  constant("CURRENT_TIMEZONE_ID", "CURRENT_TIMEZONE_ID()", varchar(128), () => "UTC"),
  define({
    name: "ISDATE",
    syntax: "ISDATE(value)",
    arguments: [1, 1],
    takes: [anyValue],
    type: int,
    neverNull: true,
    runNull: ([value], { takes: [type] }) => {
      if (value === null || value === undefined || !type) return 0;
      if (isText(type)) return readsAsDatetime(value as string) ? 1 : 0;
      return isTime(type) && (type.kind === "datetime" || type.kind === "smalldatetime") ? 1 : 0;
    },
  }),
];
