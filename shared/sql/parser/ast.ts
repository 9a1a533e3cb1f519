/** The syntax tree of one SELECT, as written: names are not yet looked up. Offsets are into the query text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Identifier extends Span {
  readonly name: string;
  /** Written "in double quotes", where models often mean a string. */
  readonly doubleQuoted: boolean;
}

export type ComparisonOperator = "=" | "<>" | "<" | "<=" | ">" | ">=";
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";

export type Expression = Span &
  (
    | { readonly kind: "name"; readonly parts: readonly Identifier[] }
    | {
        readonly kind: "string";
        readonly value: string;
        /** Written N'…'. */
        readonly national?: true;
      }
    | { readonly kind: "number"; readonly value: string }
    | { readonly kind: "null" }
    | { readonly kind: "negate"; readonly operand: Expression }
    | {
        readonly kind: "arithmetic";
        readonly operator: ArithmeticOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: "compare";
        readonly operator: ComparisonOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: "logic";
        readonly operator: "and" | "or";
        readonly operands: readonly Expression[];
      }
    | { readonly kind: "not"; readonly operand: Expression }
    | { readonly kind: "isNull"; readonly operand: Expression; readonly negated: boolean }
    | {
        readonly kind: "in";
        readonly operand: Expression;
        readonly list: readonly Expression[];
        readonly negated: boolean;
      }
    | {
        readonly kind: "between";
        readonly operand: Expression;
        readonly low: Expression;
        readonly high: Expression;
        readonly negated: boolean;
      }
    | {
        readonly kind: "like";
        readonly operand: Expression;
        readonly pattern: Expression;
        readonly escapedBy: Expression | undefined;
        readonly negated: boolean;
      }
    | {
        readonly kind: "call";
        /** Upper case. */
        readonly name: string;
        readonly args: readonly Expression[];
        readonly distinct: boolean;
        /** `COUNT(*)` */
        readonly star: boolean;
      }
    | {
        readonly kind: "case";
        readonly operand: Expression | undefined;
        readonly whens: readonly { readonly when: Expression; readonly result: Expression }[];
        readonly otherwise: Expression | undefined;
      }
    | {
        readonly kind: "cast";
        readonly operand: Expression;
        readonly type: DataType;
        readonly style: Expression | undefined;
      }
  );

export interface DataType extends Span {
  /** Upper case: NVARCHAR. */
  readonly name: string;
  readonly args: readonly string[];
}

export type SelectItem = Span &
  (
    | { readonly kind: "star"; readonly table: Identifier | undefined }
    | {
        readonly kind: "expression";
        readonly expression: Expression;
        readonly alias: string | undefined;
      }
  );

export type TableExpression = Span &
  (
    | {
        readonly kind: "table";
        readonly name: Identifier;
        readonly alias: Identifier | undefined;
      }
    | {
        readonly kind: "join";
        readonly type: "inner" | "left" | "right";
        readonly left: TableExpression;
        readonly right: TableExpression;
        readonly on: Expression;
      }
  );

export interface OrderItem extends Span {
  readonly expression: Expression;
  readonly descending: boolean;
}

export interface SelectStatement extends Span {
  readonly distinct: boolean;
  readonly top: Expression | undefined;
  readonly items: readonly SelectItem[];
  readonly from: TableExpression | undefined;
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | undefined;
  readonly orderBy: readonly OrderItem[];
  readonly offset: Expression | undefined;
  readonly fetch: Expression | undefined;
  /** Things that were read and have no effect here: hints. */
  readonly notes: readonly string[];
}
