import type { Column, Row, Table } from "../../../dataverse";
import { htmlToText } from "../../../text";

const binding = "@odata.bind";

/** A column that a body writes, and what it is to hold: the id of a row for a lookup. */
interface Cell {
  readonly column: Column;
  /** As it is read: `_customerid_value`, `title`. */
  readonly property: string;
  readonly wanted: unknown;
}

/** Columns whose values come back otherwise than they were written, or not at all. */
const notComparable: ReadonlySet<string> = new Set(["File", "Image", "PartyList", "Virtual"]);

function cellsOf(table: Table, body: Row): readonly Cell[] {
  return Object.entries(body).flatMap(([key, wanted]) => {
    const bound = key.endsWith(binding) ? key.slice(0, -binding.length) : undefined;
    const column =
      bound === undefined
        ? table.columnByName.get(key)
        : table.columns.find((each) => each.navigation?.some((way) => way.property === bound));
    if (column === undefined || !column.canRead || notComparable.has(column.type)) return [];
    return bound === undefined
      ? [{ column, property: key, wanted }]
      : [{ column, property: `_${column.logicalName}_value`, wanted: idIn(wanted) }];
  });
}

const idIn = (path: unknown): string | null =>
  typeof path === "string" ? (/\(([0-9a-f-]{36})\)$/i.exec(path)?.[1] ?? null) : null;

/** What has to be read to compare a row with the body that was written. */
export const comparedProperties = (table: Table, body: Row): readonly string[] => [
  ...new Set(cellsOf(table, body).map(({ property }) => property)),
];

export interface Comparison {
  /** Logical names of columns that hold what the body says. */
  readonly same: readonly string[];
  readonly different: readonly string[];
}

/** What of `body` stands in `row`, as far as that can be told. */
export function compareRow(table: Table, body: Row, row: Row): Comparison {
  const same: string[] = [];
  const different: string[] = [];
  for (const { column, property, wanted } of cellsOf(table, body)) {
    const stands = isSame(column, wanted, row[property]);
    (stands ? same : different).push(column.logicalName);
  }
  return { same, different };
}

function isSame(column: Column, wanted: unknown, stored: unknown): boolean {
  const isEmpty = (value: unknown) => value === null || value === undefined || value === "";
  if (isEmpty(wanted) || isEmpty(stored)) return isEmpty(wanted) && isEmpty(stored);
  switch (column.type) {
    case "Decimal":
    case "Double":
    case "Money":
      // Dataverse rounds to the precision of the column.
      return (
        Math.abs(Number(wanted) - Number(stored)) <= 0.5 * 10 ** -(column.precision ?? 4) + 1e-9
      );
    case "DateTime":
      return momentOf(wanted) === momentOf(stored);
    case "MultiSelectPicklist":
      return numbersOf(wanted) === numbersOf(stored);
    case "Lookup":
    case "Customer":
    case "Owner":
    case "Uniqueidentifier":
      return String(wanted).toLowerCase() === String(stored).toLowerCase();
    case "String":
    case "Memo":
      return wanted === stored || words(wanted) === words(stored);
    default:
      return String(wanted) === String(stored);
  }
}

/** Dataverse keeps whole seconds. */
const momentOf = (value: unknown) => Math.floor(Date.parse(String(value)) / 1_000);
const numbersOf = (value: unknown) =>
  String(value)
    .split(",")
    .map(Number)
    .sort((a, b) => a - b)
    .join();
/** Line breaks and markup may be written otherwise by the service; the words stay. */
const words = (value: unknown) => htmlToText(String(value)).text.replaceAll(/\s/g, "");
