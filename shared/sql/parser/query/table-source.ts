import type { Identifier, NamedTable, TableExpression } from "../ast";
import { parseArguments } from "../expression/arguments";
import { lastOf, parseName, refuseOtherDatabase, startsName } from "../expression/names";
import {
  parseTableHints,
  startsHintBehindAlias,
  startsHintInParentheses,
  startsTableHints,
} from "../hints/table-hints";
import type { TokenStream } from "../token-stream";
import { parseAlias, refuseTemporal } from "./alias";
import { parseOpenJson } from "./open-json";
import { refuseTableSource } from "./refused-tables";

/** A table by its name, or a function that gives one. */
export function parseTableSource(tokens: TokenStream): TableExpression {
  refuseTableSource(tokens);
  tokens.countTable();
  if (tokens.is("OPENJSON") && tokens.is("(", 1)) return parseOpenJson(tokens);
  const { start } = tokens.peek();
  if (!startsName(tokens)) throw tokens.expected("a table", hintFor(tokens));
  const name = parseName(tokens, "a table");
  if (name.length > 4) throw tokens.error("The name of a table has at most four parts", { start });
  if (tokens.is("(") && !startsHintInParentheses(tokens)) {
    if (name.length > 1) {
      const feature = `The table function ${tokens.source.slice(start, lastOf(name).end)}`;
      throw tokens.unsupported(feature, { start }, "Read a table by its name: FROM incident.");
    }
    return parseFunction(tokens, lastOf(name));
  }
  const [schema, table] = inDatabase(refuseOtherDatabase(tokens, name, 2));
  const { alias, hasHints } = parseBehind(tokens);
  const { end } = tokens.previous;
  return { kind: "table", schema, name: table, alias, ...(hasHints && { hasHints }), start, end };
}

const inDatabase = (
  parts: readonly Identifier[],
): readonly [schema: Identifier | undefined, table: Identifier] =>
  parts.length > 1 ? [parts[0], parts[1] as Identifier] : [undefined, parts[0] as Identifier];

const hintFor = (tokens: TokenStream): string | undefined =>
  tokens.isKind("string")
    ? "Write the name of a table without quotes, or in [brackets]."
    : undefined;

/** What stands behind the name of a table: hints, an alias, hints of the old and of the new form. */
function parseBehind(
  tokens: TokenStream,
): Pick<NamedTable, "hasHints"> & { readonly alias: Identifier | undefined } {
  refuseTemporal(tokens);
  refuseSample(tokens);
  if (tokens.is("(")) {
    parseTableHints(tokens);
    return { alias: parseAlias(tokens), hasHints: true };
  }
  if (startsTableHints(tokens)) {
    parseTableHints(tokens);
    return { alias: undefined, hasHints: true };
  }
  const alias = parseAlias(tokens);
  refuseSample(tokens);
  if (alias && (startsTableHints(tokens) || tokens.is("("))) {
    if (tokens.is("(") && !startsHintBehindAlias(tokens)) {
      throw tokens.error(
        "A table has its own column names",
        tokens.peek(),
        "A list of columns stands behind the alias of a SELECT in parentheses.",
      );
    }
    parseTableHints(tokens);
    return { alias, hasHints: true };
  }
  return { alias };
}

function refuseSample(tokens: TokenStream): void {
  if (tokens.is("TABLESAMPLE")) {
    throw tokens.unsupported("TABLESAMPLE", tokens.peek(), "Use TOP (n).");
  }
}

/** Functions whose columns have their names for good. */
const withoutColumnList: ReadonlySet<string> = new Set([
  "STRING_SPLIT",
  "GENERATE_SERIES",
  "REGEXP_MATCHES",
  "REGEXP_SPLIT_TO_TABLE",
]);

function parseFunction(tokens: TokenStream, called: Identifier): TableExpression {
  const name = called.name.toUpperCase();
  const args = parseArguments(tokens);
  const alias = parseAlias(tokens);
  if (tokens.is("(") && withoutColumnList.has(name)) {
    const hint = "Its column is called value.";
    throw tokens.error(`${name} has its own column names`, tokens.peek(), hint);
  }
  const columns = tokens.is("(") && tokens.isName(1) ? tokens.identifierList("a column name") : [];
  const { start } = called;
  return { kind: "function", name, args, alias, columns, start, end: tokens.previous.end };
}
