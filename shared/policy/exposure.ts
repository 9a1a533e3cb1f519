/**
 * What of the environment an endpoint shows at all, whoever asks. Names are logical names in lower case; a column is written
 * `contact.birthdate`, or `*.birthdate` for that column of every table.
 */
export interface ExposureLists {
  /** Tables that are shown, and no other; empty shows all. */
  readonly shownTables: readonly string[];
  readonly hiddenTables: readonly string[];
  /** Of a table that is named here, these columns are shown, and no other. */
  readonly shownColumns: readonly string[];
  readonly hiddenColumns: readonly string[];
}

/** Nothing is kept back. */
export const everything: ExposureLists = {
  shownTables: [],
  hiddenTables: [],
  shownColumns: [],
  hiddenColumns: [],
};

/** Decides by names alone. What follows from definitions (shadows of a column, names of rows) is worked out where those are. */
export interface Exposure {
  /** True where nothing is kept back. */
  readonly isWhole: boolean;
  /** @param activities logical names of the tables whose rows are activities */
  showsTable(table: string, activities: ReadonlySet<string>): boolean;
  /**
   * Of a table that is shown itself.
   *
   * @param base the column that this one is computed from (`customerid` of `customeridname`), with which it is shown
   */
  showsColumn(
    table: string,
    column: string,
    activities: ReadonlySet<string>,
    base?: string,
  ): boolean;
  /**
   * The column by which rows of a table that is shown belong to an activity, where they are shown with one and not by themselves:
   * some activities are hidden, and it may be theirs.
   */
  belongsBy(table: string, activities: ReadonlySet<string>): string | undefined;
}

/**
 * Tables whose rows hold what is another table's: they are hidden with any of those, unless they are named among the shown ones
 * and none of those is named among the hidden ones.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/activity-entities
 */
const holders: Readonly<Record<string, readonly string[] | "activities" | "everything">> = {
  activitypointer: "activities",
  owner: ["systemuser", "team"],
  principal: ["systemuser", "team"],
  customeraddress: ["account", "contact", "lead"],
  // Old and new values of every column.
  audit: "everything",
};

/** Tables whose rows are parts of an activity, by the column that says of which. */
const parts: Readonly<Record<string, string>> = {
  activityparty: "activityid",
  activitymimeattachment: "objectid",
};

/** Columns that Dataverse puts together from others, by the form of their name; what is hidden of those hides them. */
const compositions: readonly {
  readonly whole: RegExp;
  part(column: string, whole: string): boolean;
}[] = [
  {
    whole: /^(yomi)?fullname$/,
    part: (column) => /^(yomi)?(first|middle|last)name$/.test(column),
  },
  {
    whole: /^address\d_composite$/,
    part: (column, whole) => column.startsWith(whole.slice(0, "address1_".length)),
  },
];

const pointer = "activitypointer";

interface Lists {
  readonly shown: ReadonlySet<string>;
  readonly hidden: ReadonlySet<string>;
  /** By table: its columns that are shown, where that is said. */
  readonly shownOf: ReadonlyMap<string, ReadonlySet<string>>;
  readonly hiddenOf: ReadonlyMap<string, ReadonlySet<string>>;
}

function byTable(columns: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const name of columns) {
    const [table = "", column = ""] = name.split(".");
    found.set(table, (found.get(table) ?? new Set()).add(column));
  }
  return found;
}

class Decision implements Exposure {
  readonly isWhole: boolean;
  readonly #lists: Lists;

  constructor(lists: ExposureLists) {
    this.isWhole = Object.values(lists).every((list: readonly string[]) => list.length === 0);
    this.#lists = {
      shown: new Set(lists.shownTables),
      hidden: new Set(lists.hiddenTables),
      shownOf: byTable(lists.shownColumns),
      hiddenOf: byTable(lists.hiddenColumns),
    };
  }

  showsTable(table: string, activities: ReadonlySet<string>): boolean {
    if (!this.#isListed(table)) return false;
    const held = Object.hasOwn(holders, table) ? holders[table] : undefined;
    if (held === undefined || this.isWhole) return true;
    const isNamed = this.#lists.shown.has(table);
    if (held === "everything") return isNamed;
    const sources = held === "activities" ? [...activities] : held;
    const others = sources.filter((source) => source !== table && !Object.hasOwn(holders, source));
    if (others.some((source) => this.#lists.hidden.has(source))) return false;
    if (table === "customeraddress" && others.some((source) => this.#hidesAddress(source)))
      return isNamed;
    return isNamed || others.every((source) => this.#isListed(source));
  }

  showsColumn(
    table: string,
    column: string,
    activities: ReadonlySet<string>,
    base?: string,
  ): boolean {
    if (this.#isHidden(table, column)) return false;
    if (base !== undefined) return this.showsColumn(table, base, activities);
    for (const { whole, part } of compositions) {
      if (whole.test(column) && this.#hidesAny(table, (each) => part(each, column))) return false;
    }
    const own = this.#lists.shownOf.get(table);
    // One row of an activity stands in two tables: its own, and the one of all activities.
    if (table === pointer) {
      const others = [...activities].filter((each) => each !== pointer);
      if (others.some((each) => this.#isHidden(each, column))) return false;
      if (own === undefined && others.some((each) => !this.#isOnList(each, column))) return false;
    } else if (activities.has(table) && this.#isHidden(pointer, column)) {
      return false;
    }
    return own === undefined || own.has(column);
  }

  belongsBy(table: string, activities: ReadonlySet<string>): string | undefined {
    const column = Object.hasOwn(parts, table) ? parts[table] : undefined;
    const others = [...activities].filter((each) => each !== pointer);
    return others.every((each) => this.#isListed(each)) ? undefined : column;
  }

  #isListed(table: string): boolean {
    const { shown, hidden } = this.#lists;
    return !hidden.has(table) && (shown.size === 0 || shown.has(table));
  }

  #isHidden(table: string, column: string): boolean {
    const { hiddenOf } = this.#lists;
    return (hiddenOf.get(table)?.has(column) ?? false) || (hiddenOf.get("*")?.has(column) ?? false);
  }

  #isOnList(table: string, column: string): boolean {
    return this.#lists.shownOf.get(table)?.has(column) ?? true;
  }

  #hidesAny(table: string, is: (column: string) => boolean): boolean {
    const { hiddenOf } = this.#lists;
    return [table, "*"].some((each) => [...(hiddenOf.get(each) ?? [])].some(is));
  }

  #hidesAddress(table: string): boolean {
    return (
      this.#hidesAny(table, (column) => column.startsWith("address")) ||
      this.#lists.shownOf.has(table)
    );
  }
}

export const exposureOf = (lists: ExposureLists): Exposure => new Decision(lists);
