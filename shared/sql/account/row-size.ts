import type { PlanColumn } from "../expression/expression";
import { columnIdsOf, columnsOf, type Plan } from "../plan/nodes";
import type { Row, Value } from "../types/sql-type";

/** V8's header of an array with its store, of a string, and of a number that is no small integer; in bytes. */
const arrayHeader = 48;
const stringHeader = 24;
const boxedNumber = 16;
const bigNumber = 24;
/** Texts up to here are counted as one byte a character without a look at them. */
const shortText = 64;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range that V8 stores in one byte
const twoBytes = /[^\u0000-\u00FF]/;

export const textBytes = (text: string): number =>
  stringHeader + (text.length > shortText && twoBytes.test(text) ? 2 * text.length : text.length);

/** What a row takes without its texts. */
export const emptyRowBytes = (columns: number): number => arrayHeader + 8 * columns;

/** Columns whose texts belong to rows that an operator below keeps: rows above only point to them. */
function lentBelow(plan: Plan): ReadonlySet<number> {
  switch (plan.kind) {
    case "scan":
    case "rows":
    case "aggregate":
    case "set":
    case "recursive":
    case "last round":
    case "function":
      return new Set();
    case "spool":
      return columnIdsOf(plan);
    case "join":
      return new Set([
        ...lentBelow(plan.left),
        ...(plan.type === "semi" || plan.type === "anti"
          ? []
          : [...lentBelow(plan.right), ...columnIdsOf(plan.right)]),
      ]);
    case "apply":
      return new Set([
        ...lentBelow(plan.input),
        ...(plan.mode.type === "cross" || plan.mode.type === "outer"
          ? columnIdsOf(plan.inner)
          : []),
      ]);
    case "project": {
      const below = lentBelow(plan.input);
      const passed = plan.items.filter(
        ({ expr }) => expr.kind === "column" && below.has(expr.column.id),
      );
      return new Set(passed.map(({ column }: { column: PlanColumn }) => column.id));
    }
    case "filter":
    case "window":
    case "sort":
    case "limit":
    case "distinct":
      return lentBelow(plan.input);
  }
}

/**
 * Makes the measure of the rows of a plan, for those who keep them: called for each row in order. Texts that a join
 * below keeps are not counted again; a text that repeats that of the row before is kept once, and counted once.
 */
export function rowMeasure(plan: Plan): (row: Row) => { row: number; texts: number } {
  const columns = columnsOf(plan);
  const lent = lentBelow(plan);
  const own = columns.flatMap(({ id }, index) => (lent.has(id) ? [] : [index]));
  const empty = emptyRowBytes(columns.length);
  let last: Row = [];
  const size = { row: 0, texts: 0 };
  return (row) => {
    size.row = empty;
    size.texts = 0;
    for (const index of own) {
      const value = row[index];
      if (typeof value === "string") {
        if (value === last[index]) (row as Value[])[index] = last[index] as string;
        else size.texts += textBytes(value);
      } else if (typeof value === "number" && value !== (value | 0)) {
        size.row += boxedNumber;
      } else if (typeof value === "bigint") {
        size.row += bigNumber;
      }
    }
    last = row;
    return size;
  };
}
