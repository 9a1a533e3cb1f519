import { casting } from "../../types/conversion/conversion";
import { bindConversion } from "../../types/conversion/convert";
import { Failure } from "../../types/failure";
import {
  int,
  isText,
  longest,
  nvarchar,
  type Row,
  type SqlType,
  type Value,
} from "../../types/sql-type";
import { aText, wrongArgument } from "../define";
import type { Argument } from "../function";
import { type JsonPath, needPath, notFound, readPath, walk } from "../json/path";
import { isScalar, type JsonNode, needJson, scalarText } from "../json/scan";
import type { BoundTableFunction } from "./table-function";

const wideMax = nvarchar(longest);

const kindNumbers: Readonly<Record<JsonNode["kind"], number>> = {
  null: 0,
  string: 1,
  number: 2,
  true: 3,
  false: 3,
  array: 4,
  object: 5,
};

/** A column of OPENJSON … WITH. */
export interface JsonColumn {
  readonly name: string;
  readonly type: SqlType;
  /** `$.name` where it is not given. */
  readonly path: string | undefined;
  /** AS JSON: an object or array as it is written. */
  readonly asJson: boolean;
}

/** The JSON and what stands in it at the path of the second argument. */
function rootOf(text: string, pathText: Value | undefined): JsonNode | undefined {
  const root = needJson(text);
  if (pathText === null || pathText === undefined) return root;
  const path = needPath(pathText as string);
  const node = walk(root, path.steps);
  if (node && !isScalar(node)) return node;
  if (!path.strict) return undefined;
  if (!node) throw notFound();
  throw new Failure(
    13611,
    "Value referenced by JSON path is not an array or object and cannot be opened with OPENJSON",
  ).error();
}

const valueText = (text: string, node: JsonNode): string | null =>
  isScalar(node) ? scalarText(text, node) : text.slice(node.start, node.end);

function* members(text: string, node: JsonNode): Generator<Row> {
  for (const { name, value } of node.members ?? []) {
    yield [name, valueText(text, value), kindNumbers[value.kind]];
  }
  for (const [index, value] of (node.items ?? []).entries()) {
    yield [String(index), valueText(text, value), kindNumbers[value.kind]];
  }
}

function takesOf(args: readonly Argument[]): readonly SqlType[] | Failure {
  for (const [index, { type }] of args.entries()) {
    if (!isText(type) && type.kind !== "null") return wrongArgument("openjson", index + 1, type);
  }
  return args.map(({ type }) => aText(type));
}

/** OPENJSON without WITH: a row for each member or item, with its key, its value and the number of its kind. */
export function bindOpenJson(args: readonly Argument[]): BoundTableFunction | Failure {
  const takes = takesOf(args);
  if (takes instanceof Failure) return takes;
  return {
    takes,
    columns: [
      { name: "key", type: nvarchar(4000), nullable: false },
      { name: "value", type: wideMax, nullable: true },
      { name: "type", type: int, nullable: false },
    ],
    rows: ([text, path], { work }) => {
      if (text === null || text === undefined) return [];
      work((text as string).length);
      const node = rootOf(text as string, path);
      return node ? members(text as string, node) : [];
    },
  };
}

type Read = (text: string, row: JsonNode) => Value;

function reader({ name, type, path: written, asJson }: JsonColumn): Read | Failure {
  const path = written === undefined ? own(name) : readPath(written);
  if (path instanceof Failure) return path;
  if (asJson && !isText(type)) {
    return new Failure(
      13618,
      "AS JSON option can be specified only for column of nvarchar(max) type in WITH clause",
    );
  }
  const conversion = bindConversion(wideMax, type, "explicit");
  if (conversion instanceof Failure) return conversion;
  const convert = casting(conversion);
  return (text, row) => {
    const node = walk(row, path.steps);
    if (!node) return absent(path);
    if (isScalar(node) === asJson && node.kind !== "null") {
      if (!path.strict) return null;
      throw new Failure(
        13624,
        `${asJson ? "Object or array" : "Scalar value"} cannot be found in the specified JSON path`,
      ).error();
    }
    return convert(valueText(text, node));
  };
}

/** The member of the column's own name. */
const own = (name: string): JsonPath => ({ strict: false, append: false, steps: [name] });

function absent(path: JsonPath): null {
  if (path.strict) throw notFound();
  return null;
}

/** OPENJSON … WITH: one row for an object, one for each item of an array. */
export function bindOpenJsonWith(
  args: readonly Argument[],
  columns: readonly JsonColumn[],
): BoundTableFunction | Failure {
  const takes = takesOf(args);
  if (takes instanceof Failure) return takes;
  const readers: Read[] = [];
  for (const column of columns) {
    const read = reader(column);
    if (read instanceof Failure) return read;
    readers.push(read);
  }
  return {
    takes,
    columns: columns.map(({ name, type }) => ({ name, type, nullable: true })),
    rows: function* ([text, path], { work }) {
      if (text === null || text === undefined) return;
      work((text as string).length);
      const node = rootOf(text as string, path);
      if (!node) return;
      for (const row of node.items ?? [node])
        yield readers.map((read) => read(text as string, row));
    },
  };
}
