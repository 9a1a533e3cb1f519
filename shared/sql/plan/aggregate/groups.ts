import type { ColumnKind } from "../../catalog";
import {
  columnExpr,
  columnsIn,
  type Expr,
  hasPart,
  type PlanColumn,
  type Scalar,
} from "../../expression/expression";
import type { FetchAggregate } from "../../fetchxml/model";
import { int } from "../../types/sql-type";
import type { ProjectItem } from "../nodes";
import type { RuleContext } from "../rule";
import { storedName } from "../scan";
import type { Replacements } from "../substitute";
import {
  type DateLevel,
  dateGroupingOf,
  dateLevelOf,
  dateOfParts,
  partOfDate,
  partsOfLevel,
} from "./date-parts";

/** What the service groups by: a column of its answer, and how the same is worked out over single rows. */
export interface Group {
  readonly column: PlanColumn;
  readonly attribute: Pick<FetchAggregate, "ref" | "attribute" | "dateGrouping">;
  readonly local: Scalar;
}

export interface Groups {
  readonly groups: readonly Group[];
  /** Each key over the columns of the groups. */
  readonly keys: readonly Scalar[];
  /** Each group of the service is one of the query: nothing has to be put together here. */
  readonly isDirect: boolean;
  /** What expressions over single rows become over groups. */
  readonly by: Replacements;
  /** At most so many groups come of what is not a key by itself. */
  readonly most: number;
}

export const groupable: ReadonlySet<ColumnKind> = new Set([
  "text",
  "integer",
  "boolean",
  "guid",
  "lookup",
  "choice",
]);

/** More groups than this cost more than they save: the service gives 5,000 at once. */
const mostAdded = 4_000;
const unknownNumber = 100;
const numberOf: Readonly<Record<DateLevel, number>> = { year: 12, month: 130, day: 3_700 };

/** A stored value that the service groups by as SQL does. */
export function isGroupable({ origin }: PlanColumn): boolean {
  return origin?.part === "value" && groupable.has(origin.meta.type);
}

/** The text of a choice or the name of a looked-up row, which the service tells beside a group of the stored value. */
function isShown({ origin }: PlanColumn): boolean {
  const kind = origin?.base?.origin?.meta.type;
  return (
    (origin?.part === "label" || origin?.part === "name") &&
    kind !== undefined &&
    groupable.has(kind)
  );
}

/** Alone, a label stands for its value only when no two options share it; names may always repeat. */
function isUnique(column: PlanColumn, keys: readonly ProjectItem[]): boolean {
  const { origin } = column;
  const base = origin?.base;
  if (keys.some(({ expr }) => expr.kind === "column" && expr.column.id === base?.id)) return true;
  const labels = (origin?.meta.options ?? []).map((option) => option.label.toLowerCase().trim());
  return origin?.part === "label" && labels.length > 0 && new Set(labels).size === labels.length;
}

/** Few enough different values that a query may be grouped by them which asks for something made of them. */
function numberOfValues({ origin }: PlanColumn): number | undefined {
  const meta = origin?.base?.origin?.meta ?? origin?.meta;
  if (origin?.part === "name") return unknownNumber;
  if (meta?.type === "boolean") return 3;
  return meta?.type === "choice" ? (meta.options?.length ?? unknownNumber) + 1 : undefined;
}

const isDate = ({ origin }: PlanColumn): boolean =>
  origin?.part === "value" && (origin.meta.type === "datetime" || origin.meta.type === "date");

const isVolatile = (part: Expr): boolean => part.kind === "call" && part.isVolatile === true;
const isForeign = (part: Expr): boolean => part.kind === "parameter" || part.kind === "service";

class Grouping {
  readonly groups: Group[] = [];
  readonly by = new Map<number, Scalar>();
  readonly #levels = new Map<number, DateLevel>();
  readonly #dates = new Map<number, PlanColumn>();
  readonly #context: RuleContext;
  most = 1;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  /** Groups by a column itself. */
  plain(column: PlanColumn): Scalar {
    if (!this.groups.some((one) => one.column.id === column.id)) {
      const attribute = { ref: column.origin?.ref ?? "", attribute: storedName(column) };
      this.groups.push({ column, attribute, local: columnExpr(column) });
    }
    return columnExpr(column);
  }

  /** Groups by a value and what is shown for it. */
  shown(column: PlanColumn): Scalar {
    const base = column.origin?.base;
    if (base) this.plain(base);
    return this.plain(column);
  }

  /** The part of a date by which the service groups, as the key's own column. */
  part(key: ProjectItem): Scalar | undefined {
    const found = dateGroupingOf(key.expr);
    if (!found) return undefined;
    const { ref = "" } = found.column.origin ?? {};
    this.groups.push({
      column: key.column,
      attribute: { ref, attribute: storedName(found.column), dateGrouping: found.part },
      local: key.expr,
    });
    return columnExpr(key.column);
  }

  /** Whether an expression can be worked out over groups; what it is made of is grouped by in `finish`. */
  add(expr: Scalar): boolean {
    if (hasPart(expr, isVolatile) || hasPart(expr, isForeign)) return false;
    const made = [...columnsIn(expr)].every((column) =>
      isDate(column) ? this.#addDate(expr, column) : this.#addValue(column),
    );
    return made && this.most <= mostAdded;
  }

  #addDate(expr: Scalar, column: PlanColumn): boolean {
    const level = dateLevelOf(expr, column);
    if (!level) return false;
    const known = this.#levels.get(column.id);
    if (!known || numberOf[level] > numberOf[known]) this.#levels.set(column.id, level);
    this.#dates.set(column.id, column);
    return true;
  }

  #addValue(column: PlanColumn): boolean {
    const values = numberOfValues(column);
    if (values === undefined || !(isGroupable(column) || isShown(column))) return false;
    if (this.groups.some((one) => one.column.id === column.id)) return true;
    const isKnown = this.groups.some(
      ({ attribute }) =>
        attribute.attribute === storedName(column) && attribute.ref === column.origin?.ref,
    );
    if (!isKnown) this.most *= values;
    if (isShown(column)) this.shown(column);
    else this.plain(column);
    return true;
  }

  /** Groups by the parts of dates that were asked for, and says what stands for the dates. */
  finish(): boolean {
    for (const [id, column] of this.#dates) {
      const level = this.#levels.get(id) ?? "day";
      this.most *= numberOf[level];
      const parts = partsOfLevel(level).map((part) => {
        const made = this.#context.column(`${column.name}_${part}`, int);
        const { ref = "" } = column.origin ?? {};
        this.groups.push({
          column: made,
          attribute: { ref, attribute: storedName(column), dateGrouping: part },
          local: partOfDate(part, columnExpr(column)),
        });
        return columnExpr(made);
      });
      this.by.set(id, dateOfParts(parts, column.type));
    }
    return this.most <= mostAdded;
  }
}

/**
 * By what the service must group so that the keys, and whatever else is asked of single rows, can be worked out over its groups.
 * Undefined when it cannot.
 *
 * @param more expressions that are evaluated for each group instead of for each row
 * @param plain columns whose every value makes a group
 */
export function groupsOf(
  keys: readonly ProjectItem[],
  more: readonly Scalar[],
  context: RuleContext,
  plain: readonly PlanColumn[] = [],
): Groups | undefined {
  const grouping = new Grouping(context);
  let isDirect = true;
  const found: (Scalar | undefined)[] = keys.map((key) => {
    const { expr } = key;
    if (expr.kind !== "column") return grouping.part(key);
    const { column } = expr;
    if (isGroupable(column)) return grouping.plain(column);
    if (!isShown(column)) return undefined;
    if (isUnique(column, keys)) return grouping.plain(column);
    isDirect = false;
    return grouping.shown(column);
  });
  if (!plain.every(isGroupable)) return undefined;
  for (const column of plain) grouping.plain(column);
  const rest = keys.filter((_, at) => found[at] === undefined);
  const added = [...rest.map(({ expr }) => expr), ...more];
  if (!added.every((expr) => grouping.add(expr)) || !grouping.finish()) return undefined;
  return {
    groups: grouping.groups,
    keys: keys.map(({ expr }, at) => found[at] ?? expr),
    isDirect: isDirect && added.length === 0,
    by: grouping.by,
    most: grouping.most,
  };
}

/** Columns that the groups read, of which some may have been left out of the scan. */
export const columnsOfGroups = (groups: readonly Group[]): readonly PlanColumn[] =>
  groups.flatMap(({ local }) => [...columnsIn(local)]);
