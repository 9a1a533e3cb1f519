import {
  columnExpr,
  columnsIn,
  conjunction,
  conjuncts,
  type Expr,
  truth,
} from "../../../expression/expression";
import { columnIdsOf, columnsOf, type Plan } from "../../nodes";
import type { Rule } from "../../rule";
import { says } from "./push-filter-below-join";

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

const isEquality = (expr: Expr): boolean => expr.kind === "compare" && expr.operator === "=";

/** Is there a join that no equality of its own ties? Only these are worth a look at all conditions. */
function isLoose(plan: Plan): boolean {
  if (plan.kind === "filter") return isLoose(plan.input);
  if (plan.kind !== "join" || plan.type !== "inner") return false;
  return !conjuncts(plan.on).some(isEquality) || isLoose(plan.left) || isLoose(plan.right);
}

/** The relations, by number, of which each side of an equality takes columns. */
interface Tie {
  readonly left: ReadonlySet<number>;
  readonly right: ReadonlySet<number>;
}

function tiesOf({ relations, conditions }: Flat): readonly Tie[] {
  const owner = new Map<number, number>();
  relations.forEach((relation, number) => {
    for (const { id } of columnsOf(relation)) owner.set(id, number);
  });
  const numbers = (expr: Expr) =>
    new Set([...columnsIn(expr)].map(({ id }) => owner.get(id) ?? Number.NaN));
  return conditions.flatMap((one) =>
    one.kind === "compare" && one.operator === "="
      ? [{ left: numbers(one.left), right: numbers(one.right) }]
      : [],
  );
}

/** The relations in an order in which each is tied to one before it, as far as there is one; else undefined. */
function tiedOrder(flat: Flat): readonly Plan[] | undefined {
  const ties = tiesOf(flat);
  const before = new Set([0]);
  const isBefore = (side: ReadonlySet<number>) =>
    side.size > 0 && [...side].every((number) => before.has(number));
  const isOnly = (side: ReadonlySet<number>, number: number) => side.size === 1 && side.has(number);
  const isTied = (number: number) =>
    ties.some(
      ({ left, right }) =>
        (isBefore(left) && isOnly(right, number)) || (isBefore(right) && isOnly(left, number)),
    );
  const rest = flat.relations.map((_, number) => number).slice(1);
  let isMoved = false;
  while (rest.length > 0) {
    const at = Math.max(0, rest.findIndex(isTied));
    const [next = 0] = rest.splice(at, 1);
    isMoved ||= at > 0;
    before.add(next);
  }
  return isMoved ? [...before].flatMap((number) => flat.relations[number] ?? []) : undefined;
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
    if (!isLoose(plan.input)) return undefined;
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
