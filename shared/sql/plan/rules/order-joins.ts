import {
  columnExpr,
  columnsIn,
  conjunction,
  conjuncts,
  type Expr,
  truth,
} from "../../expression/expression";
import { columnIdsOf, columnsOf, type Plan } from "../nodes";
import type { Rule } from "../rule";
import { isTie, says } from "./push-filter-below-join";

/** The relations that inner joins put together, and all that these and the filters between them ask. */
interface Flat {
  readonly relations: Plan[];
  readonly conditions: Expr[];
}

function flatten(plan: Plan, into: Flat): Flat {
  if (plan.kind === "join" && plan.type === "inner") {
    flatten(plan.left, into);
    flatten(plan.right, into);
    into.conditions.push(...conjuncts(plan.on).filter(says));
  } else if (plan.kind === "filter" && plan.input.kind === "join" && plan.input.type === "inner") {
    flatten(plan.input, into);
    into.conditions.push(...conjuncts(plan.predicate));
  } else {
    into.relations.push(plan);
  }
  return into;
}

const joined = (left: Plan, right: Plan, on: Expr = truth(true)): Plan => ({
  kind: "join",
  type: "inner",
  left,
  right,
  on,
});

/** The relations in an order in which each is tied to one before it, as far as there is one; else undefined. */
function tiedOrder({ relations, conditions }: Flat): readonly Plan[] | undefined {
  const equalities = conditions.filter((one) => one.kind === "compare" && one.operator === "=");
  const [first, ...rest] = relations;
  if (!first) return undefined;
  const ordered = [first];
  let before: Plan = first;
  let isMoved = false;
  while (rest.length > 0) {
    const at = rest.findIndex((one) => equalities.some((tie) => isTie(tie, before, one)));
    const [next] = rest.splice(Math.max(0, at), 1);
    if (!next) break;
    isMoved ||= at > 0;
    ordered.push(next);
    before = joined(before, next);
  }
  return isMoved ? ordered : undefined;
}

/** Each condition stands at the first join that has all its columns. */
function joinAll(relations: readonly Plan[], conditions: readonly Expr[]): Plan {
  let open = [...conditions];
  const ready = (plan: Plan): Expr | undefined => {
    const ids = columnIdsOf(plan);
    const now = open.filter((one) => {
      const columns = [...columnsIn(one)];
      return columns.length > 0 && columns.every(({ id }) => ids.has(id));
    });
    open = open.filter((one) => !now.includes(one));
    return conjunction(now);
  };
  const leaves = relations.map((input): Plan => {
    const predicate = ready(input);
    return predicate ? { kind: "filter", input, predicate } : input;
  });
  const input = leaves.reduce((left, right) => {
    const both = joined(left, right);
    return joined(left, right, ready(both));
  });
  const rest = conjunction(open);
  return rest ? { kind: "filter", input, predicate: rest } : input;
}

/**
 * `FROM a, b, c WHERE a.x = c.y AND c.z = b.w` joins a with c before b: in the order as written it would first put every row of a
 * beside every row of b. Joins that are tied as they are written stay in their order.
 */
export const orderJoins: Rule = {
  name: "order-joins",
  apply(plan) {
    if (plan.kind !== "filter" || plan.input.kind !== "join" || plan.input.type !== "inner")
      return undefined;
    const flat = flatten(plan, { relations: [], conditions: [] });
    const ordered = flat.relations.length > 2 ? tiedOrder(flat) : undefined;
    if (!ordered) return undefined;
    const input = joinAll(ordered, flat.conditions);
    // Whoever counts the columns finds them where they were.
    const items = columnsOf(plan).map((column) => ({
      column,
      expr: columnExpr(column),
    }));
    return { kind: "project", input, items };
  },
};
