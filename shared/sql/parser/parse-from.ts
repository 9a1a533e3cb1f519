import type { Identifier, TableExpression } from "./ast";
import { tableHints } from "./keywords";
import { parseCondition, parseNameParts } from "./parse-expression";
import type { TokenStream } from "./token-stream";

const notAliases = ["LIMIT", "OFFSET", "HASH", "LOOP", "REMOTE", "WINDOW", "QUALIFY", "MATCH"];

function refuseJoin(tokens: TokenStream): void {
  const token = tokens.peek();
  if (tokens.is("CROSS") && tokens.is("JOIN", 1)) {
    throw tokens.unsupported("CROSS JOIN", token, "Write JOIN … ON a.column = b.column.");
  }
  if (tokens.isAny(["CROSS", "OUTER"]) && tokens.is("APPLY", 1)) {
    throw tokens.unsupported(`${token.upper} APPLY`, token, "Use LEFT JOIN … ON.");
  }
  if (tokens.is("FULL")) {
    throw tokens.unsupported("FULL JOIN", token, "Run a LEFT JOIN in each direction.");
  }
  if (tokens.isAny(["PIVOT", "UNPIVOT"])) {
    throw tokens.unsupported(token.upper, token, "Use GROUP BY, one row for each value.");
  }
  if (tokens.is("TABLESAMPLE")) throw tokens.unsupported("TABLESAMPLE", token, "Use TOP n.");
  if (tokens.is(",")) {
    const hint = "Write FROM a JOIN b ON a.column = b.column.";
    throw tokens.unsupported("A comma between tables (implicit cross join)", token, hint);
  }
}

/** The kind of join at the position, whose words are then consumed. */
function joinType(tokens: TokenStream): "inner" | "left" | "right" | undefined {
  refuseJoin(tokens);
  let type: "inner" | "left" | "right" = "inner";
  if (tokens.isAny(["LEFT", "RIGHT"])) {
    type = tokens.next().upper === "LEFT" ? "left" : "right";
    tokens.accept("OUTER");
  } else if (!tokens.accept("INNER") && !tokens.is("JOIN")) {
    return undefined;
  }
  if (tokens.isAny(["HASH", "MERGE", "LOOP", "REMOTE"]) && tokens.is("JOIN", 1)) {
    tokens.notes.add(`The join hint ${tokens.next().upper} has no effect here.`);
  }
  tokens.expect("JOIN");
  return type;
}

/** `FROM` clause after its keyword. */
export function parseFrom(tokens: TokenStream): TableExpression {
  return tokens.nested(() => {
    let left = parseTable(tokens);
    for (let type = joinType(tokens); type; type = joinType(tokens)) {
      const right = parseJoined(tokens);
      tokens.expect("ON", `Every ${type} join needs ON and a condition.`);
      const on = parseCondition(tokens);
      left = { kind: "join", type, left, right, on, start: left.start, end: on.end };
    }
    return left;
  });
}

/** The right side of a join, which may be a join of its own: `a JOIN b JOIN c ON … ON …`. */
function parseJoined(tokens: TokenStream): TableExpression {
  return tokens.nested(() => {
    let left = parseTable(tokens);
    while (tokens.isAny(["JOIN", "INNER", "LEFT", "RIGHT"])) {
      const type = joinType(tokens) ?? "inner";
      const right = parseJoined(tokens);
      tokens.expect("ON", `Every ${type} join needs ON and a condition.`);
      const on = parseCondition(tokens);
      left = { kind: "join", type, left, right, on, start: left.start, end: on.end };
    }
    return left;
  });
}

function parseTable(tokens: TokenStream): TableExpression {
  const start = tokens.peek().start;
  if (tokens.is("(")) {
    if (tokens.isAny(["SELECT", "WITH", "VALUES"], 1)) {
      const hint = "Put its conditions into the outer query, or run it as a query of its own.";
      throw tokens.unsupported("A derived table (subquery in FROM)", tokens.peek(), hint);
    }
    tokens.next();
    const inner = parseFrom(tokens);
    tokens.expect(")");
    return inner;
  }
  if (tokens.peek().kind === "variable") {
    throw tokens.unsupported("A table variable", tokens.peek());
  }
  tokens.countTable();
  const parts = parseNameParts(tokens);
  const name = parts[parts.length - 1] as Identifier;
  if (/^(sys|information_schema)$/i.test(parts[parts.length - 2]?.name ?? "")) {
    const hint = "Call list_tables or describe_table instead.";
    throw tokens.unsupported("Reading system tables", parts[0] as Identifier, hint);
  }
  skipHints(tokens);
  if (tokens.is("(")) {
    throw tokens.unsupported(
      `The table function ${name.name.toUpperCase()}`,
      name,
      "Read a table by its name: FROM incident.",
    );
  }
  if (tokens.is("FOR") && !tokens.isAny(["JSON", "XML", "BROWSE"], 1)) {
    throw tokens.unsupported("FOR SYSTEM_TIME", tokens.peek());
  }
  const alias = parseTableAlias(tokens);
  if (tokens.is("(") && alias && !tableHints.has(tokens.peek(1).upper)) {
    throw tokens.unsupported("A column list behind a table alias", tokens.peek());
  }
  skipHints(tokens);
  return { kind: "table", name, alias, start, end: tokens.previous.end };
}

export function parseTableAlias(tokens: TokenStream): Identifier | undefined {
  if (tokens.accept("AS")) return tokens.identifier("a table alias");
  if (!tokens.isName() || notAliases.includes(tokens.peek().upper)) return undefined;
  return tokens.identifier("a table alias");
}

function skipHints(tokens: TokenStream): void {
  for (;;) {
    if (tokens.is("WITH") && tokens.is("(", 1)) tokens.next();
    else if (!(tokens.is("(") && tableHints.has(tokens.peek(1).upper))) return;
    const hint = tokens.peek(1).upper;
    tokens.skipParentheses();
    tokens.notes.add(`The table hint ${hint} has no effect here.`);
  }
}
