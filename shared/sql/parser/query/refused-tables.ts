import type { TokenStream } from "../token-stream";

const byName = "Read a table by its name: FROM incident.";

/** Sources of rows that T-SQL has and that cannot be read here; each is followed by a parenthesis. */
const refused: Readonly<Record<string, readonly [feature: string, hint: string]>> = {
  OPENROWSET: ["OPENROWSET", byName],
  OPENQUERY: ["OPENQUERY", byName],
  OPENDATASOURCE: ["OPENDATASOURCE", byName],
  OPENXML: ["OPENXML", "Use OPENJSON for text in JSON."],
  CONTAINSTABLE: ["The full-text table CONTAINSTABLE", "Use LIKE '%word%', or the search tool."],
  FREETEXTTABLE: ["The full-text table FREETEXTTABLE", "Use LIKE '%word%', or the search tool."],
  SEMANTICKEYPHRASETABLE: ["SEMANTICKEYPHRASETABLE", byName],
  SEMANTICSIMILARITYTABLE: ["SEMANTICSIMILARITYTABLE", byName],
  SEMANTICSIMILARITYDETAILSTABLE: ["SEMANTICSIMILARITYDETAILSTABLE", byName],
  CHANGETABLE: ["CHANGETABLE", "Filter by modifiedon."],
  PREDICT: ["PREDICT", byName],
  AI_GENERATE_CHUNKS: ["AI_GENERATE_CHUNKS", byName],
  VECTOR_SEARCH: ["VECTOR_SEARCH", "Use LIKE '%word%', or the search tool."],
};

/** Refuses by its name what stands in FROM and is neither a table nor a function that gives one. */
export function refuseTableSource(tokens: TokenStream): void {
  const token = tokens.peek();
  if (token.kind === "variable") {
    throw tokens.unsupported(`The table variable ${token.value}`, token, byName);
  }
  if (tokens.is("::")) {
    throw tokens.unsupported("A system function with ::", token, byName);
  }
  if (!tokens.is("(", 1) || !Object.hasOwn(refused, token.upper)) return;
  const found = refused[token.upper];
  if (found) throw tokens.unsupported(found[0], token, found[1]);
}
