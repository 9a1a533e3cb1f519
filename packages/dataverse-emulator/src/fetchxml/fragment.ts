import type { SqlValue } from "../model";

/** A piece of SQL with the values of its question marks, in order. */
export interface Fragment {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** Joins text and fragments; a plain string between them is SQL as it stands (an identifier, never a value). */
export function sql(texts: TemplateStringsArray, ...parts: (Fragment | string)[]): Fragment {
  let text = texts[0] ?? "";
  const parameters: SqlValue[] = [];
  parts.forEach((part, index) => {
    if (typeof part === "string") text += part;
    else {
      text += part.sql;
      parameters.push(...part.parameters);
    }
    text += texts[index + 1] ?? "";
  });
  return { sql: text, parameters };
}

export const value = (one: SqlValue): Fragment => ({ sql: "?", parameters: [one] });

export const raw = (text: string): Fragment => ({ sql: text, parameters: [] });

export function join(fragments: readonly Fragment[], separator: string): Fragment {
  return {
    sql: fragments.map((one) => one.sql).join(separator),
    parameters: fragments.flatMap((one) => one.parameters),
  };
}

export const list = (values: readonly SqlValue[]): Fragment => join(values.map(value), ", ");

/** `(a AND b)`; nothing at all is true (AND) or false (OR) only where the caller says so. */
export const allOf = (fragments: readonly Fragment[]): Fragment =>
  fragments.length === 0 ? raw("1") : sql`(${join(fragments, " AND ")})`;

export const anyOf = (fragments: readonly Fragment[]): Fragment =>
  fragments.length === 0 ? raw("1") : sql`(${join(fragments, " OR ")})`;

/** `((a OR b) OR (c OR d))`: as deep as need be, which SQLite limits, however many there are. */
export function balanced(fragments: readonly Fragment[], operator: "AND" | "OR"): Fragment {
  const [first = raw("1")] = fragments;
  if (fragments.length < 2) return first;
  const middle = Math.ceil(fragments.length / 2);
  const left = balanced(fragments.slice(0, middle), operator);
  const right = balanced(fragments.slice(middle), operator);
  return sql`(${left} ${operator} ${right})`;
}
