/** A condition as it is written; names are not yet looked up. */
export type Filter =
  | { readonly kind: "and" | "or"; readonly parts: readonly Filter[] }
  | { readonly kind: "not"; readonly operand: Filter }
  | {
      readonly kind: "compare";
      readonly operator: Comparison;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: "in"; readonly left: Operand; readonly values: readonly Operand[] }
  | {
      readonly kind: "match";
      readonly name: "contains" | "startswith" | "endswith";
      readonly left: Operand;
      readonly right: Operand;
    }
  | {
      readonly kind: "function";
      readonly name: string;
      readonly parameters: ReadonlyMap<string, Operand | readonly Operand[]>;
      readonly at: number;
    }
  | Lambda;

export interface Lambda {
  readonly kind: "lambda";
  readonly quantifier: "any" | "all";
  readonly path: readonly string[];
  readonly variable: string | undefined;
  readonly body: Filter | undefined;
  readonly at: number;
}

export type Comparison = "eq" | "ne" | "gt" | "ge" | "lt" | "le";

export type Operand =
  | { readonly kind: "path"; readonly names: readonly string[]; readonly at: number }
  | {
      readonly kind: "literal";
      readonly type: "text" | "number" | "guid" | "date" | "boolean" | "null";
      readonly value: string;
      readonly at: number;
    };
