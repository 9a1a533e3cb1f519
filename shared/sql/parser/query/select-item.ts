import { nearest } from "../../nearest";
import type { SelectItem } from "../ast";
import { lastOf, parseName, refuseOtherDatabase, startsName } from "../expression/names";
import { parseValue } from "../expression/operators";
import type { TokenStream } from "../token-stream";

/** A column of SELECT: `*`, `t.*`, a value with or without a name. */
export function parseItem(tokens: TokenStream): SelectItem {
  const token = tokens.peek();
  const { start } = token;
  if (tokens.accept("*")) return { kind: "star", table: undefined, start, end: token.end };
  refuseByName(tokens);
  if ((tokens.isName() || token.kind === "string") && tokens.is("=", 1)) {
    tokens.next();
    tokens.next();
    const expression = parseValue(tokens);
    return { kind: "expression", expression, alias: token.value, start, end: expression.end };
  }
  const star = parseTableStar(tokens);
  if (star) return star;
  const expression = parseValue(tokens);
  const alias = parseColumnAlias(tokens);
  return { kind: "expression", expression, alias, start, end: tokens.previous.end };
}

const assignments: readonly string[] = ["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "||="];

function refuseByName(tokens: TokenStream): void {
  const token = tokens.peek();
  if (token.kind === "variable" && tokens.isAny(assignments, 1)) {
    throw tokens.unsupported("Assigning a variable", token, "Select the value alone.");
  }
  if (tokens.is("IDENTITY") && tokens.is("(", 1)) {
    const hint = "Use ROW_NUMBER() OVER (ORDER BY …).";
    throw tokens.unsupported("IDENTITY(…)", token, hint);
  }
}

/** `a.*` or `dbo.a.*` */
function parseTableStar(tokens: TokenStream): SelectItem | undefined {
  if (!startsName(tokens)) return undefined;
  let ahead = 0;
  while (tokens.is(".", ahead) || (tokens.isName(ahead) && tokens.is(".", ahead + 1))) ahead += 1;
  if (ahead === 0 || !tokens.is("*", ahead) || !tokens.is(".", ahead - 1)) return undefined;
  const { start } = tokens.peek();
  const name = parseName(tokens);
  refuseOtherDatabase(tokens, name, 2);
  tokens.expect(".");
  tokens.expect("*");
  return { kind: "star", table: lastOf(name), start, end: tokens.previous.end };
}

function parseColumnAlias(tokens: TokenStream): string | undefined {
  const as = tokens.accept("AS");
  const token = tokens.peek();
  if (token.kind === "string") return tokens.next().value;
  if (as) return tokens.identifier("an alias").name;
  if (!tokens.isName()) return undefined;
  if (token.kind === "word" && nearest(token.upper, ["FROM"], 1).length > 0 && tokens.isName(1)) {
    const hint = `Did you mean FROM? ('${token.value}' was read as an alias.)`;
    throw tokens.error(`Unexpected ${tokens.nameOf(token)}`, token, hint);
  }
  return tokens.identifier("an alias").name;
}
