import type { Expression, Identifier, QueryExpression, TableExpression } from "../ast";
import { parseValue } from "../expression/operators";
import type { TokenStream } from "../token-stream";
import { parseNeededAlias, refuseTemporal } from "./alias";

export interface ValuesRows {
  readonly kind: "values";
  readonly rows: readonly (readonly Expression[])[];
  readonly start: number;
}

/** `VALUES (1, 'a'), (2, 'b')`: rows of equal length. */
export function parseValuesRows(tokens: TokenStream, start: number): ValuesRows {
  tokens.next();
  const rows: (readonly Expression[])[] = [];
  do {
    const place = tokens.peek();
    const row = parseRow(tokens);
    const wanted = rows[0]?.length ?? row.length;
    if (row.length !== wanted) {
      throw tokens.unsupported(
        `VALUES with rows of ${wanted} and ${row.length} values`,
        place,
        "Give every row as many values.",
      );
    }
    rows.push(row);
  } while (tokens.accept(","));
  return { kind: "values", rows, start };
}

function parseRow(tokens: TokenStream): readonly Expression[] {
  tokens.expect("(", "Write VALUES (1, 'a'), (2, 'b').");
  const values = [parseValue(tokens)];
  while (tokens.accept(",")) values.push(parseValue(tokens));
  tokens.expect(")");
  return values;
}

type Unnamed =
  | ValuesRows
  | { readonly kind: "query"; readonly query: QueryExpression; readonly start: number };

/** The alias that a query or VALUES in FROM must have, and its columns. */
export function parseDerived(tokens: TokenStream, inside: Unnamed): TableExpression {
  refuseTemporal(tokens);
  const alias = parseNeededAlias(tokens, "the table in parentheses", "Write (SELECT …) AS t.");
  const columns = tokens.is("(") ? tokens.identifierList("a column name") : [];
  tokens.countTable();
  const { start } = inside;
  const { end } = tokens.previous;
  if (inside.kind === "query") {
    return { kind: "derived", query: inside.query, alias, columns, start, end };
  }
  checkColumns(tokens, inside, alias, columns);
  return { kind: "values", rows: inside.rows, alias, columns, start, end };
}

function checkColumns(
  tokens: TokenStream,
  { rows }: ValuesRows,
  alias: Identifier,
  columns: readonly Identifier[],
): void {
  const wanted = rows[0]?.length ?? 0;
  if (columns.length === wanted) return;
  const names = Array.from({ length: wanted }, (_, index) => `c${index + 1}`);
  throw tokens.unsupported(
    `VALUES with ${wanted} values and ${columns.length} column names`,
    columns[0] ?? alias,
    `Name all of them: AS ${alias.name}(${names.join(", ")}).`,
  );
}
