import type { Table } from "../metadata/types";
import type { Definitions } from "./definitions";
import { readTags, type Tag } from "./fetch-tags";
import { notJudged } from "./refusal";

/** Operators that compare a lookup by the row it refers to, and not by that row's name. */
const byRow =
  /^(eq|ne|neq|in|not-in|null|not-null|(eq|ne)-(userid|businessid|userteams|useroruserteams|useroruserhierarchy|useroruserhierarchyandteams)|above|eq-or-above|under|eq-or-under|not-under)$/;

/** Elements that name nothing by themselves. */
const plain: ReadonlySet<string> = new Set(["filter", "value"]);

/**
 * @param table whose set the query is sent to
 * @returns properties of the answer whose name is shown only where their row's type is told, and may be shown
 * @throws AppError `forbidden` for what names, joins or sorts by something hidden, and for what this does not understand
 */
export async function judgeFetch(
  definitions: Definitions,
  table: string,
  xml: string,
): Promise<ReadonlySet<string>> {
  const { attributes, inside } = readTags(xml);
  const [entity] = inside;
  if (inside.length !== 1 || entity?.name !== "entity" || attributes.savedqueryid !== undefined)
    throw notJudged("FetchXML of this form");
  if (entity.attributes.name !== table) throw notJudged("FetchXML of another table");
  const judge = new FetchJudge(definitions);
  await judge.learn(entity, undefined);
  judge.judge();
  return judge.nameless;
}

interface Place {
  readonly tag: Tag;
  readonly table: Table;
  /** Of a link; undefined for the root. */
  readonly alias: string | undefined;
  readonly parent: Table | undefined;
}

class FetchJudge {
  readonly nameless = new Set<string>();
  readonly #definitions: Definitions;
  readonly #places: Place[] = [];
  /** Tables by the alias of their link, or by their name where it has none. */
  readonly #byAlias = new Map<string, Table>();
  /** What the values of an aggregate stand for. */
  readonly #byValueAlias = new Map<string, readonly [Table, string]>();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  async learn(tag: Tag, parent: Table | undefined): Promise<void> {
    const { name = "", alias, from } = tag.attributes;
    const table =
      parent === undefined
        ? await this.#definitions.tableAlone(name)
        : await this.#definitions.tableFrom(parent, name, from);
    this.#places.push({ tag, table, alias, parent });
    this.#byAlias.set(alias ?? name, table);
    for (const { name: kind, attributes } of tag.inside) {
      if (kind === "attribute" && attributes.alias !== undefined)
        this.#byValueAlias.set(attributes.alias, [table, attributes.name ?? ""]);
    }
    for (const each of linksIn(tag)) await this.learn(each, table);
  }

  judge(): void {
    for (const place of this.#places) {
      const { from, to } = place.tag.attributes;
      if (place.parent !== undefined) {
        if (from === undefined || to === undefined) throw notJudged("a link without its columns");
        this.#definitions.mustShowColumn(place.table, from);
        this.#definitions.mustShowColumn(place.parent, to);
      }
      for (const each of place.tag.inside) this.#judgeInside(place, each);
    }
  }

  #judgeInside(place: Place, tag: Tag): void {
    const { attributes } = tag;
    switch (tag.name) {
      case "link-entity":
        return;
      case "all-attributes":
        throw notJudged(`a query for all columns of ${place.table.logicalName}`);
      case "attribute":
        this.#judgeAttribute(place, attributes);
        return;
      case "order":
        this.#judgeOrder(place, attributes);
        return;
      case "condition":
        this.#judgeCondition(place, attributes);
        return;
      default:
        if (!plain.has(tag.name)) throw notJudged(`FetchXML with <${tag.name}>`);
        for (const each of tag.inside) this.#judgeInside(place, each);
    }
  }

  #judgeAttribute({ table, alias }: Place, attributes: Tag["attributes"]): void {
    const { name = "", alias: own } = attributes;
    this.#definitions.mustShowColumn(table, name);
    if (this.#definitions.nameless(table, name) === undefined) return;
    this.nameless.add(own ?? (alias === undefined ? `_${name}_value` : `${alias}.${name}`));
  }

  #judgeOrder({ table }: Place, attributes: Tag["attributes"]): void {
    const { attribute, alias, entityname } = attributes;
    const [of, name] =
      attribute === undefined
        ? (this.#byValueAlias.get(alias ?? "") ?? [])
        : [this.#tableOf(table, entityname), attribute];
    if (of === undefined || name === undefined) throw notJudged("an order by nothing known");
    this.#definitions.mustShowColumn(of, name);
    if (this.#definitions.nameless(of, name) !== undefined)
      throw notJudged(`an order by ${name}, whose rows have no names here`);
  }

  #judgeCondition({ table }: Place, attributes: Tag["attributes"]): void {
    const { attribute, entityname, valueof, operator = "" } = attributes;
    const of = this.#tableOf(table, entityname);
    // An outer link is looked for by whether it is there: `<condition entityname="a" attribute="id" operator="null"/>`.
    if (attribute === undefined) throw notJudged("a condition on no column");
    this.#definitions.mustShowColumn(of, attribute);
    if (this.#definitions.nameless(of, attribute) !== undefined && !byRow.test(operator))
      throw notJudged(`a comparison of the names behind ${attribute}`);
    if (valueof === undefined) return;
    const dot = valueof.lastIndexOf(".");
    const other = dot < 0 ? of : this.#tableOf(table, valueof.slice(0, dot));
    this.#definitions.mustShowColumn(other, valueof.slice(dot + 1));
  }

  #tableOf(own: Table, alias: string | undefined): Table {
    if (alias === undefined) return own;
    const table = this.#byAlias.get(alias);
    if (table === undefined) throw notJudged("FetchXML with an unknown alias");
    return table;
  }
}

/** Links stand in an entity, in a link, and in filters ("any", "not any"). */
const linksIn = (tag: Tag): readonly Tag[] =>
  tag.inside.flatMap((each) =>
    each.name === "link-entity" ? [each] : each.name === "filter" ? linksIn(each) : [],
  );
