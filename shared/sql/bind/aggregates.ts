import { errorAt } from "../errors";
import type { Expression } from "../parser/ast";
import { type Expr, expressionKey, type PlanColumn } from "../plan/expression";
import type { AggregateFunction, Aggregation } from "../plan/nodes";
import { isMax } from "../plan/text-type";
import { classOf, type SqlType } from "../types";
import { typeNames } from "./coerce";
import type { Scope } from "./scope";

const functions: ReadonlyMap<string, AggregateFunction> = new Map([
  ["COUNT", "count"],
  ["COUNT_BIG", "count"],
  ["SUM", "sum"],
  ["AVG", "avg"],
  ["MIN", "min"],
  ["MAX", "max"],
]);

export const aggregateNames: ReadonlySet<string> = new Set(functions.keys());

/** Gathers the aggregates of one SELECT; equal ones are computed once. */
export class AggregateCollector {
  readonly #byKey = new Map<string, Aggregation>();

  get all(): readonly Aggregation[] {
    return [...this.#byKey.values()];
  }

  /** The column that will hold the aggregate's result. */
  add(
    node: Extract<Expression, { readonly kind: "call" }>,
    args: readonly Expr[],
    scope: Scope,
  ): PlanColumn {
    const fail = (code: "syntax" | "type", message: string, hint?: string) =>
      errorAt(scope.source, node.start, code, message, { hint });
    const name = functions.get(node.name);
    const [argument] = args;
    if (!name || (node.star ? name !== "count" || args.length > 0 : args.length !== 1)) {
      throw fail("syntax", `${node.name} takes ${name === "count" ? "* or " : ""}one argument`);
    }
    if (
      argument &&
      (name === "sum" || name === "avg") &&
      !["number", "null"].includes(classOf(argument.type))
    ) {
      throw fail("type", `${node.name} needs numbers, not ${typeNames[argument.type]}`);
    }
    const distinct = node.distinct && name !== "min" && name !== "max";
    const key = `${name} ${distinct} ${argument ? expressionKey(argument) : "*"}`;
    const known = this.#byKey.get(key);
    if (known) return known.column;
    const type: SqlType = name === "count" ? "integer" : resultType(argument);
    const label = argument?.kind === "column" ? `${name}_${argument.column.name}` : name;
    const column = scope.ids.next(label, type);
    this.#byKey.set(key, { column, function: name, argument, distinct });
    return column;
  }
}

function resultType(argument: Expr | undefined): SqlType {
  if (argument === undefined) return "null";
  if (isMax(argument)) return "memo";
  return argument.type === "choice" ? "integer" : argument.type;
}
