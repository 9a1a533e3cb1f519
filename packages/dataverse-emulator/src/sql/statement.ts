/** A statement as it is written; names are not yet looked up. */
export interface Statement {
  readonly distinct: boolean;
  readonly top: number | undefined;
  readonly items: readonly Item[];
  readonly from: TableName;
  readonly joins: readonly Join[];
  readonly where: Condition | undefined;
  readonly groupBy: readonly ColumnName[];
  readonly orderBy: readonly { readonly column: ColumnName; readonly descending: boolean }[];
  readonly offset: number | undefined;
  readonly fetch: number | undefined;
}

export type Item =
  | { readonly kind: "column"; readonly column: ColumnName; readonly alias: string | undefined }
  | {
      readonly kind: "aggregate";
      readonly name: AggregateName;
      readonly distinct: boolean;
      /** Undefined is `COUNT(*)`. */
      readonly column: ColumnName | undefined;
      readonly alias: string | undefined;
      readonly at: number;
    };

export type AggregateName = "count" | "sum" | "avg" | "min" | "max";

export interface TableName {
  readonly table: string;
  readonly alias: string | undefined;
  readonly at: number;
}

export interface Join extends TableName {
  readonly kind: "inner" | "left" | "cross";
  /** Undefined on a cross join, which only a comma in FROM makes. */
  readonly on: Condition | undefined;
}

export interface ColumnName {
  readonly qualifier: string | undefined;
  readonly name: string;
  readonly at: number;
}

export type Operator = "=" | "<>" | "<" | ">" | "<=" | ">=";

export type Condition =
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | {
      readonly kind: "compare";
      readonly column: ColumnName;
      readonly operator: Operator;
      readonly value: Value;
    }
  | {
      readonly kind: "columns";
      readonly left: ColumnName;
      readonly operator: Operator;
      readonly right: ColumnName;
    }
  | {
      readonly kind: "like";
      readonly column: ColumnName;
      readonly negated: boolean;
      readonly pattern: string;
    }
  | {
      readonly kind: "in";
      readonly column: ColumnName;
      readonly negated: boolean;
      readonly values: readonly Value[];
    }
  | {
      readonly kind: "between";
      readonly column: ColumnName;
      readonly negated: boolean;
      readonly low: Value;
      readonly high: Value;
    }
  | { readonly kind: "null"; readonly column: ColumnName; readonly negated: boolean };

export type Value =
  | { readonly kind: "text"; readonly value: string; readonly at: number }
  | { readonly kind: "number"; readonly value: number; readonly at: number }
  | { readonly kind: "null"; readonly at: number }
  | { readonly kind: "now"; readonly at: number }
  | {
      readonly kind: "dateadd";
      readonly part: string;
      readonly amount: number;
      readonly to: Value;
      readonly at: number;
    };
