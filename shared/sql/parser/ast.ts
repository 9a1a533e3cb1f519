/**
 * The syntax tree of one SELECT, as written: names are not yet looked up, hints are only noted. What T-SQL knows and this tree
 * cannot hold (variables, other databases, FOR SYSTEM_TIME …) is refused by the parser, by its name.
 * Offsets are into the query text.
 */
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
export type BitwiseOperator = "&" | "|" | "^" | "<<" | ">>";

/** How a number was written: `7`, `7.0`, `7e0`, `$7`. Whole numbers beyond int are `decimal`, as SQL Server reads them. */
export type NumberForm = "integer" | "decimal" | "float" | "money";

/** A value. */
export type ScalarExpression = Span &
  (
    | {
        readonly kind: "name";
        /** `c`, `t.c` or `dbo.t.c`; more parts, of other databases, are refused. */
        readonly parts: readonly Identifier[];
      }
    | {
        readonly kind: "string";
        readonly value: string;
        /** Written N'…'. */
        readonly national?: true;
      }
    | {
        readonly kind: "number";
        /** Digits as written, without currency sign and the blanks behind it. */
        readonly value: string;
        readonly form: NumberForm;
      }
    | {
        readonly kind: "binary";
        /** Hexadecimal digits, an even number of them, without 0x. */
        readonly value: string;
      }
    | { readonly kind: "null" }
    | { readonly kind: "negate"; readonly operand: Expression }
    | { readonly kind: "bitNot"; readonly operand: Expression }
    | {
        readonly kind: "arithmetic";
        readonly operator: ArithmeticOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: "bitwise";
        readonly operator: BitwiseOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        /** `a || b` */
        readonly kind: "concat";
        readonly left: Expression;
        readonly right: Expression;
      }
    | Call
    | WithinGroup
    | {
        /** A window function, or an aggregate over a window. */
        readonly kind: "over";
        readonly function: Call | WithinGroup;
        /** `IGNORE NULLS` or `RESPECT NULLS` of FIRST_VALUE, LAST_VALUE, LAG and LEAD. */
        readonly nulls: "ignore" | "respect" | undefined;
        readonly window: Window;
      }
    | {
        /** `TRIM(characters FROM text)`, with or without a side; TRIM(text) is a call. */
        readonly kind: "trim";
        readonly side: "leading" | "trailing" | "both";
        readonly characters: Expression;
        readonly operand: Expression;
      }
    | {
        /** `JSON_OBJECT('k': v, …)` */
        readonly kind: "jsonObject";
        readonly members: readonly JsonMember[];
        readonly nulls: JsonNulls;
      }
    | {
        /** `JSON_ARRAY(v, …)` */
        readonly kind: "jsonArray";
        readonly items: readonly Expression[];
        readonly nulls: JsonNulls;
      }
    | {
        /** The aggregate `JSON_OBJECTAGG(k : v)` */
        readonly kind: "jsonObjectAgg";
        readonly member: JsonMember;
        readonly nulls: JsonNulls;
      }
    | {
        /** The aggregate `JSON_ARRAYAGG(v ORDER BY …)` */
        readonly kind: "jsonArrayAgg";
        readonly item: Expression;
        readonly orderBy: readonly OrderItem[];
        readonly nulls: JsonNulls;
      }
    | {
        readonly kind: "case";
        readonly operand: Expression | undefined;
        /** `when` is a value where there is an operand, else a condition. */
        readonly whens: readonly { readonly when: Expression; readonly result: Expression }[];
        readonly otherwise: Expression | undefined;
      }
    | {
        /** CAST and CONVERT */
        readonly kind: "cast";
        readonly operand: Expression;
        readonly type: DataType;
        readonly style: Expression | undefined;
      }
    | {
        /** TRY_CAST and TRY_CONVERT */
        readonly kind: "tryCast";
        readonly operand: Expression;
        readonly type: DataType;
        readonly style: Expression | undefined;
      }
    | {
        /** PARSE and TRY_PARSE */
        readonly kind: "parse";
        readonly operand: Expression;
        readonly type: DataType;
        readonly culture: Expression | undefined;
        /** TRY_PARSE: NULL instead of an error. */
        readonly isTry: boolean;
      }
    | {
        readonly kind: "collate";
        readonly operand: Expression;
        readonly collation: Identifier;
      }
    | { readonly kind: "atTimeZone"; readonly operand: Expression; readonly zone: Expression }
    | { readonly kind: "subquery"; readonly query: QueryExpression }
  );

/** A condition: true, false or unknown. It is no value in T-SQL; the parser keeps the two apart. */
export type Predicate = Span &
  (
    | {
        readonly kind: "compare";
        readonly operator: ComparisonOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        /** `a > ALL (SELECT …)`; SOME is ANY. */
        readonly kind: "quantified";
        readonly operator: ComparisonOperator;
        readonly quantifier: "all" | "any";
        readonly operand: Expression;
        readonly query: QueryExpression;
      }
    | {
        /** `a IS [NOT] DISTINCT FROM b`; negated with NOT, which means equal or both NULL. */
        readonly kind: "distinctFrom";
        readonly left: Expression;
        readonly right: Expression;
        readonly negated: boolean;
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
        readonly kind: "inQuery";
        readonly operand: Expression;
        readonly query: QueryExpression;
        readonly negated: boolean;
      }
    | { readonly kind: "exists"; readonly query: QueryExpression }
    | {
        readonly kind: "between";
        readonly operand: Expression;
        readonly low: Expression;
        readonly high: Expression;
        readonly negated: boolean;
      }
    /** `CONTAINVALUES(column, value, …)`: a choices column has at least one of the options. No T-SQL, but FetchXML's condition. */
    | {
        readonly kind: "containValues";
        readonly operand: Expression;
        readonly list: readonly Expression[];
        /** Written as T-SQL's full-text predicate, `CONTAINS(column, '1 OR 2')`, which other columns do not take. */
        readonly isFullText: boolean;
      }
    | {
        readonly kind: "like";
        readonly operand: Expression;
        readonly pattern: Expression;
        readonly escapedBy: Expression | undefined;
        readonly negated: boolean;
      }
  );

export type Expression = ScalarExpression | Predicate;

export interface Call extends Span {
  readonly kind: "call";
  /**
   * Upper case. Also what is written without parentheses (CURRENT_TIMESTAMP, USER) and system values (`@@ROWCOUNT`).
   * Names of ODBC (`{fn UCASE(x)}`) are told in T-SQL's.
   */
  readonly name: string;
  /** The first one of IIF is a condition. Date parts (`DATEADD(day, …)`) stand here as names. */
  readonly args: readonly Expression[];
  readonly distinct: boolean;
  /** `COUNT(*)` */
  readonly star: boolean;
}

/** `STRING_AGG(x, ',') WITHIN GROUP (ORDER BY y)` */
export interface WithinGroup extends Span {
  readonly kind: "withinGroup";
  readonly function: Call;
  readonly orderBy: readonly OrderItem[];
}

export interface JsonMember {
  readonly key: Expression;
  readonly value: Expression;
}

/** `NULL ON NULL`, `ABSENT ON NULL`, or nothing, which is `null` for objects and `absent` for arrays. */
export type JsonNulls = "null" | "absent" | undefined;

export interface Window extends Span {
  /** The window of the WINDOW clause that this one is, or begins with. */
  readonly base: Identifier | undefined;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly frame: WindowFrame | undefined;
}

export interface WindowFrame extends Span {
  readonly unit: "rows" | "range";
  readonly from: FrameBound;
  /** CURRENT ROW where it is not written. */
  readonly to: FrameBound;
}

export type FrameBound =
  | { readonly kind: "unboundedPreceding" }
  | { readonly kind: "preceding"; readonly rows: number }
  | { readonly kind: "currentRow" }
  | { readonly kind: "following"; readonly rows: number }
  | { readonly kind: "unboundedFollowing" };

export interface NamedWindow extends Span {
  readonly name: Identifier;
  readonly window: Window;
}

export interface DataType extends Span {
  /** Upper case: NVARCHAR. NATIONAL, VARYING and DOUBLE PRECISION are told in one word. */
  readonly name: string;
  /** Digits, or MAX. */
  readonly args: readonly string[];
}

export type SelectItem = Span &
  (
    | {
        readonly kind: "star";
        /** `t.*`; of `dbo.t.*` the last part. */
        readonly table: Identifier | undefined;
      }
    | {
        readonly kind: "expression";
        readonly expression: Expression;
        readonly alias: string | undefined;
      }
  );

export type TableExpression = Span &
  (
    | NamedTable
    | {
        readonly kind: "join";
        readonly type: "inner" | "left" | "right" | "full";
        readonly left: TableExpression;
        readonly right: TableExpression;
        readonly on: Expression;
      }
    | {
        /** CROSS JOIN, and the comma. */
        readonly kind: "crossJoin";
        readonly left: TableExpression;
        readonly right: TableExpression;
      }
    | {
        readonly kind: "apply";
        readonly type: "cross" | "outer";
        readonly left: TableExpression;
        readonly right: TableExpression;
      }
    | {
        readonly kind: "derived";
        readonly query: QueryExpression;
        readonly alias: Identifier;
        /** Empty where the query's own names count. */
        readonly columns: readonly Identifier[];
      }
    | {
        /** `(VALUES (1, 'a'), (2, 'b')) AS v(id, name)`: rows of equal length. */
        readonly kind: "values";
        readonly rows: readonly (readonly Expression[])[];
        readonly alias: Identifier;
        /** One for each value of a row. */
        readonly columns: readonly Identifier[];
      }
    | {
        /** `STRING_SPLIT(…)`, `GENERATE_SERIES(…)` and whatever else is called in FROM. */
        readonly kind: "function";
        /** Upper case. */
        readonly name: string;
        readonly args: readonly Expression[];
        readonly alias: Identifier | undefined;
        readonly columns: readonly Identifier[];
      }
    | {
        readonly kind: "openJson";
        readonly json: Expression;
        readonly path: Expression | undefined;
        /** Undefined without WITH: the columns are key, value and type. */
        readonly schema: readonly OpenJsonColumn[] | undefined;
        readonly alias: Identifier | undefined;
      }
    | {
        /** `input PIVOT (SUM(value) FOR column IN ([a], [b])) AS alias` */
        readonly kind: "pivot";
        readonly input: TableExpression;
        /** Upper case. */
        readonly aggregate: string;
        /** `t.c` or `c`; one, as SQL Server has it. */
        readonly value: readonly Identifier[];
        readonly column: readonly Identifier[];
        /** Values of `column`, which become columns of these names. */
        readonly values: readonly Identifier[];
        readonly alias: Identifier;
      }
    | {
        /** `input UNPIVOT (value FOR name IN (a, b)) AS alias` */
        readonly kind: "unpivot";
        readonly input: TableExpression;
        readonly value: Identifier;
        readonly name: Identifier;
        readonly columns: readonly (readonly Identifier[])[];
        readonly alias: Identifier;
      }
  );

/** A table of the environment, a system view, or a common table expression. */
export interface NamedTable extends Span {
  readonly kind: "table";
  /** `dbo`, `sys`, `INFORMATION_SCHEMA`. */
  readonly schema: Identifier | undefined;
  readonly name: Identifier;
  readonly alias: Identifier | undefined;
  /** WITH (NOLOCK) and the like stand behind it. */
  readonly hasHints?: true;
}

/** A column of `OPENJSON(…) WITH (…)`. */
export interface OpenJsonColumn extends Span {
  readonly name: Identifier;
  readonly type: DataType;
  readonly collation: Identifier | undefined;
  readonly path: string | undefined;
  readonly asJson: boolean;
}

export interface OrderItem extends Span {
  readonly expression: Expression;
  readonly descending: boolean;
}

export interface Top extends Span {
  readonly count: Expression;
  readonly percent: boolean;
  /** There is an ORDER BY then. */
  readonly withTies: boolean;
}

/** One item of GROUP BY; several are crossed. `GROUP BY a, b WITH ROLLUP` is `ROLLUP (a, b)`. */
export type GroupingItem = Span &
  (
    | { readonly kind: "expression"; readonly expression: Expression }
    | {
        readonly kind: "rollup" | "cube";
        /** Each one or several expressions, which stand together. */
        readonly items: readonly (readonly Expression[])[];
      }
    | {
        readonly kind: "sets";
        /** Each the cross product of its items; the empty one is the grand total. */
        readonly sets: readonly (readonly GroupingItem[])[];
      }
    | { readonly kind: "grandTotal" }
  );

/** What may follow a SELECT or a whole set operation. */
interface QueryEnd {
  readonly orderBy: readonly OrderItem[];
  readonly offset: Expression | undefined;
  readonly fetch: Expression | undefined;
  readonly forClause: ForClause | undefined;
}

export interface Select extends Span, QueryEnd {
  readonly kind: "select";
  readonly distinct: boolean;
  readonly top: Top | undefined;
  readonly items: readonly SelectItem[];
  readonly from: TableExpression | undefined;
  readonly where: Expression | undefined;
  readonly groupBy: readonly GroupingItem[];
  readonly having: Expression | undefined;
  /** The WINDOW clause. */
  readonly windows: readonly NamedWindow[];
}

/** INTERSECT has been given its precedence over UNION and EXCEPT. Only UNION has ALL. */
export interface SetOperation extends Span, QueryEnd {
  readonly kind: "set";
  readonly operator: "union" | "except" | "intersect";
  readonly all: boolean;
  readonly left: QueryExpression;
  readonly right: QueryExpression;
}

export type QueryExpression = Select | SetOperation;

export type ForClause = Span &
  (
    | {
        readonly kind: "json";
        readonly mode: "auto" | "path";
        /** `ROOT('x')`; ROOT alone is 'root'. */
        readonly root: string | undefined;
        readonly includeNullValues: boolean;
        readonly withoutArrayWrapper: boolean;
      }
    | {
        readonly kind: "xml";
        readonly mode: "raw" | "auto" | "explicit" | "path";
        /** `PATH('row')`; '' leaves the element away. */
        readonly element: string | undefined;
        readonly root: string | undefined;
        /** TYPE: the result is xml, not text. */
        readonly type: boolean;
        /** ELEMENTS, or ELEMENTS XSINIL. */
        readonly elements: "absent" | "xsinil" | undefined;
        readonly binaryBase64: boolean;
      }
  );

export interface CommonTableExpression extends Span {
  readonly name: Identifier;
  /** Empty where the query's own names count. */
  readonly columns: readonly Identifier[];
  readonly query: QueryExpression;
}

export interface SelectStatement extends Span {
  readonly with: readonly CommonTableExpression[];
  readonly query: QueryExpression;
  /** OPTION (MAXRECURSION n); 0 is without limit. */
  readonly maxRecursion: number | undefined;
  /** Things that were read and have no effect here: hints. */
  readonly notes: readonly string[];
}
