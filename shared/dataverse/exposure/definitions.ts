import type { Column, Metadata, Table, TableName } from "../metadata/types";
import { notJudged, notShown } from "./refusal";
import type { ExposedView, Shown } from "./view";

/** Whole definitions beside what is shown of them, for whoever judges one request. */
export class Definitions {
  readonly shown: Shown;
  readonly #whole: Metadata;
  readonly #bySet: ReadonlyMap<string, TableName>;

  private constructor(whole: Metadata, shown: Shown, all: readonly TableName[]) {
    this.#whole = whole;
    this.shown = shown;
    this.#bySet = new Map(all.map((table) => [table.setName.toLowerCase(), table]));
  }

  static async read(whole: Metadata, view: ExposedView): Promise<Definitions> {
    const all = await whole.tables();
    return new Definitions(whole, view.of(all), all);
  }

  /** Logical name of the table whose rows stand under that name in addresses. */
  tableOfSet(set: string): string | undefined {
    return this.#bySet.get(set.toLowerCase())?.logicalName;
  }

  /** @throws AppError `forbidden` where it is hidden */
  mustShowTable(name: string): void {
    if (!this.shown.names.has(name.toLowerCase())) throw notShown(`the table ${name}`);
  }

  /**
   * The whole definition of a table that is shown.
   *
   * @throws AppError `forbidden` where it is hidden, or there is none
   */
  async table(name: string): Promise<Table> {
    this.mustShowTable(name);
    const table = await this.#whole.table(name.toLowerCase());
    if (table === undefined) throw notShown(`the table ${name}`);
    return table;
  }

  /**
   * The same of a table whose rows are reached by themselves.
   *
   * @throws AppError `forbidden` also where they are shown with an activity only
   */
  async tableAlone(name: string): Promise<Table> {
    const table = await this.table(name);
    if (this.shown.belongsBy(table.logicalName) !== undefined)
      throw notJudged(`a request for rows of ${table.logicalName} by themselves`);
    return table;
  }

  /**
   * The same of a table whose rows are reached from those of another.
   *
   * @param by the column of the table that refers to them
   * @throws AppError `forbidden` also where that reaches rows of an activity that is hidden
   */
  async tableFrom(parent: Table, name: string, by: string | undefined): Promise<Table> {
    const table = await this.table(name);
    const belongsBy = this.shown.belongsBy(table.logicalName);
    const isOfIt = parent.isActivity && parent.logicalName !== "activitypointer";
    if (belongsBy !== undefined && !(isOfIt && by === belongsBy))
      throw notJudged(`a request for rows of ${table.logicalName} by themselves`);
    return table;
  }

  /** True where all columns of the table are shown, so that a request that names none does no harm. */
  showsAll(table: Table): boolean {
    return this.shown.table(table)?.columns.length === table.columns.length;
  }

  /**
   * @param name a logical name, or `_customerid_value`
   * @throws AppError `forbidden` for a column that is hidden
   */
  mustShowColumn(table: Table, name: string): void {
    const column = plainName(name);
    const isShown = table.columnByName.has(column)
      ? this.shown.table(table)?.columnByName.has(column)
      : this.shown.showsColumn(table.logicalName, column);
    if (!isShown) throw notShown(`the column ${table.logicalName}.${column}`);
  }

  /** The lookup whose rows may be without a name here; undefined for every other column. */
  nameless(table: Table, name: string): Column | undefined {
    const column = table.columnByName.get(plainName(name));
    return column?.targets?.some(this.shown.hidesNames) ? column : undefined;
  }

  /** The lookup that is written by a navigation property. */
  columnOfNavigation(table: Table, property: string): string | undefined {
    return table.columns.find(({ navigation }) =>
      navigation?.some((each) => each.property === property),
    )?.logicalName;
  }

  /**
   * Where a navigation property leads.
   *
   * @throws AppError `forbidden` where that is hidden, or not known
   */
  async follow(table: Table, property: string): Promise<Table> {
    for (const column of table.columns) {
      const to = column.navigation?.find((each) => each.property === property);
      if (to === undefined) continue;
      this.mustShowColumn(table, column.logicalName);
      return this.tableFrom(table, to.target, undefined);
    }
    const many = table.oneToMany.find((each) => each.collectionProperty === property);
    if (many === undefined) throw notJudged(`the relationship ${table.logicalName}.${property}`);
    const target = await this.tableFrom(table, many.referencingTable, many.referencingColumn);
    this.mustShowColumn(target, many.referencingColumn);
    return target;
  }
}

/** `_customerid_value` of the Web API is `customerid`. */
export const plainName = (name: string): string => {
  const lower = name.toLowerCase();
  return lower.startsWith("_") && lower.endsWith("_value")
    ? lower.slice(1, -"_value".length)
    : lower;
};
