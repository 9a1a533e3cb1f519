import { errorAt } from "../../errors";
import { expressionKey, type Scalar } from "../../expression/expression";
import type { Expression, GroupingItem, Span } from "../../parser/ast";
import type { ProjectItem } from "../../plan/nodes";
import type { QueryFacts } from "../query-facts";

/** SQL Server takes no more of them, and of no more expressions. */
const mostSets = 4096;
const mostInSets = 32;

/** The keys of GROUP BY, each once, and the sets in which they stand. */
export interface BoundGroupBy {
  readonly keys: readonly ProjectItem[];
  /** Undefined where all keys make the one set. */
  readonly sets: readonly (readonly number[])[] | undefined;
}

type Sets = readonly (readonly number[])[];

/** @param bind gives the key of one expression */
export function bindGroupBy(
  items: readonly GroupingItem[],
  facts: QueryFacts,
  bind: (node: Expression) => ProjectItem,
): BoundGroupBy {
  const isPlain = items.every((item) => item.kind === "expression");
  const tooManyKeys = ({ start }: Span) =>
    errorAt(
      facts.source,
      start,
      "too_large",
      `GROUP BY with CUBE, ROLLUP or GROUPING SETS has more than ${mostInSets} expressions`,
      { hint: "Use fewer expressions, or plain GROUP BY." },
    );
  const keys: ProjectItem[] = [];
  const known = new Map<string, number>();
  let asked = 0;
  const position = (node: Expression): number => {
    asked += 1;
    if (!isPlain && asked > mostInSets) throw tooManyKeys(node);
    const key = bind(node);
    const form = expressionKey(key.expr as Scalar);
    const at = known.get(form) ?? keys.push(key) - 1;
    known.set(form, at);
    return at;
  };
  if (isPlain) {
    for (const item of items) position(item.expression);
    return { keys, sets: undefined };
  }
  const limit = (sets: Sets, at: Span): Sets => {
    if (sets.length <= mostSets) return sets;
    throw errorAt(
      facts.source,
      at.start,
      "too_large",
      `GROUP BY makes more than ${mostSets.toLocaleString("en-US")} grouping sets,`,
      { hint: "Use fewer columns in CUBE or ROLLUP." },
    );
  };
  const setsOf = (item: GroupingItem): Sets => {
    switch (item.kind) {
      case "expression":
        return [[position(item.expression)]];
      case "grandTotal":
        return [[]];
      case "rollup": {
        const parts = item.items.map((nodes) => nodes.map(position));
        return [...parts.keys(), parts.length]
          .reverse()
          .map((count) => parts.slice(0, count).flat());
      }
      case "cube": {
        const parts = item.items.map((nodes) => nodes.map(position));
        if (2 ** parts.length > mostSets) return limit(Array(mostSets + 1).fill([]), item);
        return Array.from({ length: 2 ** parts.length }, (_, mask) =>
          parts.flatMap((part, at) => ((mask >> (parts.length - 1 - at)) & 1 ? [] : part)),
        );
      }
      case "sets":
        return limit(
          item.sets.flatMap((set) => crossed(set.map(setsOf))),
          item,
        );
    }
  };
  const crossed = (parts: readonly Sets[]): Sets =>
    parts.reduce<Sets>(
      (all, sets) => all.flatMap((one) => sets.map((other) => [...one, ...other])),
      [[]],
    );
  let sets: Sets = [[]];
  for (const item of items)
    sets = limit(
      crossed([sets, setsOf(item)]).map((set) => [...new Set(set)]),
      item,
    );
  return { keys, sets };
}
