import { Failure } from "../../types/failure";
import { longest, nvarchar, type SqlType, type Value } from "../../types/sql-type";
import { checkRoom, roomOf } from "../../types/text-room";
import type { BoundAggregate } from "../aggregate/aggregate";
import { jsonOf, jsonString } from "../json/write";

/** A column of the rows that become JSON. */
export interface JsonColumn {
  /** Empty for one without a name. */
  readonly name: string;
  readonly type: SqlType;
  /** Its text is JSON already. */
  readonly isJson: boolean;
}

export interface JsonOptions {
  /** A dot in a name puts a property into an object: PATH, not AUTO. */
  readonly nests: boolean;
  readonly root: string | undefined;
  readonly includeNullValues: boolean;
  readonly withoutArrayWrapper: boolean;
}

/** What one object is made of, in order. */
type Property =
  | { readonly key: string; readonly position: number }
  | { readonly key: string; readonly inner: Property[] };

const conflict = (name: string) =>
  new Failure(
    13601,
    `Property '${name}' cannot be generated in JSON output due to a conflict with another column name or alias`,
    "Give each column its own name, and put columns of one object beside each other.",
  );

/** The tree of properties: columns of one object stand beside each other, and no two have one name. */
function treeOf(columns: readonly JsonColumn[], nests: boolean): readonly Property[] | Failure {
  const top: Property[] = [];
  for (const [position, { name }] of columns.entries()) {
    if (name === "") {
      return new Failure(
        13605,
        "Column expressions and data sources without names or aliases cannot be formatted as JSON text using FOR JSON clause",
        "Name it with AS.",
      );
    }
    const keys = nests ? name.split(".") : [name];
    if (!place(top, keys, position)) return conflict(name);
  }
  return top;
}

function place(into: Property[], keys: readonly string[], position: number): boolean {
  const [key = "", ...rest] = keys;
  const last = into.at(-1);
  if (rest.length > 0 && last && "inner" in last && last.key === key) {
    return place(last.inner, rest, position);
  }
  if (key === "" || into.some((one) => one.key === key)) return false;
  if (rest.length === 0) {
    into.push({ key, position });
    return true;
  }
  const inner: Property[] = [];
  into.push({ key, inner });
  return place(inner, rest, position);
}

/**
 * The rows of a query as one text, in their order; NULL over none.
 *
 * @see https://learn.microsoft.com/sql/relational-databases/json/format-query-results-as-json-with-for-json-sql-server
 */
export function bindForJson(
  columns: readonly JsonColumn[],
  options: JsonOptions,
): BoundAggregate | Failure {
  const tree = treeOf(columns, options.nests);
  if (tree instanceof Failure) return tree;
  const type = nvarchar(longest);
  const writers = columns.map(
    (column) => (value: Value) => jsonOf(value, column.type, column.isJson),
  );
  const members = (properties: readonly Property[], values: readonly Value[]): string[] =>
    properties.flatMap((one): string[] => {
      if ("inner" in one) {
        const inner = members(one.inner, values);
        return inner.length === 0 ? [] : [`${jsonString(one.key)}:{${inner.join(",")}}`];
      }
      const value = values[one.position] ?? null;
      if (value === null && !options.includeNullValues) return [];
      return [`${jsonString(one.key)}:${writers[one.position]?.(value) ?? "null"}`];
    });
  const wrap = (parts: readonly string[]): string => {
    const list = options.withoutArrayWrapper ? parts.join(",") : `[${parts.join(",")}]`;
    return options.root === undefined ? list : `{${jsonString(options.root)}:${list}}`;
  };
  return {
    type,
    nullable: true,
    isJson: true,
    takes: columns.map((column) => column.type),
    start: ({ hold, work }) => {
      const parts: string[] = [];
      let length = 2;
      return {
        add: (values) => {
          const part = `{${members(tree, values).join(",")}}`;
          length += part.length + 1;
          checkRoom(length, roomOf(type));
          hold(part.length * 2 + 16);
          parts.push(part);
        },
        result: () => {
          work(length);
          return parts.length === 0 ? null : wrap(parts);
        },
      };
    },
  };
}
