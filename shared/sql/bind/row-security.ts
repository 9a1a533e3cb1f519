import { type ColumnOrigin, conjuncts, type Expr, type Scalar } from "../expression/expression";
import { inputsOf, type Plan } from "../plan/nodes";
import type { Relation } from "./names/relation";

/**
 * A lookup may point to a row that the person may not read. Joined or asked for in a subquery, its row is gone without a word, so the
 * answer says so, and which column needs no join.
 */
interface Tie {
  readonly lookup: ColumnOrigin;
  /** The primary id of the table that the lookup points to. */
  readonly key: ColumnOrigin;
}

const originOf = (expr: Scalar): ColumnOrigin | undefined =>
  expr.kind === "column" || expr.kind === "parameter" ? expr.column.origin : undefined;

function tieOf(left: Scalar, right: Scalar): Tie | undefined {
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const lookup = originOf(one);
    const key = originOf(other);
    if (lookup?.meta.type !== "lookup" || lookup.part !== "value") continue;
    if (key?.meta.isPrimaryId && key.ref !== lookup.ref) return { lookup, key };
  }
  return undefined;
}

const tiesIn = (condition: Expr): readonly Tie[] =>
  conjuncts(condition)
    .map((part) =>
      part.kind === "compare" && part.operator === "=" ? tieOf(part.left, part.right) : undefined,
    )
    .filter((tie) => tie !== undefined);

const nameOf = ({ ref, meta }: ColumnOrigin): string => `${ref}.${meta.name}`;

function tellOfJoin({ lookup, key }: Tie, isKeptByLeft: boolean, notes: Set<string>): void {
  const keeping = isKeptByLeft ? "LEFT JOIN" : `${lookup.ref} LEFT JOIN ${key.ref}`;
  const others =
    (lookup.meta.targets?.length ?? 0) > 1 ? "is empty, of another table, or" : "is empty or";
  notes.add(
    `The join leaves out rows whose ${nameOf(lookup)} ${others} a row that you may not read; ${nameOf(lookup)}name has its name without a join, and ${keeping} keeps the rows.`,
  );
}

const refsOf = (relations: readonly Relation[]): ReadonlySet<string> =>
  new Set(
    relations.flatMap((one) =>
      one.kind === "table"
        ? [one.ref]
        : one.columns.flatMap(({ column }) => (column.origin ? [column.origin.ref] : [])),
    ),
  );

/** Of the condition of a join; `left` and `right` are what stands on its sides. */
export function tellOfLostRows(
  type: "inner" | "left" | "right" | "full",
  on: Expr,
  left: readonly Relation[],
  right: readonly Relation[],
  notes: Set<string>,
): void {
  if (type === "full") return;
  const kept = type === "left" ? refsOf(left) : type === "right" ? refsOf(right) : undefined;
  for (const tie of tiesIn(on)) {
    // The side that stays whole loses nothing.
    if (kept?.has(tie.lookup.ref)) continue;
    tellOfJoin(tie, type === "inner" && refsOf(left).has(tie.lookup.ref), notes);
  }
}

/** Of a WHERE that ties tables of FROM a, b. */
export function tellOfTiedTables(where: Expr, notes: Set<string>): void {
  const isHere = (expr: Scalar) => expr.kind === "column";
  for (const part of conjuncts(where)) {
    if (part.kind !== "compare" || !isHere(part.left) || !isHere(part.right)) continue;
    for (const tie of tiesIn(part)) tellOfJoin(tie, false, notes);
  }
}

/** Ties of a subquery to the rows around it, by filters that every row of it must pass. */
function tiesToAround(plan: Plan): readonly Tie[] {
  if (plan.kind === "filter") {
    const tied = conjuncts(plan.predicate).filter(
      (part) =>
        part.kind === "compare" &&
        (part.left.kind === "parameter") !== (part.right.kind === "parameter"),
    );
    return [...tied.flatMap(tiesIn), ...tiesToAround(plan.input)];
  }
  return inputsOf(plan).slice(0, 1).flatMap(tiesToAround);
}

/** Of a subquery that is joined by CROSS APPLY. */
export function tellOfApplied(inner: Plan, notes: Set<string>): void {
  for (const tie of tiesToAround(inner)) tellOfJoin(tie, false, notes);
}

function tellOfSubquery({ lookup }: Tie, word: string, notes: Set<string>): void {
  notes.add(
    `${word} sees only rows that you may read: where ${nameOf(lookup)} is a row that you may not read, it finds none; ${nameOf(lookup)} IS NOT NULL tells that there is one, and ${nameOf(lookup)}name has its name.`,
  );
}

/** Of EXISTS. */
export function tellOfExists(inner: Plan, notes: Set<string>): void {
  for (const tie of tiesToAround(inner))
    if (isOutside(tie, inner)) tellOfSubquery(tie, "EXISTS", notes);
}

/** The lookup is a column of the query around: of the subquery's own rows only those are asked for that belong to it. */
function isOutside({ lookup }: Tie, inner: Plan): boolean {
  const refs = (plan: Plan): readonly string[] =>
    plan.kind === "scan" ? [plan.fetch.ref] : inputsOf(plan).flatMap(refs);
  return !refs(inner).includes(lookup.ref);
}

/** Of `lookup IN (SELECT id …)` and its like. */
export function tellOfMembership(operand: Scalar, member: Scalar, notes: Set<string>): void {
  const tie = tieOf(operand, member);
  if (tie && originOf(operand) === tie.lookup) tellOfSubquery(tie, "The subquery", notes);
}
