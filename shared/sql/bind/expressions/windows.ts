import { expressionKey, type PlanColumn, type Scalar } from "../../expression/expression";
import { windowFunction } from "../../functions/window/windows";
import type { FrameBound, NamedWindow, Window, WindowFrame } from "../../parser/ast";
import type { Frame, FrameBorder, SortKey, WindowFunction } from "../../plan/nodes";
import { aggregateCall, bindAggregate } from "./aggregates";
import { argumentOf } from "./bind-call";
import { type Binding, castTo, fail, type Node, orFail } from "./binding";
import { isLiteral } from "./is-literal";

/** Functions over one window, as they are written: not yet over groups. */
export interface BoundWindow {
  readonly partition: readonly Scalar[];
  readonly order: readonly SortKey[];
  readonly functions: WindowFunction[];
}

/** Gathers the window functions of one SELECT; those over one window are computed together. */
export class WindowCollector {
  readonly #byKey = new Map<string, BoundWindow>();
  readonly #named: ReadonlyMap<string, NamedWindow>;

  constructor(named: readonly NamedWindow[]) {
    this.#named = new Map(named.map((one) => [one.name.name.toLowerCase(), one]));
  }

  get all(): readonly BoundWindow[] {
    return [...this.#byKey.values()];
  }

  /** The column that will hold the function's value. */
  add(binding: Binding, node: Node<"over">): PlanColumn {
    const window = this.#resolve(binding, node.window);
    const partition = window.partitionBy.map((one) => binding.value(one));
    const order = window.orderBy.map(
      ({ expression, descending }): SortKey => ({
        expr: this.#orderKey(binding, expression),
        descending,
      }),
    );
    const made = bindFunction(binding, node, window, order);
    const column = binding.facts.column(made.name.toLowerCase(), typeOf(made));
    const key = [
      ...partition.map(expressionKey),
      "by",
      ...order.map((one) => `${expressionKey(one.expr)} ${one.descending}`),
    ].join("|");
    const known = this.#byKey.get(key) ?? { partition, order, functions: [] };
    known.functions.push({ column, ...made });
    this.#byKey.set(key, known);
    return column;
  }

  #orderKey(binding: Binding, node: Parameters<Binding["value"]>[0]): Scalar {
    if (node.kind === "number")
      throw fail(
        binding,
        node,
        "syntax",
        "Windowed functions do not support integer indices as ORDER BY clause expressions (SQL Server error 5308)",
        { hint: "Name the column." },
      );
    if (isLiteral(node))
      throw fail(
        binding,
        node,
        "syntax",
        "Windowed functions do not support constants as ORDER BY clause expressions (SQL Server error 5309)",
        { hint: "Name a column, or write ORDER BY (SELECT NULL) where the order does not matter." },
      );
    return binding.value(node);
  }

  /** The window with what it takes from a named one. */
  #resolve(binding: Binding, window: Window, depth = 0): Window {
    const { base } = window;
    if (!base) return window;
    const named = this.#named.get(base.name.toLowerCase());
    if (!named || depth > this.#named.size)
      throw fail(binding, base, "syntax", `The window '${base.name}' is not defined in WINDOW`);
    const below = this.#resolve(binding, named.window, depth + 1);
    return {
      ...window,
      base: undefined,
      partitionBy: window.partitionBy.length > 0 ? window.partitionBy : below.partitionBy,
      orderBy: window.orderBy.length > 0 ? window.orderBy : below.orderBy,
      frame: window.frame ?? below.frame,
    };
  }
}

const typeOf = ({ bound }: Pick<WindowFunction, "bound">) =>
  bound.kind === "window" ? bound.window.type : bound.aggregate.type;

function bindFunction(
  binding: Binding,
  node: Node<"over">,
  window: Window,
  order: readonly SortKey[],
): Omit<WindowFunction, "column"> {
  const call = aggregateCall(node.function);
  const { name } = call;
  const frame = window.frame && frameOf(binding, window.frame, order);
  const ignoreNulls = node.nulls === "ignore";
  const known = windowFunction(name);
  if (!known) {
    if (call.distinct)
      throw fail(
        binding,
        node,
        "syntax",
        "Use of DISTINCT is not allowed with the OVER clause (SQL Server error 10759)",
        { hint: "Use DENSE_RANK in both directions, or count in a subquery with GROUP BY." },
      );
    if (node.nulls)
      throw fail(binding, node, "syntax", `${name} takes neither IGNORE NULLS nor RESPECT NULLS`);
    const args = call.args.map((arg) => binding.value(arg));
    const within = call.orderBy.map(
      ({ expression, descending }): SortKey => ({ expr: binding.value(expression), descending }),
    );
    const {
      bound,
      args: cast,
      order: inner,
    } = bindAggregate(binding, node, call, args, within, true);
    return {
      name,
      bound: { kind: "aggregate", aggregate: bound },
      args: cast,
      within: inner,
      frame,
      ignoreNulls: false,
    };
  }
  const [least, most] = known.arguments;
  if (call.star || call.args.length < least || call.args.length > most)
    throw fail(
      binding,
      node,
      "syntax",
      `${name} takes ${least === most ? least : `${least} to ${most}`} arguments`,
    );
  if (known.order === "required" && order.length === 0)
    throw fail(
      binding,
      node,
      "syntax",
      `The function '${name}' must have an OVER clause with ORDER BY (SQL Server error 4112)`,
      { hint: `Write ${name}(…) OVER (ORDER BY createdon).` },
    );
  if (frame && !known.frame)
    throw fail(
      binding,
      node,
      "syntax",
      `The function '${name}' may not have a window frame (SQL Server error 10752)`,
    );
  if (node.nulls && !known.ignoresNulls)
    throw fail(binding, node, "syntax", `${name} takes neither IGNORE NULLS nor RESPECT NULLS`);
  const args = call.args.map((arg) => binding.value(arg));
  const bound = orFail(binding, node, known.bind(args.map((arg) => argumentOf(arg))));
  return {
    name,
    bound: { kind: "window", window: bound },
    args: args.map((arg, at) => {
      const type = bound.takes[at];
      return type ? castTo(binding, arg, type, call.args[at] ?? node) : arg;
    }),
    within: [],
    frame,
    ignoreNulls,
  };
}

function borderOf(bound: FrameBound): FrameBorder {
  switch (bound.kind) {
    case "unboundedPreceding":
    case "unboundedFollowing":
      return "unbounded";
    case "preceding":
      return -bound.rows;
    case "currentRow":
      return 0;
    case "following":
      return bound.rows;
  }
}

function frameOf(binding: Binding, frame: WindowFrame, order: readonly SortKey[]): Frame {
  if (order.length === 0)
    throw fail(
      binding,
      frame,
      "syntax",
      "Window frame with ROWS or RANGE must have an ORDER BY clause (SQL Server error 10756)",
    );
  const { from, to } = frame;
  const counted = [from, to].some(({ kind }) => kind === "preceding" || kind === "following");
  if (frame.unit === "range" && counted)
    throw fail(
      binding,
      frame,
      "syntax",
      "RANGE is only supported with UNBOUNDED and CURRENT ROW window frame delimiters (SQL Server error 4194)",
      { hint: "Use ROWS for a number of rows." },
    );
  if (
    from.kind === "unboundedFollowing" ||
    to.kind === "unboundedPreceding" ||
    isBackward(from, to)
  )
    throw fail(binding, frame, "syntax", "The frame ends before it begins (SQL Server error 4193)");
  return { unit: frame.unit, from: borderOf(from), to: borderOf(to) };
}

/** Borders of the wrong kind for each other; numbers that leave a frame empty are allowed. */
const isBackward = (from: FrameBound, to: FrameBound): boolean =>
  (from.kind === "currentRow" && to.kind === "preceding") ||
  (from.kind === "following" && (to.kind === "preceding" || to.kind === "currentRow"));
