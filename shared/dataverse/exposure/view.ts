import { exactTable, nearTables } from "../metadata/near-tables";
import type { Column, Metadata, Table, TableName } from "../metadata/types";

/** Says by names what is shown; see `shared/policy/exposure.ts`. */
export interface ShownNames {
  readonly isWhole: boolean;
  showsTable(table: string, activities: ReadonlySet<string>): boolean;
  showsColumn(
    table: string,
    column: string,
    activities: ReadonlySet<string>,
    base?: string,
  ): boolean;
  belongsBy(table: string, activities: ReadonlySet<string>): string | undefined;
}

/** What is shown of one state of the environment. */
export interface Shown {
  readonly tables: readonly TableName[];
  /** Logical names. */
  readonly names: ReadonlySet<string>;
  /** True where rows of that table have no name here: the table or its name column is hidden, or there is no such table. */
  hidesNames(table: string): boolean;
  /** The column by which rows belong to an activity, where they are shown with one only. */
  belongsBy(table: string): string | undefined;
  /** True also for a table that there is not yet. */
  mayShow(table: string): boolean;
  /** @param base the column that this one is computed from */
  showsColumn(table: string, column: string, base?: string): boolean;
  /** The definition without what is hidden of it; undefined for a hidden table. */
  table(whole: Table): Table | undefined;
}

/** Definitions as far as they are shown. What hangs on them (queries, descriptions, drafts, suggestions) then knows no more. */
export class ExposedView {
  readonly #exposure: ShownNames;
  readonly #states = new WeakMap<readonly TableName[], Shown>();

  constructor(exposure: ShownNames) {
    this.#exposure = exposure;
  }

  /** @param all every table there is; one object as long as they stay the same */
  of(all: readonly TableName[]): Shown {
    const known = this.#states.get(all);
    if (known !== undefined) return known;
    const made = shownOf(this.#exposure, all);
    this.#states.set(all, made);
    return made;
  }

  within(whole: Metadata): Metadata {
    const shown = async () => this.of(await whole.tables());
    const cut = async (table: Table | undefined) =>
      table === undefined ? undefined : (await shown()).table(table);
    return {
      environment: whole.environment,
      tables: async () => (await shown()).tables,
      table: async (name) =>
        (await shown()).names.has(name) ? cut(await whole.table(name)) : undefined,
      async find(name) {
        const { tables } = await shown();
        const exact = exactTable(tables, name);
        const table = exact && (await cut(await whole.table(exact.logicalName)));
        return table ? { table, candidates: [] } : { candidates: nearTables(tables, name) };
      },
      fresh: async (name) => cut(await whole.fresh(name)),
      refresh: () => whole.refresh(),
      catchUp: () => whole.catchUp(),
      lookAgain: () => whole.lookAgain(),
    };
  }
}

function shownOf(exposure: ShownNames, all: readonly TableName[]): Shown {
  const activities = new Set(all.flatMap((table) => (table.isActivity ? [table.logicalName] : [])));
  const byName = new Map(all.map((table) => [table.logicalName, table]));
  const tables = all
    .filter(({ logicalName }) => exposure.showsTable(logicalName, activities))
    .map((table) => ({
      ...withShownName(table, (column) => showsColumn(table.logicalName, column)),
      isPartial: true as const,
    }));
  const names = new Set(tables.map(({ logicalName }) => logicalName));
  const known = new WeakMap<Table, Table>();

  function showsColumn(table: string, column: string, base?: string): boolean {
    return (
      byName.get(table)?.primaryId === column ||
      exposure.showsColumn(table, column, activities, base)
    );
  }
  function hidesNames(table: string): boolean {
    const name = byName.get(table)?.primaryName;
    return !names.has(table) || (name !== undefined && !showsColumn(table, name));
  }
  const shown: Shown = {
    tables,
    names,
    hidesNames,
    belongsBy: (table) => exposure.belongsBy(table, activities),
    mayShow: (table) => exposure.showsTable(table, activities),
    showsColumn,
    table(whole) {
      if (!names.has(whole.logicalName)) return undefined;
      const before = known.get(whole);
      if (before !== undefined) return before;
      const made = cutTable(whole, shown);
      known.set(whole, made);
      return made;
    },
  };
  return shown;
}

const withShownName = <T extends TableName>(table: T, shows: (column: string) => boolean): T =>
  table.primaryName === undefined || shows(table.primaryName)
    ? table
    : { ...table, primaryName: undefined };

/** `amount_base` is the amount in the environment's own currency. */
const baseOf = (column: Column): string | undefined =>
  column.attributeOf ??
  (column.type === "Money" && column.logicalName.endsWith("_base")
    ? column.logicalName.slice(0, -"_base".length)
    : undefined);

/** The name of a lookup's row, as text beside it; its type may be known. */
const isName = (column: Column, of: Column): boolean =>
  column.attributeOf === of.logicalName && column.type === "String";

function cutTable(whole: Table, shown: Shown): Table {
  const { logicalName } = whole;
  const shows = (column: string) => shown.showsColumn(logicalName, column);
  const kept = whole.columns.filter((column) => {
    const base = baseOf(column);
    const own = base === undefined ? column : (whole.columnByName.get(base) ?? column);
    // Without any of its tables a lookup leads nowhere.
    if (own.targets?.length && !own.targets.some((target) => shown.names.has(target))) return false;
    if (own === column) return shows(column.logicalName);
    if (isName(column, own) && own.targets?.some(shown.hidesNames)) return false;
    return shown.showsColumn(logicalName, column.logicalName, base);
  });
  const columns = kept.map((column) => cutLookup(column, shown));
  const columnByName = new Map(columns.map((column) => [column.logicalName, column]));
  return {
    ...withShownName(whole, shows),
    columns,
    columnByName,
    oneToMany: whole.oneToMany.filter(
      ({ referencingTable, referencingColumn }) =>
        shown.names.has(referencingTable) && shown.showsColumn(referencingTable, referencingColumn),
    ),
    keys: whole.keys.filter((key) => key.columns.every((column) => columnByName.has(column))),
  };
}

function cutLookup(column: Column, shown: Shown): Column {
  const { targets, navigation } = column;
  if (targets === undefined || !targets.some(shown.hidesNames)) return column;
  const isShown = (target: string) => shown.names.has(target);
  return {
    ...column,
    targets: targets.filter(isShown),
    ...(navigation && { navigation: navigation.filter(({ target }) => isShown(target)) }),
    isNameless: true,
  };
}
