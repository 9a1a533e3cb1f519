import { escapeXml } from "../../text/markup";
import type {
  FetchAggregate,
  FetchCondition,
  FetchExists,
  FetchFilter,
  FetchLink,
  FetchOrder,
  FetchQuery,
} from "./model";

type Attributes = Readonly<Record<string, string | number | undefined>>;

function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join("");
  return children.length === 0
    ? `<${name}${written}/>`
    : `<${name}${written}>${children.join("")}</${name}>`;
}

const operatorsOfMany: ReadonlySet<string> = new Set([
  "in",
  "not-in",
  "contain-values",
  "not-contain-values",
]);

function writeCondition(condition: FetchCondition, owner: string, root: string): string {
  const { ref, attribute, operator, values, other } = condition;
  const many = operatorsOfMany.has(operator);
  return element(
    "condition",
    {
      entityname: ref === owner ? undefined : ref,
      attribute,
      operator,
      value: many || other ? undefined : values[0],
      valueof: other && (other.ref === root ? other.attribute : `${other.ref}.${other.attribute}`),
    },
    many ? values.map((value) => `<value>${escapeXml(value)}</value>`) : [],
  );
}

function writeFilter(filter: FetchFilter, owner: string, root: string): string {
  const parts = filter.parts.map((part) =>
    part.kind === "condition"
      ? writeCondition(part, owner, root)
      : part.kind === "exists"
        ? writeExists(part)
        : writeFilter(part, owner, root),
  );
  return element("filter", { type: filter.type }, parts);
}

/** The link has no alias: nothing outside can name what is not joined. */
const writeExists = ({ table, ref, from, to, type, filter }: FetchExists): string =>
  element(
    "link-entity",
    { name: table, from, to, "link-type": type },
    filter ? [writeFilter(filter, ref, ref)] : [],
  );

function writeAggregate(aggregate: FetchAggregate): string {
  return element("attribute", {
    name: aggregate.attribute,
    alias: aggregate.alias,
    groupby: aggregate.groupBy ? "true" : undefined,
    dategrouping: aggregate.dateGrouping,
    usertimezone: aggregate.dateGrouping && "false",
    aggregate: aggregate.function,
    distinct: aggregate.distinct ? "true" : undefined,
  });
}

/** Stored columns to read from the table of an alias, in order. */
export type AttributesOf = (ref: string) => readonly string[];

function writeOrders(fetch: FetchQuery, attributes: readonly string[]): readonly string[] {
  // Pages of a distinct query are only stable when every returned column is in the order; all other
  // queries get the primary id as the last key, so that pages and cursors see one fixed order.
  const orders = fetch.distinct
    ? attributes.map((attribute): FetchOrder => ({ attribute, descending: false }))
    : [...fetch.orders];
  const isId = ({ ref, attribute }: FetchOrder) =>
    ref === undefined && attribute === fetch.primaryId;
  if (!fetch.distinct && !orders.some(isId))
    orders.push({ attribute: fetch.primaryId, descending: false });
  return orders.map(({ ref, attribute, descending }) =>
    element("order", {
      entityname: ref,
      attribute,
      descending: descending ? "true" : undefined,
    }),
  );
}

const writeGroupOrders = ({ orders }: FetchQuery): readonly string[] =>
  orders.map(({ alias, descending }) =>
    element("order", { alias, descending: descending ? "true" : undefined }),
  );

function writeLink(link: FetchLink, fetch: FetchQuery, attributesOf: AttributesOf): string {
  const attributes = fetch.aggregate ? [] : attributesOf(link.ref);
  const aggregates = (fetch.aggregate ?? []).filter((one) => one.ref === link.ref);
  return element(
    "link-entity",
    { name: link.table, from: link.from, to: link.to, alias: link.ref, "link-type": link.type },
    [
      ...attributes.map((name) => element("attribute", { name })),
      ...aggregates.map(writeAggregate),
      ...(fetch.distinct ? attributes.map((attribute) => element("order", { attribute })) : []),
      ...(link.filter ? [writeFilter(link.filter, link.ref, fetch.ref)] : []),
      ...link.links.map((child) => writeLink(child, fetch, attributesOf)),
    ],
  );
}

/** The one writer of FetchXML: every name and value passes through its escaping. */
export function toFetchXml(fetch: FetchQuery, attributesOf: AttributesOf): string {
  const own = attributesOf(fetch.ref);
  // Without any attribute the service would return all of them.
  const names = own.includes(fetch.primaryId) || fetch.distinct ? own : [fetch.primaryId, ...own];
  const aggregates = (fetch.aggregate ?? []).filter((one) => one.ref === fetch.ref);
  const entity = element("entity", { name: fetch.table }, [
    ...(fetch.aggregate ? aggregates.map(writeAggregate) : []),
    ...(fetch.aggregate ? [] : names.map((name) => element("attribute", { name }))),
    ...(fetch.aggregate ? writeGroupOrders(fetch) : writeOrders(fetch, own)),
    ...(fetch.filter ? [writeFilter(fetch.filter, fetch.ref, fetch.ref)] : []),
    ...fetch.links.map((link) => writeLink(link, fetch, attributesOf)),
  ]);
  return element(
    "fetch",
    {
      top: fetch.top,
      count: fetch.page?.size,
      page: fetch.page?.number,
      distinct: fetch.distinct ? "true" : undefined,
      aggregate: fetch.aggregate ? "true" : undefined,
    },
    [entity],
  );
}
