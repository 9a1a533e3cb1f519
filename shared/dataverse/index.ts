import type { Expected } from "./expected";
import type { Metadata } from "./metadata/types";
import type { DataverseRequest, DataverseResponse } from "./request";

export type { Expected } from "./expected";
export type * from "./metadata/types";
export type * from "./request";

/** One row as the Web API gives it: `title`, `_customerid_value`, annotations as `x@OData.Community…`. */
export type Row = Readonly<Record<string, unknown>>;

/** A change that is made together with others. */
export type Write =
  | {
      readonly kind: "update";
      readonly table: string;
      readonly id: string;
      readonly body: Row;
      /** Version that is changed; any unless told. */
      readonly etag?: string;
    }
  | { readonly kind: "create"; readonly table: string; readonly id: string; readonly body: Row };

/** What a tool says of changes that do not say it themselves. */
export interface Announced {
  readonly label: "columns" | "table";
  readonly values: readonly string[];
}

/** Asked before every write. It throws to prevent it. */
export interface WriteDoor {
  admit(
    dataverse: Dataverse,
    requests: readonly DataverseRequest[],
    more?: readonly Announced[],
  ): Promise<void>;
}

/** How long one request may take. */
export interface Within {
  /** Milliseconds, its tries and waits included; what is left of the call unless told. Then AppError `timeout`. */
  readonly withinMs?: number | undefined;
}

export interface ReadOptions extends Within {
  readonly select?: readonly string[];
  /** Of `select`: what is left out where this deployment keeps the column back; the rest is refused there. */
  readonly optional?: readonly string[];
  readonly expand?: string;
  /** Adds FormattedValue and lookup annotations. */
  readonly annotations?: boolean;
}

export interface QueryOptions extends ReadOptions {
  /** OData text; write values with `literal()` of `./odata-literal`. */
  readonly filter?: string;
  readonly orderby?: string;
  readonly top?: number;
  readonly count?: boolean;
}

/** `FormattedValue` of each value; the table that each lookup refers to. */
export type FetchAnnotation = "formattedValue" | "lookupTable";

export interface FetchPage {
  readonly rows: readonly Row[];
  /** True when Dataverse says there are more rows behind this page. */
  readonly more: boolean;
}

/** The only way out to Dataverse, as one person: every call carries that person's `CallerObjectId`. */
export interface Dataverse {
  readonly metadata: Metadata;
  /** Requests that this call may make yet, for whoever can do less in place of being refused. */
  readonly requestsLeft: number;
  /** Something was changed, or may have been: a write was carried out, is under way, or ended in a way that leaves it open. */
  readonly mayHaveChanged: boolean;
  /** The person's ids in Dataverse. Read once per instance of this object. */
  whoAmI(): Promise<{ userId: string; businessUnitId: string; organizationId: string }>;
  /**
   * Any request. Throws AppError, with what is known of it in `request`, for every answer but the expected one; the body of a
   * refusal goes to `cause`.
   */
  send(request: DataverseRequest): Promise<DataverseResponse>;
  /** One row, or undefined on 404. `@odata.etag` is in the row. */
  retrieve(table: string, id: string, options?: ReadOptions): Promise<Row | undefined>;
  /** One page of at most `top` (default 50) rows. */
  query(
    table: string,
    options: QueryOptions,
  ): Promise<{ rows: readonly Row[]; count?: number; more: boolean }>;
  /**
   * Pages of a FetchXML query; stops on a repeated paging cookie. `count`/`page` are set by the client unless `top` or aggregate
   * is used. A page that is too large to be read is asked for again in smaller parts.
   */
  fetchXml(
    table: string,
    fetchXml: string,
    options?: {
      pageSize?: number;
      /** Asked before each page but the first; the same size when left out. */
      nextPageSize?: (() => number) | undefined;
      /** All of them when left out. */
      annotations?: readonly FetchAnnotation[];
      signal?: AbortSignal;
    },
  ): AsyncIterable<FetchPage>;
  /**
   * Creates with a GUID of our own and `If-None-Match: *`, so that a repeat cannot make a second row. AppError `conflict` where the
   * id is taken: after a lost try perhaps by this very row (`request.outcome` is then `notKnown`). `body` is Web API JSON (with
   * `@odata.bind`).
   */
  create(table: string, body: Row, options?: { id?: string } & Within): Promise<{ id: string }>;
  /**
   * Changes an existing row only (`If-Match: *` or the etag given; a stale one is AppError `conflict`). Without an etag it is not
   * sent again after a lost try: it would undo what somebody else wrote meanwhile.
   */
  update(table: string, id: string, body: Row, options?: { etag?: string } & Within): Promise<void>;
  delete(table: string, id: string, options?: { etag?: string } & Within): Promise<void>;
  /** Makes all changes or, when one is refused, none. Throws what refused; a stale etag is AppError `conflict`. */
  together(writes: readonly Write[], options?: Within): Promise<void>;
  /**
   * POST of an action, bound (`emails(id)/Microsoft.Dynamics.CRM.SendEmail`) or not. Where it changes something it is never
   * re-sent except on 429.
   */
  action(path: string, body: unknown, expects: Expected, options?: Within): Promise<unknown>;
  /**
   * Says what is about to be changed, before the first of several changes: where somebody's yes is missing for one of them, none
   * is made.
   */
  announce(requests: readonly DataverseRequest[], more?: readonly Announced[]): Promise<void>;
  /**
   * Before the first of several changes, so that none is begun that cannot be ended.
   *
   * @param what the changes, in words: `POST Attributes`
   * @throws AppError `invalid` when the call may not make so many requests more
   */
  demand(what: string, requests: number): void;
}
