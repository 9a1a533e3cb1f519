import type { Column, Table } from "../../dataverse";
import { AppError } from "../../errors";
import { columnMarks } from "./column-type-text";
import { describeColumn, describedColumns } from "./described-column";

/** Some of a table's columns: all that fit into one answer. */
export interface ColumnPage {
  /** In alphabetical order. */
  readonly columns: readonly Column[];
  /** How many there are, or how many fit the filter. */
  readonly total: number;
  readonly nextCursor?: string;
  readonly isFiltered: boolean;
  /** Characters that the options or tables of a column may take; undefined for the usual. */
  readonly longestList?: number;
}

/** Characters of columns in one answer, as text and as JSON, each: the rest of the 40,000 is for the facts around them. */
const budget = 32_000;
/** What a column that was asked for alone may take. */
const alone = 25_000;

/**
 * The columns whose names hold every word of `filter`. Where they are too many for one answer, those come first without which
 * no row can be written or found.
 *
 * @throws AppError `invalid` for a cursor that no answer gave, `not_found` when no column fits the filter
 */
export function columnPage(table: Table, filter: string, cursor: string | undefined): ColumnPage {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const all = describedColumns(table);
  const fitting = exactly(all, words) ?? all.filter((column) => holds(column, words));
  if (fitting.length === 0 && words.length > 0)
    throw new AppError(
      "not_found",
      `No column of ${table.logicalName} has these words in its names.`,
      {
        hint: "Try fewer or other words, or leave filter out.",
      },
    );
  const isFiltered = words.length > 0;
  const more = {
    total: fitting.length,
    isFiltered,
    ...(fitting.length === 1 && isFiltered ? { longestList: alone } : {}),
  };
  const start = readCursor(cursor, fitting.length);
  if (start === 0 && costOf(fitting) <= budget) return { columns: fitting, ...more };
  const ordered = [...fitting.filter(isNeeded), ...fitting.filter((each) => !isNeeded(each))];
  let end = start;
  let used = 0;
  for (const column of ordered.slice(start)) {
    used += costOf([column]);
    if (used > budget && end > start) break;
    end += 1;
  }
  const columns = ordered
    .slice(start, end)
    .sort((a, b) => (a.logicalName < b.logicalName ? -1 : 1));
  return { columns, ...more, ...(end < ordered.length ? { nextCursor: `c${end}` } : {}) };
}

/** A column's own name means that column, also where others hold it. */
function exactly(columns: readonly Column[], words: readonly string[]): Column[] | undefined {
  const [name] = words;
  const found = columns.find((column) => column.logicalName === name);
  return words.length === 1 && found !== undefined ? [found] : undefined;
}

const holds = (column: Column, words: readonly string[]) => {
  const names = `${column.logicalName}\n${column.displayName}`.toLowerCase();
  return words.every((word) => names.includes(word));
};

const isNeeded = (column: Column) =>
  column.isPrimaryId ||
  column.isPrimaryName ||
  column.required === "application" ||
  column.required === "system" ||
  ["State", "Status", "Owner", "Customer"].includes(column.type);

/**
 * The longer of both forms, text and JSON. A column's name stands in the text a second time with its display name, and a third
 * time where it cannot always be written.
 */
const costOf = (columns: readonly Column[]): number =>
  columns.reduce((sum, column) => {
    const described = describeColumn(column);
    const line = described.name.length + described.type.length + columnMarks(column).length + 8;
    const names = described.name.length + JSON.stringify(described.displayName).length + 6;
    const marked = described.writable === "always" ? 0 : described.name.length + 2;
    return sum + Math.max(line + names + marked, JSON.stringify(described).length + 1);
  }, 0);

function readCursor(cursor: string | undefined, length: number): number {
  if (cursor === undefined || cursor === "") return 0;
  const start = Number(/^c(\d{1,9})$/.exec(cursor)?.[1] ?? Number.NaN);
  if (start < length) return start;
  throw new AppError("invalid", "This cursor is none of describe_table.", {
    hint: "Take nextCursor of the previous answer to the same table and filter, or leave cursor out.",
  });
}
