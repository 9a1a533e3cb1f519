import type { SelectStatement } from "./ast";
import { checkDepth } from "./check-depth";
import { parseValue } from "./expression/operators";
import { parseCondition, parseEither } from "./expression/predicates";
import { parseOptions } from "./hints/query-hints";
import { refuseOtherStatement, refuseRest } from "./other-statements";
import { parseCommonTables } from "./query/common-tables";
import {
  parseOrderItems,
  parseRestOfSubquery,
  parseStatementQuery,
  parseSubquery,
} from "./query/query-expression";
import { type Grammar, TokenStream } from "./token-stream";

const grammar: Grammar = {
  value: parseValue,
  condition: parseCondition,
  either: parseEither,
  subquery: parseSubquery,
  restOfSubquery: parseRestOfSubquery,
  orderItems: parseOrderItems,
};

/** Reads one SELECT. Throws SqlError `syntax`, `not_select`, `unsupported` or `too_large`, with line and column. */
export function parse(source: string): SelectStatement {
  const tokens = new TokenStream(source, grammar);
  while (tokens.is(";") || tokens.isKind("go")) tokens.next();
  const { start } = tokens.peek();
  if (tokens.isKind("end")) {
    throw tokens.notSelect("The query is empty", tokens.peek(), "Write SELECT … FROM ….");
  }
  if (!tokens.is("WITH")) refuseOtherStatement(tokens);
  const commonTables = parseCommonTables(tokens);
  if (commonTables.length > 0) refuseOtherStatement(tokens);
  const query = parseStatementQuery(tokens);
  parseOptions(tokens);
  const { end } = tokens.previous;
  refuseRest(tokens);
  const statement: SelectStatement = {
    with: commonTables,
    query,
    maxRecursion: tokens.maxRecursion,
    notes: [...tokens.notes],
    start,
    end,
  };
  checkDepth(statement, source, tokens.length);
  return statement;
}
