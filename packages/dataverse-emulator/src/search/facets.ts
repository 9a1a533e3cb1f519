import type { AttributeDefinition, Principal, SqlValue, World } from "../model";
import { isStored, quote } from "../store";
import { invalid } from "./request";
import { countOf, demandColumn, type Part } from "./run";

export interface FacetResult {
  readonly Type: "Value" | "Range";
  readonly Value: unknown;
  readonly OptionalValue: unknown;
  readonly From: unknown;
  readonly To: unknown;
  readonly Count: number;
}

interface Facet {
  readonly key: string;
  readonly table: string | undefined;
  readonly column: string;
  readonly count: number;
  readonly sort: string;
  readonly values: readonly string[] | undefined;
  readonly interval: string | undefined;
}

const intervals: Readonly<Record<string, string>> = {
  minute: "%Y-%m-%dT%H:%M:00Z",
  hour: "%Y-%m-%dT%H:00:00Z",
  day: "%Y-%m-%dT00:00:00Z",
  month: "%Y-%m-01T00:00:00Z",
  year: "%Y-01-01T00:00:00Z",
};

function readFacet(text: string): Facet {
  const [name = "", ...parameters] = text.split(",").map((part) => part.trim());
  const [, table, column] = /^(?:(\w+)[:.])?(@?[\w.]+)$/.exec(name) ?? [];
  if (column === undefined) throw invalid(`'${text}' is no facet.`);
  const given = new Map<string, string>();
  for (const parameter of parameters) {
    const at = parameter.indexOf(":");
    const key = parameter.slice(0, Math.max(at, 0));
    if (!["count", "sort", "values", "interval", "timeoffset"].includes(key)) {
      throw invalid(`'${parameter}' is no parameter of a facet.`);
    }
    given.set(key, parameter.slice(at + 1));
  }
  const count = Number(given.get("count") ?? 10);
  const sort = given.get("sort") ?? "count";
  if (!Number.isInteger(count) || count < 1) throw invalid(`'${text}': count is no whole number.`);
  if (!["count", "-count", "value", "-value"].includes(sort)) {
    throw invalid(`'${text}': sort is count, -count, value or -value.`);
  }
  const values = given.get("values")?.split("|");
  const interval = given.get("interval");
  if (values !== undefined && interval !== undefined) {
    throw invalid(`'${text}': values and interval cannot be combined.`);
  }
  return {
    key: name,
    table: table?.toLowerCase(),
    column: column.toLowerCase(),
    count,
    sort,
    values,
    interval,
  };
}

const isTableName = (column: string) => column === "entityname" || column === "@search.entityname";

function attributeOf({ scope }: Part, { column }: Facet): AttributeDefinition | undefined {
  const attribute = scope.entity.attribute(column);
  return attribute !== undefined && isStored(attribute) ? attribute : undefined;
}

function valueSql(attribute: AttributeDefinition, { interval }: Facet): string {
  const column = `t.${quote(attribute.logicalName)}`;
  if (interval === undefined) return column;
  if (attribute.type === "DateTime") {
    if (interval === "quarter") {
      return `strftime('%Y-', ${column}) || printf('%02d', (CAST(strftime('%m', ${column}) AS INTEGER) - 1) / 3 * 3 + 1) || '-01T00:00:00Z'`;
    }
    if (interval === "week")
      return `strftime('%Y-%m-%dT00:00:00Z', ${column}, '-6 days', 'weekday 0')`;
    const format = intervals[interval];
    if (format !== undefined) return `strftime('${format}', ${column})`;
  } else if (/^[1-9]\d{0,8}$/.test(interval)) {
    return `CAST(${column} / ${interval} AS INTEGER) * ${interval}`;
  }
  throw invalid(`'${interval}' is no interval of '${attribute.logicalName}'.`);
}

interface Bucket {
  readonly value: SqlValue;
  readonly shown: string | undefined;
  count: number;
}

function addValues(world: World, part: Part, facet: Facet, buckets: Map<string, Bucket>): void {
  const attribute = attributeOf(part, facet);
  if (attribute === undefined) return;
  const sql = valueSql(attribute, facet);
  const rows = world.db
    .prepare(
      `SELECT v, count(*) AS n FROM (SELECT ${sql} AS v ${part.sql}) WHERE v IS NOT NULL GROUP BY v`,
    )
    .all(...part.parameters);
  const isLookup = ["Lookup", "Customer", "Owner"].includes(attribute.type);
  for (const row of rows) {
    const value = row.v ?? null;
    const key = String(value);
    const known = buckets.get(key);
    if (known !== undefined) known.count += Number(row.n);
    else {
      const shown = isLookup
        ? nameOf(world, attribute, String(value))
        : world.records.formatted(part.scope.entity.logicalName, attribute.logicalName, {
            [attribute.logicalName]: value,
          });
      const hasLabel = isLookup || (attribute.options ?? []).length > 0;
      buckets.set(key, { value, shown: hasLabel ? shown : undefined, count: Number(row.n) });
    }
  }
}

function nameOf(world: World, attribute: AttributeDefinition, id: string): string | undefined {
  for (const target of attribute.targets ?? []) {
    const entity = world.catalog.byName(target);
    const name = entity?.attribute(entity.primaryNameAttribute ?? "");
    if (entity === undefined || name === undefined || !isStored(name)) continue;
    const found = world.records.read(target, id)?.[name.logicalName];
    if (typeof found === "string") return found;
  }
  return undefined;
}

function ranges(world: World, parts: readonly Part[], facet: Facet): FacetResult[] {
  const edges = (facet.values ?? []).map((text) => {
    const number = Number(text);
    if (!Number.isNaN(number)) return number;
    const time = new Date(/[zZ]|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);
    if (Number.isNaN(time.getTime())) throw invalid(`'${text}' is neither a number nor a date.`);
    return `${time.toISOString().slice(0, 19)}Z`;
  });
  const bounds = [null, ...edges, null];
  return bounds.slice(0, -1).map((from, index) => {
    const to = bounds[index + 1] ?? null;
    let count = 0;
    for (const part of parts) {
      if (attributeOf(part, facet) === undefined) continue;
      const column = `t.${quote(facet.column)}`;
      const limits = [
        ...(from === null ? [] : [`${column} >= ?`]),
        ...(to === null ? [] : [`${column} < ?`]),
        `${column} IS NOT NULL`,
      ];
      count += countOf(world, {
        ...part,
        sql: `${part.sql} AND ${limits.join(" AND ")}`,
        parameters: [...part.parameters, ...[from, to].filter((edge) => edge !== null)],
      });
    }
    return { Type: "Range", Value: from, OptionalValue: null, From: from, To: to, Count: count };
  });
}

/** Counts over everything that was found, page or not. */
export function facetsOf(
  world: World,
  principal: Principal,
  parts: readonly Part[],
  facets: readonly string[],
): Record<string, FacetResult[]> {
  return Object.fromEntries(
    facets.map((text) => {
      const facet = readFacet(text);
      const own = parts.filter(
        ({ scope }) => facet.table === undefined || scope.entity.logicalName === facet.table,
      );
      for (const { scope } of own) demandColumn(world, principal, scope, facet.column);
      if (facet.values !== undefined) return [facet.key, ranges(world, own, facet)];
      const buckets = isTableName(facet.column) ? tables(world, own) : values(world, own, facet);
      return [facet.key, sorted([...buckets.values()], facet)];
    }),
  );
}

function tables(world: World, parts: readonly Part[]): Map<string, Bucket> {
  const buckets = new Map<string, Bucket>();
  for (const part of parts) {
    const count = countOf(world, part);
    const table = part.scope.entity.logicalName;
    if (count > 0) buckets.set(table, { value: table, shown: undefined, count });
  }
  return buckets;
}

function values(world: World, parts: readonly Part[], facet: Facet): Map<string, Bucket> {
  if (parts.length > 0 && parts.every((part) => attributeOf(part, facet) === undefined))
    throw invalid(`No table that is searched has the column '${facet.column}' (facets).`);
  const buckets = new Map<string, Bucket>();
  for (const part of parts) addValues(world, part, facet, buckets);
  return buckets;
}

function sorted(buckets: Bucket[], { sort, count }: Facet): FacetResult[] {
  const byValue = (a: Bucket, b: Bucket) =>
    a.value === b.value ? 0 : (a.value ?? "") < (b.value ?? "") ? -1 : 1;
  const sign = sort.startsWith("-") ? -1 : 1;
  buckets.sort((a, b) =>
    sort.endsWith("value") ? sign * byValue(a, b) : sign * (b.count - a.count) || byValue(a, b),
  );
  return buckets.slice(0, count).map(({ value, shown, count: number }) => ({
    Type: "Value",
    Value: value,
    OptionalValue: shown ?? null,
    From: null,
    To: null,
    Count: number,
  }));
}
