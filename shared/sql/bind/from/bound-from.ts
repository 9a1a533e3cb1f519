import { errorAt } from "../../errors";
import type { NamedTable } from "../../parser/ast";
import type { Plan } from "../../plan/nodes";
import type { BindQuery } from "../bound-rows";
import type { DerivedColumn, Relation } from "../names/relation";
import type { Correlation } from "../names/scope";
import type { QueryFacts } from "../query-facts";

/** A part of FROM: what its columns are called, and its plan. */
export interface BoundFrom {
  readonly relations: readonly Relation[];
  /** Called last, when all columns that the query uses are known. */
  build(): Plan;
}

/** What the parts of FROM need. */
export interface FromContext {
  readonly facts: QueryFacts;
  readonly bindQuery: BindQuery;
  /** A common table expression that is visible here, under the name. */
  readonly commonTable: (node: NamedTable) => BoundFrom | undefined;
  /** The way to the names of the queries around. */
  readonly correlation: Correlation | undefined;
}

/** No table at all: one row without columns. */
export const noTable: BoundFrom = {
  relations: [],
  build: () => ({ kind: "rows", columns: [], rows: [[]] }),
};

/** Columns under the names of a list behind the alias, where there is one. */
export function renamed(
  columns: readonly DerivedColumn[],
  node: { readonly columns: readonly { readonly name: string; readonly start: number }[] },
  alias: string,
  facts: QueryFacts,
): readonly DerivedColumn[] {
  const { columns: names } = node;
  if (names.length === 0) return columns;
  if (names.length !== columns.length) {
    throw errorAt(
      facts.source,
      names[0]?.start ?? 0,
      "syntax",
      `'${alias}' has ${columns.length} columns, but ${names.length} names (SQL Server error 8158)`,
      { hint: "Name each column once, in order." },
    );
  }
  return columns.map((one, at) => ({ ...one, name: names[at]?.name ?? one.name }));
}

/** Each column of a derived table or common table expression has a name, and no two have the same one. */
export function checkNames(
  columns: readonly DerivedColumn[],
  alias: string,
  at: { readonly start: number },
  { source }: QueryFacts,
): void {
  const seen = new Set<string>();
  for (const [index, { name }] of columns.entries()) {
    const key = name.toLowerCase();
    if (key !== "" && !seen.has(key)) {
      seen.add(key);
      continue;
    }
    const message =
      key === ""
        ? `No column name was specified for column ${index + 1} of '${alias}' (SQL Server error 8155)`
        : `The column '${name}' was specified multiple times for '${alias}' (SQL Server error 8156)`;
    throw errorAt(source, at.start, "syntax", message, {
      hint:
        key === ""
          ? "Name it with AS, or name all columns in parentheses behind the alias."
          : "Name each with AS, and write out the columns that you need in place of *.",
    });
  }
}
