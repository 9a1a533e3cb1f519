import type { Dataverse, QueryOptions, Row } from "../../dataverse";
import { formattedValue } from "../../dataverse/annotations";
import { AppError } from "../../errors";

/** Rows of a table that an environment may not have, or that this person may not read; `missing` then says which. */
export interface OptionalRows {
  readonly rows: readonly Row[];
  readonly missing?: "no-table" | "forbidden";
}

/** Asks only for the columns that this environment has: newer columns are missing in older ones. */
export async function queryIfThere(
  dataverse: Dataverse,
  tableName: string,
  options: QueryOptions & { readonly select: readonly string[] },
): Promise<OptionalRows> {
  const table = await dataverse.metadata.table(tableName);
  if (table === undefined) return { rows: [], missing: "no-table" };
  const select = options.select.filter((name) =>
    table.columnByName.has(/^_(.+)_value$/.exec(name)?.[1] ?? name),
  );
  try {
    const { rows } = await dataverse.query(tableName, { ...options, select });
    return { rows };
  } catch (error) {
    if (error instanceof AppError && error.kind === "forbidden") {
      return { rows: [], missing: "forbidden" };
    }
    throw error;
  }
}

/** Text of a cell, or undefined. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value : undefined;

/** A person that a lookup refers to; the name is text from a record: data. */
export function personIn(
  row: Row,
  property: string,
): { readonly id: string; readonly name: string } | undefined {
  const id = textOf(row[property]);
  return id === undefined ? undefined : { id, name: textOf(row[property + formattedValue]) ?? "" };
}
