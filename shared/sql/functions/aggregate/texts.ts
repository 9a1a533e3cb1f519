import { Failure } from "../../types/failure";
import { isMax, isText, longest, nvarchar, type SqlType, varchar } from "../../types/sql-type";
import { checkRoom, roomOf } from "../../types/text-room";
import { anyValue, aText, textLike } from "../define";
import type { Argument } from "../function";
import { jsonOf, jsonString } from "../json/write";
import type { BoundAggregate, SqlAggregate } from "./aggregate";

/** Texts keep their width, of 8,000 bytes unless they are of a MAX type; everything else is printed. */
function joinedType(type: SqlType | undefined): SqlType {
  if (!type || !isText(type)) return nvarchar(4000);
  if (isMax(type)) return textLike(type, longest);
  return textLike(type, 4000).kind === "nvarchar" ? nvarchar(4000) : varchar(8000);
}

const beyond = (): Error =>
  new Failure(
    9829,
    "STRING_AGG aggregation result exceeded the limit of 8000 bytes. Use LOB types to avoid result truncation",
    "CAST the text to NVARCHAR(MAX) within STRING_AGG.",
  ).error();

const stringAgg: SqlAggregate = {
  name: "STRING_AGG",
  syntax: "STRING_AGG(text, separator) [WITHIN GROUP (ORDER BY …)]",
  arguments: [2, 2],
  distinct: false,
  withinGroup: "optional",
  over: "no",
  bind([text, separator]): BoundAggregate | Failure {
    const type = joinedType(text?.type);
    const room = roomOf(type);
    const taken = text && text.type.kind !== "null" ? aText(text.type) : varchar(1);
    return {
      type,
      nullable: true,
      takes: [taken, aText(separator?.type ?? varchar(1))],
      start: ({ hold, work }) => {
        let parts: string[] = [];
        let length = 0;
        let any = false;
        return {
          add: ([value, between]) => {
            if (value === null || value === undefined) return;
            const piece = value as string;
            const gap = any ? ((between ?? "") as string) : "";
            length += piece.length + gap.length;
            if (length > room.characters && room.cuts) throw beyond();
            checkRoom(length, room);
            if (gap !== "") parts.push(gap);
            parts.push(piece);
            any = true;
            hold((piece.length + gap.length) * 2 + 16);
          },
          result: () => {
            if (!any) return null;
            work(length);
            // Joined once, and kept so: a running result asks again.
            parts = [parts.join("")];
            return parts[0] ?? "";
          },
        };
      },
    };
  },
};

const wideMax = nvarchar(longest);

function json(name: string, syntax: string, isObject: boolean, absent: boolean): SqlAggregate {
  return {
    name,
    syntax,
    arguments: isObject ? [2, 2] : [1, 1],
    distinct: false,
    withinGroup: "optional",
    over: "no",
    bind(args: readonly Argument[]): BoundAggregate | Failure {
      const value = args.at(-1);
      const type = anyValue(value?.type ?? wideMax);
      const isJson = value?.isJson === true;
      const key = aText(args[0]?.type ?? wideMax);
      return {
        type: wideMax,
        nullable: true,
        isJson: true,
        takes: isObject ? [key, type] : [type],
        start: ({ hold, work }) => {
          const parts: string[] = [];
          let length = 2;
          let any = false;
          return {
            add: (values) => {
              any = true;
              const one = values.at(-1) ?? null;
              if (one === null && absent) return;
              const written = jsonOf(one, type, isJson);
              const part = isObject ? `${jsonString(nameOf(values[0]))}:${written}` : written;
              length += part.length + 1;
              checkRoom(length, roomOf(wideMax));
              hold(part.length * 2 + 16);
              parts.push(part);
            },
            result: () => {
              if (!any) return null;
              work(length);
              return isObject ? `{${parts.join(",")}}` : `[${parts.join(",")}]`;
            },
          };
        },
      };
    },
  };
}

function nameOf(value: unknown): string {
  if (typeof value === "string") return value;
  throw new Failure(13647, "The key of a JSON_OBJECTAGG cannot be NULL").error();
}

export const textAggregates: readonly SqlAggregate[] = [
  stringAgg,
  json(
    "JSON_ARRAYAGG",
    "JSON_ARRAYAGG(value [ORDER BY …] [NULL ON NULL | ABSENT ON NULL])",
    false,
    true,
  ),
  json("JSON_ARRAYAGG NULL", "", false, false),
  json("JSON_ARRAYAGG ABSENT", "", false, true),
  json(
    "JSON_OBJECTAGG",
    "JSON_OBJECTAGG(key : value [NULL ON NULL | ABSENT ON NULL])",
    true,
    false,
  ),
  json("JSON_OBJECTAGG NULL", "", true, false),
  json("JSON_OBJECTAGG ABSENT", "", true, true),
];
