import { Failure } from "../../types/failure";
import type { Argument } from "../function";
import { bindOpenJson } from "./open-json";
import { generateSeries, stringSplit } from "./series";
import type { BoundTableFunction, SqlTableFunction } from "./table-function";

export { bindOpenJsonWith, type JsonColumn } from "./open-json";

export const tableFunctions: readonly SqlTableFunction[] = [
  stringSplit,
  generateSeries,
  {
    name: "OPENJSON",
    syntax: "OPENJSON(json[, path]) [WITH (column type ['path'] [AS JSON], …)]",
    arguments: [1, 2],
    bind: bindOpenJson,
  },
];

const byName: ReadonlyMap<string, SqlTableFunction> = new Map(
  tableFunctions.map((one) => [one.name, one]),
);

/** A function in FROM with the types of its arguments settled, or SQL Server's refusal. */
export function bindTableFunction(
  name: string,
  args: readonly Argument[],
): BoundTableFunction | Failure {
  const found = byName.get(name.toUpperCase());
  if (!found)
    return new Failure(
      208,
      `There is no table function ${name}`,
      `In FROM stand ${[...byName.keys()].join(", ")}.`,
    );
  const [least, most] = found.arguments;
  if (args.length < least || args.length > most) {
    return new Failure(
      args.length < least ? 313 : 8144,
      `${found.name} takes ${least} to ${most} arguments`,
      `It is written ${found.syntax}.`,
    );
  }
  return found.bind(args);
}
