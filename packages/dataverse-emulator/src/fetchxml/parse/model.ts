import type { Position } from "./refuse";

/** A FetchXML query as a tree of checked words; names of tables and columns are still unchecked. */
export interface Fetch {
  readonly aggregate: boolean;
  readonly distinct: boolean;
  readonly top: number | undefined;
  readonly count: number | undefined;
  /** From 1; undefined when the query does not say. */
  readonly page: number | undefined;
  readonly pagingCookie: string | undefined;
  readonly returnTotalRecordCount: boolean;
  readonly aggregateLimit: number | undefined;
  /** Sort choices by value instead of label. */
  readonly useRawOrderBy: boolean;
  /** Rows of long-term retention are asked for, of which there are none. */
  readonly isRetained: boolean;
  readonly minActiveRowVersion: boolean;
  readonly entity: EntityNode;
}

export interface EntityNode {
  readonly name: string;
  readonly allAttributes: boolean;
  readonly attributes: readonly AttributeNode[];
  readonly orders: readonly OrderNode[];
  readonly filters: readonly FilterNode[];
  readonly links: readonly LinkNode[];
  readonly at: Position;
}

export type LinkType =
  | "inner"
  | "outer"
  | "exists"
  | "in"
  | "matchfirstrowusingcrossapply"
  | "any"
  | "not any"
  | "all"
  | "not all";

export interface LinkNode extends EntityNode {
  readonly kind: "link";
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly alias: string | undefined;
  readonly linkType: LinkType;
}

export type Aggregate = "avg" | "count" | "countcolumn" | "max" | "min" | "sum";

export type DateGrouping =
  | "day"
  | "week"
  | "month"
  | "quarter"
  | "year"
  | "fiscal-period"
  | "fiscal-year";

export interface AttributeNode {
  readonly name: string;
  readonly alias: string | undefined;
  readonly aggregate: Aggregate | undefined;
  readonly groupBy: boolean;
  readonly dateGrouping: DateGrouping | undefined;
  readonly distinct: boolean;
  /** `rowaggregate="CountChildren"` */
  readonly countChildren: boolean;
  readonly at: Position;
}

export interface OrderNode {
  readonly attribute: string | undefined;
  readonly alias: string | undefined;
  readonly entityName: string | undefined;
  readonly descending: boolean;
  readonly at: Position;
}

export interface FilterNode {
  readonly kind: "filter";
  readonly type: "and" | "or";
  readonly parts: readonly (FilterNode | ConditionNode | LinkNode)[];
}

export interface ConditionNode {
  readonly kind: "condition";
  readonly attribute: string;
  readonly operator: string;
  readonly entityName: string | undefined;
  readonly values: readonly string[];
  readonly valueOf: string | undefined;
  readonly at: Position;
}
