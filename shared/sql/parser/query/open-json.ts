import type { OpenJsonColumn, TableExpression } from "../ast";
import { parseDataType } from "../expression/data-type";
import { parseValue } from "../expression/operators";
import type { TokenStream } from "../token-stream";
import { parseAlias } from "./alias";

/** `OPENJSON(json, path) WITH (name type 'path' AS JSON, …) AS alias` */
export function parseOpenJson(tokens: TokenStream): TableExpression {
  const { start } = tokens.next();
  tokens.expect("(");
  const json = parseValue(tokens);
  const path = tokens.accept(",") ? parseValue(tokens) : undefined;
  tokens.expect(")");
  const schema = tokens.is("WITH") ? parseSchema(tokens) : undefined;
  const alias = parseAlias(tokens);
  if (alias && tokens.is("(")) {
    throw tokens.error(
      "OPENJSON has its own column names",
      tokens.peek(),
      "They are key, value and type, or those of WITH (name type 'path').",
    );
  }
  return { kind: "openJson", json, path, schema, alias, start, end: tokens.previous.end };
}

function parseSchema(tokens: TokenStream): readonly OpenJsonColumn[] {
  tokens.next();
  tokens.expect("(");
  const columns = [parseColumn(tokens)];
  while (tokens.accept(",")) columns.push(parseColumn(tokens));
  tokens.expect(")");
  return columns;
}

function parseColumn(tokens: TokenStream): OpenJsonColumn {
  const name = tokens.identifier("a column name");
  const type = parseDataType(tokens);
  const collation = tokens.accept("COLLATE")
    ? tokens.identifier("the name of a collation")
    : undefined;
  const path = tokens.isKind("string") ? tokens.next().value : undefined;
  const asJson = tokens.accept("AS");
  if (asJson) tokens.expect("JSON");
  return { name, type, collation, path, asJson, start: name.start, end: tokens.previous.end };
}
