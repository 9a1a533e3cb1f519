import type { CatalogColumn, CatalogOption, ColumnPart } from "../catalog";
import type { SqlError } from "../errors";
import type { BoundCall } from "../functions/function";
import type { ComparisonOperator } from "../parser/ast";
import type { BinaryOperator, BoundOperator, BoundUnary } from "../types/arithmetic";
import type { Conversion } from "../types/conversion/conversion";
import type { Operand } from "../types/precedence";
import type { SqlType, Value } from "../types/sql-type";

/** A column of a plan. Its id is unique in the query, so plans can be rearranged without renaming. */
export interface PlanColumn {
  readonly id: number;
  readonly name: string;
  readonly type: SqlType;
  /** Set for columns that come straight from a table. */
  readonly origin?: ColumnOrigin;
  /** Its text is JSON, and goes into other JSON as it is. */
  readonly isJson?: true;
}

export interface ColumnOrigin {
  /** The table's alias in the plan, unique in the query and safe in FetchXML. */
  readonly ref: string;
  readonly part: ColumnPart;
  readonly meta: CatalogColumn;
  /** For a computed part: the stored column it belongs to, which the same scan reads. */
  readonly base?: PlanColumn;
}

/** A piece of the query's text. */
export interface Place {
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

/** A bound value: every name is a column, every type is known, every conversion is written out. */
export type Scalar = {
  readonly type: SqlType;
  /** Where the query says so; of what can fail on a row. */
  readonly place?: Place;
} & (
  | { readonly kind: "column"; readonly column: PlanColumn }
  | {
      readonly kind: "constant";
      readonly value: Value;
      /** Its text is JSON, and goes into other JSON as it is. */
      readonly isJson?: true;
    }
  /** A column of a query around: the same value for every row in here. */
  | { readonly kind: "parameter"; readonly column: PlanColumn }
  | { readonly kind: "currentUser" }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Scalar;
      readonly right: Scalar;
      readonly bound: BoundOperator;
    }
  | {
      readonly kind: "unary";
      readonly operator: "-" | "~";
      readonly operand: Scalar;
      readonly bound: BoundUnary;
    }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Scalar[];
      /** Bare words among the arguments, by position: `day` of DATEADD. */
      readonly keyword?: string;
      readonly bound: BoundCall;
      /** May give another value for each row with the same arguments: NEWID(). */
      readonly isVolatile?: true;
    }
  | {
      readonly kind: "case";
      readonly whens: readonly { readonly when: Expr; readonly result: Scalar }[];
      readonly otherwise: Scalar;
    }
  | {
      readonly kind: "cast";
      readonly operand: Scalar;
      readonly conversion: Conversion;
      /** CONVERT's third argument; undefined for CAST. */
      readonly style: number | undefined;
      /** TRY_CAST: NULL instead of an error. */
      readonly isTry: boolean;
      /** PARSE: as people of that culture write; undefined for CAST. */
      readonly culture?: string;
    }
);

/** A bound condition: true, false or unknown (null). */
export type Predicate = { readonly type: "predicate" } & (
  | { readonly kind: "truth"; readonly value: boolean | null }
  /** A column or other value of type bit as a condition: what EXISTS found. */
  | { readonly kind: "isTrue"; readonly operand: Scalar }
  | {
      readonly kind: "compare";
      readonly operator: ComparisonOperator;
      readonly left: Scalar;
      /** Of the same type as `left`. */
      readonly right: Scalar;
    }
  /** What only the service can judge: `createdon = LASTXDAYS(7)`. It must go down into a scan. */
  | {
      readonly kind: "service";
      readonly operand: Scalar;
      readonly name: string;
      /** Of FetchXML. */
      readonly operator: string;
      readonly values: readonly string[];
      /** What to throw where it would have to be judged here. */
      readonly refuse: () => SqlError;
    }
  /** `IS [NOT] DISTINCT FROM`: NULL is equal to NULL, and never unknown. */
  | {
      readonly kind: "distinct";
      readonly left: Scalar;
      readonly right: Scalar;
      readonly negated: boolean;
    }
  | { readonly kind: "logic"; readonly operator: "and" | "or"; readonly operands: readonly Expr[] }
  | { readonly kind: "not"; readonly operand: Expr }
  | { readonly kind: "isNull"; readonly operand: Scalar; readonly negated: boolean }
  | {
      readonly kind: "in";
      readonly operand: Scalar;
      /** Each of the same type as `operand`. */
      readonly list: readonly Scalar[];
      readonly negated: boolean;
    }
  | {
      readonly kind: "like";
      readonly operand: Scalar;
      readonly pattern: Scalar;
      readonly escapedBy: string | undefined;
      readonly negated: boolean;
    }
  /** What a choices column holds, or its labels: exactly the options of one of the sets, or at least one of any of them. */
  | {
      readonly kind: "options";
      readonly operand: Scalar;
      readonly test: "are" | "contain";
      readonly sets: readonly (readonly CatalogOption[])[];
      readonly negated: boolean;
    }
);

export type Expr = Scalar | Predicate;
export type ExprOf<K extends Expr["kind"]> = Extract<Expr, { readonly kind: K }>;

export const isScalar = (expr: Expr): expr is Scalar => expr.type !== "predicate";

export const constant = (value: Value, type: SqlType): ExprOf<"constant"> => ({
  kind: "constant",
  value,
  type,
});
export const truth = (value: boolean | null): ExprOf<"truth"> => ({
  kind: "truth",
  type: "predicate",
  value,
});
export const columnExpr = (column: PlanColumn): ExprOf<"column"> => ({
  kind: "column",
  type: column.type,
  column,
});

/** A value as the rules of types see it. */
export const operandOf = (expr: Scalar): Operand => ({
  type: expr.type,
  nullable: !(expr.kind === "constant" && expr.value !== null),
  ...(expr.kind === "constant" && { constant: { value: expr.value } }),
});

/** The parts of an expression, in order. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "column":
    case "constant":
    case "parameter":
    case "currentUser":
    case "truth":
      return [];
    case "binary":
    case "compare":
    case "distinct":
      return [expr.left, expr.right];
    case "call":
      return expr.args;
    case "case":
      return [...expr.whens.flatMap((one) => [one.when, one.result]), expr.otherwise];
    case "unary":
    case "cast":
    case "not":
    case "isNull":
    case "isTrue":
    case "service":
    case "options":
      return [expr.operand];
    case "logic":
      return expr.operands;
    case "in":
      return [expr.operand, ...expr.list];
    case "like":
      return [expr.operand, expr.pattern];
  }
}

/** Replaces parts by others of the same type: a value stays a value, a condition a condition. */
export type Change = <Part extends Expr>(part: Part) => Part;

/** A copy with every part replaced by `change(part)`; the same object when nothing changed. */
export function mapChildren<Whole extends Expr>(whole: Whole, change: Change): Whole {
  const children = childrenOf(whole);
  const changed = children.map((child) => change(child));
  if (changed.every((child, at) => child === children[at])) return whole;
  return withChildren(whole, changed) as Whole;
}

function withChildren(expr: Expr, parts: readonly Expr[]): Expr {
  const scalars = parts as readonly Scalar[];
  const [first, second] = scalars as readonly [Scalar, Scalar];
  switch (expr.kind) {
    case "column":
    case "constant":
    case "parameter":
    case "currentUser":
    case "truth":
      return expr;
    case "binary":
    case "compare":
    case "distinct":
      return { ...expr, left: first, right: second };
    case "call":
      return { ...expr, args: scalars };
    case "case":
      return {
        ...expr,
        whens: expr.whens.map((_, at) => ({
          when: parts[2 * at] as Expr,
          result: scalars[2 * at + 1] as Scalar,
        })),
        otherwise: scalars[scalars.length - 1] as Scalar,
      };
    case "unary":
    case "cast":
    case "isNull":
    case "isTrue":
    case "service":
    case "options":
      return { ...expr, operand: first };
    case "not":
      return { ...expr, operand: parts[0] as Expr };
    case "logic":
      return { ...expr, operands: parts };
    case "in":
      return { ...expr, operand: first, list: scalars.slice(1) };
    case "like":
      return { ...expr, operand: first, pattern: second };
  }
}

/** Every column an expression reads. */
export function columnsIn(expr: Expr, found: Set<PlanColumn> = new Set()): Set<PlanColumn> {
  if (expr.kind === "column") found.add(expr.column);
  for (const child of childrenOf(expr)) columnsIn(child, found);
  return found;
}

/** Does any part of the expression answer to the test? */
export const hasPart = (expr: Expr, test: (part: Expr) => boolean): boolean =>
  test(expr) || childrenOf(expr).some((child) => hasPart(child, test));

/** The parts of a conjunction; a single predicate is its own only part. */
export function conjuncts(expr: Expr): readonly Expr[] {
  return expr.kind === "logic" && expr.operator === "and"
    ? expr.operands.flatMap(conjuncts)
    : [expr];
}

/** All of them must hold; undefined when there are none. */
export function conjunction(parts: readonly Expr[]): Expr | undefined {
  const [first] = parts;
  if (parts.length <= 1) return first;
  return { kind: "logic", type: "predicate", operator: "and", operands: parts };
}

/** Equal keys mean equal expressions (up to column identity). */
export function expressionKey(expr: Expr): string {
  return JSON.stringify(expr, (name, value) => {
    if (name === "column") return value.id;
    if (name === "bound" || name === "conversion" || name === "place") return undefined;
    return typeof value === "bigint" ? `${value}n` : value;
  });
}
