import { Failure } from "../types/failure";
import { datePartFunctions, dayFunctions } from "./date/dates";
import { fromPartsFunctions } from "./date/from-parts";
import { nowFunctions } from "./date/now";
import { offsetFunctions } from "./date/offsets";
import { formatFunctions } from "./format/format";
import type { Argument, BoundCall, FunctionGroup, SqlFunction } from "./function";
import { jsonFunctions } from "./json/json";
import { bitFunctions } from "./math/bits";
import { extremeFunctions } from "./math/extremes";
import { mathFunctions } from "./math/math";
import { systemFunctions } from "./system/system";
import { basicTextFunctions } from "./text/basic";
import { codeFunctions } from "./text/codes";

/** Every function of rows, as the documentation lists them. */
export const functionGroups: readonly FunctionGroup[] = [
  { title: "Texts", functions: [...basicTextFunctions, ...codeFunctions, ...formatFunctions] },
  {
    title: "Dates and times",
    functions: [
      ...datePartFunctions,
      ...dayFunctions,
      ...fromPartsFunctions,
      ...nowFunctions,
      ...offsetFunctions,
    ],
  },
  { title: "Numbers", functions: [...mathFunctions, ...extremeFunctions, ...bitFunctions] },
  { title: "JSON", functions: jsonFunctions },
  { title: "System", functions: systemFunctions },
];

const byName: ReadonlyMap<string, SqlFunction> = new Map(
  functionGroups.flatMap(({ functions }) => functions.map((one) => [one.name, one] as const)),
);

/** A function by its name in any case. */
export const scalarFunction = (name: string): SqlFunction | undefined =>
  byName.get(name.toUpperCase());

/** Names to look the nearest one up in. */
export const functionNames: readonly string[] = [...byName.keys()].filter(
  (name) => !name.includes(" "),
);

const words = (count: number): string => `${count} argument${count === 1 ? "" : "s"}`;

/** A function with the types of its arguments settled, or SQL Server's refusal. */
export function bindCall(name: string, args: readonly Argument[]): BoundCall | Failure {
  const found = scalarFunction(name);
  if (!found) return new Failure(195, `'${name}' is not a recognized built-in function name`);
  const [least, most] = found.arguments;
  if (args.length < least || args.length > most) {
    const wanted = least === most ? words(least) : `${least} to ${words(most)}`;
    return new Failure(
      least === most ? 174 : 189,
      `The ${name.toLowerCase()} function requires ${wanted}`,
      found.syntax === "" ? undefined : `It is written ${found.syntax}.`,
    );
  }
  return found.bind(args);
}
