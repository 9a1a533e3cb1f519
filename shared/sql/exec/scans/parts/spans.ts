import type { FetchCondition, FetchQuery } from "../../../fetchxml/model";
import { and } from "../../../fetchxml/model";
import { guidOfOrder } from "./guid-order";

/** The service returns at most so many groups, and cannot page them. */
export const mostGroups = 5000;

/** Into so many parts one is cut that holds too much: the first time, and again. */
const firstCuts = 8;
const moreCuts = 4;

const second = 1000;

/** Behind the last of all GUIDs in their order. */
const endOfGuids = 1n << 128n;

/** Rows of a query between two values of a column of its root; of all spans together each row lies in one. */
export type Span =
  /** From `from` up to `to`, in milliseconds; undefined where all rows before or behind belong to it. */
  | {
      readonly by: "time";
      readonly low: number;
      readonly high: number;
      readonly isFirst: boolean;
      readonly isLast: boolean;
    }
  | { readonly by: "all" }
  /** Rows without that time. */
  | { readonly by: "none" }
  /** Rows of another span between two ids, by their place in the service's order. */
  | {
      readonly by: "id";
      readonly within: Span;
      readonly low: bigint;
      readonly high: bigint;
      readonly isFirst: boolean;
      readonly isLast: boolean;
    }
  /** Rows with an id in a column between two, by their place in the service's order. */
  | {
      readonly by: "key";
      readonly attribute: string;
      readonly low: bigint;
      readonly high: bigint;
      readonly isFirst: boolean;
      readonly isLast: boolean;
    }
  /** Rows with nothing in such a column. */
  | { readonly by: "no key"; readonly attribute: string };

export type SpanOfKey = Span & { readonly by: "key" };

/** All rows that have a time between these two, and those before and behind, cut evenly. */
export const spansOfTime = (low: number, high: number): readonly Span[] =>
  cutTime({ by: "time", low, high: high + second, isFirst: true, isLast: true }, firstCuts);

export const spansOfIds = (within: Span, low: bigint, high: bigint): readonly Span[] =>
  cutIds({ by: "id", within, low, high: high + 1n, isFirst: true, isLast: true }, firstCuts);

/** All rows that have an id in the column, parted at these places in the service's order, which are in that order. */
export function spansOfKey(attribute: string, borders: readonly bigint[]): readonly SpanOfKey[] {
  return Array.from({ length: borders.length + 1 }, (_, at) => ({
    by: "key",
    attribute,
    low: borders[at - 1] ?? 0n,
    high: borders[at] ?? endOfGuids,
    isFirst: at === 0,
    isLast: at === borders.length,
  }));
}

/** The span in parts; undefined when it cannot be cut by its own column. */
export function cut(span: Span, into = moreCuts): readonly Span[] | undefined {
  if (span.by !== "time" && span.by !== "id") return undefined;
  const parts = span.by === "time" ? cutTime(span, into) : cutIds(span, into);
  return parts.length > 1 ? parts : undefined;
}

/** The span in two, at a place within it. */
export const cutAt = (span: SpanOfKey, place: bigint): readonly SpanOfKey[] => [
  { ...span, high: place, isLast: false },
  { ...span, low: place, isFirst: false },
];

/** How wide a span is, beside others by the same column. */
export const widthOf = (span: Span): number =>
  span.by === "time" || span.by === "id" ? Number(span.high) - Number(span.low) : 0;

function cutTime(span: Span & { by: "time" }, parts: number): readonly Span[] {
  const { low, high } = span;
  const seconds = Math.floor((high - low) / second);
  const count = Math.max(1, Math.min(parts, seconds));
  const border = (at: number) =>
    at === count ? high : low + Math.floor((seconds * at) / count) * second;
  return Array.from({ length: count }, (_, at) => ({
    by: "time",
    low: border(at),
    high: border(at + 1),
    isFirst: span.isFirst && at === 0,
    isLast: span.isLast && at === count - 1,
  }));
}

function cutIds(span: Span & { by: "id" }, parts: number): readonly Span[] {
  const { within, low, high } = span;
  const width = high - low;
  const count = width < BigInt(parts) ? Number(width) || 1 : parts;
  const border = (at: number) => low + (width * BigInt(at)) / BigInt(count);
  return Array.from({ length: count }, (_, at) => ({
    by: "id",
    within,
    low: border(at),
    high: border(at + 1),
    isFirst: span.isFirst && at === 0,
    isLast: span.isLast && at === count - 1,
  }));
}

/** The query for the rows of a span alone. */
export function ofSpan(fetch: FetchQuery, span: Span): FetchQuery {
  const conditions = conditionsOf(fetch, span);
  if (conditions.length === 0) return fetch;
  return {
    ...fetch,
    filter: and(...(fetch.filter?.parts.length ? [fetch.filter] : []), ...conditions),
  };
}

function conditionsOf(fetch: FetchQuery, span: Span): readonly FetchCondition[] {
  const condition = (attribute: string, operator: string, ...values: string[]): FetchCondition => ({
    kind: "condition",
    ref: fetch.ref,
    attribute,
    operator,
    values,
  });
  const { createdOn = "", primaryId } = fetch;
  switch (span.by) {
    case "all":
      return [];
    case "none":
      return [condition(createdOn, "null")];
    case "time": {
      const time = (ms: number) => new Date(ms).toISOString().replace(".000Z", "Z");
      const from = span.isFirst ? [] : [condition(createdOn, "ge", time(span.low))];
      const to = span.isLast ? [] : [condition(createdOn, "lt", time(span.high))];
      // Rows without a time are another span.
      const any = span.isFirst && span.isLast ? [condition(createdOn, "not-null")] : [];
      return [...from, ...to, ...any];
    }
    case "id": {
      const id = (order: bigint) => guidOfOrder(order);
      const from = span.isFirst ? [] : [condition(primaryId, "ge", id(span.low))];
      const to = span.isLast ? [] : [condition(primaryId, "lt", id(span.high))];
      return [...conditionsOf(fetch, span.within), ...from, ...to];
    }
    case "key": {
      const { attribute } = span;
      const from = span.isFirst ? [] : [condition(attribute, "ge", guidOfOrder(span.low))];
      const to = span.isLast ? [] : [condition(attribute, "lt", guidOfOrder(span.high))];
      const any = span.isFirst && span.isLast ? [condition(attribute, "not-null")] : [];
      return [...from, ...to, ...any];
    }
    case "no key":
      return [condition(span.attribute, "null")];
  }
}
