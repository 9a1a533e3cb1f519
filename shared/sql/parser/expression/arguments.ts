import type { Expression } from "../ast";
import type { TokenStream } from "../token-stream";

/** `(a, b)`, `()`. DEFAULT, which only functions of a database take, is refused. */
export function parseArguments(tokens: TokenStream): readonly Expression[] {
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
  tokens.expect(")");
  return args;
}
