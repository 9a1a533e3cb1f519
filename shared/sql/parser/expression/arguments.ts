import type { Expression } from "../ast";
import type { TokenStream } from "../token-stream";

/** `(a, b)`, `()`. DEFAULT, which only functions of a database take, is refused; so is what stands behind arguments. */
export function parseArguments(tokens: TokenStream, name = ""): readonly Expression[] {
  tokens.expect("(");
  tokens.enter();
  const args: Expression[] = [];
  if (!tokens.is(")")) {
    do {
      if (tokens.is("DEFAULT")) {
        throw tokens.unsupported("DEFAULT as an argument", tokens.peek(), "Write the value.");
      }
      args.push(tokens.grammar.value(tokens));
    } while (tokens.accept(","));
  }
  tokens.leave();
  if (name === "JSON_VALUE" && tokens.is("RETURNING")) {
    const hint = "Write CAST(JSON_VALUE(…) AS type).";
    throw tokens.unsupported("JSON_VALUE(… RETURNING …)", tokens.peek(), hint);
  }
  if (name === "JSON_QUERY" && tokens.is("WITH")) {
    const hint = "Write JSON_ARRAY(JSON_QUERY(…)).";
    throw tokens.unsupported("JSON_QUERY(… WITH ARRAY WRAPPER)", tokens.peek(), hint);
  }
  tokens.expect(")");
  return args;
}
