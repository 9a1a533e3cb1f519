import type { Identifier, TableExpression } from "../ast";
import { columnParts, lastOf, parseName } from "../expression/names";
import type { TokenStream } from "../token-stream";
import { parseNeededAlias } from "./alias";

/** `input PIVOT (SUM(value) FOR column IN ([a], [b])) AS alias` */
export function parsePivot(tokens: TokenStream, input: TableExpression): TableExpression {
  tokens.next();
  tokens.expect("(");
  const { start: place } = tokens.peek();
  const called = parseName(tokens, "an aggregate");
  if (called.length > 1) {
    const hint = `Write ${lastOf(called).name}(…).`;
    throw tokens.unsupported("An aggregate of a schema in PIVOT", { start: place }, hint);
  }
  tokens.expect("(", "Write PIVOT (SUM(value) FOR column IN ([a], [b])) AS p.");
  const value = parseColumn(tokens);
  if (tokens.is(",")) {
    throw tokens.unsupported("PIVOT of several columns", tokens.peek(), "Pivot one column.");
  }
  tokens.expect(")");
  tokens.expect("FOR", "Write FOR column IN ([a], [b]).");
  const column = parseColumn(tokens);
  tokens.expect("IN");
  const values = tokens.identifierList("a value in brackets, such as [1],");
  tokens.expect(")");
  const alias = parseNeededAlias(tokens, "PIVOT", "Write PIVOT (…) AS p.");
  const aggregate = lastOf(called).name.toUpperCase();
  const { start } = input;
  return { kind: "pivot", input, aggregate, value, column, values, alias, start, end: alias.end };
}

/** `input UNPIVOT (value FOR name IN (a, b)) AS alias` */
export function parseUnpivot(tokens: TokenStream, input: TableExpression): TableExpression {
  tokens.next();
  tokens.expect("(");
  const value = tokens.identifier("the name of the column of values");
  tokens.expect("FOR", "Write UNPIVOT (value FOR name IN (a, b)) AS u.");
  const name = tokens.identifier("the name of the column of names");
  tokens.expect("IN");
  tokens.expect("(");
  const columns = [parseColumn(tokens)];
  while (tokens.accept(",")) columns.push(parseColumn(tokens));
  tokens.expect(")");
  tokens.expect(")");
  const alias = parseNeededAlias(tokens, "UNPIVOT", "Write UNPIVOT (…) AS u.");
  const { start } = input;
  return { kind: "unpivot", input, value, name, columns, alias, start, end: alias.end };
}

const parseColumn = (tokens: TokenStream): readonly Identifier[] =>
  columnParts(tokens, parseName(tokens, "a column"));
