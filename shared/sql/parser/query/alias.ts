import type { Identifier } from "../ast";
import type { TokenStream } from "../token-stream";

/** `AS t`, `t`, or nothing. WINDOW begins a clause. */
export function parseAlias(tokens: TokenStream): Identifier | undefined {
  if (tokens.is("WINDOW")) return undefined;
  if (tokens.accept("AS")) return tokens.identifier("a table alias");
  return tokens.isName() ? tokens.identifier("a table alias") : undefined;
}

/** The alias that what stands in parentheses must have. */
export function parseNeededAlias(tokens: TokenStream, what: string, hint: string): Identifier {
  const alias = parseAlias(tokens);
  if (alias) return alias;
  if (tokens.is("WINDOW"))
    throw tokens.unsupported(`${what} without an alias`, tokens.peek(), hint);
  throw tokens.expected(`an alias for ${what}`, hint);
}

/** `FOR SYSTEM_TIME …` and `FOR PATH` behind a table. */
export function refuseTemporal(tokens: TokenStream): void {
  if (!tokens.is("FOR")) return;
  if (tokens.is("SYSTEM_TIME", 1)) {
    const hint = "Read the audit table for earlier values.";
    throw tokens.unsupported("FOR SYSTEM_TIME (temporal tables)", tokens.peek(), hint);
  }
  if (tokens.is("PATH", 1)) {
    throw tokens.unsupported("FOR PATH (graph tables)", tokens.peek(), "Use JOIN … ON.");
  }
}
