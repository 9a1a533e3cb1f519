import { SaxesParser } from "saxes";
import type { Source, SourceCell, SourceRequest, SourceValue } from "../../../../shared/sql";
import { data, me, nameOfRow, type SampleRow, tableOfId, tables } from "./sample";

interface Element {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  text: string;
}

function parseXml(xml: string): Element {
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const stack = [root];
  const parser = new SaxesParser();
  parser.on("opentag", ({ name, attributes }) => {
    const element = {
      name,
      attributes: { ...attributes } as Record<string, string>,
      children: [],
      text: "",
    };
    stack.at(-1)!.children.push(element);
    stack.push(element);
  });
  parser.on("text", (text) => {
    stack.at(-1)!.text += text;
  });
  parser.on("closetag", () => {
    stack.pop();
  });
  parser.write(xml).close();
  return root.children[0]!;
}

/** One row of every table in the query, by alias ("" is the root). */
type Joined = Readonly<Record<string, SampleRow | undefined>>;

const fold = (text: string) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ +$/, "");
const columnOf = (table: string, name: string) =>
  tables.find((one) => one.name === table)!.columns.find((one) => one.name === name);
const codeOfTable = (name: string): number => tables.find((one) => one.name === name)!.typeCode!;
const labelOf = (table: string, name: string, value: SourceValue): SourceValue => {
  if (value === null) return null;
  const column = columnOf(table, name)!;
  if (column.type === "lookup") return nameOfRow(String(value));
  const label = (one: unknown) =>
    column.options?.find((option) => option.value === Number(one))?.label ?? null;
  return column.type === "choices" ? String(value).split(",").map(label).join("; ") : label(value);
};

/** GUIDs as SQL Server sorts them; the sample's differ in the last group only. */
const comparable = (value: Exclude<SourceValue, null>): string | number =>
  typeof value === "string"
    ? /^[0-9a-f]{8}-/.test(value)
      ? value.slice(24) + value
      : fold(value)
    : Number(value);

function compare(a: SourceValue, b: SourceValue): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  const [x, y] = [comparable(a), comparable(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function likeToRegExp(pattern: string): RegExp {
  const parts =
    fold(`${pattern}.`)
      .slice(0, -1)
      .match(/\[\^?.[^\]]*\]|[\s\S]/gu) ?? [];
  const source = parts.map((part) => {
    if (part === "%") return "[\\s\\S]*";
    if (part === "_") return "[\\s\\S]";
    if (part.length > 2 && part.startsWith("["))
      return part.replace(
        /^\[(\^?)(.*)\]$/u,
        (_, not, set) => `[${not}${set.replace(/[[\]\\]/g, "\\$&")}]`,
      );
    return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${source.join("")}$`, "u");
}

class Query {
  readonly #fetch: Element;
  readonly #entity: Element;
  readonly #tableOf = new Map<string, string>();

  readonly #aggregateRows: number;

  constructor(xml: string, aggregateRows = Number.POSITIVE_INFINITY) {
    this.#aggregateRows = aggregateRows;
    this.#fetch = parseXml(xml);
    this.#entity = this.#fetch.children[0]!;
  }

  #read(row: Joined, alias: string, name: string): SourceValue {
    const table = this.#tableOf.get(alias)!;
    const column = columnOf(table, name);
    if (!column)
      throw new Error(`'${table}' entity doesn't contain attribute with Name = '${name}'`);
    const value = row[alias]?.[column.base] ?? null;
    if (column.part === "type")
      return value === null ? null : codeOfTable(tableOfId(String(value)));
    return column.part === "name" ? labelOf(table, column.base, value) : value;
  }

  #condition(node: Element, owner: string, row: Joined): boolean {
    const { attribute = "", operator = "", value, valueof, entityname } = node.attributes;
    const alias = entityname ?? owner;
    if (!this.#tableOf.has(alias)) throw new Error(`No alias ${alias}`);
    const found = this.#read(row, alias, attribute);
    const [before = "", behind] = (valueof ?? "").split(".");
    const other =
      valueof === undefined
        ? undefined
        : behind === undefined
          ? this.#read(row, owner, before)
          : this.#read(row, before, behind);
    const parse = (text: string): SourceValue => {
      if (typeof found === "boolean") return text === "1";
      if (typeof found !== "number") return text;
      return /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number(text);
    };
    const wanted: SourceValue =
      other !== undefined ? other : value === undefined ? null : parse(value);
    if (operator === "null") return found === null;
    if (operator === "not-null") return found !== null;
    // The service's own logic: "not" operators let NULL pass.
    if (found === null)
      return ["ne", "not-like", "ne-userid", "not-in", "not-contain-values"].includes(operator);
    const order = compare(found, wanted);
    switch (operator) {
      case "eq":
        return wanted !== null && order === 0;
      case "ne":
        return wanted === null || order !== 0;
      case "lt":
        return wanted !== null && order < 0;
      case "le":
        return wanted !== null && order <= 0;
      case "gt":
        return wanted !== null && order > 0;
      case "ge":
        return wanted !== null && order >= 0;
      case "in":
        return node.children.some((one) => compare(found, parse(one.text)) === 0);
      case "not-in":
        return !node.children.some((one) => compare(found, parse(one.text)) === 0);
      case "contain-values":
      case "not-contain-values": {
        const held = String(found).split(",");
        const holds = node.children.some((one) => held.includes(one.text));
        return holds === (operator === "contain-values");
      }
      case "like":
        return likeToRegExp(String(value)).test(fold(`${found}.`).slice(0, -1));
      case "not-like":
        return !likeToRegExp(String(value)).test(fold(`${found}.`).slice(0, -1));
      case "eq-userid":
        return found === me;
      case "ne-userid":
        return found !== me;
      default:
        throw new Error(`Operator ${operator}`);
    }
  }

  #filter(node: Element, owner: string, row: Joined): boolean {
    const test = (child: Element) => {
      if (child.name === "link-entity") return this.#exists(child, owner, row);
      return child.name === "filter"
        ? this.#filter(child, owner, row)
        : this.#condition(child, owner, row);
    };
    return node.attributes.type === "or" ? node.children.some(test) : node.children.every(test);
  }

  #filters(node: Element, owner: string, row: Joined): boolean {
    return node.children
      .filter((one) => one.name === "filter")
      .every((one) => this.#filter(one, owner, row));
  }

  /** `any` and `not any` inside a filter. */
  #exists(node: Element, owner: string, row: Joined): boolean {
    const { name = "", from = "", to = "", "link-type": type } = node.attributes;
    if (type !== "any" && type !== "not any") throw new Error(`link-type ${type} in a filter`);
    const alias = `in a filter: ${name}`;
    this.#tableOf.set(alias, name);
    const key = this.#read(row, owner, to);
    const found = (data[name] ?? []).some(
      (other) =>
        key !== null &&
        compare(other[from] ?? null, key) === 0 &&
        this.#filters(node, alias, { ...row, [alias]: other }),
    );
    return found === (type === "any");
  }

  /** Each row with the rows of one link and of those below it. */
  #link(node: Element, parent: string, rows: readonly Joined[]): Joined[] {
    const { name = "", alias = "", from = "", to = "" } = node.attributes;
    this.#tableOf.set(alias, name);
    const outer = node.attributes["link-type"] === "outer";
    return rows.flatMap((row) => {
      const key = this.#read(row, parent, to);
      const matches = (data[name] ?? [])
        .filter((other) => key !== null && compare(other[from] ?? null, key) === 0)
        .map((other) => ({ ...row, [alias]: other }))
        .filter((both) => this.#filters(node, alias, both));
      const below = this.#links(node, alias, matches);
      if (matches.length === 0)
        for (const one of this.#nested(node))
          this.#tableOf.set(one.attributes.alias!, one.attributes.name!);
      return outer && below.length === 0 ? [row] : below;
    });
  }

  #nested(node: Element): Element[] {
    return node.children
      .filter((one) => one.name === "link-entity")
      .flatMap((one) => [one, ...this.#nested(one)]);
  }

  #links(node: Element, alias: string, rows: Joined[]): Joined[] {
    return node.children
      .filter((one) => one.name === "link-entity")
      .reduce((all, one) => this.#link(one, alias, all), rows);
  }

  #sort(rows: Joined[]): Joined[] {
    const orders: { alias: string; attribute: string; sign: number }[] = [];
    const gather = (node: Element, alias: string) => {
      for (const one of node.children) {
        if (one.name === "order")
          orders.push({
            alias: one.attributes.entityname ?? alias,
            attribute: one.attributes.attribute!,
            sign: one.attributes.descending === "true" ? -1 : 1,
          });
      }
      for (const one of node.children)
        if (one.name === "link-entity") gather(one, one.attributes.alias!);
    };
    gather(this.#entity, "");
    const key = (row: Joined, alias: string, attribute: string): SourceValue => {
      const value = this.#read(row, alias, attribute);
      const column = columnOf(this.#tableOf.get(alias)!, attribute)!;
      // Choices, yes/no and lookups sort by what people see.
      const byLabel =
        ["choice", "boolean", "lookup"].includes(column.type) && column.part === "value";
      return byLabel ? labelOf(this.#tableOf.get(alias)!, attribute, value) : value;
    };
    return [...rows].sort((a, b) => {
      for (const { alias, attribute, sign } of orders) {
        const order = compare(key(a, alias, attribute), key(b, alias, attribute)) * sign;
        if (order !== 0) return order;
      }
      return 0;
    });
  }

  #attributes(
    node: Element,
    alias: string,
  ): { alias: string; attributes: Record<string, string> }[] {
    return node.children.flatMap((one) => {
      if (one.name === "attribute") return [{ alias, attributes: one.attributes }];
      return one.name === "link-entity" ? this.#attributes(one, one.attributes.alias!) : [];
    });
  }

  #cell(row: Joined, cell: SourceCell): SourceValue {
    const alias = cell.link ?? "";
    const wanted = this.#attributes(this.#entity, "").some(
      (one) => one.alias === alias && one.attributes.name === cell.name,
    );
    if (!wanted) throw new Error(`${alias}.${cell.name} was not asked for`);
    const value = this.#read(row, alias, cell.name);
    return part(this.#tableOf.get(alias)!, cell.name, value, cell);
  }

  run(cells: readonly SourceCell[]): SourceValue[][] {
    const root = this.#entity.attributes.name!;
    this.#tableOf.set("", root);
    const all: Joined[] = (data[root] ?? []).map((row) => ({ "": row }));
    const joined = this.#links(this.#entity, "", all).filter((row) =>
      this.#filters(this.#entity, "", row),
    );
    if (this.#fetch.attributes.aggregate === "true" && joined.length > this.#aggregateRows)
      throw new Error("0x8004E023");
    if (this.#fetch.attributes.aggregate === "true") return this.#aggregate(joined, cells);
    let rows = this.#sort(joined);
    if (this.#fetch.attributes.distinct === "true") {
      const seen = new Set<string>();
      const names = this.#attributes(this.#entity, "");
      rows = rows.filter((row) => {
        const key = JSON.stringify(
          names.map((one) => {
            const value = this.#read(row, one.alias, one.attributes.name!);
            return typeof value === "string" ? fold(value) : value;
          }),
        );
        return !seen.has(key) && seen.add(key);
      });
    }
    const { top, count, page = "1" } = this.#fetch.attributes;
    const from = (Number(page) - 1) * Number(count ?? 0);
    const most = top ?? count;
    return rows
      .slice(from, most === undefined ? undefined : from + Number(most))
      .map((row) => cells.map((cell) => this.#cell(row, cell)));
  }

  #aggregate(rows: readonly Joined[], cells: readonly SourceCell[]): SourceValue[][] {
    const attributes = this.#attributes(this.#entity, "");
    const keys = attributes.filter((one) => one.attributes.groupby === "true");
    const groups = new Map<string, Joined[]>();
    if (keys.length === 0) groups.set("[]", []);
    for (const row of rows) {
      const values = keys.map((one) => {
        const value = this.#read(row, one.alias, one.attributes.name!);
        const { dategrouping } = one.attributes;
        return dategrouping ? datePart(dategrouping, value) : value;
      });
      const key = JSON.stringify(
        values.map((value) => (typeof value === "string" ? fold(value) : value)),
      );
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    return this.#sortGroups([...groups.values()]).map((members) =>
      cells.map((cell) => {
        const value = this.#ofGroup(members, cell.name);
        const { alias, attributes: of } = this.#aliased(cell.name);
        return of.groupby && !of.dategrouping
          ? part(this.#tableOf.get(alias)!, of.name!, value, cell)
          : value;
      }),
    );
  }

  #aliased(name: string): { alias: string; attributes: Record<string, string> } {
    const found = this.#attributes(this.#entity, "").find((one) => one.attributes.alias === name);
    if (!found) throw new Error(`No alias ${name}`);
    return found;
  }

  #ofGroup(members: readonly Joined[], aliasOfValue: string): SourceValue {
    const { alias, attributes } = this.#aliased(aliasOfValue);
    const { name = "", groupby, aggregate, distinct, dategrouping } = attributes;
    if (dategrouping) return datePart(dategrouping, this.#read(members[0]!, alias, name));
    if (groupby) return this.#read(members[0]!, alias, name);
    const values = members.map((row) => this.#read(row, alias, name)).filter((one) => one !== null);
    const used = distinct
      ? [...new Map(values.map((one) => [comparable(one), one])).values()]
      : values;
    return measure(aggregate!, used, members.length);
  }

  /** The service does not sort downwards by what groups are of. */
  #sortGroups(groups: Joined[][]): Joined[][] {
    const orders = this.#entity.children.filter(({ name }) => name === "order");
    return groups.sort((a, b) => {
      for (const { attributes } of orders) {
        const [one, other] = [a, b].map((members) => this.#ofGroup(members, attributes.alias!));
        const isGroup = this.#aliased(attributes.alias!).attributes.groupby === "true";
        const order = compare(one ?? null, other ?? null);
        if (order !== 0) return attributes.descending === "true" && !isGroup ? -order : order;
      }
      return 0;
    });
  }
}

function datePart(part: string, value: SourceValue): SourceValue {
  if (value === null) return null;
  const date = new Date(Number(value));
  if (part === "year") return date.getUTCFullYear();
  if (part === "quarter") return Math.floor(date.getUTCMonth() / 3) + 1;
  return part === "month" ? date.getUTCMonth() + 1 : date.getUTCDate();
}

function measure(
  name: string,
  values: readonly Exclude<SourceValue, null>[],
  rows: number,
): SourceValue {
  const sorted = [...values].sort(compare);
  if (name === "count") return rows;
  if (name === "countcolumn") return values.length;
  if (name === "min") return sorted[0] ?? null;
  if (name === "max") return sorted.at(-1) ?? null;
  // The service answers 0, not NULL, for a sum over nothing.
  return Number(values.reduce<number>((sum, one) => sum + Number(one), 0).toFixed(10));
}

function part(table: string, name: string, value: SourceValue, cell: SourceCell): SourceValue {
  if (cell.part === "label" || cell.part === "name") return labelOf(table, name, value);
  if (cell.part === "type") return value === null ? null : tableOfId(String(value));
  return value;
}

export interface MemorySource extends Source {
  readonly requests: SourceRequest[];
}

/** Runs FetchXML over the sample with the service's habits: `ne` passes NULL, choices sort by label, SUM of nothing is 0. */
export function memorySource(
  options: { pageRows?: number; aggregateLimit?: boolean; aggregateRows?: number } = {},
): MemorySource {
  const requests: SourceRequest[] = [];
  return {
    requests,
    async *scan(request) {
      requests.push(request);
      if (options.aggregateLimit && request.fetchXml.includes('aggregate="true"'))
        throw new Error("0x8004E023");
      const rows = new Query(request.fetchXml, options.aggregateRows).run(request.cells);
      const size = Math.min(options.pageRows ?? 5000, request.pageSize);
      let at = 0;
      do {
        yield { rows: rows.slice(at, at + size), more: at + size < rows.length };
        at += size;
      } while (at < rows.length);
    },
    currentUserId: () => Promise.resolve(me),
    isAggregateLimit: (error) => error instanceof Error && error.message === "0x8004E023",
  };
}
