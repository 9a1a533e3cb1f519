import { expressionKey, type PlanColumn, type Scalar } from "../../expression/expression";
import type { SqlAggregate } from "../../functions/aggregate/aggregate";
import { aggregateFunction } from "../../functions/aggregate/aggregates";
import type { Call, Expression, OrderItem, Span, WithinGroup } from "../../parser/ast";
import type { Aggregation, SortKey } from "../../plan/nodes";
import { argumentOf } from "./bind-call";
import { type Binding, castTo, fail, type Node, orFail } from "./binding";

export type AggregateNode = Call | WithinGroup | Node<"jsonObjectAgg"> | Node<"jsonArrayAgg">;

export const isAggregate = (name: string): boolean => aggregateFunction(name) !== undefined;

/** Name, arguments and order of an aggregate, however it is written. */
export interface AggregateCall {
  readonly name: string;
  readonly args: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly distinct: boolean;
  readonly star: boolean;
}

export function aggregateCall(node: AggregateNode): AggregateCall {
  const plain = { orderBy: [], distinct: false, star: false };
  switch (node.kind) {
    case "call":
      return { ...node, orderBy: [] };
    case "withinGroup":
      return { ...node.function, orderBy: node.orderBy };
    case "jsonObjectAgg": {
      const { key, value } = node.member;
      return {
        ...plain,
        name: jsonName("JSON_OBJECTAGG", node.nulls ?? "null"),
        args: [key, value],
      };
    }
    case "jsonArrayAgg":
      return {
        ...plain,
        name: jsonName("JSON_ARRAYAGG", node.nulls ?? "absent"),
        args: [node.item],
        orderBy: node.orderBy,
      };
  }
}

/** Whether NULLs stay is part of the name that functions go by. */
export const jsonName = (name: string, nulls: "null" | "absent"): string =>
  `${name} ${nulls === "null" ? "NULL" : "ABSENT"}`;

/** Throws where an aggregate is used with OVER or WITHIN GROUP that it does not take, or without one that it needs. */
function checkUse(
  binding: Pick<Binding, "facts">,
  at: Span,
  aggregate: SqlAggregate,
  order: readonly SortKey[],
  isOver: boolean,
): void {
  const { name } = aggregate;
  if (aggregate.over === "must" && !isOver)
    throw fail(binding, at, "syntax", `${name} must have an OVER clause (SQL Server error 10753)`, {
      hint: `Write ${name}(…) WITHIN GROUP (ORDER BY …) OVER (PARTITION BY …) with SELECT DISTINCT, or APPROX_${name}(…) WITHIN GROUP (ORDER BY …) with GROUP BY.`,
    });
  if (aggregate.over === "no" && isOver)
    throw fail(binding, at, "syntax", `${name} cannot be used with OVER`);
  if (order.length > 0 && aggregate.withinGroup === "no")
    throw fail(binding, at, "syntax", `${name} takes no WITHIN GROUP`);
  if (order.length === 0 && aggregate.withinGroup === "required")
    throw fail(binding, at, "syntax", `${name} needs WITHIN GROUP (ORDER BY …)`);
}

/** `COUNT(1)`: of a value that is there in every row, which is what the service counts. */
const countsRows = ({ name, distinct }: AggregateCall, [value]: readonly Scalar[]): boolean =>
  (name === "COUNT" || name === "COUNT_BIG") &&
  !distinct &&
  value?.kind === "constant" &&
  value.value !== null;

/** Binds an aggregate whose arguments are bound already. */
export function bindAggregate(
  binding: Pick<Binding, "facts">,
  at: Span,
  call: AggregateCall,
  args: readonly Scalar[],
  order: readonly SortKey[],
  isOver: boolean,
): Omit<Aggregation, "column"> {
  const { name } = call;
  const aggregate = aggregateFunction(name);
  if (!aggregate) throw fail(binding, at, "unsupported", `${name} is not an aggregate`);
  const [least, most] = aggregate.arguments;
  const isStar = call.star && aggregate.star === true;
  if (isStar ? args.length > 0 : call.star || args.length < least || args.length > most) {
    const wanted = `${aggregate.star ? "* or " : ""}${most === 1 ? "one argument" : `${least} to ${most} arguments`}`;
    throw fail(binding, at, "syntax", `${name} takes ${wanted}`);
  }
  checkUse(binding, at, aggregate, order, isOver);
  // Percentiles are of what they are ordered by.
  const isOfOrder = aggregate.withinGroup === "required";
  const [first] = order;
  const values = isOfOrder && first ? [...args, first.expr] : args;
  const counted = countsRows(call, values) ? [] : values;
  const bound = orFail(binding, at, aggregate.bind(counted.map((value) => argumentOf(value))));
  return {
    name,
    bound,
    args: counted.map((value, index) => {
      const type = bound.takes[index];
      return type ? castTo(binding, value, type, at) : value;
    }),
    distinct: call.distinct && bound.ignoresDistinct !== true,
    order,
  };
}

/** Gathers the aggregates of one SELECT; equal ones are computed once. */
export class AggregateCollector {
  readonly #byKey = new Map<string, Aggregation>();
  readonly #binding: Pick<Binding, "facts">;

  constructor(binding: Pick<Binding, "facts">) {
    this.#binding = binding;
  }

  get all(): readonly Aggregation[] {
    return [...this.#byKey.values()];
  }

  /** The column that will hold the aggregate's result. */
  add(
    at: Span,
    call: AggregateCall,
    args: readonly Scalar[],
    order: readonly SortKey[],
  ): PlanColumn {
    const made = bindAggregate(this.#binding, at, call, args, order, false);
    const key = [
      `${made.name} ${made.distinct}`,
      ...made.args.map(expressionKey),
      "by",
      ...made.order.map((one) => `${expressionKey(one.expr)} ${one.descending}`),
    ].join("|");
    const known = this.#byKey.get(key);
    if (known) return known.column;
    const [argument] = args;
    const name = made.name.toLowerCase();
    const label = argument?.kind === "column" ? `${name}_${argument.column.name}` : name;
    const plain = this.#binding.facts.column(label, made.bound.type);
    const column = made.bound.isJson ? { ...plain, isJson: made.bound.isJson } : plain;
    this.#byKey.set(key, { column, ...made });
    return column;
  }
}
