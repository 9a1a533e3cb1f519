import type { CatalogColumn } from "../../catalog";
import type { PlanColumn } from "../../expression/expression";
import type { Identifier } from "../../parser/ast";
import type { QueryFacts } from "../query-facts";
import {
  type DerivedColumn,
  type DerivedRelation,
  type Relation,
  type TableRelation,
  use,
} from "./relation";

type Finder = (
  relation: Relation,
  written: Identifier,
  facts: QueryFacts,
) => readonly (() => PlanColumn)[];

/** Columns by the names that they have in SQL. */
export const exact: Finder = (relation, written, facts) => {
  const name = written.name.toLowerCase();
  if (relation.kind === "derived")
    return relation.columns
      .filter((one) => one.name.toLowerCase() === name)
      .map((one) => () => one.column);
  const meta = relation.byName.get(name);
  return meta ? [() => use(relation, meta, facts)] : [];
};

/** `_customerid_value`, `[Case Title]`: names that Dataverse and people use, where they mean one column. */
export const byOtherName: Finder = (relation, written, facts) => {
  if (relation.kind === "derived") {
    const companion = relation.columns.find(
      (one) => one.companion && `${one.name}name`.toLowerCase() === written.name.toLowerCase(),
    )?.companion;
    if (companion) return [() => companion];
    const other = otherNameInside(relation, written.name);
    return other ? [() => told(facts, written, other.name, other.column)] : [];
  }
  const meta = otherName(relation, written.name);
  if (!meta) return [];
  return [() => told(facts, written, meta.name, use(relation, meta, facts))];
};

function told(
  { notes }: QueryFacts,
  written: Identifier,
  name: string,
  column: PlanColumn,
): PlanColumn {
  notes.add(`'${written.name}' was read as ${name}, its name in SQL.`);
  return column;
}

export const loose = (name: string): string => name.toLowerCase().replace(/[\s_-]+/g, "");

/** `_customerid_value` of the Web API, also without its first line. */
const lookupIn = (written: string): string | undefined =>
  /^_?(.+)_value$/.exec(written.toLowerCase())?.[1];

/** A column of a derived table that is handed on under its own name, by another name of it. */
function otherNameInside({ columns }: DerivedRelation, written: string): DerivedColumn | undefined {
  const wanted = loose(written);
  const lookup = lookupIn(written);
  const own = columns.filter(({ name, column: { origin } }) => {
    if (origin?.part !== "value" || origin.meta.name !== name.toLowerCase()) return false;
    return origin.meta.name === lookup || loose(origin.meta.displayName) === wanted;
  });
  return own.length === 1 ? own[0] : undefined;
}

function otherName({ byName, table }: TableRelation, written: string): CatalogColumn | undefined {
  const value = lookupIn(written);
  const lookup = value === undefined ? undefined : byName.get(value);
  if (lookup?.type === "lookup") return lookup;
  const wanted = loose(written);
  const [only, ...more] = table.columns.filter(
    (one) => one.part === "value" && loose(one.displayName) === wanted,
  );
  return more.length === 0 ? only : undefined;
}
