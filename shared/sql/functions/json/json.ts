import { Failure } from "../../types/failure";
import { int, isText, longest, nvarchar, type SqlType, type Value } from "../../types/sql-type";
import { checkRoom, roomOf } from "../../types/text-room";
import { anyValue, aText, define, type Taker, wrongArgument } from "../define";
import type { Argument, BoundCall, SqlFunction } from "../function";
import { modifyJson } from "./modify";
import { needPath, notFound, readPath, walk } from "./path";
import { isScalar, needJson, scalarText, scanJson } from "./scan";
import { jsonOf, jsonString } from "./write";

const jsonText: Taker = (type) => (isText(type) || type.kind === "null" ? aText(type) : undefined);
const wideMax = nvarchar(longest);
/** Longest text that JSON_VALUE gives. */
const longestValue = 4000;

const isJsonKinds: Readonly<Record<string, (kind: string) => boolean>> = {
  VALUE: () => true,
  ARRAY: (kind) => kind === "array",
  OBJECT: (kind) => kind === "object",
  SCALAR: (kind) => kind === "string" || kind === "number",
};
const container = (kind: string): boolean => kind === "array" || kind === "object";

const isJson: SqlFunction = {
  name: "ISJSON",
  syntax: "ISJSON(text[, VALUE | ARRAY | OBJECT | SCALAR])",
  arguments: [1, 2],
  keyword: 1,
  determinism: "always",
  bind([text, kind]): BoundCall | Failure {
    const type = text ? jsonText(text.type) : undefined;
    if (!text || !type) return wrongArgument("ISJSON", 1, text?.type ?? int);
    const test = kind ? isJsonKinds[kind.keyword?.toUpperCase() ?? ""] : container;
    if (!test) {
      return new Failure(
        13606,
        "The second argument of ISJSON is one of VALUE, ARRAY, OBJECT, SCALAR",
      );
    }
    return {
      type: int,
      nullable: text.nullable,
      takes: kind ? [type, kind.type] : [type],
      run: ([value], { work }) => {
        if (value === null || value === undefined) return null;
        work((value as string).length);
        const node = scanJson(value as string);
        return node && test(node.kind) ? 1 : 0;
      },
    };
  },
};

/** Members or items of JSON that is put together; `k, v, k, v …` or `v, v …`. */
function building(name: string, isObject: boolean, absent: boolean, syntax: string): SqlFunction {
  const step = isObject ? 2 : 1;
  return {
    name,
    syntax,
    arguments: [0, 1024],
    determinism: "always",
    bind(args): BoundCall | Failure {
      const takes = args.map(({ type }, index) =>
        isObject && index % 2 === 0 ? aText(type) : anyValue(type),
      );
      const values = args.map(valueWriter);
      return {
        type: wideMax,
        nullable: false,
        isJson: true,
        takes,
        run: (given, { work }) => {
          const parts: string[] = [];
          let length = 2;
          for (let at = 0; at < given.length; at += step) {
            const value = given[at + step - 1] ?? null;
            if (value === null && absent) continue;
            const text = values[at + step - 1]?.(value) ?? "null";
            const part = isObject ? `${jsonString(keyOf(given[at]))}:${text}` : text;
            parts.push(part);
            length += part.length + 1;
            checkRoom(length, roomOf(wideMax));
          }
          work(length);
          return isObject ? `{${parts.join(",")}}` : `[${parts.join(",")}]`;
        },
      };
    },
  };
}

function keyOf(value: Value | undefined): string {
  if (typeof value === "string") return value;
  throw new Failure(13647, "The key of a JSON_OBJECT cannot be NULL").error();
}

const valueWriter = ({ type, isJson }: Argument): ((value: Value) => string) => {
  const taken: SqlType = anyValue(type);
  return (value) => jsonOf(value, taken, isJson === true);
};

/** Functions that read JSON, change it and put it together. */
export const jsonFunctions: readonly SqlFunction[] = [
  isJson,
  define({
    name: "JSON_VALUE",
    syntax: "JSON_VALUE(json, path)",
    arguments: [2, 2],
    takes: [jsonText],
    type: nvarchar(longestValue),
    mayBeNull: true,
    run: ([text, pathText]) => {
      const path = needPath(pathText as string);
      const node = walk(needJson(text as string), path.steps);
      if (!node) return missing(path.strict);
      if (!isScalar(node)) {
        if (!path.strict) return null;
        throw new Failure(
          13623,
          "Scalar value cannot be found in the specified JSON path",
          "JSON_QUERY gives objects and arrays.",
        ).error();
      }
      const value = scalarText(text as string, node);
      if (value === null || value.length <= longestValue) return value;
      if (!path.strict) return null;
      throw new Failure(
        13625,
        "String value in the specified JSON path would be truncated",
        "OPENJSON … WITH (name nvarchar(max) 'path') gives longer ones.",
      ).error();
    },
  }),
  define({
    name: "JSON_QUERY",
    syntax: "JSON_QUERY(json[, path])",
    arguments: [1, 2],
    takes: [jsonText],
    type: wideMax,
    mayBeNull: true,
    isJson: true,
    run: ([text, pathText = "$"]) => {
      const path = needPath(pathText as string);
      const node = walk(needJson(text as string), path.steps);
      if (!node) return missing(path.strict);
      if (!isScalar(node)) return (text as string).slice(node.start, node.end);
      if (!path.strict) return null;
      throw new Failure(
        13624,
        "Object or array cannot be found in the specified JSON path",
        "JSON_VALUE gives scalars.",
      ).error();
    },
  }),
  define({
    name: "JSON_PATH_EXISTS",
    syntax: "JSON_PATH_EXISTS(json, path)",
    arguments: [2, 2],
    takes: [jsonText],
    type: int,
    run: ([text, pathText]) => {
      const path = readPath(pathText as string);
      const root = path instanceof Failure ? undefined : scanJson(text as string);
      return root && !(path instanceof Failure) && walk(root, path.steps) ? 1 : 0;
    },
  }),
  {
    name: "JSON_MODIFY",
    syntax: "JSON_MODIFY(json, path, value)",
    arguments: [3, 3],
    determinism: "always",
    bind(args): BoundCall | Failure {
      const [text, path, value] = args;
      const taken = text && jsonText(text.type);
      const pathType = path && aText(path.type);
      if (!text || !taken) return wrongArgument("JSON_MODIFY", 1, text?.type ?? int);
      if (!path || !pathType || !value) return wrongArgument("JSON_MODIFY", 2, path?.type ?? int);
      const write = valueWriter(value);
      return {
        type: wideMax,
        nullable: text.nullable || path.nullable,
        isJson: true,
        takes: [taken, pathType, anyValue(value.type)],
        run: ([json, where, what], { work }) => {
          if (json === null || where === null || json === undefined) return null;
          work((json as string).length);
          const result = modifyJson(
            json as string,
            needPath(where as string),
            what === null || what === undefined ? undefined : write(what),
          );
          checkRoom(result.length, roomOf(wideMax));
          return result;
        },
      };
    },
  },
  building(
    "JSON_OBJECT",
    true,
    false,
    "JSON_OBJECT(key : value[, …] [NULL ON NULL | ABSENT ON NULL])",
  ),
  building("JSON_OBJECT NULL", true, false, ""),
  building("JSON_OBJECT ABSENT", true, true, ""),
  building("JSON_ARRAY", false, true, "JSON_ARRAY(value[, …] [NULL ON NULL | ABSENT ON NULL])"),
  building("JSON_ARRAY NULL", false, false, ""),
  building("JSON_ARRAY ABSENT", false, true, ""),
];

function missing(strict: boolean): null {
  if (strict) throw notFound();
  return null;
}
