import type { Expression, Predicate } from "../ast";
import type { TokenStream } from "../token-stream";

const predicates: Readonly<Record<Predicate["kind"], true>> = {
  compare: true,
  quantified: true,
  distinctFrom: true,
  logic: true,
  not: true,
  isNull: true,
  in: true,
  inQuery: true,
  exists: true,
  between: true,
  like: true,
  containValues: true,
};

export const isPredicate = (node: Expression): boolean => Object.hasOwn(predicates, node.kind);

/** A value, or the error that a condition is none. */
export function requireValue(tokens: TokenStream, node: Expression): Expression {
  if (!isPredicate(node)) return node;
  throw tokens.error(
    "A condition stands where a value is needed",
    node,
    "Write CASE WHEN condition THEN 1 ELSE 0 END.",
  );
}

/** A condition, or the error that a value is none. */
export function requireCondition(tokens: TokenStream, node: Expression): Expression {
  if (isPredicate(node)) return node;
  if (tokens.is("ILIKE"))
    throw tokens.error(
      "ILIKE is not T-SQL",
      tokens.peek(),
      "Write LIKE, which does not heed case.",
    );
  const name = node.kind === "name" ? tokens.source.slice(node.start, node.end) : undefined;
  const found = tokens.isKind("end") ? "" : `, before ${tokens.nameOf(tokens.peek())}`;
  throw tokens.error(
    `A value stands where a condition is needed${found}`,
    node,
    name === undefined
      ? "Compare it: … = 1."
      : `Compare it: ${name} = …, or ${name} = 1 for a column of yes and no.`,
  );
}
